//! What somebody must decide: what two people corrected without knowing of each other, with what stood
//! there before, what each of them wrote, who and when; and deletions that met something unseen.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    DocRef, OpId,
    case::{Case, Revised, may_amend},
    ipc::{CaseConflicts, FieldConflict, FieldVersion, ListConflicts},
    op::Correction,
};

use super::{deleted, rows::row};
use crate::{
    core::Core,
    error::{Error, Result},
    fold::{self, Folded},
    packs::Packs,
    store::{cases_short, device},
};

/// Cases with something this person may decide.
pub(crate) fn list(core: &Core, _args: ListConflicts) -> Result<Vec<CaseConflicts>> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let undecided = cases_short::undecided(db)?.into_iter();
        undecided
            .map(|record| {
                let folded = fold::folded(db, &DocRef::case(record.id))?;
                let case = folded.case()?.ok_or(Error::NotFound)?;
                Ok(CaseConflicts {
                    fields: if may_decide(db, &case)? {
                        of_case(db, &packs, &case, &folded)?
                    } else {
                        Vec::new()
                    },
                    disputed: deleted::to_decide(db, &packs, &case, &folded)?,
                    row: row(db, &packs, record)?,
                })
            })
            .collect()
    })
}

/// A closed case is listed for a deletion somebody must decide on; its fields are as they are.
fn may_decide(db: &Connection, case: &Case) -> Result<bool> {
    let author = device::get(db)?.author();
    Ok(author.is_ok_and(|me| may_amend(case, &me)))
}

/// The fields of a case in which several values stand.
pub(super) fn of_case(
    db: &Connection,
    packs: &Packs,
    case: &Case,
    folded: &Folded,
) -> Result<Vec<FieldConflict>> {
    let conflicts = case.amended().conflicts;
    if conflicts.is_empty() {
        return Ok(Vec::new());
    }
    let me = device::get(db)?.author().ok();
    let pending: BTreeSet<OpId> = folded.pending().collect();
    let version = |revised: Revised| {
        let (by_name, by_name_en) = packs.person(&revised.by.author.staff);
        let address_en = match &revised.value {
            Correction::Place(place) => packs.address_en(&place.address),
            Correction::Category(_) | Correction::Description(_) | Correction::Urgency(_) => {
                String::new()
            }
        };
        FieldVersion {
            mine: me
                .as_ref()
                .is_some_and(|me| me.staff == revised.by.author.staff),
            pending: pending.contains(&revised.by.op_id),
            at: revised.by.at,
            value: revised.value,
            address_en,
            by_name,
            by_name_en,
        }
    };
    let conflicts = conflicts.into_iter().map(|conflict| FieldConflict {
        field: conflict.field,
        base: conflict.base.map(version),
        versions: conflict.values.into_iter().map(version).collect(),
    });
    Ok(conflicts.collect())
}
