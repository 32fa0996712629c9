//! `gridwalker-hub exports`: which files were made of what was filled in, for whom and why.

use super::{say, table::say_table, utc};
use crate::Hub;

pub(super) async fn run(hub: &Hub) -> anyhow::Result<()> {
    let exports = hub.exports().await?;
    if exports.is_empty() {
        return Ok(say("no file was made yet")?);
    }
    let rows = exports.into_iter().map(|it| {
        [
            utc(it.at),
            it.staff.to_string(),
            it.device.to_string(),
            it.form,
            it.format.as_str().to_owned(),
            format!("{} - {}", it.from, it.until),
            it.records.to_string(),
            if it.numbers { "whole" } else { "masked" }.to_owned(),
            it.reason,
        ]
    });
    let head = [
        "at", "staff", "device", "form", "file", "days", "records", "numbers", "why",
    ];
    Ok(say_table(head, rows)?)
}
