//! `cargo xtask e2e`: the tests that drive the real app window.
//! The program `window` of `scenarios` starts the display and the driver itself.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    setup::{self, Group},
    step::{self, program},
    ui,
};

/// Runs all window tests, or those named.
pub(crate) fn run(names: &[String]) -> Result<()> {
    ready()?;
    window(&[&["test".to_owned()], names].concat())
}

/// Everything the window needs: packages, page, app, hub.
pub(crate) fn ready() -> Result<()> {
    setup::ensure(&[Group::Build, Group::Window])?;
    ui::build(ui::Mode::Small)?;
    build::programs(Profile::Debug, &build::WINDOW)
}

/// Runs the program that drives the window.
pub(crate) fn window(args: &[String]) -> Result<()> {
    step::run(
        &format!("window {}", args.join(" ")),
        program(build::exe(&Profile::Debug.folder(), "window"))
            .args(args)
            .envs(build::addresses(Profile::Debug)),
    )
}
