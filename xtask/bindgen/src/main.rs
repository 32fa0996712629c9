//! `xtask-bindgen WASM FOLDER [--keep-names]`: writes the script that loads the page's wasm.
//! The library is of the very version the page is linked with, so the two cannot drift apart, and
//! it stands apart from xtask because it takes minutes to compile.

use std::env;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let usage = "usage: xtask-bindgen WASM FOLDER [--keep-names]";
    let mut args = env::args().skip(1);
    let wasm = args.next().context(usage)?;
    let folder = args.next().context(usage)?;
    let keep_names = args.next().is_some_and(|flag| flag == "--keep-names");
    Bindgen::new()
        .input_path(&wasm)
        .out_name("ui")
        .web(true)?
        // `init()` then finds the wasm beside the script, without being told.
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(!keep_names)
        .remove_producers_section(!keep_names)
        .generate(&folder)
        .with_context(|| format!("cannot bind {wasm}"))
}
