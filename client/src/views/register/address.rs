//! 标准地址 of a building or a dwelling.

use rusqlite::Connection;

use crate::{
    error::Result,
    packs::Packs,
    register,
    store::entries::{self, Line},
};

/// The address in one line, from what the pack says of the grid down to this.
pub(super) fn line(db: &Connection, packs: &Packs, it: &Line) -> Result<String> {
    let above = match it.parent {
        Some(parent) => entries::find(db, parent)?,
        None => None,
    };
    let mut ladder = packs.ladder(&it.grid);
    for line in above.iter().chain([it]) {
        let (entry, _) = register::stands_of(db, line.kind, line.id)?;
        ladder = ladder.with(line.kind, &entry.stands());
    }
    Ok(ladder.line())
}
