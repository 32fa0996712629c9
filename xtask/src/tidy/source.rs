//! The texts the checks read, by their path from the root, with `/` on every system.

use std::{fs, path::Path};

use anyhow::Result;

use crate::files;

/// One text file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|ending| ending == "rs")
    }

    pub(super) fn is_manifest(&self) -> bool {
        self.path.ends_with("/Cargo.toml")
    }

    /// The folder just below the root; empty for a file of the root itself.
    pub(super) fn room(&self) -> &str {
        self.path.split_once('/').map_or("", |(room, _)| room)
    }

    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
pub(super) fn source(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// What is built, fetched or generated is not ours to tidy.
const NOT_OURS: [&str; 4] = ["target", "node_modules", "dist", "gen"];

/// Reads every text file of the repository; what is not UTF-8 is not text.
pub(super) fn read_all(root: &Path) -> Result<Vec<Source>> {
    let ours = |folder: &Path| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && !NOT_OURS.contains(&name.as_ref())
    };
    let is_read = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        ["rs", "toml", "sql", "md", "json"].contains(&ending.as_ref())
    };
    let mut sources = Vec::new();
    for file in files::below(root, &ours)?
        .into_iter()
        .filter(|file| is_read(file))
    {
        let parts: Vec<_> = file
            .strip_prefix(root)?
            .iter()
            .map(|part| part.to_string_lossy())
            .collect();
        if let Ok(text) = fs::read_to_string(&file) {
            sources.push(Source {
                path: parts.join("/"),
                text,
            });
        }
    }
    Ok(sources)
}
