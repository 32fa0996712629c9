//! What somebody must decide of the register: fields that two people gave different values without
//! knowing of each other.

use shared::{
    ipc::{DISPUTES_MAX, DisputedEntry, Disputes, ListDisputes},
    register::may_write,
};

use super::{entry, search};
use crate::{
    core::Core,
    error::Result,
    store::{device, entries},
};

/// Entries in whose fields several values stand.
pub(crate) fn list(core: &Core, _args: ListDisputes) -> Result<Disputes> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let disputed = entries::undecided(db, DISPUTES_MAX)?.into_iter();
        let entries = disputed.map(|line| {
            Ok(DisputedEntry {
                hit: search::hit(db, line.clone())?,
                entry: entry::view(db, &packs, line)?,
            })
        });
        let author = device::get(db)?.author();
        Ok(Disputes {
            entries: entries.collect::<Result<_>>()?,
            total: entries::disputed(db)?,
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}
