//! How much: bytes on the wire, with the heads of HTTP and without.

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use super::{
    lean::{self, Lean},
    speed,
    tap::{Seen, Tap},
};

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
pub(super) async fn measure(records: u32) -> Result<Map<String, Value>> {
    let mut figures = Map::new();
    let stand = super::stand().await?;
    let tap = Tap::on(stand.address()).await?;
    let mut device = Lean::enrol(&stand, tap.address, "w-0101").await?;
    let ops = device.reports(records)?;
    let json: usize = ops.iter().map(|op| op.to_string().len()).sum();
    let (grid, targets) = (speed::grid_of(&ops)?, lean::targets(&ops)?);
    println!("an operation is {} bytes of JSON", json / ops.len().max(1));

    let before = tap.seen();
    device.push(ops).await?;
    let pushed = tap.seen().since(before);
    figures.insert("push_bytes_per_record".to_owned(), per(pushed, records));

    let reader = Lean::enrol(&stand, tap.address, "d-01").await?;
    let before = tap.seen();
    reader.pull(&grid).await?;
    let pulled = tap.seen().since(before);
    figures.insert("pull_bytes_per_record".to_owned(), per(pulled, records));

    // An app that begins hears all of it once; after that, as long as nothing is new, it hears that.
    let before = tap.seen();
    device.hello().await?;
    let first = tap.seen().since(before);
    figures.insert("first_hello_bytes".to_owned(), json!(first.all()));
    let before = tap.seen();
    device.hello().await?;
    let noop = tap.seen().since(before);
    figures.insert("noop_bytes".to_owned(), json!(noop.all()));
    figures.insert("noop_body_bytes".to_owned(), json!(noop.bodies));

    let edit = device.supplements(targets.get(..1).context("there is a case")?)?;
    let before = tap.seen();
    device.push(edit).await?;
    let edited = tap.seen().since(before);
    figures.insert("one_edit_bytes".to_owned(), json!(edited.bodies));
    figures.insert("one_edit_wire_bytes".to_owned(), json!(edited.all()));
    println!("first hello: {first:?}; nothing new: {noop:?}; one edit: {edited:?}");
    Ok(figures)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people to read")]
fn per(seen: Seen, records: u32) -> Value {
    let each = seen.all() as f64 / f64::from(records.max(1));
    json!((each * 10.0).round() / 10.0)
}
