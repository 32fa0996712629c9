//! Where things stand: the workspace and the folders xtask writes to.

use std::path::{Path, PathBuf};

/// The workspace folder, whichever folder `cargo xtask` was called from.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where xtask keeps the tools it fetched, and what it learned about this machine.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}
