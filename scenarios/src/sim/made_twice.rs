//! What the hub keeps aside as made already says nothing that nobody sees.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use hub::audit::LogRow;
use shared::{Action, DocRef, Op, Outcome, apply::Quarantine, record::Filled};

/// Of two operations that make one document the second says the same as the one that made it.
pub(super) fn says_nothing_new(log: &[LogRow], payloads: &[String]) -> Result<()> {
    let already = Outcome::Quarantined {
        why: Quarantine::AlreadyReported,
    };
    let mut made: BTreeMap<DocRef, BTreeSet<String>> = BTreeMap::new();
    let mut aside = Vec::new();
    for (row, payload) in log.iter().zip(payloads) {
        let Ok(op) = serde_json::from_str::<Op>(payload) else {
            continue;
        };
        let Some(says) = says(op.action)? else {
            continue;
        };
        if row.outcome == already {
            aside.push((op.target, says));
        } else {
            made.entry(op.target).or_default().insert(says);
        }
    }
    for (target, says) in aside {
        ensure!(
            made.get(&target).is_some_and(|made| made.contains(&says)),
            "I1: {says} is kept aside, for {target:?} was made as {:?}",
            made.get(&target)
        );
    }
    Ok(())
}

/// What makes a document says, the moment of finishing left out: two people finish nothing at once.
fn says(action: Action) -> Result<Option<String>> {
    let making = match action {
        Action::Record(filled) => Action::Record(Box::new(Filled {
            finished_at: filled.begun_at,
            ..*filled
        })),
        making @ (Action::Report(_) | Action::Enter(_) | Action::Visit(_) | Action::Reveal(_)) => {
            making
        }
        _ => return Ok(None),
    };
    Ok(Some(serde_json::to_string(&making)?))
}
