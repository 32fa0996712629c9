//! Building our programs, always with the same choice of packages: cargo then settles on one set
//! of features, and no dependency is built twice.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    root::target,
    step::{self, cargo},
};

/// The programs a story with a window needs.
pub(crate) const WINDOW: [&str; 3] = ["gridwalker", "gridwalker-hub", "window"];

/// Has cargo settle on the features that tests settle on, where a command builds none: with no
/// example in the workspace nothing more is built, and nothing is built twice.
pub(crate) const AS_FOR_TESTS: &str = "--examples";

/// Everything but the page, which is built for wasm32 and would bring its features along.
pub(crate) const ALL_BUT_UI: [&str; 3] = ["--workspace", "--exclude", "ui"];

/// How well to optimise.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    /// The folder with the programs built this way.
    pub(crate) fn folder(self) -> PathBuf {
        target().join(match self {
            Self::Debug => "debug",
            Self::Release => "release",
        })
    }
}

/// Builds programs by name.
pub(crate) fn programs(profile: Profile, names: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.arg("build").args(ALL_BUT_UI);
    command.arg(match profile {
        Profile::Debug => AS_FOR_TESTS,
        Profile::Release => "--release",
    });
    for name in names {
        command.args(["--bin", name]);
    }
    step::run(&format!("building {}", names.join(", ")), &mut command)
}

/// Where the stories find the app and the hub.
pub(crate) fn addresses(profile: Profile) -> [(&'static str, PathBuf); 2] {
    let at = |name: &str| exe(&profile.folder(), name);
    [
        ("GRIDWALKER_APP", at("gridwalker")),
        ("GRIDWALKER_HUB", at("gridwalker-hub")),
    ]
}

/// A program's file in a folder.
pub(crate) fn exe(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
