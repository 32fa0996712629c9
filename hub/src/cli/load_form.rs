//! `gridwalker-hub load-form FILE.xlsx`.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
};

use anyhow::Context as _;

use super::say;
use crate::{Error, Hub};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The form, an XLSForm workbook; lists it names are looked for beside it.
    file: PathBuf,
}

pub(super) async fn run(args: Args, hub: &Hub) -> anyhow::Result<()> {
    let path = args.file;
    let workbook =
        fs::read(&path).with_context(|| format!("the file {} can't be read", path.display()))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let list = |file: &str| {
        let list = path.with_file_name(file);
        let bytes = fs::read(&list).map_err(|source| Error::FormListMissing {
            path: list.clone(),
            source,
        })?;
        forms::table::read_csv(&bytes).map_err(|source| Error::FormList { path: list, source })
    };
    let loaded = match hub.load_form(&workbook, &name, list).await {
        Err(Error::FormMistakes(mistakes)) => {
            let mut out = io::stderr().lock();
            for mistake in &mistakes {
                writeln!(out, "{mistake}")?;
            }
            return Err(Error::FormMistakes(mistakes).into());
        }
        done => done?,
    };
    for warning in &loaded.warnings {
        writeln!(io::stderr(), "warning: {warning}")?;
    }
    let news = if loaded.is_new {
        "devices get it with their next sync"
    } else {
        "it was there already"
    };
    say(&format!(
        "loaded form {}, version {}: {news}",
        loaded.id, loaded.version
    ))?;
    Ok(())
}
