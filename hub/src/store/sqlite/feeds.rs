//! `feeds`, `feed_heads`: where each document stands in each feed. A feed's counter is bumped in
//! the transaction that changes it, so a reader never sees a hole.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{
    DocRef, Kind, Scope,
    hub_api::{FeedItem, ScopeHead, feed_hash},
};
use uuid::Uuid;

use super::{
    convert::{Unsigned, to_json},
    docs,
};
use crate::store::{Page, PageRequest, StoreError};

#[derive(Debug, Clone, Copy, Default)]
struct Head {
    seq: u64,
    count: u64,
    sum: u64,
}

/// The document is now at `rev` and belongs to exactly these feeds.
pub(super) fn publish(
    tx: &Transaction<'_>,
    target: &DocRef,
    rev: u64,
    audience: &BTreeSet<Scope>,
) -> Result<(), StoreError> {
    for scope in audience {
        let mut head = head(tx, scope)?;
        head.seq += 1;
        match rev_in(tx, scope, target)? {
            Some(before) => head.sum = head.sum.wrapping_sub(feed_hash(target, before)),
            None => head.count += 1,
        }
        head.sum = head.sum.wrapping_add(feed_hash(target, rev));
        put(tx, scope, target, rev, head, false)?;
    }
    for scope in holders(tx, target)?.difference(audience) {
        let Some(before) = rev_in(tx, scope, target)? else {
            continue;
        };
        let mut head = head(tx, scope)?;
        head.seq += 1;
        head.count = head.count.saturating_sub(1);
        head.sum = head.sum.wrapping_sub(feed_hash(target, before));
        put(tx, scope, target, rev, head, true)?;
    }
    Ok(())
}

/// The feeds that hold this document now.
pub(super) fn holders(db: &Connection, target: &DocRef) -> Result<BTreeSet<Scope>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT scope
           FROM feeds
          WHERE kind = :kind AND id = :id AND has_left = 0",
    )?;
    let rows = select.query_map(
        named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
        |row| row.get(0),
    )?;
    Ok(rows
        .map(|scope| scope.map(Scope))
        .collect::<Result<_, _>>()?)
}

/// One page of a feed; the caller's transaction makes items and head one moment.
pub(super) fn page(db: &Connection, request: &PageRequest) -> Result<Page, StoreError> {
    let head = head(db, &request.scope)?;
    let mut select = db.prepare_cached(
        "SELECT f.seq, f.kind, f.id, f.has_left, d.rev, d.body
           FROM feeds AS f
           JOIN docs AS d ON d.kind = f.kind AND d.id = f.id
          WHERE f.scope = :scope AND f.seq > :after
          ORDER BY f.seq
          LIMIT :limit",
    )?;
    let mut rows = select.query(named_params! {
        ":scope": request.scope.as_str(),
        ":after": Unsigned(request.after),
        ":limit": i64::try_from(request.limit).unwrap_or(i64::MAX),
    })?;
    let mut page = Page {
        items: Vec::new(),
        seq: request.after,
        head: head.seq,
        count: head.count,
        sum: head.sum,
    };
    let mut bytes = 0_usize;
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, Unsigned>("seq")?.0;
        let target = DocRef {
            kind: Kind(row.get("kind")?),
            id: Uuid::from_bytes(row.get("id")?),
        };
        let item = if row.get::<_, bool>("has_left")? {
            FeedItem::Left { seq, target }
        } else {
            let body: String = row.get("body")?;
            bytes = bytes.saturating_add(body.len());
            if bytes > request.bytes && !page.items.is_empty() {
                break;
            }
            let doc = docs::read(target, row.get::<_, Unsigned>("rev")?.0, &body)?;
            FeedItem::Doc { seq, doc }
        };
        page.seq = seq;
        page.items.push(item);
    }
    if fault::planted(fault::Bug::CursorAtHead) {
        page.seq = head.seq;
    }
    Ok(page)
}

/// How far these feeds go.
pub(super) fn heads(
    db: &Connection,
    scopes: &BTreeSet<Scope>,
) -> Result<Vec<ScopeHead>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT j.value AS scope, coalesce(h.seq, 0) AS seq
           FROM json_each(:scopes) AS j
           LEFT JOIN feed_heads AS h ON h.scope = j.value",
    )?;
    let rows = select.query_map(named_params! { ":scopes": to_json(scopes)? }, |row| {
        Ok(ScopeHead {
            scope: Scope(row.get("scope")?),
            seq: row.get::<_, Unsigned>("seq")?.0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn head(db: &Connection, scope: &Scope) -> Result<Head, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT seq, count, sum
               FROM feed_heads
              WHERE scope = :scope",
        )?
        .query_row(named_params! { ":scope": scope.as_str() }, |row| {
            Ok(Head {
                seq: row.get::<_, Unsigned>("seq")?.0,
                count: row.get::<_, Unsigned>("count")?.0,
                sum: row.get::<_, i64>("sum")?.cast_unsigned(),
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The revision the feed counts of this document; `None` when it doesn't hold it.
fn rev_in(db: &Connection, scope: &Scope, target: &DocRef) -> Result<Option<u64>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT rev
               FROM feeds
              WHERE scope = :scope AND kind = :kind AND id = :id AND has_left = 0",
        )?
        .query_row(
            named_params! {
                ":scope": scope.as_str(),
                ":kind": target.kind.as_str(),
                ":id": target.id.as_bytes(),
            },
            |row| row.get::<_, Unsigned>(0),
        )
        .optional()?
        .map(|rev| rev.0))
}

fn put(
    tx: &Transaction<'_>,
    scope: &Scope,
    target: &DocRef,
    rev: u64,
    head: Head,
    left: bool,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO feed_heads (scope, seq, count, sum)
         VALUES (:scope, :seq, :count, :sum)
             ON CONFLICT (scope) DO UPDATE
            SET seq = excluded.seq, count = excluded.count, sum = excluded.sum",
    )?
    .execute(named_params! {
        ":scope": scope.as_str(),
        ":seq": Unsigned(head.seq),
        ":count": Unsigned(head.count),
        ":sum": head.sum.cast_signed(),
    })?;
    tx.prepare_cached(
        "INSERT INTO feeds (scope, kind, id, seq, rev, has_left)
         VALUES (:scope, :kind, :id, :seq, :rev, :has_left)
             ON CONFLICT (scope, kind, id) DO UPDATE
            SET seq = excluded.seq, rev = excluded.rev, has_left = excluded.has_left",
    )?
    .execute(named_params! {
        ":scope": scope.as_str(),
        ":kind": target.kind.as_str(),
        ":id": target.id.as_bytes(),
        ":seq": Unsigned(head.seq),
        ":rev": Unsigned(rev),
        ":has_left": left,
    })?;
    Ok(())
}
