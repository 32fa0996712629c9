//! `cargo xtask tidy`: the rules of ARCHITECTURE.md that no lint knows. Each check is a pure
//! function over the texts of the repository, with a test that shows it failing.

mod adr;
mod clockless;
mod finding;
mod json_keys;
mod locales;
mod manifest;
mod manifests;
mod migrations;
mod rooms;
mod rust_text;
mod source;
mod sql;

use anyhow::{Result, ensure};

use self::{finding::Finding, source::Source};
use crate::root::root;

/// A rule: all files in, what breaks it out.
type Check = fn(&[Source]) -> Vec<Finding>;

const CHECKS: [Check; 7] = [
    sql::check,
    rooms::check,
    manifests::check,
    clockless::check,
    migrations::check,
    adr::check,
    locales::check,
];

/// Checks the whole repository and prints `file:line: what is wrong` for each finding.
pub(crate) fn run(_: &[String]) -> Result<()> {
    let sources = source::read_all(&root())?;
    let mut findings: Vec<_> = CHECKS.iter().flat_map(|check| check(&sources)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    ensure!(findings.is_empty(), "tidy: {} to mend", findings.len());
    eprintln!("tidy: {} files, nothing to mend", sources.len());
    Ok(())
}
