//! The command line: reads arguments, calls [`crate::Hub`], says what happened. Answers go to
//! standard output, everything else to standard error. Exit codes: 0 done, 1 refused or failed,
//! 2 wrong usage.

mod access;
mod check;
mod enrol;
mod epoch;
mod erase;
mod exports;
mod load_form;
mod load_pack;
mod missing_photos;
mod prune;
mod quarantine;
mod serve;
mod table;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use shared::Timestamp;

use self::access::Whose;
use crate::{Config, Hub, config::PhotosPlace, store::postgres::DatabaseUrl};

/// The hub of Gridwalker 网格行: takes in what devices send, decides it, and hands it to those who
/// may see it.
#[derive(Debug, Parser)]
#[command(name = "gridwalker-hub", version, about, after_help = TO_BEGIN, arg_required_else_help = true)]
struct Args {
    /// Folder with the hub's database and photos; `load-pack` and `serve` make it.
    #[arg(long, global = true, value_name = "DIR", default_value = "./hub-data")]
    data: PathBuf,
    // Set by the environment, the password can't be seen in the list of processes.
    #[arg(
        long,
        help = "A PostgreSQL database in place of the one in the folder: postgres://USER@HOST/NAME",
        global = true,
        value_name = "URL",
        env = "GRIDWALKER_DATABASE",
        hide_env_values = true
    )]
    database: Option<DatabaseUrl>,
    #[arg(
        long,
        help = "Where the photos are, if not in the folder: another one, or s3://BUCKET/PREFIX",
        global = true,
        value_name = "PLACE"
    )]
    photos: Option<PhotosPlace>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until stopped (SIGTERM, Ctrl-C).
    Serve(serve::Args),
    /// Load a city pack: staff, grids, catalogue, calendar.
    LoadPack(load_pack::Args),
    /// Load a form that people fill in at the door: an XLSForm workbook.
    LoadForm(load_form::Args),
    /// Print a one-time code with which a person's device enrols.
    Enrol(enrol::Args),
    /// See who there is, and take access away.
    #[command(subcommand)]
    Staff(access::Command),
    /// See which devices there are, and take access away.
    #[command(subcommand)]
    Device(access::Command),
    /// See what the hub could not apply, and have it decided again.
    #[command(subcommand)]
    Quarantine(quarantine::Command),
    /// After a backup was put back: have the devices send again what it lacks.
    #[command(subcommand)]
    Epoch(epoch::Command),
    /// Look over the whole database: whether it is as it was written.
    Check,
    /// See which files were made of what was filled in, for whom and why.
    Exports,
    /// See which photos cases and records show that did not come, and who is to bring them.
    MissingPhotos,
    /// Forget the markers of what left feeds or was deleted long ago.
    Prune(prune::Args),
    /// Erase a resident or a record for good, or all records whose time is over.
    Erase(erase::Args),
}

const TO_BEGIN: &str = "To begin:
  gridwalker-hub load-pack packs/sample-city.json --data hub-data
  gridwalker-hub serve --data hub-data
  gridwalker-hub enrol --staff w-0101 --data hub-data   (beside the running hub)
With --database (or GRIDWALKER_DATABASE) the same on PostgreSQL, where several hubs may serve.";

/// Runs the program.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let done = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(dispatch(args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed too, the exit code has to do.
            let _told = writeln!(io::stderr(), "gridwalker-hub: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(args: Args) -> anyhow::Result<()> {
    let config = Config {
        database: args.database,
        photos: args.photos,
        ..Config::new(args.data)
    };
    match args.command {
        Command::Serve(args) => serve::run(args, config).await,
        Command::LoadPack(args) => load_pack::run(args, &Hub::open(config).await?).await,
        Command::LoadForm(args) => load_form::run(args, &Hub::open(config).await?).await,
        Command::Enrol(args) => enrol::run(args, &Hub::open_existing(config).await?).await,
        Command::Staff(command) => {
            access::run(Whose::Staff, command, &Hub::open_existing(config).await?).await
        }
        Command::Device(command) => {
            access::run(Whose::Device, command, &Hub::open_existing(config).await?).await
        }
        Command::Quarantine(command) => {
            quarantine::run(command, &Hub::open_existing(config).await?).await
        }
        Command::Epoch(command) => epoch::run(command, &Hub::open_existing(config).await?).await,
        Command::Check => check::run(&Hub::open_existing(config).await?).await,
        Command::Exports => exports::run(&Hub::open_existing(config).await?).await,
        Command::MissingPhotos => missing_photos::run(&Hub::open_existing(config).await?).await,
        Command::Prune(args) => prune::run(args, &Hub::open_existing(config).await?).await,
        Command::Erase(args) => erase::run(args, &Hub::open_existing(config).await?).await,
    }
}

/// Prints one line of the answer.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// A moment for people, in UTC.
fn utc(at: Timestamp) -> String {
    shared::deadline::local(0, at).map_or_else(
        || "?".to_owned(),
        |utc| {
            let (date, time) = (utc.date(), utc.time());
            format!(
                "{:04}-{:02}-{:02} {:02}:{:02} UTC",
                date.year(),
                u8::from(date.month()),
                date.day(),
                time.hour(),
                time.minute()
            )
        },
    )
}

/// A moment that may not have come.
fn utc_or_dash(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), utc)
}
