//! `gridwalker-hub staff list|revoke`.

use shared::{Role, StaffId};

use super::{say, utc_or_dash};
use crate::Hub;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List everybody by id.
    List,
    /// Take a person's access away, with all their devices; works at once.
    Revoke {
        /// The person's id.
        id: String,
    },
}

pub(super) async fn run(command: Command, hub: &Hub) -> anyhow::Result<()> {
    match command {
        Command::List => list(hub).await,
        Command::Revoke { id } => {
            hub.revoke_staff(StaffId::from(id.as_str())).await?;
            say(&format!("staff {id} is revoked, with all their devices"))?;
            Ok(())
        }
    }
}

async fn list(hub: &Hub) -> anyhow::Result<()> {
    say(&format!(
        "{:<20} {:<20} {:>5} {:>7}  revoked",
        "id", "roles", "grids", "devices"
    ))?;
    for line in hub.staff().await? {
        let roles: Vec<_> = line.roles.iter().map(|role| name(*role)).collect();
        say(&format!(
            "{:<20} {:<20} {:>5} {:>7}  {}",
            line.id.as_str(),
            roles.join(","),
            line.grids,
            line.devices,
            utc_or_dash(line.revoked_at)
        ))?;
    }
    Ok(())
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Worker => "worker",
        Role::Clerk => "clerk",
        Role::Dispatcher => "dispatcher",
        Role::Handler => "handler",
        Role::Leader => "leader",
        Role::Admin => "admin",
    }
}
