//! The race every feed on a database has to win: many write, one reads on from where it stopped,
//! and nothing may be missed. The hub's feed, and beside it the obvious one, which does miss.

mod counted;
mod naive;
mod store;

use std::time::Duration;

use anyhow::Result;
use tokio::time::Instant;

pub use counted::counted;
pub use naive::naive;

/// How many write at once.
pub const WRITERS: u32 = 8;

/// How many hubs they write through.
pub const HUBS: usize = 3;

/// How the race ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Documents that were written and acknowledged.
    pub written: usize,
    /// Those the reader never got.
    pub lost: usize,
    /// Whether the reader saw the feed's numbers one by one.
    pub dense: bool,
    /// Transactions the server ended because they waited in a circle.
    pub deadlocks: i64,
}

/// When a race is over.
#[derive(Debug, Clone, Copy)]
struct Finish(Instant);

impl Finish {
    fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    fn is_there(self) -> bool {
        Instant::now() >= self.0
    }
}

/// Joins tasks, and hands on the first failure.
async fn all<T: 'static>(mut tasks: tokio::task::JoinSet<Result<T>>) -> Result<Vec<T>> {
    let mut done = Vec::new();
    while let Some(task) = tasks.join_next().await {
        done.push(task??);
    }
    Ok(done)
}
