//! `docs`: the current state of everything.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{Doc, DocRef, Timestamp};

use super::convert::{At, Unsigned};
use crate::store::{
    StoreError,
    json::{from_json, to_json},
};

/// Those of these documents that there are.
pub(super) fn find_all(
    db: &Connection,
    targets: &BTreeSet<DocRef>,
) -> Result<BTreeMap<DocRef, Doc>, StoreError> {
    let mut docs = BTreeMap::new();
    for target in targets {
        if let Some(doc) = find(db, target)? {
            docs.insert(target.clone(), doc);
        }
    }
    Ok(docs)
}

/// A document from its columns.
pub(super) fn read(target: DocRef, rev: u64, body: &str) -> Result<Doc, StoreError> {
    Ok(Doc {
        target,
        rev,
        body: from_json("document", body)?,
    })
}

pub(super) fn put(tx: &Transaction<'_>, doc: &Doc, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO docs (kind, id, rev, body, changed_at)
         VALUES (:kind, :id, :rev, :body, :now)
             ON CONFLICT (kind, id) DO UPDATE
            SET rev = excluded.rev, body = excluded.body, changed_at = excluded.changed_at",
    )?
    .execute(named_params! {
        ":kind": doc.target.kind.as_str(),
        ":id": doc.target.id.as_bytes(),
        ":rev": Unsigned(doc.rev),
        ":body": to_json(&doc.body)?,
        ":now": At(now),
    })?;
    Ok(())
}

pub(super) fn find(db: &Connection, target: &DocRef) -> Result<Option<Doc>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT rev, body
               FROM docs
              WHERE kind = :kind AND id = :id",
        )?
        .query_row(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            |row| {
                Ok((
                    row.get::<_, Unsigned>("rev")?.0,
                    row.get::<_, String>("body")?,
                ))
            },
        )
        .optional()?;
    found
        .map(|(rev, body)| read(target.clone(), rev, &body))
        .transpose()
}
