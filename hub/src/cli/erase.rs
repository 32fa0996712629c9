//! `gridwalker-hub erase`: what was kept about a person goes for good.

use shared::{DocRef, EntryId, RecordId, register::EntryKind};

use super::say;
use crate::Hub;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["due", "resident", "record"]))]
pub(super) struct Args {
    /// All records that are older than their form lets them be kept.
    #[arg(long)]
    due: bool,
    /// A resident, with every record about them.
    #[arg(long, value_name = "ID", requires = "reason")]
    resident: Option<EntryId>,
    /// A record, with what it corrects and what corrects it.
    #[arg(long, value_name = "ID", requires = "reason")]
    record: Option<RecordId>,
    /// Why. Everybody who had it reads this: name nobody.
    #[arg(long, conflicts_with = "due")]
    reason: Option<String>,
}

pub(super) async fn run(args: Args, hub: &Hub) -> anyhow::Result<()> {
    let resident = args
        .resident
        .map(|id| DocRef::entry(EntryKind::Resident, id));
    let target = resident.or(args.record.map(DocRef::record));
    let erased = match target {
        Some(target) => {
            let reason = args.reason.unwrap_or_default();
            anyhow::ensure!(!reason.trim().is_empty(), "give a --reason in words");
            hub.erase(target, reason.trim()).await?
        }
        None => hub.erase_due().await?,
    };
    Ok(say(&format!("{erased} documents erased"))?)
}
