//! Migrations: numbered without a gap, and each taken in by its crate. One that nobody lists
//! would never run.

use std::collections::BTreeMap;

use super::{finding::Finding, rust_text::RustText, source::Source};

/// The crate that runs the migrations of a folder.
const RUN_BY: [(&str, &str); 2] = [
    ("migrations/device/", "client/"),
    ("migrations/hub/", "hub/"),
];

/// Checks numbers and listing of every migration.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let migrations: Vec<_> = sources
        .iter()
        .filter(|source| source.path.starts_with("migrations/"))
        .collect();
    let mut findings = gaps(&migrations);
    for (folder, owner) in RUN_BY {
        let listed = included(sources, owner);
        let unlisted = migrations
            .iter()
            .filter(|migration| migration.path.starts_with(folder))
            .filter(|migration| !listed.iter().any(|file| file.ends_with(&migration.path)));
        findings.extend(unlisted.map(|migration| {
            Finding::at(
                &migration.path,
                1,
                format!("no include_str! under {owner} takes this migration in"),
            )
        }));
    }
    findings
}

/// String literals in the files of a crate that include files.
fn included(sources: &[Source], owner: &str) -> Vec<String> {
    let of_owner = sources
        .iter()
        .filter(|source| source.path.starts_with(owner) && source.is_rust());
    let texts = of_owner
        .map(|source| RustText::of(&source.text))
        .filter(|text| text.code.contains("include_str!"));
    texts
        .flat_map(|text| text.strings)
        .map(|(_, text)| text)
        .collect()
}

/// Files whose number is missing, double or leaves a gap before it, folder by folder.
fn gaps(migrations: &[&Source]) -> Vec<Finding> {
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    let mut findings = Vec::new();
    for migration in migrations {
        let folder = migration.path.trim_end_matches(migration.name());
        let expected = last.get(folder).copied().unwrap_or_default() + 1;
        match number(migration.name()) {
            None => findings.push(Finding::at(
                &migration.path,
                1,
                "a migration is named NNNN_what.sql",
            )),
            Some(number) => {
                if number != expected {
                    findings.push(Finding::at(
                        &migration.path,
                        1,
                        format!("migration {expected:04} should come here"),
                    ));
                }
                last.insert(folder, number);
            }
        }
    }
    findings
}

/// The number a file name begins with: four digits, so that names sort as numbers do.
fn number(name: &str) -> Option<u32> {
    let (digits, _) = name.strip_suffix(".sql")?.split_once('_')?;
    (digits.len() == 4).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{
        super::source::{Source, source},
        check,
    };

    fn store(lists: &str) -> Source {
        source(
            "client/src/store/migrate.rs",
            &format!("include_str!(\"../../../migrations/device/{lists}\")"),
        )
    }

    #[test]
    fn migrations_listed_and_dense_are_in_order() {
        assert_eq!(
            check(&[
                source("migrations/device/0001_first.sql", ""),
                store("0001_first.sql")
            ]),
            []
        );
    }

    #[test]
    fn a_migration_nobody_lists_is_found() {
        let files = [
            source("migrations/device/0001_first.sql", ""),
            source("migrations/device/0002_second.sql", ""),
            store("0001_first.sql"),
        ];

        let findings = check(&files);

        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(
            findings[0]
                .to_string()
                .starts_with("migrations/device/0002_second.sql:1: no include_str!")
        );
    }

    #[test]
    fn a_listing_in_another_crate_does_not_count() {
        let files = [
            source("migrations/hub/sqlite/0001_first.sql", ""),
            source(
                "client/src/a.rs",
                "include_str!(\"../../migrations/hub/sqlite/0001_first.sql\")",
            ),
        ];

        assert_eq!(check(&files).len(), 1);
    }

    #[test]
    fn a_gap_a_double_and_a_nameless_migration_are_found() {
        for names in [
            ["0001_a.sql", "0003_c.sql"],
            ["0001_a.sql", "0001_b.sql"],
            ["0001_a.sql", "next.sql"],
        ] {
            let files = names.map(|name| source(&format!("migrations/device/{name}"), ""));
            let listed = names.map(store);

            let findings = check(&[files, listed].into_iter().flatten().collect::<Vec<_>>());

            assert_eq!(findings.len(), 1, "{names:?}: {findings:?}");
        }
    }
}
