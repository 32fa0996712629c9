//! Anki, for `bench sync`: by pip, pinned, in an environment of its own under `target/tools`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    root::tools,
    step::{self, program},
};

/// The only version of it we use.
const ANKI: &str = "anki==26.9.3";

fn environment() -> PathBuf {
    tools().join("anki")
}

/// The interpreter that has Anki.
pub(crate) fn python() -> PathBuf {
    environment().join("bin/python")
}

/// Installs it unless it is there.
pub(crate) fn install() -> Result<()> {
    let has_it = program(python())
        .args(["-c", "import anki.collection"])
        .output()
        .is_ok_and(|found| found.status.success());
    if has_it {
        return Ok(());
    }
    step::run(
        "making a place for Anki",
        program("python3").args(["-m", "venv"]).arg(environment()),
    )?;
    step::run(
        "installing Anki by pip",
        program(python()).args(["-m", "pip", "install", "--quiet", ANKI]),
    )
}
