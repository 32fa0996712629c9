//! `gridwalker-hub epoch renew`: the one thing to do after a backup was put back.

use super::say;
use crate::Hub;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Have every device send again all that was confirmed; nothing counts twice. Once a restore.
    Renew,
}

pub(super) async fn run(command: Command, hub: &Hub) -> anyhow::Result<()> {
    match command {
        Command::Renew => {
            hub.renew_epoch().await?;
            Ok(say(
                "the epoch is renewed; with their next round devices send again what this hub lacks",
            )?)
        }
    }
}
