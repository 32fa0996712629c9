//! `feeds`, `feed_heads`: where each document stands in each feed. Whoever changes a feed holds
//! its head's row until they commit, so numbers are seen in the order they were given: no holes.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::{GenericClient, Transaction};
use shared::{
    DocRef, Scope,
    hub_api::{FeedItem, ScopeHead},
};
use tokio_postgres::Row;

use super::{
    convert::{signed, unsigned},
    docs,
    statement::{all, find, run},
};
use crate::store::{
    Moved, Page, PageRequest, StoreError,
    feeds::{self, Head, Held, Place, Publication, Standing},
};

/// Puts these documents into the feeds they belong to now, and out of those they left. The
/// documents are locked; heads are locked here, after them, so that nobody waits in a circle.
/// Says how far that moved them.
pub(super) async fn publish(
    tx: &Transaction<'_>,
    publications: &[Publication],
    standing: &Standing,
) -> Result<Vec<Moved>, StoreError> {
    if publications.is_empty() {
        return Ok(Vec::new());
    }
    let before = lock_heads(tx, &feeds::touched(publications, standing)).await?;
    let mut heads = before.clone();
    let places = feeds::publish(&mut heads, standing, publications);
    put_places(tx, &places).await?;
    put_heads(tx, &heads).await?;
    Ok(feeds::moved(&before, &heads))
}

/// Where these documents stand; true as long as they are locked.
pub(super) async fn standing(
    db: &impl GenericClient,
    targets: &BTreeSet<DocRef>,
) -> Result<Standing, StoreError> {
    let mut standing = Standing::new();
    if targets.is_empty() {
        return Ok(standing);
    }
    let (kinds, ids) = docs::columns(targets);
    let rows = all(
        db,
        "SELECT f.scope, f.kind, f.id, f.rev, f.deleted
           FROM feeds AS f
           JOIN unnest($1::TEXT[], $2::UUID[]) AS wanted (kind, id)
             ON f.kind = wanted.kind AND f.id = wanted.id
          WHERE NOT f.has_left",
        &[&kinds, &ids],
    )
    .await?;
    for row in rows {
        let holders = standing.entry(docs::target(&row)?).or_default();
        let counted = (!row.try_get::<_, bool>("deleted")?).then_some(unsigned(&row, "rev")?);
        holders.insert(Scope(row.try_get("scope")?), counted);
    }
    Ok(standing)
}

/// Moves that reach back over these documents, which the device is told again.
pub(super) async fn reach_back(
    tx: &Transaction<'_>,
    moved: Vec<Moved>,
    again: &BTreeSet<DocRef>,
) -> Result<Vec<Moved>, StoreError> {
    if again.is_empty() {
        return Ok(moved);
    }
    let (kinds, ids) = docs::columns(again);
    // In one statement, so of one moment: others move these feeds meanwhile.
    let rows = all(
        tx,
        "SELECT f.scope, f.seq AS place, h.seq, h.count, h.sum, h.horizon
           FROM feeds AS f
           JOIN unnest($1::TEXT[], $2::UUID[]) AS wanted (kind, id)
             ON f.kind = wanted.kind AND f.id = wanted.id
           JOIN feed_heads AS h ON h.scope = f.scope
          WHERE NOT f.has_left AND NOT f.deleted",
        &[&kinds, &ids],
    )
    .await?;
    let mut places: BTreeMap<Scope, BTreeSet<u64>> = BTreeMap::new();
    let mut heads = BTreeMap::new();
    for row in rows {
        let scope = Scope(row.try_get("scope")?);
        heads.insert(scope.clone(), read_head(&row)?);
        let places = places.entry(scope).or_default();
        places.insert(unsigned(&row, "place")?);
    }
    Ok(feeds::reach_back(moved, &places, &heads))
}

/// One page of a feed; the caller's transaction makes items and head one moment.
pub(super) async fn page(tx: &Transaction<'_>, request: &PageRequest) -> Result<Page, StoreError> {
    let scope = request.scope.as_str();
    let head = find(
        tx,
        "SELECT scope, seq, count, sum, horizon
           FROM feed_heads
          WHERE scope = $1",
        &[&scope],
    )
    .await?;
    let head = head.map(|row| read_head(&row)).transpose()?;
    let head = head.unwrap_or_default();
    // A cursor beyond all numbers is beyond the head, too: the caller says what that means.
    let after = i64::try_from(request.after).unwrap_or(i64::MAX);
    let limit = i64::try_from(request.limit).unwrap_or(i64::MAX);
    let bytes = i64::try_from(request.bytes).unwrap_or(i64::MAX);
    let rows = all(
        tx,
        "SELECT seq, kind, id, has_left, deleted, rev, body, rows
           FROM (SELECT page.seq, page.kind, page.id, page.has_left, page.deleted, page.rev, page.body,
                        row_number() OVER (ORDER BY page.seq) AS number,
                        count(*) OVER () AS rows,
                        sum(CASE WHEN page.has_left THEN 0 ELSE octet_length(page.body) END)
                            OVER (ORDER BY page.seq) AS bytes
                   FROM (SELECT f.seq, f.kind, f.id, f.has_left, f.deleted, d.rev, d.body
                           FROM feeds AS f
                           JOIN docs AS d ON d.kind = f.kind AND d.id = f.id
                          WHERE f.scope = $1 AND f.seq > $2
                          ORDER BY f.seq
                          LIMIT $3) AS page) AS measured
          WHERE number = 1 OR bytes <= $4
          ORDER BY seq",
        &[&scope, &after, &limit, &bytes],
    )
    .await?;
    let items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let last = rows.last().map(|row| unsigned(row, "seq")).transpose()?;
    let last = last.unwrap_or(request.after);
    let found = rows.first().map(|row| unsigned(row, "rows")).transpose()?;
    let is_cut = rows.len() >= request.limit
        || found.is_some_and(|found| u64::try_from(rows.len()).is_ok_and(|here| here < found));
    Ok(Page {
        items,
        seq: if is_cut { last } else { last.max(head.seq) },
        head: head.seq,
        count: head.count,
        sum: head.sum,
        horizon: head.horizon,
    })
}

/// How far these feeds go.
pub(super) async fn heads(
    db: &impl GenericClient,
    scopes: &BTreeSet<Scope>,
) -> Result<Vec<ScopeHead>, StoreError> {
    let rows = all(
        db,
        "SELECT wanted.scope, coalesce(h.seq, 0) AS seq
           FROM unnest($1::TEXT[]) WITH ORDINALITY AS wanted (scope, place)
           LEFT JOIN feed_heads AS h ON h.scope = wanted.scope
          ORDER BY wanted.place",
        &[&names(scopes)],
    )
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ScopeHead {
                scope: Scope(row.try_get("scope")?),
                seq: unsigned(row, "seq")?,
            })
        })
        .collect()
}

/// The heads of these feeds, locked in one order for everybody.
async fn lock_heads(
    tx: &Transaction<'_>,
    scopes: &BTreeSet<Scope>,
) -> Result<BTreeMap<Scope, Head>, StoreError> {
    let names = names(scopes);
    // All of them first, in the same order: a row that is missing could not be locked.
    run(
        tx,
        "INSERT INTO feed_heads (scope, seq, count, sum)
         SELECT wanted.scope, 0, 0, 0
           FROM unnest($1::TEXT[]) AS wanted (scope)
             ON CONFLICT (scope) DO NOTHING",
        &[&names],
    )
    .await?;
    let rows = all(
        tx,
        "SELECT scope, seq, count, sum, horizon
           FROM feed_heads
          WHERE scope = ANY($1::TEXT[])
          ORDER BY scope
            FOR NO KEY UPDATE",
        &[&names],
    )
    .await?;
    rows.iter()
        .map(|row| Ok((Scope(row.try_get("scope")?), read_head(row)?)))
        .collect()
}

async fn put_heads(tx: &Transaction<'_>, heads: &BTreeMap<Scope, Head>) -> Result<(), StoreError> {
    let scopes: Vec<_> = heads.keys().map(Scope::as_str).collect();
    let column = |of: fn(&Head) -> u64| heads.values().map(move |head| signed(of(head)));
    let seqs = column(|head| head.seq).collect::<Result<Vec<_>, _>>()?;
    let counts = column(|head| head.count).collect::<Result<Vec<_>, _>>()?;
    let sums: Vec<_> = heads.values().map(|head| head.sum.cast_signed()).collect();
    run(
        tx,
        "UPDATE feed_heads AS h
            SET seq = moved.seq, count = moved.count, sum = moved.sum
           FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[])
             AS moved (scope, seq, count, sum)
          WHERE h.scope = moved.scope",
        &[&scopes, &seqs, &counts, &sums],
    )
    .await?;
    Ok(())
}

async fn put_places(tx: &Transaction<'_>, places: &[Place]) -> Result<(), StoreError> {
    let scopes: Vec<_> = places.iter().map(|place| place.scope.as_str()).collect();
    let (kinds, ids) = docs::columns(places.iter().map(|place| &place.target));
    let column = |of: fn(&Place) -> u64| places.iter().map(move |place| signed(of(place)));
    let seqs = column(|place| place.seq).collect::<Result<Vec<_>, _>>()?;
    let revs = column(|place| place.rev).collect::<Result<Vec<_>, _>>()?;
    let held = |as_what| places.iter().map(move |place| place.held == as_what);
    let left: Vec<_> = held(Held::Left).collect();
    let deleted: Vec<_> = held(Held::Deleted).collect();
    run(
        tx,
        "INSERT INTO feeds (scope, kind, id, seq, rev, has_left, deleted)
         SELECT scope, kind, id, seq, rev, has_left, deleted
           FROM unnest($1::TEXT[], $2::TEXT[], $3::UUID[], $4::BIGINT[], $5::BIGINT[], $6::BOOL[],
                       $7::BOOL[])
             AS place (scope, kind, id, seq, rev, has_left, deleted)
             ON CONFLICT (scope, kind, id) DO UPDATE
            SET seq = excluded.seq, rev = excluded.rev, has_left = excluded.has_left,
                deleted = excluded.deleted",
        &[&scopes, &kinds, &ids, &seqs, &revs, &left, &deleted],
    )
    .await?;
    Ok(())
}

fn names(scopes: &BTreeSet<Scope>) -> Vec<&str> {
    scopes.iter().map(Scope::as_str).collect()
}

fn read_head(row: &Row) -> Result<Head, StoreError> {
    Ok(Head {
        seq: unsigned(row, "seq")?,
        count: unsigned(row, "count")?,
        sum: row.try_get::<_, i64>("sum")?.cast_unsigned(),
        horizon: unsigned(row, "horizon")?,
    })
}

fn item(row: &Row) -> Result<FeedItem, StoreError> {
    let (seq, target) = (unsigned(row, "seq")?, docs::target(row)?);
    Ok(if row.try_get("has_left")? {
        FeedItem::Left { seq, target }
    } else {
        let doc = docs::read(target, row)?;
        feeds::item(seq, doc, row.try_get("deleted")?)
    })
}
