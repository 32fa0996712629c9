//! `cargo xtask demo`: the app as a person would meet it, with a hub and a sample city.

use std::env;

use anyhow::Result;

use crate::e2e;

/// Opens the app; without a display, takes the same walk in pictures.
pub(crate) fn run(_: &[String]) -> Result<()> {
    e2e::ready()?;
    let walk = if has_display() { "demo" } else { "tour" };
    e2e::window(&[walk.to_owned()])
}

fn has_display() -> bool {
    let named = |key| env::var_os(key).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || named("DISPLAY") || named("WAYLAND_DISPLAY")
}
