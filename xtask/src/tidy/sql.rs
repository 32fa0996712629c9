//! SQL text stands only under `*/store/` and `migrations/`; tests are no exception, they speak to
//! the store like everyone else.

use super::{finding::Finding, rust_text::RustText, source::Source};

/// This file holds samples of what it looks for.
const SAMPLES: &str = "xtask/src/tidy/sql.rs";

/// Finds string literals that are SQL in the wrong place.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let outside = |source: &&Source| {
        source.is_rust() && !source.path.contains("/store/") && source.path != SAMPLES
    };
    let found = |source: &Source| {
        let strings = RustText::of(&source.text).strings;
        let sql = strings.into_iter().filter(|(_, text)| is_sql(text));
        let finding = |(line, _)| {
            Finding::at(
                &source.path,
                line,
                "SQL stands only under a `store/` folder or in migrations/",
            )
        };
        sql.map(finding).collect::<Vec<_>>()
    };
    sources.iter().filter(outside).flat_map(found).collect()
}

/// Whether a text begins as a statement does. Keywords are all in upper or all in lower case;
/// "Select a photo" is a sentence.
fn is_sql(text: &str) -> bool {
    let words: Vec<_> = text.split_whitespace().collect();
    let Some(first) = words.first() else {
        return false;
    };
    let upper = first.to_uppercase();
    if *first != upper && *first != first.to_lowercase() {
        return false;
    }
    let second = words
        .get(1)
        .map(|word| word.to_uppercase())
        .unwrap_or_default();
    // Later keywords are in the case of the first.
    let later = |keyword: &str| {
        let keyword = if *first == upper {
            keyword.to_owned()
        } else {
            keyword.to_lowercase()
        };
        words.iter().skip(1).any(|word| *word == keyword)
    };
    match upper.as_str() {
        "SELECT" => (*first == "SELECT" && !second.is_empty()) || later("FROM"),
        "UPDATE" => later("SET"),
        "WITH" => later("SELECT") || later("(SELECT"),
        "PRAGMA" => !second.is_empty(),
        keyword => PAIRS
            .iter()
            .any(|(one, next)| *one == keyword && next.contains(&second.as_str())),
    }
}

/// Keywords that make a statement together with the next word.
const PAIRS: [(&str, &[&str]); 7] = [
    ("INSERT", &["INTO", "OR"]),
    ("REPLACE", &["INTO"]),
    ("DELETE", &["FROM"]),
    (
        "CREATE",
        &[
            "TABLE",
            "INDEX",
            "UNIQUE",
            "VIEW",
            "TRIGGER",
            "VIRTUAL",
            "TEMP",
            "TEMPORARY",
        ],
    ),
    ("ALTER", &["TABLE"]),
    ("DROP", &["TABLE", "INDEX", "VIEW", "TRIGGER"]),
    (
        "BEGIN",
        &["IMMEDIATE", "EXCLUSIVE", "DEFERRED", "TRANSACTION"],
    ),
];

#[cfg(test)]
mod tests {
    use super::{super::source::source, check, is_sql};

    #[test]
    fn sql_in_an_op_is_found_with_its_line() {
        let op = source(
            "client/src/ops/close.rs",
            "fn f() {\n    run(\n        \"UPDATE cases\n            SET x = 1\",\n    )\n}",
        );

        let findings = check(&[op]);

        let says = findings
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(
            says.starts_with("client/src/ops/close.rs:3: SQL stands only"),
            "{says}"
        );
    }

    #[test]
    fn sql_in_a_store_is_at_home() {
        assert_eq!(
            check(&[source(
                "client/src/store/cases.rs",
                "const A: &str = \"SELECT id FROM cases\";"
            )]),
            []
        );
    }

    #[test]
    fn tests_may_not_write_sql_either() {
        assert_eq!(
            check(&[source("client/tests/day.rs", "q(\"DELETE FROM cases\")")]).len(),
            1
        );
    }

    #[test]
    fn statements_are_told_from_sentences() {
        let statements = [
            "SELECT 1",
            "select id from cases",
            "\n   INSERT OR IGNORE INTO a VALUES (1)",
            "UPDATE a SET b = 1",
            "CREATE UNIQUE INDEX a ON b (c)",
            "PRAGMA user_version = 2",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "drop table cases",
        ];
        let sentences = [
            "",
            "Select a photo from the list",
            "update the page",
            "delete",
            "with a photo",
            "CREATE",
            "PRAGMA",
            "SELECT",
        ];
        for text in statements {
            assert!(is_sql(text), "{text:?} is SQL");
        }
        for text in sentences {
            assert!(!is_sql(text), "{text:?} is not SQL");
        }
    }
}
