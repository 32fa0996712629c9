//! A way to compile for wasm32: rustup's target, or Debian's compiler with its own source.
//! What did not work once is remembered in `target/tools`, so that nobody waits for it again.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::debian;
use crate::{
    root::tools,
    step::{self, answer, cargo, program},
};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// A mirror without the target answers at once, a slow network in minutes, a closed one perhaps
/// never.
const RUSTUP_MAY_TAKE: Duration = Duration::from_mins(4);

/// Which compiler makes the wasm.
pub(crate) enum Route {
    /// The one that compiles everything else.
    Rustup,
    /// Debian's own, building the standard library from its source, with this linker.
    Debian { linker: PathBuf },
}

/// Finds the way, and paves it if need be.
pub(crate) fn route() -> Result<Route> {
    let sysroot = sysroot()?;
    if has_target(&sysroot) {
        return Ok(Route::Rustup);
    }
    let memory = tools().join("rustup-has-no-wasm32");
    if !memory.exists() {
        eprintln!("── adding {TARGET} by rustup");
        let added = step::succeeds_within(
            RUSTUP_MAY_TAKE,
            program("rustup").args(["target", "add", TARGET]),
        );
        if added && has_target(&sysroot) {
            eprintln!("   wasm: rustup's target");
            return Ok(Route::Rustup);
        }
        eprintln!("   rustup could not fetch it; wasm: Debian's rustc-web with its own source");
    }
    let linker = debian_compiler(&sysroot)?;
    remember(&memory)?;
    Ok(Route::Debian { linker })
}

fn sysroot() -> Result<PathBuf> {
    let told = answer(program("rustc").args(["--print", "sysroot"]));
    Ok(PathBuf::from(told.context("cannot run rustc")?.trim()))
}

fn has_target(sysroot: &Path) -> bool {
    sysroot
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib")
        .is_dir()
}

fn debian_compiler(sysroot: &Path) -> Result<PathBuf> {
    if !debian::is_here() {
        bail!(
            "no compiler for {TARGET} here; please get it to this machine: rustup target add {TARGET}"
        );
    }
    debian::install(&debian::not_installed(&DEBIAN_PACKAGES)).with_context(|| {
        format!("neither rustup nor Debian gave a compiler for {TARGET}; try again on a network that reaches one")
    })?;
    find_linker(sysroot)
}

/// The toolchain's own lld, or Debian's of a version that understands this compiler.
fn find_linker(sysroot: &Path) -> Result<PathBuf> {
    let of_toolchain = answer(program("rustc").arg("-vV"))
        .and_then(|told| {
            Some(
                told.lines()
                    .find_map(|line| line.strip_prefix("host: "))?
                    .to_owned(),
            )
        })
        .map(|host| sysroot.join("lib/rustlib").join(host).join("bin/rust-lld"));
    let of_debian = (19..=30)
        .rev()
        .map(|version| PathBuf::from(format!("/usr/bin/wasm-ld-{version}")));
    let mut places = of_toolchain.into_iter().chain(of_debian);
    places
        .find(|path| path.is_file())
        .context("no linker for wasm: neither rust-lld nor Debian's lld ≥ 19")
}

fn remember(memory: &Path) -> Result<()> {
    if !memory.exists() {
        fs::create_dir_all(tools())?;
        fs::write(
            memory,
            "Delete this file to let `cargo xtask setup` ask rustup again.\n",
        )?;
    }
    Ok(())
}

impl Route {
    /// A `cargo build` for wasm32 by this way.
    pub(crate) fn cargo_build(&self) -> Command {
        let mut command = match self {
            Self::Rustup => cargo(),
            Self::Debian { linker } => {
                let mut command = program("/usr/bin/cargo");
                command
                    // build-std is an unstable flag; Debian's compiler is a stable one.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                command
            }
        };
        command.args(["build", "--target", TARGET]);
        command
    }

    /// Its name in the note of what was built.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian { .. } => "debian",
        }
    }
}
