//! `gridwalker-hub`: the command line of the reference hub.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Judging operations is small allocations by the thousand; a profile of pushes showed most of the
/// time in those of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hub::cli::run()
}
