//! `shared` and `forms` read no clock and throw no dice: the device shows and the hub decides by the
//! same code, so it may depend on nothing but its arguments.

use super::{
    finding::Finding,
    rust_text::{RustText, is_name},
    source::Source,
};

/// Names that stand for a clock or for chance.
const NEVER: [&str; 8] = [
    "SystemTime",
    "Instant",
    "rand",
    "getrandom",
    "now_v7",
    "new_v4",
    "now_utc",
    "now_local",
];

/// Doors to the outside world; tests may read their golden files.
const NEVER_BUT_IN_TESTS: [&str; 5] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::process",
];

/// The rooms that are so.
const ROOMS: [&str; 2] = ["shared", "forms"];

/// Finds clocks, chance and I/O in them.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| ROOMS.contains(&source.room()) && source.is_rust())
        // A bench is there to take time.
        .filter(|source| !source.path.contains("/benches/"))
        .flat_map(in_file)
        .collect()
}

fn in_file(source: &Source) -> Vec<Finding> {
    let is_test = source.path.contains("/tests/");
    let code = RustText::of(&source.text).code;
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        let word = NEVER.into_iter().find(|word| {
            text.split(|letter| !is_name(letter))
                .any(|name| name == *word)
        });
        let door = NEVER_BUT_IN_TESTS
            .into_iter()
            .find(|door| !is_test && text.contains(door));
        for name in word.into_iter().chain(door) {
            let says = format!(
                "`{name}`: this room reads no clock, no dice, no files; take it as an argument"
            );
            findings.push(Finding::at(&source.path, line, says));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{super::source::source, check};

    #[test]
    fn clocks_dice_and_files_are_found_in_pure_rooms() {
        for code in [
            "use std::time::SystemTime;",
            "let t = Instant::now();",
            "rand::random()",
            "std::fs::read(p)",
        ] {
            for room in ["shared", "forms"] {
                let path = format!("{room}/src/a.rs");
                assert_eq!(check(&[source(&path, code)]).len(), 1, "{code}");
            }
        }
    }

    #[test]
    fn a_test_of_shared_may_read_its_golden_files_but_no_clock() {
        assert_eq!(
            check(&[source("shared/tests/golden.rs", "std::fs::read(p)")]),
            []
        );
        assert_eq!(
            check(&[source("shared/tests/golden.rs", "SystemTime::now()")]).len(),
            1
        );
    }

    #[test]
    fn other_rooms_and_other_words_are_let_be() {
        assert_eq!(
            check(&[source("client/src/clock.rs", "SystemTime::now()")]),
            []
        );
        assert_eq!(
            check(&[source("forms/benches/forms/main.rs", "Instant::now()")]),
            []
        );
        assert_eq!(
            check(&[source(
                "shared/src/a.rs",
                "// no Instant\nlet operand = \"rand\";"
            )]),
            []
        );
    }
}
