//! `gridwalker-hub enrol --staff ID`.

use std::io::{self, Write as _};

use shared::StaffId;

use super::{say, utc};
use crate::Hub;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Whose device it will be, an id from `staff list`.
    #[arg(long, value_name = "ID")]
    staff: String,
}

pub(super) async fn run(args: Args, hub: &Hub) -> anyhow::Result<()> {
    let code = hub.enrol(StaffId(args.staff)).await?;
    say(&code.code)?;
    let until = utc(code.expires_at);
    writeln!(
        io::stderr(),
        "good for one device, until {until} (10 minutes)"
    )?;
    Ok(())
}
