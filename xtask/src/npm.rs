//! Tools that come by npm, pinned, in a folder of their own under `target/tools`.

use std::{fs, path::PathBuf};

use anyhow::Result;

use crate::{
    root::tools,
    step::{self, program},
};

/// A package and the only version of it we use.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// `wasm-opt` of a known age; a distribution's is often too old for what the compiler writes.
pub(crate) const BINARYEN: Package = Package {
    name: "binaryen",
    version: "132.0.0",
};

/// The picture library that `bench photo` is measured against.
pub(crate) const SHARP: Package = Package {
    name: "sharp",
    version: "0.35.5",
};

/// The sync that `bench sync` is measured against, and its server.
pub(crate) const POUCHDB: [Package; 3] = [
    Package {
        name: "pouchdb",
        version: "9.0.0",
    },
    Package {
        name: "express-pouchdb",
        version: "4.2.0",
    },
    Package {
        name: "express",
        version: "4.22.3",
    },
];

/// The engine of forms that ours is held against, and the document model it needs outside of a
/// browser.
pub(crate) const FORMS: [Package; 2] = [
    Package {
        name: "@getodk/xforms-engine",
        version: "0.22.0",
    },
    Package {
        name: "jsdom",
        version: "26.1.0",
    },
];

/// Where npm puts what is installed here.
pub(crate) fn modules() -> PathBuf {
    tools().join("node_modules")
}

/// Whether npm can be called at all.
pub(crate) fn is_there() -> bool {
    step::find("npm").is_some()
}

/// Installs a package unless this version is already there.
pub(crate) fn install(package: &Package) -> Result<()> {
    let Package { name, version } = package;
    let installed =
        fs::read_to_string(modules().join(name).join("package.json")).unwrap_or_default();
    if installed.contains(&format!("\"version\": \"{version}\"")) {
        return Ok(());
    }
    fs::create_dir_all(tools())?;
    step::run(
        &format!(
            "installing {name} {version} by npm into {}",
            tools().display()
        ),
        program("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
                "--prefix",
            ])
            .arg(tools())
            .arg(format!("{name}@{version}")),
    )
}
