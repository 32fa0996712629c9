//! `gridwalker-hub staff|device list|revoke`: who may come in, and who no longer may.

use anyhow::Context as _;
use shared::{DeviceId, Permission, Role, StaffId};

use super::{say, table::say_table, utc, utc_or_dash};
use crate::{Hub, store::ClockReading};

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
        let permitted = line.permissions.contains(&Permission::Control);
        [
            line.id.0,
            roles.join(","),
            if permitted { "control" } else { "-" }.to_owned(),
            line.grids.to_string(),
            line.devices.to_string(),
            utc_or_dash(line.revoked_at),
        ]
    });
    say_table(
        ["id", "roles", "permissions", "grids", "devices", "revoked"],
        rows,
    )?;
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
            skew(line.clock.as_ref()),
            utc_or_dash(line.clock.map(|clock| clock.at)),
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
        "clock",
        "measured",
        "revoked",
    ];
    say_table(head, rows)?;
    Ok(())
}

/// How far a device's clock is ahead or behind: `+37 s`, `-2 min`, `+3 h`, `-12 d`.
fn skew(clock: Option<&ClockReading>) -> String {
    let Some(clock) = clock else {
        return "-".to_owned();
    };
    let seconds = clock.skew_ms / 1_000;
    // From two of a unit on.
    let (number, unit) = match seconds.unsigned_abs() {
        0..120 => (seconds, "s"),
        120..7_200 => (seconds / 60, "min"),
        7_200..172_800 => (seconds / 3_600, "h"),
        172_800.. => (seconds / 86_400, "d"),
    };
    format!("{number:+} {unit}")
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

#[cfg(test)]
mod tests {
    use shared::{Timestamp, time::Observed};

    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_in_the_unit_one_thinks_in() {
        let cases = [
            (0, "+0 s"),
            (37_900, "+37 s"),
            (-119_000, "-119 s"),
            (-120_000, "-2 min"),
            (7_199_000, "+119 min"),
            (3 * 3_600_000, "+3 h"),
            (-12 * 86_400_000, "-12 d"),
            (i64::MIN, "-106751991167 d"),
        ];
        for (skew_ms, said) in cases {
            let clock = ClockReading {
                at: Timestamp::from_ms(0),
                skew_ms,
                clocks: Observed::default(),
            };
            assert_eq!(skew(Some(&clock)), said, "{skew_ms} ms");
        }
        assert_eq!(skew(None), "-");
    }
}
