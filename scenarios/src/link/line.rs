//! How slow a link is: a rate for each direction, shared by all connections, and the way to the
//! other end.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A line.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Bits in a second, in each direction.
    pub bits_per_s: u64,
    /// There and back. A new connection costs one before its first byte.
    pub round_trip: Duration,
}

impl Line {
    /// The edge of the cell: 64 kbit/s, 600 ms.
    pub fn edge() -> Self {
        Self {
            bits_per_s: 64_000,
            round_trip: Duration::from_millis(600),
        }
    }

    fn takes(&self, bytes: usize) -> Duration {
        let bits = u64::try_from(bytes).unwrap_or(0).saturating_mul(8);
        Duration::from_nanos(bits.saturating_mul(1_000_000_000) / self.bits_per_s.max(1))
    }
}

/// One direction of a link, shared by all connections.
#[derive(Debug, Default)]
pub(super) struct Direction {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    line: Option<Line>,
    /// When the last byte accepted will have left.
    free_at: Option<Instant>,
}

impl Direction {
    /// From now on it is this slow.
    pub(super) fn set(&self, line: Option<Line>) {
        *self.lock() = State {
            line,
            free_at: None,
        };
    }

    /// How much is taken at once: on a slow line little, so that connections take turns.
    pub(super) fn piece(&self) -> usize {
        if self.lock().line.is_some() {
            512
        } else {
            16 * 1024
        }
    }

    /// When these bytes will have left, and when they arrive. `None`: at once.
    pub(super) fn schedule(&self, bytes: usize) -> Option<(Instant, Instant)> {
        let mut state = self.lock();
        let line = state.line?;
        let now = Instant::now();
        let left = state.free_at.map_or(now, |at| at.max(now)) + line.takes(bytes);
        state.free_at = Some(left);
        drop(state);
        Some((left, left + line.round_trip / 2))
    }

    /// What a handshake costs before the first byte can leave.
    pub(super) fn handshake(&self) -> Option<Duration> {
        self.lock().line.map(|line| line.round_trip)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
