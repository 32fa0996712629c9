//! 重点管理 on this device. No list, no search and no table is made of it: what is known of somebody is put
//! together out of mirror and outbox when it is asked for, which takes a reason.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    EntryId,
    register::{Entry, EntryKind},
};

use super::fold::stands_of;
use crate::{
    error::{Error, Result},
    store::{mirror, outbox},
};

const KIND: EntryKind = EntryKind::Management;

/// The entries about these residents, the first one first: one, unless two people began without knowing
/// of each other, or somebody stood in the register twice.
pub(crate) fn about(db: &Connection, residents: &[EntryId]) -> Result<Vec<(EntryId, Entry)>> {
    let kind = KIND.kind();
    let mut targets: BTreeSet<_> = mirror::refs(db, &kind)?.into_iter().collect();
    targets.extend(outbox::targets_of(db, &kind)?);
    let mut found = Vec::new();
    for target in targets {
        let id = EntryId(target.id);
        let entry = match stands_of(db, KIND, id) {
            Ok((entry, _)) => entry,
            // It has left, or what it is about has not come yet.
            Err(Error::NotFound) => continue,
            Err(other) => return Err(other),
        };
        let stands = entry.stands();
        let of = stands.text("resident").and_then(|it| it.parse().ok());
        if of.is_some_and(|of| residents.contains(&of)) {
            found.push((id, entry));
        }
    }
    found.sort_by_key(|(id, entry)| (entry.entered.at, *id));
    Ok(found)
}
