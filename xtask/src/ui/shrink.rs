//! wasm-opt: the page is sent over IPC at each start, so its size counts.

use std::fs;

use anyhow::{Context, Result};

use super::{Mode, bound};
use crate::{
    npm,
    step::{self, program},
};

/// What rustc's wasm target uses, and nothing newer: with `--all-features` wasm-opt writes types
/// (`stringref`) that `WebKit` refuses to load.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// A function with one caller stays a function. Put into its caller, as `-Oz` would, it saves two
/// per cent of plain size, and costs fourteen per cent of packed size: what many functions have
/// in common then no longer looks alike to gzip.
const ONE_CALLER: &str = "--one-caller-inline-max-function-size=0";

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
            .arg("-Oz")
            .arg(ONE_CALLER)
            .args(FEATURES)
            .arg(&large)
            .arg("-o")
            .arg(&small),
    )?;
    fs::rename(small, large).context("cannot put the small wasm in place")
}
