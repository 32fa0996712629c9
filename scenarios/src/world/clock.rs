//! A clock that stands still until somebody turns it.

use std::sync::atomic::{AtomicI64, Ordering};

use shared::Timestamp;

/// The clock of a world; hub and devices read the same one.
#[derive(Debug)]
pub struct WorldClock {
    now_ms: AtomicI64,
}

impl WorldClock {
    /// Monday 2026-11-23, nine in the morning, in China.
    pub fn at_nine_on_a_monday() -> Self {
        Self {
            now_ms: AtomicI64::new(1_795_395_600_000),
        }
    }

    /// Moves it on (or back).
    pub fn turn(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl client::Clock for WorldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.now_ms.load(Ordering::SeqCst))
    }

    fn mono_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn boot(&self) -> &'static str {
        "one"
    }
}
