//! The same for other syncs, where they are installed (`cargo xtask bench sync` does that): Anki
//! against its own server, `PouchDB` against `express-pouchdb`. Both scripts make their own records, of
//! the same kind and size, and end with one line of JSON.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value};

const ANKI: &str = include_str!("anki_peer.py");
const POUCH: &str = include_str!("pouch_peer.cjs");

/// What runs Anki's script: the interpreter that has Anki.
const PYTHON: &str = "GRIDWALKER_ANKI_PYTHON";

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(super) fn measure(records: u32) -> Result<Map<String, Value>> {
    let mut figures = Map::new();
    match std::env::var_os(PYTHON) {
        Some(python) => {
            let mut anki = Command::new(python);
            anki.args(["-c", ANKI]);
            figures.extend(run("Anki", anki, records)?);
        }
        None => println!("Anki is not installed here"),
    }
    let mut has_pouch = Command::new("node");
    has_pouch.args(["-e", "require('express-pouchdb'); require('pouchdb')"]);
    if has_pouch.output().is_ok_and(|found| found.status.success()) {
        let mut pouch = Command::new("node");
        pouch.args(["-e", POUCH]);
        figures.extend(run("PouchDB", pouch, records)?);
    } else {
        println!("PouchDB is not installed here");
    }
    Ok(figures)
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn run(name: &str, mut script: Command, records: u32) -> Result<Map<String, Value>> {
    let done = script
        .arg(records.to_string())
        .output()
        .with_context(|| format!("{name} can't be run"))?;
    let told = String::from_utf8_lossy(&done.stdout);
    let line = told.lines().last().unwrap_or_default();
    ensure!(
        done.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    println!("{name}: {line}");
    Ok(serde_json::from_str(line)?)
}
