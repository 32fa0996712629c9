//! The time that truly passes in a schedule, and the clocks that tell it wrong.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use shared::Timestamp;

/// What time it truly is. Everybody's clock is derived from it.
#[derive(Debug)]
pub(super) struct TrueTime(AtomicI64);

impl TrueTime {
    /// Begins at this moment.
    pub(super) fn at(ms: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(ms)))
    }

    /// Now.
    pub(super) fn ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Time passes.
    pub(super) fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// A clock that can be wrong.
#[derive(Debug)]
pub(super) struct Clock {
    time: Arc<TrueTime>,
    off_by: AtomicI64,
    booted_at: i64,
    boot: String,
}

impl Clock {
    /// The clocks of a device after its boot number `boot`, off by so many milliseconds.
    pub(super) fn booted(time: &Arc<TrueTime>, off_by: i64, boot: u32) -> Arc<Self> {
        Arc::new(Self {
            time: Arc::clone(time),
            off_by: AtomicI64::new(off_by),
            booted_at: time.ms(),
            boot: format!("boot-{boot}"),
        })
    }

    /// How wrong the wall clock is, in milliseconds.
    pub(super) fn off_by(&self) -> i64 {
        self.off_by.load(Ordering::Relaxed)
    }

    /// Somebody sets the wall clock.
    pub(super) fn set_off_by(&self, ms: i64) {
        self.off_by.store(ms, Ordering::Relaxed);
    }
}

impl client::Clock for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.time.ms().saturating_add(self.off_by()))
    }

    fn mono_ms(&self) -> i64 {
        self.time.ms().saturating_sub(self.booted_at)
    }

    fn boot(&self) -> &str {
        &self.boot
    }
}
