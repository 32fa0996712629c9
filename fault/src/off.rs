//! Nothing ever fails on purpose: what ordinary programs are built with.

use crate::Bug;

/// A named place where a crash can be asked for.
#[inline]
pub const fn point(_name: &'static str) {}

/// Whether the crash asked for at this place shall come a little later; see the planted bug that
/// asks.
#[inline]
pub const fn survives(_name: &'static str) -> bool {
    false
}

/// Whether this bug was planted.
#[inline]
pub const fn planted(_bug: Bug) -> bool {
    false
}

/// Whether the bytes were filled with the simulation's chance; if not, the system has to.
#[inline]
pub const fn fill(_bytes: &mut [u8]) -> bool {
    false
}

/// Whether this thread is a simulation, in which nothing may run on another thread.
#[inline]
pub const fn simulated() -> bool {
    false
}

/// Whether databases are encrypted: always, but for what a simulation asks for.
#[inline]
pub const fn encrypted() -> bool {
    true
}

/// Whether devices' databases keep a log beside them: always, but for what a simulation asks for.
#[inline]
pub const fn logs() -> bool {
    true
}
