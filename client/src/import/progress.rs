//! How far an import is: counted where the work is done, read by whoever shows it.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};

use shared::ipc::{ImportProgress, ImportStage};

use crate::number;

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    stage: AtomicU8,
    done: AtomicU32,
    total: AtomicU32,
}

const STAGES: [ImportStage; 4] = [
    ImportStage::Reading,
    ImportStage::Comparing,
    ImportStage::Checking,
    ImportStage::Writing,
];

impl Progress {
    /// This is being done now.
    pub(super) fn begin(&self, stage: ImportStage) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        let at = STAGES.iter().position(|it| *it == stage).unwrap_or(0);
        let at = u8::try_from(at).unwrap_or(0);
        self.stage.store(at + 1, Ordering::Relaxed);
    }

    /// So much is to be done.
    pub(super) fn expect(&self, total: usize) {
        let total = number::count(total);
        self.total.store(total, Ordering::Relaxed);
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// This is being done now, until what is given back goes.
    pub(super) fn during(&self, stage: ImportStage) -> impl Drop {
        struct Over<'a>(&'a Progress);
        impl Drop for Over<'_> {
            fn drop(&mut self) {
                self.0.stage.store(0, Ordering::Relaxed);
            }
        }
        self.begin(stage);
        Over(self)
    }

    /// How far it is.
    pub(super) fn now(&self) -> ImportProgress {
        let stage = self.stage.load(Ordering::Relaxed).checked_sub(1);
        ImportProgress {
            stage: stage.and_then(|at| STAGES.get(usize::from(at)).copied()),
            done: self.done.load(Ordering::Relaxed),
            total: self.total.load(Ordering::Relaxed),
        }
    }
}
