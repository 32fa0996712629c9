//! `docs`: the current state of everything.

use std::{collections::BTreeSet, sync::Arc};

use deadpool_postgres::{GenericClient, Transaction};
use shared::{Doc, DocRef, Kind, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    convert::{signed, unsigned},
    statement::{all, run},
};
use crate::store::{DueRequest, StoreError, StoredDoc, json::from_json, judge::Docs};

/// Those of these documents that there are, locked until the transaction ends; in one order for
/// everybody, so that two transactions never wait for each other. One that doesn't exist can't be
/// locked: who loses the race to insert it collides, and begins again.
pub(super) async fn lock(
    tx: &Transaction<'_>,
    targets: &BTreeSet<DocRef>,
) -> Result<Docs, StoreError> {
    if targets.is_empty() {
        return Ok(Docs::new());
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
    rows.iter().map(stored).collect()
}

/// Documents about somebody in which one of these ids stands anywhere.
pub(super) async fn naming(
    tx: &Transaction<'_>,
    targets: &BTreeSet<DocRef>,
) -> Result<Docs, StoreError> {
    let ids: Vec<String> = targets.iter().map(|target| target.id.to_string()).collect();
    let rows = all(
        tx,
        "SELECT d.kind, d.id, d.rev, d.body
           FROM docs AS d
          WHERE d.kind IN ('record', 'management')
            AND EXISTS (SELECT 1
                          FROM unnest($1::TEXT[]) AS named (id)
                         WHERE strpos(d.body, named.id) > 0)",
        &[&ids],
    )
    .await?;
    rows.iter().map(stored).collect()
}

/// Some records of a version of a form that nothing happened to for long.
pub(super) async fn due(
    db: &impl GenericClient,
    request: &DueRequest,
) -> Result<Vec<Doc>, StoreError> {
    let rows = all(
        db,
        "SELECT kind, id, rev, body
           FROM docs
          WHERE kind = 'record'
            AND ($1::UUID IS NULL OR id > $1)
            AND changed_at < $2
            AND strpos(body, $3) > 0
          ORDER BY id
          LIMIT $4",
        &[
            &request.after,
            &request.before.as_ms(),
            &request.form.to_string(),
            &i64::try_from(request.limit).unwrap_or(i64::MAX),
        ],
    )
    .await?;
    rows.iter().map(|row| read(target(row)?, row)).collect()
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

fn stored(row: &Row) -> Result<(DocRef, Arc<StoredDoc>), StoreError> {
    let target = target(row)?;
    let doc = StoredDoc::read(target.clone(), unsigned(row, "rev")?, row.try_get("body")?);
    Ok((target, Arc::new(doc)))
}

/// A document from its columns.
pub(super) fn read(target: DocRef, row: &Row) -> Result<Doc, StoreError> {
    Ok(Doc {
        target,
        rev: unsigned(row, "rev")?,
        body: from_json("document", row.try_get("body")?)?,
    })
}

/// Writes documents that [`lock`] did not find.
pub(super) async fn insert(
    tx: &Transaction<'_>,
    docs: &[&StoredDoc],
    now: Timestamp,
) -> Result<(), StoreError> {
    write(
        tx,
        "INSERT INTO docs (kind, id, rev, body, changed_at)
         SELECT kind, id, rev, body, $5
           FROM unnest($1::TEXT[], $2::UUID[], $3::BIGINT[], $4::TEXT[])
             AS new (kind, id, rev, body)",
        docs,
        now,
    )
    .await
}

/// Writes documents that [`lock`] found.
pub(super) async fn update(
    tx: &Transaction<'_>,
    docs: &[&StoredDoc],
    now: Timestamp,
) -> Result<(), StoreError> {
    write(
        tx,
        "UPDATE docs AS d
            SET rev = changed.rev, body = changed.body, changed_at = $5
           FROM unnest($1::TEXT[], $2::UUID[], $3::BIGINT[], $4::TEXT[])
             AS changed (kind, id, rev, body)
          WHERE d.kind = changed.kind AND d.id = changed.id",
        docs,
        now,
    )
    .await
}

async fn write(
    tx: &Transaction<'_>,
    sql: &str,
    docs: &[&StoredDoc],
    now: Timestamp,
) -> Result<(), StoreError> {
    if docs.is_empty() {
        return Ok(());
    }
    let (kinds, ids) = columns(docs.iter().map(|doc| &doc.target));
    let revs = docs.iter().map(|doc| signed(doc.rev));
    let revs = revs.collect::<Result<Vec<_>, _>>()?;
    let bodies: Vec<_> = docs.iter().map(|doc| doc.json()).collect();
    run(tx, sql, &[&kinds, &ids, &revs, &bodies, &now.as_ms()]).await?;
    Ok(())
}
