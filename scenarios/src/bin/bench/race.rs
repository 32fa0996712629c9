//! `bench race`: eight writers on PostgreSQL through several hubs, and a reader who must miss
//! nothing; beside it the obvious feed in the same run, which does.

use std::time::Duration;

use anyhow::{Result, ensure};
use pg_cluster::{Cluster, Durability};
use scenarios::race::{self, HUBS, Outcome, WRITERS};

/// How long each feed is written to.
const SECONDS: u64 = 30;

/// Races.
pub(crate) fn run() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure() -> Result<()> {
    let cluster = Cluster::start(Durability::Full)?;
    let time = Duration::from_secs(SECONDS);
    let counted = race::counted(&cluster.url(&cluster.database()?), time).await?;
    println!("{}", told("the hub's feed", counted));
    let naive = race::naive(&cluster.url(&cluster.database()?), time).await?;
    println!("{}", told("by a sequence", naive));
    let figures = serde_json::json!({
        "seconds": SECONDS, "writers": WRITERS, "hubs": HUBS,
        "written": counted.written, "lost": counted.lost, "dense": counted.dense,
        "deadlocks": counted.deadlocks,
        "naive_written": naive.written, "naive_lost": naive.lost,
    });
    println!("{figures}");
    ensure!(counted.lost == 0, "the hub's feed lost {}", counted.lost);
    ensure!(
        naive.lost > 0,
        "the naive feed lost nothing, so this would not have shown a loss"
    );
    Ok(())
}

fn told(feed: &str, outcome: Outcome) -> String {
    let Outcome {
        written,
        lost,
        dense,
        deadlocks,
    } = outcome;
    let numbers = if dense { "no hole" } else { "holes" };
    format!("{feed}: {written} written, {lost} lost, {numbers}, {deadlocks} deadlocks")
}
