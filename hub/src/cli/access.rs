//! `gridwalker-hub staff|device list|revoke`: who may come in, and who no longer may.

use anyhow::Context as _;
use shared::{DeviceId, Role, StaffId};

use super::{say, table::say_table, utc, utc_or_dash};
use crate::Hub;

/// Whose access it is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// People's, with all their devices.
    Staff,
    /// One device's.
    Device,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List all of them, also those whose access was taken away.
    List,
    /// Take access away; works at once. A person loses it with all their devices.
    Revoke {
        /// The id, as `list` shows it.
        id: String,
    },
}

pub(super) async fn run(whose: Whose, command: Command, hub: &Hub) -> anyhow::Result<()> {
    match (command, whose) {
        (Command::List, Whose::Staff) => list_staff(hub).await,
        (Command::List, Whose::Device) => list_devices(hub).await,
        (Command::Revoke { id }, Whose::Staff) => {
            hub.revoke_staff(StaffId::from(id.as_str())).await?;
            Ok(say(&format!(
                "staff {id} is revoked, with all their devices"
            ))?)
        }
        (Command::Revoke { id }, Whose::Device) => {
            let device: DeviceId = id
                .parse()
                .context("a device id looks like 0199c2f0-…; `device list` shows them")?;
            hub.revoke_device(device).await?;
            Ok(say(&format!("device {device} is revoked"))?)
        }
    }
}

async fn list_staff(hub: &Hub) -> anyhow::Result<()> {
    let rows = hub.staff().await?.into_iter().map(|line| {
        let roles: Vec<_> = line.roles.iter().map(|role| role_name(*role)).collect();
        [
            line.id.0,
            roles.join(","),
            line.grids.to_string(),
            line.devices.to_string(),
            utc_or_dash(line.revoked_at),
        ]
    });
    say_table(["id", "roles", "grids", "devices", "revoked"], rows)?;
    Ok(())
}

async fn list_devices(hub: &Hub) -> anyhow::Result<()> {
    let rows = hub.devices().await?.into_iter().map(|line| {
        [
            line.id.to_string(),
            line.staff.0,
            line.name,
            line.last_dev_seq.to_string(),
            utc(line.enrolled_at),
            utc_or_dash(line.pushed_at),
            utc_or_dash(line.revoked_at),
        ]
    });
    let head = [
        "id",
        "staff",
        "device",
        "ops",
        "enrolled",
        "last push",
        "revoked",
    ];
    say_table(head, rows)?;
    Ok(())
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Worker => "worker",
        Role::Clerk => "clerk",
        Role::Dispatcher => "dispatcher",
        Role::Handler => "handler",
        Role::Leader => "leader",
        Role::Admin => "admin",
    }
}
