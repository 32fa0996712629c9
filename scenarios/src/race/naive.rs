//! The obvious feed: numbers from a sequence, taken at the insert and seen at the commit. A reader
//! that has seen 8 goes on from there, and 7 comes after.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use tokio::task::JoinSet;

use super::{
    Finish, Outcome, WRITERS, all,
    store::{self, NaiveFeed},
};

/// Lets writers write and a reader read for this time, then lets the reader come to the end.
pub async fn naive(url: &str, time: Duration) -> Result<Outcome> {
    let feed = NaiveFeed::connect(url).await?;
    feed.create().await?;
    let over = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn(read(feed, Arc::clone(&over)));
    let finish = Finish::after(time);
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(write(NaiveFeed::connect(url).await?, finish));
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

async fn write(mut feed: NaiveFeed, finish: Finish) -> Result<usize> {
    let mut written = 0;
    while !finish.is_there() {
        feed.append().await?;
        written += 1;
    }
    Ok(written)
}

async fn read(feed: NaiveFeed, over: Arc<AtomicBool>) -> Result<(BTreeSet<i64>, bool)> {
    let (mut seen, mut dense, mut cursor) = (BTreeSet::new(), true, 0);
    loop {
        let is_last = over.load(Ordering::SeqCst);
        let page = feed.after(cursor).await?;
        for seq in &page {
            dense &= *seq == cursor + 1;
            cursor = *seq;
            seen.insert(*seq);
        }
        if is_last && page.is_empty() {
            return Ok((seen, dense));
        }
        tokio::task::yield_now().await;
    }
}
