//! `ui/dist`: what the app embeds. `ui/public` is its root, `ui/styles` becomes `styles.css`,
//! and beside them `ui.js` and `ui_bg.wasm`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};

use super::{bound, styles};
use crate::{
    files,
    root::root,
    step::{answer, program},
};

/// Copies all parts of the page to `ui/dist`, and removes what no longer belongs to it.
pub(super) fn lay_out() -> Result<()> {
    let (ui, dist) = (root().join("ui"), root().join("ui/dist"));
    let index = ui.join("index.html");
    if !index.is_file() {
        bail!("ui/index.html is missing");
    }
    let mut parts = BTreeSet::from([dist.join("index.html")]);
    files::write_if_changed(&dist.join("index.html"), &fs::read(index)?)?;
    parts.extend(files::copy_changed(&ui.join("public"), &dist)?);
    let styles = dist.join("styles.css");
    files::write_if_changed(&styles, styles::joined(&ui.join("styles"))?.as_bytes())?;
    parts.insert(styles);
    parts.extend(files::copy_changed(&bound(), &dist)?);
    for file in files::below(&dist, &|_| true)? {
        if !parts.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

/// Says how large the wasm is on disk and packed, as a server would send it.
pub(super) fn tell_size() -> Result<()> {
    let wasm = root().join("ui/dist/ui_bg.wasm");
    let plain = fs::metadata(&wasm).context("ui/dist holds no wasm")?.len();
    match gzipped(&wasm) {
        Some(packed) => eprintln!(
            "   ui_bg.wasm: {} kB, gzipped {} kB",
            plain / 1000,
            packed / 1000
        ),
        None => eprintln!(
            "   ui_bg.wasm: {} kB (no gzip here to tell the packed size)",
            plain / 1000
        ),
    }
    Ok(())
}

fn gzipped(file: &std::path::Path) -> Option<usize> {
    // `answer` would pass bytes through text and miscount; let `wc` count them.
    let script = "gzip -9 -c -- \"$1\" | wc -c";
    answer(program("sh").args(["-c", script, "sh"]).arg(file))?
        .trim()
        .parse()
        .ok()
}
