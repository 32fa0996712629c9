//! `gridwalker-hub missing-photos`: which photos cases and records show that did not come, and who is to
//! bring them.

use super::{say, table::say_table, utc};
use crate::{Hub, store::MissingPhoto};

pub(super) async fn run(hub: &Hub) -> anyhow::Result<()> {
    let missing = hub.missing_photos().await?;
    if missing.is_empty() {
        return Ok(say("no photo is missing")?);
    }
    let head = ["since", "staff", "device", "of", "photo", "come"];
    let rows = missing.iter().map(|it| {
        [
            utc(it.since),
            it.staff.to_string(),
            it.device.to_string(),
            of(it),
            it.digest.to_string(),
            come(it),
        ]
    });
    Ok(say_table(head, rows)?)
}

/// By its number, if it is a case that has one; else by kind and id.
fn of(photo: &MissingPhoto) -> String {
    let id = || format!("{} {}", photo.target.kind.as_str(), photo.target.id);
    photo.case_no.clone().unwrap_or_else(id)
}

fn come(photo: &MissingPhoto) -> String {
    photo.come.map_or_else(
        || "nothing".to_owned(),
        |(offset, length)| format!("{offset} of {length} bytes"),
    )
}
