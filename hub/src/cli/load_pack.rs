//! `gridwalker-hub load-pack FILE`.

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use super::say;
use crate::Hub;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The pack, a JSON file.
    file: PathBuf,
}

pub(super) async fn run(args: Args, hub: &Hub) -> anyhow::Result<()> {
    let json = fs::read(&args.file)
        .with_context(|| format!("the file {} can't be read", args.file.display()))?;
    let loaded = hub.load_pack(&json).await?;
    let sections = match loaded.changed.len() {
        0 => "nothing changed for devices".to_owned(),
        1 => "1 section changed".to_owned(),
        changed => format!("{changed} sections changed"),
    };
    say(&format!(
        "loaded pack {}: {} staff, {} grids, {sections}",
        loaded.version, loaded.staff, loaded.grids
    ))?;
    Ok(())
}
