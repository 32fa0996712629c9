//! What the crates declare: dependencies point one way, versions and lints are the workspace's.

use super::{
    finding::Finding,
    manifest::{Entry, entries},
    rooms,
    source::Source,
};

/// Our crates by folder and name, with those each may depend on.
const ROOMS: [(&str, &str, &[&str]); 14] = [
    ("shared", "shared", &[]),
    ("fault", "fault", &[]),
    ("bad-disk", "bad-disk", &[]),
    ("forms", "forms", &[]),
    (
        "client",
        "client",
        &["fault", "forms", "packing", "shared", "bad-disk"],
    ),
    (
        "hub",
        "hub",
        &[
            "fault",
            "forms",
            "packing",
            "shared",
            "bad-disk",
            "pg-cluster",
        ],
    ),
    ("packing", "packing", &[]),
    ("pg-cluster", "pg-cluster", &[]),
    ("ui", "ui", &["shared"]),
    ("src-tauri", "gridwalker", &["client", "shared"]),
    (
        "scenarios",
        "scenarios",
        &[
            "bad-disk",
            "client",
            "fault",
            "hub",
            "packing",
            "pg-cluster",
            "shared",
        ],
    ),
    (
        "fuzzing",
        "fuzzing",
        &["client", "forms", "hub", "packing", "scenarios", "shared"],
    ),
    ("xtask", "xtask", &[]),
    ("xtask/bindgen", "xtask-bindgen", &[]),
];

/// Declared only for a feature that another crate needs of it: no code of the room may speak of
/// it. The hub's way to a bucket, `object_store`, gets its TLS so.
const FOR_ITS_FEATURES: [(&str, &str); 1] = [("hub", "reqwest")];

/// What a crate takes from the workspace, always.
const OF_WORKSPACE: [&str; 3] = ["version", "edition", "rust-version"];

/// Checks every crate's manifest.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.is_manifest())
        .flat_map(in_manifest)
        .collect()
}

fn in_manifest(source: &Source) -> Vec<Finding> {
    let folder = source.path.trim_end_matches("/Cargo.toml");
    let at = |line, says: &str| Finding::at(&source.path, line, says);
    let entries = entries(&source.text);
    let says = |table: &str, key: &str| {
        entries
            .iter()
            .any(|entry| entry.table == table && entry.key == key && entry.is_of_workspace())
    };
    let mut findings = Vec::new();
    if !says("lints", "workspace") {
        findings.push(at(1, "`[lints] workspace = true` is missing"));
    }
    for key in OF_WORKSPACE {
        if !says("package", &format!("{key}.workspace")) {
            findings.push(at(
                1,
                &format!("`{key}.workspace = true` is missing under [package]"),
            ));
        }
    }
    let Some((_, _, may)) = ROOMS.iter().find(|(room, ..)| *room == folder) else {
        findings.push(at(
            1,
            "this room is unknown; tell xtask/src/tidy/manifests.rs what it may depend on",
        ));
        return findings;
    };
    for entry in &entries {
        let Some(name) = entry.dependency() else {
            continue;
        };
        let refusals = [
            own_version(entry),
            wrong_way(name, may),
            rooms::refusal(source.room(), name)
                .filter(|_| !FOR_ITS_FEATURES.contains(&(source.room(), name))),
        ];
        findings.extend(
            refusals
                .into_iter()
                .flatten()
                .map(|says| at(entry.line, &says)),
        );
    }
    findings
}

fn own_version(entry: &Entry<'_>) -> Option<String> {
    // In a table of its own, a dependency has other keys beside `workspace`.
    let is_detail = ["features", "optional", "default-features"].contains(&entry.key);
    let says = "versions stand in the root Cargo.toml; here only `.workspace = true`";
    (!entry.is_of_workspace() && !is_detail).then(|| says.to_owned())
}

fn wrong_way(name: &str, may: &[&str]) -> Option<String> {
    let is_ours = ROOMS.iter().any(|(_, ours, _)| *ours == name);
    let allowed = if may.is_empty() {
        "none of ours".to_owned()
    } else {
        may.join(", ")
    };
    (is_ours && !may.contains(&name))
        .then(|| format!("must not depend on `{name}`; this room may know: {allowed}"))
}

#[cfg(test)]
mod tests {
    use super::{super::source::source, check};

    const HEAD: &str = "[package]\nname = \"x\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\n[lints]\nworkspace = true\n[dependencies]\n";

    fn said(path: &str, dependencies: &str) -> String {
        let findings = check(&[source(path, &format!("{HEAD}{dependencies}"))]);
        findings
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_manifest_in_order_has_no_findings() {
        assert_eq!(
            said(
                "client/Cargo.toml",
                "shared.workspace = true\nrusqlite = { workspace = true, features = [\"x\"] }\n"
            ),
            ""
        );
    }

    #[test]
    fn a_dependency_the_wrong_way_is_found_for_tests_too() {
        let says = said(
            "client/Cargo.toml",
            "[dev-dependencies]\nhub.workspace = true\n",
        );

        assert!(
            says.contains("client/Cargo.toml:10: must not depend on `hub`"),
            "{says}"
        );
        assert!(said("shared/Cargo.toml", "client.workspace = true").contains("none of ours"));
        assert!(said("ui/Cargo.toml", "client.workspace = true").contains("`client`"));
    }

    #[test]
    fn a_crate_kept_in_another_room_is_found() {
        assert!(
            said("shared/Cargo.toml", "reqwest.workspace = true")
                .contains("`reqwest` is known only in")
        );
        assert!(
            said("shared/Cargo.toml", "tauri-build.workspace = true")
                .contains("`tauri` is known only in")
        );
    }

    #[test]
    fn a_version_of_its_own_is_found() {
        for own in [
            "serde = \"1\"",
            "serde = { version = \"1\" }",
            "serde = { git = \"x\" }",
            "[dependencies.serde]\nversion = \"1\"",
        ] {
            assert!(
                said("hub/Cargo.toml", own).contains("versions stand in the root"),
                "{own}"
            );
        }
    }

    #[test]
    fn a_crate_without_the_lints_or_the_edition_is_found() {
        let findings = check(&[source(
            "hub/Cargo.toml",
            "[package]\nname = \"hub\"\nversion = \"1.0.0\"\n",
        )]);

        assert_eq!(
            findings.len(),
            4,
            "lints, version, edition, rust-version: {findings:?}"
        );
    }

    #[test]
    fn a_new_room_must_be_placed() {
        assert!(said("cellar/Cargo.toml", "").contains("this room is unknown"));
    }
}
