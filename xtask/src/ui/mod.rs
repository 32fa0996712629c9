//! `cargo xtask ui`: the page, from Rust to `ui/dist`. Compile to wasm, let wasm-bindgen write the
//! script around it, let wasm-opt shrink it, put the plain files beside it.

mod page;
mod shrink;
mod stamp;
mod styles;

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};

use crate::{
    build::{self, Profile},
    root::target,
    setup::{
        self, Group,
        wasm::{self, Route},
    },
    step::{self, Watch, program},
};

/// Which way round: small to load, or quick to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Small,
    Quick,
}

impl Mode {
    /// The profile of the workspace this is built with.
    fn profile(self) -> &'static str {
        match self {
            Self::Small => "wasm",
            Self::Quick => "wasm-dev",
        }
    }
}

/// `cargo xtask ui [--dev]`
pub(crate) fn run(args: &[String]) -> Result<()> {
    let mode = match args {
        [] => Mode::Small,
        [flag] if flag == "--dev" => Mode::Quick,
        _ => bail!("`ui` takes only --dev"),
    };
    setup::ensure(&[Group::Build])?;
    build(mode)
}

/// Builds the page, unless nothing it is made of has changed since the last time.
pub(crate) fn build(mode: Mode) -> Result<()> {
    fs::create_dir_all(folder())?;
    // Two builds of one page would write into each other's files.
    let lock = fs::File::create(folder().join("lock"))?;
    lock.lock()?;
    let route = wasm::route()?;
    let made_of = stamp::of(mode, &route)?;
    if stamp::is_fresh(&made_of) {
        eprintln!("── ui/dist is up to date");
        return page::tell_size();
    }
    let watch = Watch::start(&format!(
        "building the page into ui/dist (profile {})",
        mode.profile()
    ));
    stamp::begin(&made_of)?;
    compile(mode, &route)?;
    bind(mode)?;
    shrink::shrink(mode)?;
    page::lay_out()?;
    stamp::finish()?;
    watch.done();
    page::tell_size()
}

/// Where everything for the page is built.
fn folder() -> PathBuf {
    target().join("ui")
}

/// What wasm-bindgen wrote, before it goes to `ui/dist`.
fn bound() -> PathBuf {
    folder().join("bound")
}

fn compile(mode: Mode, route: &Route) -> Result<()> {
    let mut command = route.cargo_build();
    command
        // Leptos then hides the types of views behind one: a third less wasm.
        .env("RUSTFLAGS", "--cfg erase_components")
        .args([
            "--package",
            "ui",
            "--lib",
            "--profile",
            mode.profile(),
            "--target-dir",
        ])
        .arg(folder());
    step::run(
        &format!("compiling to wasm (compiler: {})", route.name()),
        &mut command,
    )
}

fn bind(mode: Mode) -> Result<()> {
    let wasm = folder()
        .join("wasm32-unknown-unknown")
        .join(mode.profile())
        .join("ui.wasm");
    if bound().exists() {
        fs::remove_dir_all(bound())?;
    }
    build::programs(Profile::Debug, &["xtask-bindgen"])?;
    let mut command = program(build::exe(&Profile::Debug.folder(), "xtask-bindgen"));
    command.arg(wasm).arg(bound());
    if mode == Mode::Quick {
        command.arg("--keep-names");
    }
    step::run("writing the script around it", &mut command)
}
