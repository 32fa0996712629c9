//! The door of a dwelling or household.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::EntryId;

use super::super::value::InOrder;
use crate::error::Result;

/// A door, as one who looks for it is told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Door {
    /// The dwelling.
    pub(crate) dwelling: EntryId,
    /// It as people say it: `3-2-501`.
    pub(crate) place: String,
    /// Its building.
    pub(crate) building: Option<EntryId>,
    /// The compound the building is in.
    pub(crate) compound: Option<String>,
}

/// Whose door is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoorOf {
    /// A dwelling's own.
    Dwelling(EntryId),
    /// The one behind which a household lives.
    Household(EntryId),
}

/// The door, with one question.
pub(crate) fn door(db: &Connection, of: DoorOf) -> Result<Option<Door>> {
    let (household, id) = match of {
        DoorOf::Dwelling(id) => (false, id),
        DoorOf::Household(id) => (true, id),
    };
    let door = db
        .prepare_cached(
            "SELECT dwelling.id, dwelling.place, dwelling.parent, building.place
               FROM entries AS dwelling
               LEFT JOIN entries AS building
                 ON building.id = dwelling.parent
              WHERE dwelling.id = iif(:household, (SELECT parent FROM entries WHERE id = :id), :id)",
        )?
        .query_row(
            named_params! { ":household": household, ":id": id.as_bytes() },
            |row| {
                let mut columns = InOrder::of(row);
                Ok(Door {
                    dwelling: EntryId::from_bytes(columns.next()?),
                    place: columns.next()?,
                    building: columns
                        .next::<Option<[u8; 16]>>()?
                        .map(EntryId::from_bytes),
                    compound: columns.next()?,
                })
            },
        )
        .optional()?;
    Ok(door)
}
