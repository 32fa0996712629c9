//! `docs`: the current state of everything.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Transaction;
use shared::{Doc, DocRef, Kind, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    convert::{signed, unsigned},
    statement::{all, run},
};
use crate::store::{
    StoreError,
    json::{from_json, to_json},
};

/// Those of these documents that there are, locked until the transaction ends; in one order for
/// everybody, so that two transactions never wait for each other. One that doesn't exist can't be
/// locked: who loses the race to insert it collides, and begins again.
pub(super) async fn lock(
    tx: &Transaction<'_>,
    targets: &BTreeSet<DocRef>,
) -> Result<BTreeMap<DocRef, Doc>, StoreError> {
    if targets.is_empty() {
        return Ok(BTreeMap::new());
    }
    let (kinds, ids) = columns(targets);
    let rows = all(
        tx,
        "SELECT d.kind, d.id, d.rev, d.body
           FROM docs AS d
           JOIN unnest($1::TEXT[], $2::UUID[]) AS wanted (kind, id)
             ON d.kind = wanted.kind AND d.id = wanted.id
          ORDER BY d.kind, d.id
            FOR NO KEY UPDATE OF d",
        &[&kinds, &ids],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let target = target(row)?;
            let doc = read(target.clone(), row)?;
            Ok((target, doc))
        })
        .collect()
}

/// Kinds and ids side by side, as a statement takes them.
pub(super) fn columns<'a>(
    targets: impl IntoIterator<Item = &'a DocRef>,
) -> (Vec<&'a str>, Vec<Uuid>) {
    let targets = targets.into_iter();
    targets
        .map(|target| (target.kind.as_str(), target.id))
        .unzip()
}

/// The document a row is about.
pub(super) fn target(row: &Row) -> Result<DocRef, StoreError> {
    Ok(DocRef {
        kind: Kind(row.try_get("kind")?),
        id: row.try_get("id")?,
    })
}

/// A document from its columns.
pub(super) fn read(target: DocRef, row: &Row) -> Result<Doc, StoreError> {
    Ok(Doc {
        target,
        rev: unsigned(row, "rev")?,
        body: from_json("document", row.try_get("body")?)?,
    })
}

/// Writes a document whose row was looked for and locked.
pub(super) async fn put(
    tx: &Transaction<'_>,
    doc: &Doc,
    is_new: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let write = if is_new {
        "INSERT INTO docs (kind, id, rev, body, changed_at)
         VALUES ($1, $2, $3, $4, $5)"
    } else {
        "UPDATE docs
            SET rev = $3, body = $4, changed_at = $5
          WHERE kind = $1 AND id = $2"
    };
    let kind = doc.target.kind.as_str();
    run(
        tx,
        write,
        &[
            &kind,
            &doc.target.id,
            &signed(doc.rev)?,
            &to_json(&doc.body)?,
            &now.as_ms(),
        ],
    )
    .await?;
    Ok(())
}
