//! The same workbooks, filled in the same way by this engine, by JavaRosa and by
//! `@getodk/xforms-engine`. What the three don't agree on stands in `differs.rs` with its reason,
//! and in `docs/forms.md`; anything else that differs is a failure, and so is a difference that is
//! listed and gone.
//!
//! The peers are installed by `cargo xtask setup check`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod differs;
mod expressions;
mod ours;
mod peer;
mod scripts;
mod workbook;

use differs::{Differs, differs};
use peer::Peer;

/// A workbook with what is done with it: lines as the peers read them.
pub(crate) struct Case {
    /// By which it is listed.
    pub(crate) name: String,
    pub(crate) survey: String,
    pub(crate) choices: String,
    pub(crate) steps: Vec<Vec<String>>,
}

/// Answers of an engine to the questions of a case.
type Answers = Vec<String>;

fn told(cases: &[Case], peer: Peer, ours: &[Answers], theirs: &[Answers]) -> Vec<String> {
    let mut told = Vec::new();
    for ((case, ours), theirs) in cases.iter().zip(ours).zip(theirs) {
        let same = ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .all(|(one, other)| is_same(one, other));
        let listed = differs(&case.name, peer);
        match (same, listed) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(Differs { .. })) => {
                told.push(format!("{peer:?}: {} is listed, but agrees", case.name));
            }
            (false, None) => told.push(format!(
                "{peer:?}: {}\n    ours   {ours:?}\n    theirs {theirs:?}",
                case.name
            )),
        }
    }
    told
}

/// Texts are compared as they are, numbers up to the last digits.
fn is_same(one: &str, other: &str) -> bool {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => {
            (one - other).abs() <= 1e-9 * one.abs().max(1.0)
                || (one.is_infinite() && one.is_sign_positive() == other.is_sign_positive())
        }
        _ => one == other || (one.starts_with('!') && other.starts_with('!')),
    }
}

fn compare(cases: &[Case]) {
    let folder = tempfile::tempdir().unwrap();
    let books = workbook::write(folder.path(), cases);
    let ours: Vec<Answers> = cases
        .iter()
        .zip(&books)
        .map(|(case, book)| ours::play(case, book))
        .collect();
    peer::convert(&books);
    let mut all = Vec::new();
    for peer in [Peer::JavaRosa, Peer::XformsEngine] {
        let theirs = peer.play(cases, &books);
        all.extend(told(cases, peer, &ours, &theirs));
    }
    assert!(
        all.is_empty(),
        "{} of {}\n{}",
        all.len(),
        cases.len() * 2,
        all.join("\n")
    );
}

#[test]
fn expressions_come_to_the_same_in_three_engines() {
    compare(&expressions::cases());
}

#[test]
fn whole_forms_are_filled_alike_in_three_engines() {
    compare(&scripts::cases());
}

#[test]
fn every_difference_is_told_in_the_documentation() {
    let page = include_str!("../../../docs/forms.md");
    for Differs { name, .. } in differs::DIFFERS {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/forms.md doesn't tell of {name}"
        );
    }
}
