//! When the link breaks, what that does to open connections, and what was carried.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::watch;

/// Which bytes count towards a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// From the device to the hub.
    Up,
    /// From the hub to the device.
    Down,
    /// Both together, as they come.
    Both,
}

/// What becomes of connections that were open in an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// They are closed at both ends.
    Closed,
    /// The device has another address: nothing comes through any more, and nobody is told. New
    /// connections work.
    NewAddress,
}

/// The link breaks again and again.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// After so many bytes over all connections: heads of HTTP and all.
    pub every: u64,
    /// Counted this way.
    pub counted: Counted,
    /// With this end.
    pub after: After,
}

/// What a link carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    /// Bytes towards the hub that came over.
    pub up: u64,
    /// Bytes towards the device that came over.
    pub down: u64,
    /// Bytes sent in vain into a connection whose address was gone.
    pub vanished: u64,
    /// How often the link broke.
    pub cuts: u64,
}

impl Carried {
    /// Everything that was sent, in vain or not.
    pub fn total(&self) -> u64 {
        self.up + self.down + self.vanished
    }

    /// What was carried since `before`.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self {
            up: self.up - before.up,
            down: self.down - before.down,
            vanished: self.vanished - before.vanished,
            cuts: self.cuts - before.cuts,
        }
    }
}

/// The next outage.
#[derive(Debug, Default)]
struct Next {
    cut: Option<Cut>,
    /// Bytes until then.
    left: u64,
}

/// The outages of a link.
#[derive(Debug, Default)]
pub(super) struct Outages {
    next: Mutex<Next>,
    /// How many there were; connections of an earlier number are broken.
    number: watch::Sender<u64>,
    up: AtomicU64,
    down: AtomicU64,
    vanished: AtomicU64,
}

impl Outages {
    /// From now on it breaks like this.
    pub(super) fn set(&self, cut: Option<Cut>) {
        let left = cut.map_or(0, |cut| cut.every);
        *self.lock() = Next { cut, left };
    }

    pub(super) fn after(&self) -> After {
        self.lock().cut.map_or(After::Closed, |cut| cut.after)
    }

    /// One direction of a new connection, as long as the link stands.
    pub(super) fn connect(self: &Arc<Self>) -> Standing {
        Standing {
            outages: Arc::clone(self),
            broken: self.number.subscribe(),
        }
    }

    pub(super) fn carried(&self) -> Carried {
        Carried {
            up: self.up.load(Ordering::SeqCst),
            down: self.down.load(Ordering::SeqCst),
            vanished: self.vanished.load(Ordering::SeqCst),
            cuts: *self.number.borrow(),
        }
    }

    /// How many of these bytes come through; fewer than all of them break the link.
    fn pass(&self, counted: Counted, bytes: u64) -> u64 {
        let total = match counted {
            Counted::Down => &self.down,
            Counted::Up | Counted::Both => &self.up,
        };
        let mut next = self.lock();
        let cut = next
            .cut
            .filter(|cut| cut.counted == Counted::Both || cut.counted == counted);
        let passed = match cut {
            None => bytes,
            Some(cut) => {
                let passed = bytes.min(next.left);
                next.left -= passed;
                if next.left == 0 {
                    next.left = cut.every;
                    self.number.send_modify(|number| *number += 1);
                }
                passed
            }
        };
        drop(next);
        total.fetch_add(passed, Ordering::SeqCst);
        passed
    }

    fn lock(&self) -> MutexGuard<'_, Next> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One direction of a connection.
#[derive(Debug)]
pub(super) struct Standing {
    outages: Arc<Outages>,
    broken: watch::Receiver<u64>,
}

impl Standing {
    /// How many of these bytes come through.
    pub(super) fn pass(&self, counted: Counted, bytes: usize) -> usize {
        if self.is_broken() {
            return 0;
        }
        let passed = self
            .outages
            .pass(counted, u64::try_from(bytes).unwrap_or(u64::MAX));
        usize::try_from(passed).unwrap_or(bytes)
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.has_changed().unwrap_or(true)
    }

    /// Waits for the outage that breaks this connection.
    pub(super) async fn breaks(&self) {
        let mut broken = self.broken.clone();
        // An error means that the link is gone, which is as broken as can be.
        drop(broken.changed().await);
    }

    pub(super) fn vanished(&self, bytes: usize) {
        self.outages
            .vanished
            .fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::SeqCst);
    }
}
