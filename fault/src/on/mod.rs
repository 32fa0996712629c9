//! Failing on purpose. Two users: a simulation, which lives on one thread and crashes by unwinding
//! to its driver; and a real process, which is told by its environment where to die.

mod process;
mod simulation;

pub use process::{KILL_AT, POINTS_TO};
pub use simulation::{
    Crash, Disk, Fired, Side, Simulation, crash_after, crash_is_known, crash_no_more, crashed,
    plant,
};

use crate::Bug;

/// A named place where a crash can be asked for. `client/…` and `hub/…` say whose it is.
pub fn point(name: &'static str) {
    if simulation::is_here() {
        simulation::pass(name);
    } else {
        process::pass(name);
    }
}

/// For a planted bug that answers first and keeps its promise later: a crash that is due at this
/// place comes after the answer instead, and this says so.
pub fn survives(name: &'static str) -> bool {
    simulation::is_here() && simulation::postpone(name)
}

/// Whether this bug was planted.
pub fn planted(bug: Bug) -> bool {
    simulation::planted() == Some(bug)
}

/// Whether the bytes were filled with the simulation's chance; if not, the system has to.
pub fn fill(bytes: &mut [u8]) -> bool {
    simulation::is_here() && simulation::fill(bytes)
}

/// Whether this thread is a simulation, in which nothing may run on another thread.
pub fn simulated() -> bool {
    simulation::is_here()
}

/// Whether databases are encrypted: always, but for what a simulation asks for.
pub fn encrypted() -> bool {
    is_as_for_people()
}

/// Whether devices' databases keep a log beside them: always, but for what a simulation asks for.
pub fn logs() -> bool {
    is_as_for_people()
}

fn is_as_for_people() -> bool {
    !simulation::is_here() || simulation::disk() == Disk::AsForPeople
}
