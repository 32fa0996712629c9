//! Some crates are known in one room only. Here: in code; `manifests` looks at what is declared.

use super::{
    finding::Finding,
    rust_text::{RustText, is_name},
    source::Source,
};

/// A crate, with its relatives by prefix, and the rooms that may know it.
pub(super) const KEPT: [(&str, &[&str]); 4] = [
    ("reqwest", &["client", "scenarios"]),
    ("tauri", &["src-tauri"]),
    ("leptos", &["ui"]),
    ("rusqlite", &["client", "hub", "bad-disk"]),
];

/// Finds code that speaks of a crate its room should not know.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.is_rust())
        .flat_map(in_file)
        .collect()
}

fn in_file(source: &Source) -> Vec<Finding> {
    let code = RustText::of(&source.text).code;
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        for name in crates_spoken_of(text) {
            if let Some(says) = refusal(source.room(), name) {
                findings.push(Finding::at(&source.path, line, says));
            }
        }
    }
    findings
}

/// Why this room may not know this crate, if it may not.
pub(super) fn refusal(room: &str, name: &str) -> Option<String> {
    let is_of = |kept: &str| {
        name.strip_prefix(kept)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-']))
    };
    let (kept, rooms) = KEPT.iter().find(|(kept, _)| is_of(kept))?;
    (!rooms.contains(&room)).then(|| format!("`{kept}` is known only in {}", rooms.join(" and ")))
}

/// The names at the head of a path, `name::…`, and after `use` or `extern crate`.
fn crates_spoken_of(line: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let after = ["use ", "extern crate "].iter().filter_map(|word| {
        let (before, after) = line.split_once(word)?;
        let is_word = !before.ends_with(is_name);
        is_word.then(|| after.split(|letter| !is_name(letter)).next())?
    });
    found.extend(after);
    let mut pieces = line.split("::").peekable();
    let mut is_head = true;
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_some() {
            let name = piece
                .rsplit(|letter| !is_name(letter))
                .next()
                .unwrap_or_default();
            // A piece that is one whole name continues the path before it: `crate::tauri::…`.
            if (is_head || name.len() < piece.len()) && !found.contains(&name) {
                found.push(name);
            }
        }
        is_head = piece.ends_with(|letter| !is_name(letter));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{super::source::source, check};

    #[test]
    fn a_crate_is_refused_outside_its_room() {
        let cases = [
            ("hub/src/a.rs", "use reqwest::Client;"),
            ("hub/tests/a.rs", "let c = reqwest::get(url);"),
            ("client/src/a.rs", "fn f(app: tauri::AppHandle) {}"),
            ("client/src/a.rs", "use tauri_plugin_fs as fs;"),
            ("shared/src/a.rs", "use leptos::prelude::*;"),
            ("scenarios/src/a.rs", "pub use rusqlite;"),
        ];
        for (path, code) in cases {
            assert_eq!(check(&[source(path, code)]).len(), 1, "{path}: {code}");
        }
    }

    #[test]
    fn a_crate_is_welcome_in_its_room() {
        let cases = [
            (
                "client/src/a.rs",
                "use reqwest::Client; use rusqlite::Connection;",
            ),
            ("scenarios/src/a.rs", "reqwest::get(url)"),
            ("src-tauri/src/a.rs", "tauri::Builder::new()"),
            ("ui/src/a.rs", "use leptos_router::Router;"),
        ];
        for (path, code) in cases {
            assert_eq!(check(&[source(path, code)]), [], "{path}: {code}");
        }
    }

    #[test]
    fn names_that_only_look_alike_are_let_be() {
        let cases = [
            "// rusqlite::Connection is not known here",
            "let text = \"tauri::AppHandle\";",
            "use crate::tauri::invoke;",
            "my_reqwest::get()",
        ];
        for code in cases {
            assert_eq!(check(&[source("ui/src/a.rs", code)]), [], "{code}");
        }
    }
}
