//! `bench save`: what saving a case costs (operation, view and draft in one durable transaction),
//! beside a bare write and fsync of the same disk in the same run, alternating.

use std::{
    fs::File,
    io::Write as _,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use client::Client;
use shared::ipc::{
    Choice, Draft, KnownPlace, OpenDraft, PlaceView, ReportDraft, ResolvePlace, SaveDraft,
};

use crate::device;

/// Cases saved.
const CASES: usize = 500;

/// Measures.
pub(crate) fn run() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(measure())
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
async fn measure() -> Result<()> {
    std::fs::create_dir_all("target/bench")?;
    // Under target/, not in /tmp: that may be memory.
    let folder = tempfile::tempdir_in("target/bench")?;
    let client = device::worker(folder.path()).await?;
    let mut fsync = File::create(folder.path().join("fsync"))?;
    let (mut saves, mut syncs) = (Vec::new(), Vec::new());
    for number in 0..CASES {
        let draft = draft(&client, number).await?;
        let started = now();
        client.report_draft(ReportDraft { draft }).await?;
        saves.push(started.elapsed());

        let started = now();
        fsync.write_all(&[7; 4_096])?;
        fsync.sync_all()?;
        syncs.push(started.elapsed());
    }
    let (save_p50, save_p99) = percentiles(&mut saves)?;
    let (fsync_p50, fsync_p99) = percentiles(&mut syncs)?;
    println!("{CASES} cases saved: p50 {save_p50:.2} ms, p99 {save_p99:.2} ms");
    println!("write and fsync of 4 KiB: p50 {fsync_p50:.2} ms, p99 {fsync_p99:.2} ms");
    let figures = serde_json::json!({
        "save_p50_ms": save_p50, "save_p99_ms": save_p99,
        "fsync_p50_ms": fsync_p50, "fsync_p99_ms": fsync_p99,
    });
    println!("{figures}");
    Ok(())
}

/// A filled draft, as it stands when somebody presses 发送.
async fn draft(client: &Client, number: usize) -> Result<shared::DraftId> {
    let draft = client.open_draft(OpenDraft { draft: None }).await?;
    let known = KnownPlace::Device {
        lng: Some(120.8928),
        lat: Some(32.0075),
        accuracy_m: Some(8.0),
    };
    let place = match client.resolve_place(ResolvePlace { known }).await? {
        PlaceView::Found { place, .. } => Some(*place),
        PlaceView::NoFix => None,
    };
    let category = Choice::Category {
        code: "E0110".into(),
    };
    let description = format!("第{number}处：楼下垃圾桶旁堆了三袋垃圾，已经发臭，居民反映两天了");
    let draft = Draft {
        category,
        description,
        place,
        ..draft
    };
    let id = draft.id;
    client
        .save_draft(SaveDraft {
            draft,
            removed: Vec::new(),
        })
        .await?;
    Ok(id)
}

/// Median and 99th percentile in milliseconds.
pub(crate) fn percentiles(times: &mut [Duration]) -> Result<(f64, f64)> {
    times.sort();
    let at = |part: usize| {
        times
            .get(times.len() * part / 100)
            .map(Duration::as_secs_f64)
    };
    let p50 = at(50).context("there is a measurement")?;
    let p99 = at(99).context("there is a measurement")?;
    Ok((p50 * 1_000.0, p99 * 1_000.0))
}

/// A stopwatch's zero.
#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch is what a bench is for"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
