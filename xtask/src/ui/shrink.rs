//! wasm-opt: the page is sent over IPC at each start, so its size counts.

use std::fs;

use anyhow::{Context, Result};

use super::{Mode, bound};
use crate::{
    npm,
    step::{self, program},
};

/// Shrinks the wasm in place. Without npm it stays larger, and we say so.
pub(super) fn shrink(mode: Mode) -> Result<()> {
    if mode == Mode::Quick {
        return Ok(());
    }
    if !npm::is_there() {
        eprintln!(
            "   npm is not here, so wasm-opt is skipped: the page works and is larger than it need be"
        );
        return Ok(());
    }
    if let Err(error) = npm::install(&npm::BINARYEN) {
        eprintln!("   wasm-opt is skipped, the page is larger than it need be: {error:#}");
        return Ok(());
    }
    let (large, small) = (bound().join("ui_bg.wasm"), bound().join("small.wasm"));
    step::run(
        "shrinking the wasm",
        program(npm::modules().join(".bin/wasm-opt"))
            .args(["-Oz", "--all-features"])
            .arg(&large)
            .arg("-o")
            .arg(&small),
    )?;
    fs::rename(small, large).context("cannot put the small wasm in place")
}
