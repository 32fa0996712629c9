//! `gridwalker-hub exports`: which files were made of what was filled in and of the register, for whom
//! and why.

use shared::hub_api::export::ExportOf;

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
            it.of.name().to_owned(),
            it.format.as_str().to_owned(),
            match &it.of {
                ExportOf::Register { .. } => String::new(),
                ExportOf::Records { from, until, .. } => format!("{from} - {until}"),
            },
            it.records.to_string(),
            if it.numbers { "whole" } else { "masked" }.to_owned(),
            it.reason,
        ]
    });
    let head = [
        "at", "staff", "device", "of", "file", "days", "rows", "numbers", "why",
    ];
    Ok(say_table(head, rows)?)
}
