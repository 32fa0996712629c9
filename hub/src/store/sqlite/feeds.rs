//! `places`, `feed_heads`: where each document stands in each feed. A feed's counter is bumped in
//! the transaction that changes it, so a reader never sees a hole.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};
use shared::{
    DocRef, Kind, Scope,
    hub_api::{FeedItem, ScopeHead},
};
use uuid::Uuid;

use super::{convert::Unsigned, docs};
use crate::store::{
    Moved, Page, PageRequest, StoreError,
    feeds::{self, Head, Held, Place, Publication, Standing},
    json::to_json,
};

/// Puts these documents into the feeds they belong to now, and out of those they left. Says how far
/// that moved them.
pub(super) fn publish(
    tx: &Transaction<'_>,
    publications: &[Publication],
    standing: &Standing,
) -> Result<Vec<Moved>, StoreError> {
    let mut heads = BTreeMap::new();
    for scope in feeds::touched(publications, standing) {
        let head = head(tx, &scope)?;
        heads.insert(scope, head);
    }
    let before = heads.clone();
    let places = feeds::publish(&mut heads, standing, publications);
    let mut numbers = BTreeMap::new();
    for (scope, head) in &heads {
        numbers.insert(scope, put_head(tx, scope, *head)?);
    }
    put_places(tx, &places, &numbers)?;
    Ok(feeds::moved(&before, &heads))
}

/// Where these documents stand.
pub(super) fn standing(
    db: &Connection,
    targets: &BTreeSet<DocRef>,
) -> Result<Standing, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT h.scope, p.rev, p.deleted
           FROM docs AS d
           JOIN places AS p ON p.doc = d.no
           JOIN feed_heads AS h ON h.no = p.feed
          WHERE d.kind = :kind AND d.id = :id AND p.has_left = 0",
    )?;
    let mut standing = Standing::new();
    for target in targets {
        let rows = select.query_map(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            |row| {
                let rev = row.get::<_, Unsigned>("rev")?.0;
                let counted = (!row.get::<_, bool>("deleted")?).then_some(rev);
                Ok((Scope(row.get("scope")?), counted))
            },
        )?;
        standing.insert(target.clone(), rows.collect::<Result<_, _>>()?);
    }
    Ok(standing)
}

/// Moves that reach back over these documents, which the device is told again.
pub(super) fn reach_back(
    db: &Connection,
    moved: Vec<Moved>,
    again: &BTreeSet<DocRef>,
) -> Result<Vec<Moved>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT h.scope, p.seq
           FROM docs AS d
           JOIN places AS p ON p.doc = d.no
           JOIN feed_heads AS h ON h.no = p.feed
          WHERE d.kind = :kind AND d.id = :id AND p.has_left = 0 AND p.deleted = 0",
    )?;
    let mut places: BTreeMap<Scope, BTreeSet<u64>> = BTreeMap::new();
    let mut heads = BTreeMap::new();
    for target in again {
        let mut rows = select
            .query(named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() })?;
        while let Some(row) = rows.next()? {
            let places = places.entry(Scope(row.get("scope")?)).or_default();
            places.insert(row.get::<_, Unsigned>("seq")?.0);
        }
    }
    for scope in places.keys() {
        heads.insert(scope.clone(), head(db, scope)?);
    }
    Ok(feeds::reach_back(moved, &places, &heads))
}

/// One page of a feed; the caller's transaction makes items and head one moment.
pub(super) fn page(db: &Connection, request: &PageRequest) -> Result<Page, StoreError> {
    let head = head(db, &request.scope)?;
    let mut select = db.prepare_cached(
        "SELECT p.seq, d.kind, d.id, p.has_left, p.deleted, d.rev, d.body
           FROM places AS p
           JOIN docs AS d ON d.no = p.doc
          WHERE p.feed = (SELECT no FROM feed_heads WHERE scope = :scope)
            AND p.seq > :after
          ORDER BY p.seq
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
        horizon: head.horizon,
    };
    let (mut bytes, mut is_cut) = (0_usize, false);
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
                is_cut = true;
                break;
            }
            let doc = docs::read(target, row.get::<_, Unsigned>("rev")?.0, &body)?;
            feeds::item(seq, doc, row.get("deleted")?)
        };
        page.seq = seq;
        page.items.push(item);
    }
    is_cut |= page.items.len() >= request.limit;
    if !is_cut || fault::planted(fault::Bug::CursorAtHead) {
        page.seq = page.seq.max(head.seq);
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
            "SELECT seq, count, sum, horizon
               FROM feed_heads
              WHERE scope = :scope",
        )?
        .query_row(named_params! { ":scope": scope.as_str() }, |row| {
            Ok(Head {
                seq: row.get::<_, Unsigned>("seq")?.0,
                count: row.get::<_, Unsigned>("count")?.0,
                sum: row.get::<_, i64>("sum")?.cast_unsigned(),
                horizon: row.get::<_, Unsigned>("horizon")?.0,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Gives the feed's number.
fn put_head(tx: &Transaction<'_>, scope: &Scope, head: Head) -> Result<i64, StoreError> {
    let mut put = tx.prepare_cached(
        "INSERT INTO feed_heads (scope, seq, count, sum)
         VALUES (:scope, :seq, :count, :sum)
             ON CONFLICT (scope) DO UPDATE
            SET seq = excluded.seq, count = excluded.count, sum = excluded.sum
         RETURNING no",
    )?;
    let named = named_params! {
        ":scope": scope.as_str(),
        ":seq": Unsigned(head.seq),
        ":count": Unsigned(head.count),
        ":sum": head.sum.cast_signed(),
    };
    Ok(put.query_row(named, |row| row.get("no"))?)
}

/// Fails where a document is not there, or a feed's number not among these.
fn put_places(
    tx: &Transaction<'_>,
    places: &[Place],
    numbers: &BTreeMap<&Scope, i64>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO places (doc, feed, seq, rev, has_left, deleted)
         VALUES ((SELECT no FROM docs WHERE kind = :kind AND id = :id), :feed, :seq, :rev,
                 :has_left, :deleted)
             ON CONFLICT (doc, feed) DO UPDATE
            SET seq = excluded.seq, rev = excluded.rev, has_left = excluded.has_left,
                deleted = excluded.deleted",
    )?;
    for place in places {
        insert.execute(named_params! {
            ":feed": numbers.get(&place.scope),
            ":kind": place.target.kind.as_str(),
            ":id": place.target.id.as_bytes(),
            ":seq": Unsigned(place.seq),
            ":rev": Unsigned(place.rev),
            ":has_left": place.held == Held::Left,
            ":deleted": place.held == Held::Deleted,
        })?;
    }
    Ok(())
}
