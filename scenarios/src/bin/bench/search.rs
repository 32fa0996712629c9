//! `bench search [RESIDENTS]`: what one search among a whole city's residents costs, from what was
//! typed to the rows that are shown, in the encrypted database of a device; beside a prefix of a name
//! in one plain table with one index, in the same run, alternating.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use client::{
    Client,
    testing::{self, BareNames},
};
use pinyin::ToPinyin as _;
use scenarios::{dice::Dice, sample_city::table};
use serde_json::{Map, Value, json};
use shared::ipc::{GetOwnGrids, ImportChoices, RunImport, SearchRegister};

use crate::{
    device,
    import::hand_in,
    save::{now, percentiles},
    start::cases,
};

const RESIDENTS: u32 = 1_000_000;

/// Of them one has a number that is typed.
const CASES: u32 = 100_000;

/// Rows of a table that is imported.
const TABLE: u32 = 100_000;

/// Searches of each kind, and before them as many that are not counted.
const SEARCHES: usize = 1_000;
const FIRST: usize = 50;

/// What is typed, for the `at`th resident.
struct Kind {
    name: &'static str,
    /// Whether it must find something.
    hits: bool,
    typed: fn(u32) -> String,
}

const KINDS: [Kind; 16] = [
    kind("name", table::name),
    kind("one_character", |at| first(&table::name(at), 1)),
    kind("two_characters", |at| first(&table::name(at), 2)),
    kind("given_name", |at| table::name(at).chars().skip(1).collect()),
    kind("pinyin", |at| pinyin(at, "zhang", "z")),
    kind("one_letter", |at| pinyin(at, "z", "s")),
    kind("initials", |at| initials(&table::name(at), 0)),
    kind("given_initials", |at| initials(&table::name(at), 1)),
    kind("surname_reading", |at| {
        // One that is there, near by.
        let near = (0..=at).rev().find_map(table::read_otherwise);
        near.map_or("", |(_, typed)| typed).to_owned()
    }),
    kind("phone_last_four", |at| format!("{:04}", at % 10_000)),
    kind("id_last_four", |at| {
        let [.., id, _, _, _, _, _, _, _] = table::cells(at);
        id.chars().skip(14).collect()
    }),
    kind("case_number", |at| cases::number(at % CASES)),
    kind("door", table::door_of),
    kind("address_two_characters", |_| "云水".to_owned()),
    kind("address_longer", |_| "云水雅苑".to_owned()),
    Kind {
        name: "miss",
        hits: false,
        typed: |at| format!("龘{}", first(&table::name(at), 1)),
    },
];

const fn kind(name: &'static str, typed: fn(u32) -> String) -> Kind {
    Kind {
        name,
        hits: true,
        typed,
    }
}

/// Measures.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let residents = match arguments.first() {
        Some(given) => given.parse().context("how many residents?")?,
        None => RESIDENTS,
    };
    tokio::runtime::Runtime::new()?.block_on(measure(residents))
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure(residents: u32) -> Result<()> {
    std::fs::create_dir_all("target/bench")?;
    // Under target/, not in /tmp: that may be memory.
    let folder = tempfile::tempdir_in("target/bench")?;
    let client = device::of(folder.path(), "c-01").await?;
    let mut figures = Map::new();
    figures.insert("residents".to_owned(), json!(residents));

    let rates = fill(&client, residents).await?;
    let seconds: f64 = rates
        .iter()
        .map(|(rows, rate)| f64::from(*rows) / rate)
        .sum();
    let whole = (f64::from(residents) / seconds).round();
    println!("all of them taken over: {whole} rows/s");
    figures.insert("import_rows_per_s".to_owned(), json!(whole));
    for (name, rate) in ["first", "last"]
        .into_iter()
        .zip([rates.first(), rates.last()])
    {
        let name = format!("import_{name}_rows_per_s");
        let (_, rate) = rate.context("there was a table")?;
        figures.insert(name, json!(rate));
    }
    let index = ["entry_keys", "entry_found"];
    for (name, tables) in [("index_bytes", &index[..]), ("rows_bytes", &["entries"])] {
        let mut bytes = 0;
        for table in tables {
            bytes += testing::bytes_of(&client, table).await?;
        }
        println!("{name}: {bytes}");
        figures.insert(name.to_owned(), json!(bytes));
    }

    cases::put(&client, CASES).await?;
    figures.insert("cases".to_owned(), json!(CASES));
    let bare = bare(folder.path(), residents)?;
    let (mut worst, mut slowest) = (0.0_f64, "");
    for kind in &KINDS {
        let (p50, p99, bare_p99) = search(&client, &bare, kind, residents).await?;
        println!(
            "{:>24}: p50 {p50:.3} ms, p99 {p99:.3} ms; a bare name p99 {bare_p99:.3} ms",
            kind.name
        );
        figures.insert(
            kind.name.to_owned(),
            json!({ "p50_ms": p50, "p99_ms": p99, "bare_p99_ms": bare_p99 }),
        );
        if p99 > worst {
            (worst, slowest) = (p99, kind.name);
        }
    }
    figures.insert("p99_ms".to_owned(), json!(worst));
    figures.insert("slowest".to_owned(), json!(slowest));
    println!("{}", Value::Object(figures));
    Ok(())
}

/// Takes over so many residents, table by table. Gives the rows per second of each.
#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(crate) async fn fill(client: &Client, residents: u32) -> Result<Vec<(u32, f64)>> {
    let grids = client.get_own_grids(GetOwnGrids {}).await?;
    let grid = grids.first().context("the clerk has a grid")?.code.clone();
    let mut rates = Vec::new();
    let mut from = 0;
    while from < residents {
        let to = residents.min(from + TABLE);
        let text = table::csv(from..to);
        let (columns, read) = hand_in(client, &text).await?;
        let choices = ImportChoices {
            columns,
            grid: Some(grid.clone()),
            ..ImportChoices::default()
        };
        let leave_out = false;
        let started = now();
        let done = client.run_import(RunImport { choices, leave_out }).await?;
        let took = started.elapsed().as_secs_f64() + read;
        let rate = (f64::from(to - from) / took).round();
        println!("residents {from} to {to} taken over: {rate} rows/s");
        rates.push((to - from, rate));
        ensure!(
            done.counts.residents == to - from,
            "each row is a new resident: {:?}",
            done.counts
        );
        from = to;
    }
    Ok(rates)
}

fn bare(folder: &Path, residents: u32) -> Result<BareNames> {
    let names = (0..residents).map(table::name);
    Ok(testing::bare_names(&folder.join("bare.db"), names)?)
}

/// Searches, each beside a bare one. Gives median and 99th percentile, and that of the bare ones.
async fn search(
    client: &Client,
    bare: &BareNames,
    kind: &Kind,
    residents: u32,
) -> Result<(f64, f64, f64)> {
    let mut dice = Dice::new(7);
    let (mut ours, mut bares) = (Vec::new(), Vec::new());
    for number in 0..FIRST + SEARCHES {
        let at = dice.few(residents);
        let text = (kind.typed)(at);
        let started = now();
        let found = client.search_register(SearchRegister { text }).await?;
        let took = started.elapsed();
        let hits = found.cases.len() + found.entries.len();
        ensure!((hits > 0) == kind.hits, "{}: {hits} hits", kind.name);
        let name = table::name(at);
        let started = now();
        ensure!(testing::bare_beginning(bare, &name)? > 0, "it is there");
        if number >= FIRST {
            ours.push(took);
            bares.push(started.elapsed());
        }
    }
    let (p50, p99) = percentiles(&mut ours)?;
    Ok((p50, p99, percentiles(&mut bares)?.1))
}

fn first(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// Two letters, as `zs` for 张三, from this character on.
fn initials(name: &str, from: usize) -> String {
    let syllables = name.to_pinyin().skip(from).flatten();
    let first = syllables.filter_map(|it| it.plain().chars().next());
    first.take(2).collect()
}

/// One of two that begin many names.
fn pinyin(at: u32, one: &str, other: &str) -> String {
    if at.is_multiple_of(2) { one } else { other }.to_owned()
}
