//! How far each feed was pulled, and which documents stand in it.
//!
//! A document that leaves a feed does not leave the device while an operation on it is unsent:
//! its place is marked stale, and [`sweep`] removes it once nothing waits. The same mark makes a
//! feed that is pulled anew survive a crash half way.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde_json::Value;
use shared::{Doc, DocRef, Kind, Scope};
use uuid::Uuid;

use super::value::{json_or_null, unsigned};
use crate::error::Result;

/// How far a feed was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feed {
    /// Which feed.
    pub(crate) scope: Scope,
    /// What the hub gave to go on from; empty for the beginning.
    pub(crate) cursor: String,
    /// The hub's `seq` of the feed when it was last pulled to its end; `None` in between.
    pub(crate) head: Option<u64>,
}

/// What a feed holds: how many documents, and the sum of their hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Documents.
    pub(crate) count: u64,
    /// Wrapping sum of [`shared::hub_api::feed_hash`].
    pub(crate) sum: u64,
}

/// A document that was taken off this device.
#[derive(Debug)]
pub(crate) struct Swept {
    /// Which.
    pub(crate) target: DocRef,
    /// As it stood here, where the hub had confirmed something this device did with it.
    pub(crate) confirmed: Option<Doc>,
}

/// The feed, if a page of it was ever pulled.
pub(crate) fn find(db: &Connection, scope: &Scope) -> Result<Option<Feed>> {
    let feed = db
        .prepare_cached(
            "SELECT scope, cursor, head
               FROM feeds
              WHERE scope = :scope",
        )?
        .query_row(named_params! { ":scope": scope.as_str() }, from_row)
        .optional()?;
    Ok(feed)
}

/// All feeds this device has pulled from.
pub(crate) fn all(db: &Connection) -> Result<Vec<Feed>> {
    let mut statement = db.prepare_cached(
        "SELECT scope, cursor, head
           FROM feeds
          ORDER BY scope",
    )?;
    let feeds = statement
        .query_map([], from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(feeds)
}

/// The feed is one of this device's, whether or not it was pulled from. Without that, nobody would
/// notice when it is no longer.
pub(crate) fn begin(tx: &Connection, scope: &Scope) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO feeds (scope, cursor, head, count, sum)
              VALUES (:scope, '', NULL, 0, 0)
         ON CONFLICT DO NOTHING",
    )?
    .execute(named_params! { ":scope": scope.as_str() })?;
    Ok(())
}

/// A page was applied: the feed stands at `cursor` now. `head` once it was the last page.
pub(crate) fn advance(
    tx: &Connection,
    scope: &Scope,
    cursor: &str,
    head: Option<u64>,
    hub: Tally,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO feeds (scope, cursor, head, count, sum)
              VALUES (:scope, :cursor, :head, :count, :sum)
         ON CONFLICT (scope) DO UPDATE
                 SET cursor = excluded.cursor,
                     head   = excluded.head,
                     count  = excluded.count,
                     sum    = excluded.sum",
    )?
    .execute(named_params! {
        ":scope": scope.as_str(),
        ":cursor": cursor,
        ":head": head.map(u64::cast_signed),
        ":count": hub.count.cast_signed(),
        ":sum": hub.sum.cast_signed(),
    })?;
    Ok(())
}

/// The feed begins anew. Its documents stay, marked stale until they are seen again.
pub(crate) fn restart(tx: &Connection, scope: &Scope) -> Result<()> {
    make_stale(tx, scope)?;
    tx.prepare_cached(
        "UPDATE feeds
            SET cursor = '', head = NULL
          WHERE scope = :scope",
    )?
    .execute(named_params! { ":scope": scope.as_str() })?;
    Ok(())
}

/// Every feed begins anew: the hub has another history than the documents here.
pub(crate) fn restart_all(tx: &Connection) -> Result<()> {
    all(tx)?
        .iter()
        .try_for_each(|feed| restart(tx, &feed.scope))
}

/// The feed is no longer for this device. Its documents go with the next [`sweep`].
pub(crate) fn abandon(tx: &Connection, scope: &Scope) -> Result<()> {
    make_stale(tx, scope)?;
    tx.prepare_cached("DELETE FROM feeds WHERE scope = :scope")?
        .execute(named_params! { ":scope": scope.as_str() })?;
    Ok(())
}

/// No feed counts as pulled to its end: the hub is not what it was.
pub(crate) fn forget_heads(tx: &Connection) -> Result<()> {
    tx.prepare_cached("UPDATE feeds SET head = NULL")?
        .execute([])?;
    Ok(())
}

/// The document stands in the feed.
pub(crate) fn join(tx: &Connection, scope: &Scope, doc: &DocRef) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM mirror_scopes
          WHERE kind = :kind
            AND id = :id
            AND scope = 'stale:' || :scope",
    )?
    .execute(named_params! {
        ":kind": doc.kind.as_str(),
        ":id": doc.id.as_bytes(),
        ":scope": scope.as_str(),
    })?;
    tx.prepare_cached(
        "INSERT INTO mirror_scopes (kind, id, scope)
              VALUES (:kind, :id, :scope)
         ON CONFLICT DO NOTHING",
    )?
    .execute(named_params! {
        ":kind": doc.kind.as_str(),
        ":id": doc.id.as_bytes(),
        ":scope": scope.as_str(),
    })?;
    Ok(())
}

/// The document left the feed. It goes with the next [`sweep`].
pub(crate) fn leave(tx: &Connection, scope: &Scope, doc: &DocRef) -> Result<()> {
    tx.prepare_cached(
        "UPDATE OR REPLACE mirror_scopes
            SET scope = 'stale:' || scope
          WHERE kind = :kind
            AND id = :id
            AND scope = :scope",
    )?
    .execute(named_params! {
        ":kind": doc.kind.as_str(),
        ":id": doc.id.as_bytes(),
        ":scope": scope.as_str(),
    })?;
    Ok(())
}

/// Takes documents that stand in no feed any more off the device, and says which, so that they
/// are folded again. Spared are those with an unsent operation, and those of feeds that are just
/// being pulled anew: they may be seen again.
pub(crate) fn sweep(tx: &Connection) -> Result<Vec<Swept>> {
    let left: Vec<DocRef> = tx
        .prepare_cached(
            "DELETE FROM mirror_scopes
              WHERE scope GLOB 'stale:*'
                AND NOT EXISTS (SELECT 1
                                  FROM feeds
                                 WHERE 'stale:' || feeds.scope = mirror_scopes.scope
                                   AND feeds.head IS NULL)
                AND NOT EXISTS (SELECT 1
                                  FROM outbox
                                 WHERE outbox.target_kind = mirror_scopes.kind
                                   AND outbox.target_id = mirror_scopes.id
                                   AND outbox.state = 'queued')
          RETURNING kind, id",
        )?
        .query_map([], doc_from_row)?
        .collect::<rusqlite::Result<_>>()?;
    let dropped = left.into_iter().map(|doc| drop_if_scopeless(tx, doc));
    dropped.filter_map(Result::transpose).collect()
}

/// Like [`sweep`], for documents that came with the answer to an operation and never stood in a feed
/// of this device: its person was moved before they could. To be called when every feed was pulled
/// to where it stood after the last answer; before, they may still come.
pub(crate) fn sweep_strays(tx: &Connection) -> Result<Vec<Swept>> {
    let strays = tx
        .prepare_cached(
            "DELETE FROM mirror
              WHERE NOT EXISTS (SELECT 1
                                  FROM mirror_scopes
                                 WHERE mirror_scopes.kind = mirror.kind
                                   AND mirror_scopes.id = mirror.id)
                AND NOT EXISTS (SELECT 1
                                  FROM outbox
                                 WHERE outbox.target_kind = mirror.kind
                                   AND outbox.target_id = mirror.id
                                   AND outbox.state = 'queued')
          RETURNING kind, id, rev,
                    CASE WHEN EXISTS (SELECT 1
                                        FROM outbox
                                       WHERE outbox.target_kind = mirror.kind
                                         AND outbox.target_id = mirror.id)
                         THEN body
                     END AS body",
        )?
        .query_map([], swept_from_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(strays)
}

/// Whether the document stands in a feed of this device.
pub(crate) fn holds(db: &Connection, doc: &DocRef) -> Result<bool> {
    let holds = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1
                              FROM mirror_scopes
                             WHERE kind = :kind
                               AND id = :id
                               AND scope NOT GLOB 'stale:*')",
        )?
        .query_row(
            named_params! { ":kind": doc.kind.as_str(), ":id": doc.id.as_bytes() },
            |row| row.get(0),
        )?;
    Ok(holds)
}

/// What the feed holds on this device.
pub(crate) fn tally(db: &Connection, scope: &Scope) -> Result<Tally> {
    let mut statement = db.prepare_cached(
        "SELECT mirror.kind, mirror.id, mirror.rev
           FROM mirror_scopes
           JOIN mirror ON mirror.kind = mirror_scopes.kind
                      AND mirror.id = mirror_scopes.id
          WHERE mirror_scopes.scope = :scope",
    )?;
    let mut rows = statement.query(named_params! { ":scope": scope.as_str() })?;
    let mut tally = Tally::default();
    while let Some(row) = rows.next()? {
        let rev = row.get::<_, i64>("rev")?.cast_unsigned();
        let hash = shared::hub_api::feed_hash(&doc_from_row(row)?, rev);
        tally.count += 1;
        tally.sum = tally.sum.wrapping_add(hash);
    }
    Ok(tally)
}

fn make_stale(tx: &Connection, scope: &Scope) -> Result<()> {
    tx.prepare_cached(
        "UPDATE OR REPLACE mirror_scopes
            SET scope = 'stale:' || scope
          WHERE scope = :scope",
    )?
    .execute(named_params! { ":scope": scope.as_str() })?;
    Ok(())
}

fn drop_if_scopeless(tx: &Connection, doc: DocRef) -> Result<Option<Swept>> {
    let dropped = tx
        .prepare_cached(
            "DELETE FROM mirror
              WHERE kind = :kind
                AND id = :id
                AND NOT EXISTS (SELECT 1
                                  FROM mirror_scopes
                                 WHERE mirror_scopes.kind = mirror.kind
                                   AND mirror_scopes.id = mirror.id)
          RETURNING kind, id, rev,
                    CASE WHEN EXISTS (SELECT 1
                                        FROM outbox
                                       WHERE outbox.target_kind = mirror.kind
                                         AND outbox.target_id = mirror.id)
                         THEN body
                     END AS body",
        )?
        .query_row(
            named_params! { ":kind": doc.kind.as_str(), ":id": doc.id.as_bytes() },
            swept_from_row,
        )
        .optional()?;
    Ok(dropped)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Feed> {
    Ok(Feed {
        scope: Scope(row.get("scope")?),
        cursor: row.get("cursor")?,
        head: row.get::<_, Option<i64>>("head")?.map(i64::cast_unsigned),
    })
}

fn swept_from_row(row: &Row<'_>) -> rusqlite::Result<Swept> {
    let target = doc_from_row(row)?;
    let rev = unsigned(row, "rev")?;
    let body: Option<Value> = json_or_null(row, "body")?;
    let confirmed = body.map(|body| Doc {
        target: target.clone(),
        rev,
        body,
    });
    Ok(Swept { target, confirmed })
}

fn doc_from_row(row: &Row<'_>) -> rusqlite::Result<DocRef> {
    Ok(DocRef {
        kind: Kind(row.get("kind")?),
        id: Uuid::from_bytes(row.get("id")?),
    })
}
