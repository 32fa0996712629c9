//! `gridwalker-hub check`: looks over the whole database, before a backup is trusted or after an accident.

use anyhow::bail;

use super::say;
use crate::{Hub, store::Soundness};

pub(super) async fn run(hub: &Hub) -> anyhow::Result<()> {
    let Soundness { damaged, doubtful } = hub.look(true).await?;
    for what in &doubtful {
        say(&format!("not as it should be: {what}"))?;
    }
    for what in &damaged {
        say(&format!("damaged: {what}"))?;
    }
    if !damaged.is_empty() {
        bail!(
            "the database is damaged; keep the folder as it is, put a backup that is whole in its place and run `gridwalker-hub epoch renew` once"
        );
    }
    if doubtful.is_empty() {
        let stats = hub.stats().await?;
        say(&format!(
            "sound: {} operations, {} documents",
            stats.ops, stats.docs
        ))?;
    }
    Ok(())
}
