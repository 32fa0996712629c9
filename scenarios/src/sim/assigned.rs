//! Work that somebody did where they walked is not kept aside, wherever they walk by now. Who walked
//! where when they did it was written down then; what the hub remembers of it is not asked.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use hub::{audit::LogRow, push::grids_named};
use shared::{Action, DocRef, GridCode, Op, Outcome, apply::Quarantine, register::EntryKind};

use super::world::World;

impl World<'_> {
    /// Nothing that was done in a grid of its author's own is called out of their scope. Of what is
    /// done with an entry this is known where the entry was never said to be anywhere else.
    pub(super) fn assigned_work_is_taken(&self, log: &[LogRow], payloads: &[String]) -> Result<()> {
        let ops: Vec<Op> = payloads
            .iter()
            .map(|payload| serde_json::from_str(payload))
            .collect::<serde_json::Result<_>>()?;
        let mut said: BTreeMap<&DocRef, BTreeSet<GridCode>> = BTreeMap::new();
        for op in &ops {
            said.entry(&op.target).or_default().extend(grids_named(op));
        }
        let aside = Outcome::Quarantined {
            why: Quarantine::NotYourScope,
        };
        let kept = log.iter().zip(&ops).filter(|(row, _)| row.outcome == aside);
        for (_, op) in kept {
            let places: BTreeSet<GridCode> = match &op.action {
                Action::Enter(_) | Action::Record(_) | Action::Visit(_) | Action::Reveal(_) => {
                    grids_named(op).into_iter().collect()
                }
                _ if EntryKind::of(&op.target.kind).is_some() => {
                    said.get(&op.target).cloned().unwrap_or_default()
                }
                _ => continue,
            };
            let Some(known) = self.book.ops.get(&op.op_id).filter(|_| !places.is_empty()) else {
                continue;
            };
            let walked = self.city.grids_then(&op.author.staff, known.made_at);
            if places.iter().all(|place| walked.contains(place)) {
                bail!(
                    "I5: {:?} was done where its author walked, and is kept aside: {op:?}",
                    known.owners
                );
            }
        }
        Ok(())
    }
}
