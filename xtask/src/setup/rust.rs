//! Formatter and lints: rustup's smallest profile comes without them.

use anyhow::{Result, bail};

use crate::step::{self, answer, cargo, program};

/// Makes sure that `cargo fmt` and `cargo clippy` can be called.
pub(super) fn ensure_checkers() -> Result<()> {
    let absent: Vec<_> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(word, _)| answer(cargo().args([word, "--version"])).is_none())
        .map(|(_, component)| component)
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    if step::find("rustup").is_none() {
        bail!(
            "missing: {}; please install what belongs to your Rust compiler",
            absent.join(", ")
        );
    }
    step::run(
        &format!("rustup component add {}", absent.join(" ")),
        program("rustup").args(["component", "add"]).args(absent),
    )
}
