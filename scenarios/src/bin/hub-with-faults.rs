//! The hub's own program, built so that it can be told where to die.

use std::process::ExitCode;

fn main() -> ExitCode {
    hub::cli::run()
}
