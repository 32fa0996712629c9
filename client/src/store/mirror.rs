//! The mirror: each document as the hub last told it. In which feeds it stands is `feeds`' matter.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{Doc, DocRef, Kind};
use uuid::Uuid;

use super::{
    deleted,
    value::{json, signed, to_json, unsigned},
};
use crate::error::Result;

/// The document, if the hub ever sent it.
pub(crate) fn find(db: &Connection, target: &DocRef) -> Result<Option<Doc>> {
    let doc = db
        .prepare_cached(
            "SELECT kind, id, rev, body
               FROM mirror
              WHERE kind = :kind
                AND id = :id",
        )?
        .query_row(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            from_row,
        )
        .optional()?;
    Ok(doc)
}

/// Keeps the document as the hub says it is now. The hub's word counts even
/// with a lower revision: it may have been restored. What is here is not deleted. Says whether that
/// is news: a document comes once for each of its feeds.
pub(crate) fn put(tx: &Connection, doc: &Doc) -> Result<bool> {
    let written = tx
        .prepare_cached(
            "INSERT INTO mirror (kind, id, rev, body)
                  VALUES (:kind, :id, :rev, :body)
             ON CONFLICT (kind, id) DO UPDATE
                     SET rev = excluded.rev, body = excluded.body
                   WHERE mirror.rev <> excluded.rev
                      OR mirror.body <> excluded.body",
        )?
        .execute(named_params! {
            ":kind": doc.target.kind.as_str(),
            ":id": doc.target.id.as_bytes(),
            ":rev": signed(doc.rev),
            ":body": to_json(&doc.body)?,
        })?;
    let is_back = deleted::forget(tx, &doc.target)?;
    Ok(written > 0 || is_back)
}

/// All documents of a kind.
pub(crate) fn refs(db: &Connection, kind: &Kind) -> Result<Vec<DocRef>> {
    let mut statement = db.prepare_cached(
        "SELECT id
           FROM mirror
          WHERE kind = :kind",
    )?;
    let refs = statement
        .query_map(named_params! { ":kind": kind.as_str() }, |row| {
            Ok(DocRef {
                kind: kind.clone(),
                id: Uuid::from_bytes(row.get("id")?),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(refs)
}

/// Those of a kind in which this id stands somewhere.
pub(crate) fn naming(db: &Connection, kind: &Kind, id: Uuid) -> Result<Vec<Doc>> {
    let mut statement = db.prepare_cached(
        "SELECT kind, id, rev, body
           FROM mirror
          WHERE kind = :kind
            AND instr(body, :named) > 0",
    )?;
    let docs = statement
        .query_map(
            named_params! { ":kind": kind.as_str(), ":named": id.to_string() },
            from_row,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(docs)
}

/// Those of a kind of which the hub said that they were erased.
pub(crate) fn erased(db: &Connection, kind: &Kind) -> Result<Vec<DocRef>> {
    let mut statement = db.prepare_cached(
        "SELECT kind, id, rev, body
           FROM mirror
          WHERE kind = :kind
            AND body -> '$.erased' IS NOT NULL",
    )?;
    let docs: Vec<Doc> = statement
        .query_map(named_params! { ":kind": kind.as_str() }, from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(docs.into_iter().map(|doc| doc.target).collect())
}

/// The revisions of all documents of a kind, to see whether any is another one than before.
pub(crate) fn revisions(db: &Connection, kind: &Kind) -> Result<String> {
    let revisions = db
        .prepare_cached(
            "SELECT coalesce(group_concat(rev), '')
               FROM (SELECT rev
                       FROM mirror
                      WHERE kind = :kind
                      ORDER BY id)",
        )?
        .query_row(named_params! { ":kind": kind.as_str() }, |row| row.get(0))?;
    Ok(revisions)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Doc> {
    Ok(Doc {
        target: DocRef {
            kind: Kind(row.get("kind")?),
            id: Uuid::from_bytes(row.get("id")?),
        },
        rev: unsigned(row, "rev")?,
        body: json(row, "body")?,
    })
}
