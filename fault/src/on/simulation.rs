//! A simulation: one thread that plays a whole world. A crash unwinds to whoever drives it; the
//! driver drops what crashed and opens it again from its files.

use std::cell::Cell;

use crate::Bug;

thread_local! {
    static CHANCE: Cell<Option<u64>> = const { Cell::new(None) };
    static DISK: Cell<Disk> = const { Cell::new(Disk::AsForPeople) };
    static ORDER: Cell<Option<Order>> = const { Cell::new(None) };
    static FIRED: Cell<Option<Fired>> = const { Cell::new(None) };
    static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Who crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The device whose turn it is.
    Client,
    /// The hub.
    Hub,
}

/// What a crash unwinds with.
#[derive(Debug, Clone, Copy)]
pub struct Crash {
    /// The point it happened at.
    pub at: &'static str,
}

/// A crash that happened.
#[derive(Debug, Clone, Copy)]
pub struct Fired {
    /// Who crashed.
    pub side: Side,
    /// Where.
    pub at: &'static str,
    /// The answer went out before the crash; only with a bug planted.
    pub answered: bool,
}

#[derive(Clone, Copy)]
struct Order {
    side: Side,
    /// The crash comes when this many points of that side were passed.
    after: u32,
}

/// How databases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// As for people.
    AsForPeople,
    /// In the clear and without a log beside them, for each page that is encrypted, and each that is
    /// written twice, takes its time. What is lost or not does not hang on it: nothing crashes in the
    /// middle of a commit, and what is not committed is in no file.
    Plain,
}

/// This thread is a simulation until this is dropped.
#[derive(Debug)]
pub struct Simulation(());

impl Simulation {
    /// Begins; all chance comes from `seed`.
    pub fn begin(seed: u64, disk: Disk) -> Self {
        CHANCE.set(Some(seed));
        DISK.set(disk);
        ORDER.set(None);
        FIRED.take();
        Self(())
    }
}

/// Asks for a crash of `side` after so many of its points.
pub fn crash_after(side: Side, points: u32) {
    ORDER.set(Some(Order {
        side,
        after: points,
    }));
}

/// No crash any more.
pub fn crash_no_more() {
    ORDER.set(None);
}

/// The crash that happened since this was last asked.
pub fn crashed() -> Option<Fired> {
    FIRED.take()
}

/// Whoever looks after crashes knows of this one already.
pub fn crash_is_known() {
    FIRED.set(None);
}

impl Drop for Simulation {
    fn drop(&mut self) {
        CHANCE.set(None);
        ORDER.set(None);
    }
}

/// Plants a bug into this thread, or takes it out again.
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

pub(super) fn planted() -> Option<Bug> {
    PLANTED.get()
}

pub(super) fn disk() -> Disk {
    DISK.get()
}

pub(super) fn is_here() -> bool {
    CHANCE.get().is_some()
}

pub(super) fn pass(name: &'static str) {
    if fires(name, false) {
        // Not a panic: nothing is wrong with the program, so nothing is to be printed.
        std::panic::resume_unwind(Box::new(Crash { at: name }));
    }
}

pub(super) fn postpone(name: &'static str) -> bool {
    fires(name, true)
}

fn fires(name: &'static str, answered: bool) -> bool {
    let Some(order) = ORDER.get() else {
        return false;
    };
    let side = if name.starts_with("hub/") {
        Side::Hub
    } else {
        Side::Client
    };
    if order.side != side {
        return false;
    }
    if order.after > 0 {
        ORDER.set(Some(Order {
            after: order.after - 1,
            ..order
        }));
        return false;
    }
    ORDER.set(None);
    FIRED.set(Some(Fired {
        side,
        at: name,
        answered,
    }));
    true
}

/// `SplitMix64`: small, and good enough to make ids of.
pub(super) fn fill(bytes: &mut [u8]) -> bool {
    let Some(mut state) = CHANCE.get() else {
        return false;
    };
    for piece in bytes.chunks_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        for (byte, chance) in piece.iter_mut().zip(mixed.to_le_bytes()) {
            *byte = chance;
        }
    }
    CHANCE.set(Some(state));
    true
}
