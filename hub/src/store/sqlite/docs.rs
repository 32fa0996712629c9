//! `docs`: the current state of everything.

use std::{collections::BTreeSet, sync::Arc};

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};
use shared::{Doc, DocRef, Kind, Timestamp};
use uuid::Uuid;

use super::convert::{At, Unsigned};
use crate::store::{
    DueRequest, StoreError, StoredDoc,
    json::{from_json, to_json},
    judge::Docs,
};

/// Those of these documents that there are.
pub(super) fn find_all(db: &Connection, targets: &BTreeSet<DocRef>) -> Result<Docs, StoreError> {
    let mut docs = Docs::new();
    for target in targets {
        if let Some(doc) = stored(db, target)? {
            docs.insert(target.clone(), Arc::new(doc));
        }
    }
    Ok(docs)
}

/// Documents about somebody in which one of these ids stands anywhere.
pub(super) fn naming(db: &Connection, targets: &BTreeSet<DocRef>) -> Result<Docs, StoreError> {
    let ids: BTreeSet<_> = targets.iter().map(|target| target.id).collect();
    let mut select = db.prepare_cached(
        "SELECT kind, id, rev, body
           FROM docs
          WHERE kind IN ('record', 'management')
            AND EXISTS (SELECT 1 FROM json_each(:ids) WHERE instr(body, value) > 0)",
    )?;
    let rows = select.query_map(named_params! { ":ids": to_json(&ids)? }, from_row)?;
    rows.map(|row| {
        let (target, rev, body) = row?;
        Ok((target.clone(), Arc::new(StoredDoc::read(target, rev, body))))
    })
    .collect()
}

/// Some records of a version of a form that nothing happened to for long.
pub(super) fn due(db: &Connection, request: &DueRequest) -> Result<Vec<Doc>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT kind, id, rev, body
           FROM docs
          WHERE kind = 'record'
            AND (:after IS NULL OR id > :after)
            AND changed_at < :before
            AND instr(body, :form) > 0
          ORDER BY id
          LIMIT :limit",
    )?;
    let rows = select.query_map(
        named_params! {
            ":after": request.after.as_ref().map(Uuid::as_bytes),
            ":before": At(request.before),
            ":form": request.form.to_string(),
            ":limit": i64::try_from(request.limit).unwrap_or(i64::MAX),
        },
        from_row,
    )?;
    rows.map(|row| {
        let (target, rev, body) = row?;
        read(target, rev, &body)
    })
    .collect()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(DocRef, u64, String)> {
    let target = DocRef {
        kind: Kind(row.get("kind")?),
        id: Uuid::from_bytes(row.get("id")?),
    };
    Ok((target, row.get::<_, Unsigned>("rev")?.0, row.get("body")?))
}

/// A document from its columns.
pub(super) fn read(target: DocRef, rev: u64, body: &str) -> Result<Doc, StoreError> {
    Ok(Doc {
        target,
        rev,
        body: from_json("document", body)?,
    })
}

pub(super) fn put(tx: &Transaction<'_>, doc: &StoredDoc, now: Timestamp) -> Result<(), StoreError> {
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
        ":body": doc.json(),
        ":now": At(now),
    })?;
    Ok(())
}

pub(super) fn find(db: &Connection, target: &DocRef) -> Result<Option<Doc>, StoreError> {
    stored(db, target)?.map(|it| it.doc()).transpose()
}

fn stored(db: &Connection, target: &DocRef) -> Result<Option<StoredDoc>, StoreError> {
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
    Ok(found.map(|(rev, body)| StoredDoc::read(target.clone(), rev, body)))
}
