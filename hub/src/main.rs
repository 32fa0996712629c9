//! `gridwalker-hub`: the command line of the reference hub.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    hub::cli::run()
}
