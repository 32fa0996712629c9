//! What each draft became. User data: it keeps a draft from coming back beside what became of it.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{DocRef, DraftId, Kind};
use uuid::Uuid;

use crate::error::Result;

/// The draft became this in this transaction.
pub(super) fn put(tx: &Connection, draft: DraftId, what: &DocRef) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO became (draft, kind, id) VALUES (:draft, :kind, :id)
             ON CONFLICT (draft) DO NOTHING",
    )?
    .execute(named_params! {
        ":draft": draft.as_bytes(),
        ":kind": what.kind.as_str(),
        ":id": what.id.as_bytes(),
    })?;
    Ok(())
}

/// What the draft became, if it did.
pub(crate) fn find(db: &Connection, draft: DraftId) -> Result<Option<DocRef>> {
    let found = db
        .prepare_cached("SELECT draft, kind, id FROM became WHERE draft = :draft")?
        .query_row(named_params! { ":draft": draft.as_bytes() }, from_row)
        .optional()?;
    Ok(found.map(|(_, what)| what))
}

/// Of a damaged database: kept here as well.
pub(crate) fn bring(tx: &Connection, found: &[(DraftId, DocRef)]) -> Result<()> {
    found
        .iter()
        .try_for_each(|(draft, what)| put(tx, *draft, what))
}

pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<(DraftId, DocRef)> {
    let what = DocRef {
        kind: Kind(row.get("kind")?),
        id: Uuid::from_bytes(row.get("id")?),
    };
    Ok((DraftId::from_bytes(row.get("draft")?), what))
}
