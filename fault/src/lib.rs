//! Faults on purpose: places where a crash can be asked for, bugs that can be planted, and chance
//! that a simulation can replace. What is asked for, and what must be true afterwards, is the
//! business of `scenarios`.
//!
//! Without the feature `on` every function here is empty and the compiler removes the calls with
//! their names: a program that people use has none of it. Only the feature `faults` of `scenarios`
//! turns it on, for programs of its own.
#![forbid(unsafe_code)]

mod bug;
#[cfg(not(feature = "on"))]
mod off;
#[cfg(feature = "on")]
mod on;

pub use bug::Bug;
#[cfg(not(feature = "on"))]
pub use off::{encrypted, fill, logs, planted, point, simulated, survives};
#[cfg(feature = "on")]
pub use on::{
    Crash, Disk, Fired, KILL_AT, POINTS_TO, Side, Simulation, crash_after, crash_is_known,
    crash_no_more, crashed, encrypted, fill, logs, plant, planted, point, simulated, survives,
};

/// Whether this program can be told to fail.
pub const ON: bool = cfg!(feature = "on");
