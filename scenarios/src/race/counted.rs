//! The hub's own feed: numbers come from the feed's head, whose row is held until the commit.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, bail};
use hub::store::{
    HubStore, PageRequest,
    postgres::{DatabaseUrl, Founding, PostgresStore},
};
use serde_json::json;
use shared::{Doc, DocRef, Kind, Scope, Timestamp, hub_api::FeedItem};
use tokio::task::JoinSet;

use super::{Finish, HUBS, Outcome, WRITERS, all, store};

/// Lets writers write and a reader read for this time, then lets the reader come to the end.
pub async fn counted(url: &str, time: Duration) -> Result<Outcome> {
    let database = DatabaseUrl::from(url.to_owned());
    let mut hubs: Vec<Arc<dyn HubStore>> = Vec::new();
    for _ in 0..HUBS {
        hubs.push(Arc::new(
            PostgresStore::open(&database, Founding::Found).await?,
        ));
    }
    let over = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn(read(hub_of(&hubs, 0)?, Arc::clone(&over)));
    let finish = Finish::after(time);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(hub_of(&hubs, writer)?, writer, finish));
    }
    let written: usize = all(writers).await?.into_iter().sum();
    over.store(true, Ordering::SeqCst);
    let (seen, dense) = reader.await??;
    Ok(Outcome {
        written,
        lost: written.saturating_sub(seen.len()),
        dense,
        deadlocks: store::deadlocks(url).await?,
    })
}

fn hub_of(hubs: &[Arc<dyn HubStore>], number: u32) -> Result<Arc<dyn HubStore>> {
    let hub = hubs.iter().cycle().nth(usize::try_from(number)?);
    hub.map(Arc::clone)
        .ok_or_else(|| anyhow::anyhow!("there is a hub"))
}

fn feed() -> Scope {
    Scope("grid:race".to_owned())
}

async fn write(hub: Arc<dyn HubStore>, writer: u32, finish: Finish) -> Result<usize> {
    let mut written = 0_u32;
    while !finish.is_there() {
        let id = (u128::from(writer) << 64) | u128::from(written);
        let doc = Doc {
            target: DocRef {
                kind: Kind("notice".to_owned()),
                id: shared::CaseId::from_bytes(id.to_be_bytes()).0,
            },
            rev: 1,
            body: json!({ "writer": writer, "number": written }),
        };
        // Two feeds each, crosswise: who locked them in the order of their work would wait in a
        // circle.
        let other = Scope(format!("staff:{}", (written + writer) % 4));
        let now = Timestamp::from_ms(0);
        hub.publish(doc, [feed(), other].into(), now).await?;
        written += 1;
    }
    Ok(usize::try_from(written)?)
}

/// Reads on until the writers are done and nothing more comes: what was seen, and whether without a
/// hole.
async fn read(hub: Arc<dyn HubStore>, over: Arc<AtomicBool>) -> Result<(BTreeSet<DocRef>, bool)> {
    let (mut seen, mut dense, mut cursor) = (BTreeSet::new(), true, 0);
    loop {
        let is_last = over.load(Ordering::SeqCst);
        let request = PageRequest {
            scope: feed(),
            after: cursor,
            limit: 500,
            bytes: usize::MAX,
        };
        let page = hub.pull(request).await?;
        for item in &page.items {
            let FeedItem::Doc { seq, doc } = item else {
                bail!("nothing leaves this feed");
            };
            dense &= *seq == cursor + 1;
            cursor = *seq;
            seen.insert(doc.target.clone());
        }
        if is_last && page.items.is_empty() {
            return Ok((seen, dense));
        }
        tokio::task::yield_now().await;
    }
}
