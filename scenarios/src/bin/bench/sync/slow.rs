//! The app's own core over links as they are: a hundred edits at the edge of the cell, and all
//! records over a link that breaks.

use anyhow::{Result, ensure};
use scenarios::link::{self, Conditions, Emulated, Line};
use serde_json::{Map, Value, json};
use shared::ipc::{SupplementCase, Whose};

/// Edits of a day without a network.
const EDITS: u32 = 100;

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(super) async fn measure(records: u32) -> Result<Map<String, Value>> {
    let (seconds, bytes) = edits().await?;
    println!("{EDITS} edits over 64 kbit/s and 600 ms: {seconds:.2} s, {bytes} bytes");
    let ratio = crate::link::cut64(records).await?;
    println!("cut every 64 KB: {ratio:.2} × the bytes");
    let mut figures = Map::new();
    figures.insert("edits100_slow_s".to_owned(), json!(seconds));
    figures.insert("cut64_ratio".to_owned(), json!(ratio));
    Ok(figures)
}

/// A whole round: from hello to being at the end of every feed. The connection was closed before.
async fn edits() -> Result<(f64, u64)> {
    let stand = super::stand().await?;
    let link = Emulated::to(stand.address()).await?;
    let device = stand.device("w-0101", "reporter", link.address()).await?;
    device.sync_once().await?;
    client::testing::report_all(&device, link::reports(0, EDITS)?).await?;
    device.sync_once().await?;
    let listed = device.list_cases(link::newest(Whose::Mine, EDITS)).await?;
    for row in &listed.rows {
        let supplement = SupplementCase {
            case: row.id,
            note: format!("现场又看了一次，{}还没有人来", row.summary),
            photos: Vec::new(),
            plus_one: false,
        };
        device.supplement_case(supplement).await?;
    }
    let before = link.carried();
    link.set(Conditions {
        cut: None,
        line: Some(Line::edge()),
    });
    let begun = super::now();
    let report = device.sync_once().await?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(
        report.is_complete() && report.ops_pushed == EDITS,
        "not all of it was sent: {report:?}"
    );
    Ok((seconds, link.carried().since(&before).total()))
}
