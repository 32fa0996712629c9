//! `cargo xtask bench forms`: large lists and many repeats, beside JavaRosa in the same run.
//! Ends with one line of JSON.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench tells what it measured, and may fail loudly"
)]

mod day;
mod javarosa;
mod ours;
mod workbooks;

use day::{Act, Day};

/// The same is done so many times; the best counts, for either side.
const ROUNDS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let days = [day::choices(), day::look_ups(), day::simple_repeats()];
    let books = workbooks::write(folder.path(), &days);
    javarosa::convert(&books);
    let ours: Vec<ours::Times> = days
        .iter()
        .zip(&books)
        .map(|(day, book)| ours::best(day, book))
        .collect();
    let theirs = javarosa::best(&days, &books);
    let mut figures = serde_json::Map::new();
    for ((Day { name, .. }, ours), theirs) in days.iter().zip(&ours).zip(&theirs) {
        let ratio = (theirs.0 + theirs.1) / (ours.load_ms + ours.acts_ms);
        println!(
            "{name}: ours {:.1} ms to load, {:.1} ms to fill; JavaRosa {:.1} and {:.1}; {ratio:.1} times",
            ours.load_ms, ours.acts_ms, theirs.0, theirs.1
        );
        for (what, value) in [
            ("load_ms", ours.load_ms),
            ("fill_ms", ours.acts_ms),
            ("javarosa_load_ms", theirs.0),
            ("javarosa_fill_ms", theirs.1),
            ("ratio", ratio),
            ("fill_ratio", theirs.1 / ours.acts_ms),
            ("answer_p99_ms", ours.answer_p99_ms),
            ("answer_max_ms", ours.answer_max_ms),
            ("workbook_ms", ours.workbook_ms),
        ] {
            figures.insert(format!("{name}_{what}"), rounded(value));
        }
    }
    let slowest = ours
        .iter()
        .map(|times| times.answer_p99_ms)
        .fold(0.0, f64::max);
    figures.insert("answer_p99_ms".to_owned(), rounded(slowest));
    // What an answer costs with its saving, beside the bare disk: `bench answer`, run before.
    if let Ok(saved) = std::env::var("GRIDWALKER_BENCH_SAVED") {
        let saved = serde_json::from_str(&saved).unwrap_or(serde_json::Value::Null);
        figures.insert("saved".to_owned(), saved);
    }
    println!("{}", serde_json::Value::Object(figures));
}

fn rounded(value: f64) -> serde_json::Value {
    serde_json::json!((value * 1000.0).round() / 1000.0)
}
