//! `gridwalker-hub device list|revoke`.

use anyhow::Context as _;
use shared::DeviceId;

use super::{say, utc, utc_or_dash};
use crate::Hub;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List all devices, oldest first.
    List,
    /// Take a device's access away; works at once.
    Revoke {
        /// The device's id.
        id: String,
    },
}

pub(super) async fn run(command: Command, hub: &Hub) -> anyhow::Result<()> {
    match command {
        Command::List => list(hub).await,
        Command::Revoke { id } => {
            let device: DeviceId = id
                .parse()
                .context("a device id looks like 0199c2f0-…; `device list` shows them")?;
            hub.revoke_device(device).await?;
            say(&format!("device {device} is revoked"))?;
            Ok(())
        }
    }
}

async fn list(hub: &Hub) -> anyhow::Result<()> {
    say(&format!(
        "{:<36} {:<20} {:<20} {:>6} {:<20} {:<20} revoked",
        "id", "staff", "device", "ops", "enrolled", "last push"
    ))?;
    for line in hub.devices().await? {
        say(&format!(
            "{:<36} {:<20} {:<20} {:>6} {:<20} {:<20} {}",
            line.id.to_string(),
            line.staff.as_str(),
            line.name,
            line.last_dev_seq,
            utc(line.enrolled_at),
            utc_or_dash(line.pushed_at),
            utc_or_dash(line.revoked_at)
        ))?;
    }
    Ok(())
}
