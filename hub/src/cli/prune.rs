//! `gridwalker-hub prune --before DATE`: forgets the markers of what left feeds or was deleted long ago.

use anyhow::Context as _;
use shared::deadline::midnight_utc;

use super::say;
use crate::Hub;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Markers of documents to which nothing happened since this day (UTC), for example 2026-01-31.
    /// Devices that did not sync since then pull the feeds concerned anew; nothing else changes.
    #[arg(long, value_name = "DATE")]
    before: String,
}

pub(super) async fn run(args: Args, hub: &Hub) -> anyhow::Result<()> {
    let before = midnight_utc(&args.before)
        .with_context(|| format!("{} is no day; write it as 2026-01-31", args.before))?;
    let pruned = hub.prune(before).await?;
    Ok(say(&format!(
        "{} markers forgotten; devices that were away pull {} feeds anew",
        pruned.places, pruned.feeds
    ))?)
}
