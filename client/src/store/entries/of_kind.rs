//! Entries of one kind, wherever they are.

use rusqlite::{Connection, named_params};
use shared::register::EntryKind;

use super::{Line, from_row, number};
use crate::{error::Result, store::value::rows};

/// Whether entries of this kind are listed otherwise than by what they are in: the index
/// `entries_listed` has them alone. A statement that asks for it says so in the words of the index.
pub(in crate::store) const fn is_listed(kind: EntryKind) -> bool {
    !matches!(
        kind,
        EntryKind::Dwelling | EntryKind::Household | EntryKind::Resident
    )
}

const LISTED: &str = columns!(
    "WHERE kind = :kind
       AND kind NOT IN (1, 2, 3)
     ORDER BY sort, id"
);

/// All of a kind, in order. For what is not listed this goes through the whole register.
pub(crate) fn all(db: &Connection, kind: EntryKind) -> Result<Vec<Line>> {
    let sql = if is_listed(kind) {
        LISTED
    } else {
        columns!(
            "WHERE kind = :kind
             ORDER BY sort, id"
        )
    };
    rows(db, sql, named_params! { ":kind": number(kind) }, from_row)
}

const PAGE: &str = columns!(
    "WHERE kind = :kind
       AND kind NOT IN (1, 2, 3)
     ORDER BY sort, id
        LIMIT :limit
       OFFSET :offset"
);

/// Some of a kind that is listed, in order.
pub(crate) fn page(
    db: &Connection,
    kind: EntryKind,
    (offset, limit): (u32, u32),
) -> Result<Vec<Line>> {
    debug_assert!(is_listed(kind), "there is no list of them");
    rows(
        db,
        PAGE,
        named_params! { ":kind": number(kind), ":limit": limit, ":offset": offset },
        from_row,
    )
}

const HOW_MANY: &str = "SELECT count(*) FROM entries WHERE kind = :kind AND kind NOT IN (1, 2, 3)";

/// How many of a kind that is listed are on this device, there or gone.
pub(crate) fn how_many(db: &Connection, kind: EntryKind) -> Result<u32> {
    debug_assert!(is_listed(kind), "there is no list of them");
    let count = db
        .prepare_cached(HOW_MANY)?
        .query_row(named_params! { ":kind": number(kind) }, |row| row.get(0))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::value::plan;

    #[test]
    fn what_is_listed_is_not_looked_for_in_the_whole_register() {
        for sql in [LISTED, PAGE, HOW_MANY] {
            let steps = plan(sql).join("; ");
            assert!(steps.contains("entries_listed (kind=?)"), "{steps}: {sql}");
        }
    }
}
