//! How fast: operations up and documents down, by a device without a database (what hub and
//! protocol can do) and by the app's own core on its encrypted one.

use std::time::Instant;

use anyhow::{Result, ensure};
use scenarios::link::{self, Stand};
use serde_json::{Map, Value, json};
use shared::Scope;

use super::lean::Lean;

/// Each figure is the best of so many, for neighbours are noisy.
const TIMES: usize = 3;

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(super) async fn measure(records: u32) -> Result<Map<String, Value>> {
    let (mut push, mut pull) = (0.0_f64, 0.0_f64);
    for _ in 0..TIMES {
        let stand = super::stand().await?;
        let (pushed, pulled) = lean(&stand, records).await?;
        println!("hub and protocol: {pushed:>8.0} records/s up, {pulled:>8.0} down");
        push = push.max(pushed);
        pull = pull.max(pulled);
    }
    let stand = super::stand().await?;
    let (device_push, device_pull) = device(&stand, records).await?;
    println!("the app's core:   {device_push:>8.0} records/s up, {device_pull:>8.0} down");
    let mut figures = Map::new();
    figures.insert("push_rps".to_owned(), json!(push.round()));
    figures.insert("pull_rps".to_owned(), json!(pull.round()));
    figures.insert("device_push_rps".to_owned(), json!(device_push.round()));
    figures.insert("device_pull_rps".to_owned(), json!(device_pull.round()));
    Ok(figures)
}

async fn lean(stand: &Stand, records: u32) -> Result<(f64, f64)> {
    let mut device = Lean::enrol(stand, stand.address(), "w-0101").await?;
    let ops = device.reports(records)?;
    let grid = grid_of(&ops)?;
    let begun = super::now();
    device.push(ops).await?;
    let pushed = rate(records, begun);

    let reader = Lean::enrol(stand, stand.address(), "d-01").await?;
    let begun = super::now();
    let items = reader.pull(&grid).await?;
    let pulled = rate(records, begun);
    ensure!(
        items == usize::try_from(records)?,
        "{items} of {records} came"
    );
    Ok((pushed, pulled))
}

async fn device(stand: &Stand, records: u32) -> Result<(f64, f64)> {
    let reporter = stand.device("w-0101", "reporter", stand.address()).await?;
    reporter.sync_once().await?;
    client::testing::report_all(&reporter, link::reports(0, records)?).await?;
    let begun = super::now();
    let report = reporter.sync_once().await?;
    let pushed = rate(records, begun);
    ensure!(report.is_complete(), "not all of it was sent: {report:?}");

    let reader = stand.device("d-01", "reader", stand.address()).await?;
    let begun = super::now();
    let report = reader.sync_once().await?;
    let pulled = rate(records, begun);
    ensure!(
        report.docs_pulled >= records,
        "not all of it came: {report:?}"
    );
    Ok((pushed, pulled))
}

/// The feed of the grid the first of these reports is in.
pub(super) fn grid_of(ops: &[Value]) -> Result<Scope> {
    let targets = super::lean::targets(ops.get(..1).unwrap_or_default())?;
    let first = targets.into_iter().next();
    first
        .map(|(_, scope)| scope)
        .ok_or_else(|| anyhow::anyhow!("there are no records"))
}

fn rate(records: u32, begun: Instant) -> f64 {
    f64::from(records) / begun.elapsed().as_secs_f64().max(1e-9)
}
