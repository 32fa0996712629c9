//! `bench sync`: what a sync costs, in time and in bytes, with the hub as it runs in the field
//! (every commit on storage before its answer, every request authorised, every operation judged),
//! beside other syncs with the same records where those are installed.

mod bytes;
mod growth;
mod lean;
mod peers;
mod slow;
mod speed;
mod tap;

use std::time::Instant;

use anyhow::{Context as _, Result};
use client::sync::Patience;
use scenarios::link::Stand;
use serde_json::{Map, Value};

/// What the figures are of.
const RECORDS: u32 = 10_000;

/// Measures.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    // It takes the longest, and is asked for alone while somebody works at it.
    if arguments.first().is_some_and(|only| *only == "growth") {
        let growth = tokio::runtime::Runtime::new()?.block_on(growth::measure())?;
        tell(growth);
        return Ok(());
    }
    let records = match arguments.first() {
        Some(given) => given
            .parse()
            .context("how many records? For example: bench sync 10000")?,
        None => RECORDS,
    };
    tokio::runtime::Runtime::new()?.block_on(measure(records))
}

async fn measure(records: u32) -> Result<()> {
    let mut figures = Map::new();
    figures.insert("records".to_owned(), records.into());
    figures.extend(speed::measure(records).await?);
    figures.extend(bytes::measure(records).await?);
    figures.extend(slow::measure(records).await?);
    figures.extend(peers::measure(records)?);
    figures.extend(growth::measure().await?);
    tell(figures);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn tell(figures: Map<String, Value>) {
    println!("{}", Value::Object(figures));
}

/// A hub of its own on a folder that goes with it.
async fn stand() -> Result<Stand> {
    Stand::new(tempfile::tempdir()?, Patience::default()).await
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch; it decides nothing")]
fn now() -> Instant {
    Instant::now()
}
