//! One writer per photo at a time: two requests for the same upload must not mix their bytes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use shared::Digest;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

type Queue = Arc<AsyncMutex<()>>;

/// Who is writing which photo.
#[derive(Debug, Default)]
pub(super) struct Locks {
    queues: Arc<Mutex<BTreeMap<Digest, Queue>>>,
}

/// The right to write one photo, until dropped.
#[derive(Debug)]
pub(super) struct Held {
    digest: Digest,
    guard: Option<OwnedMutexGuard<()>>,
    queues: Arc<Mutex<BTreeMap<Digest, Queue>>>,
}

impl Locks {
    /// Waits until nobody else writes this photo.
    pub(super) async fn take(&self, digest: Digest) -> Held {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(digest).or_default())
        };
        Held {
            digest,
            guard: Some(queue.lock_owned().await),
            queues: Arc::clone(&self.queues),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.guard.take());
        // Under the map's lock nobody can join; one reference is the map's own.
        if queues
            .get(&self.digest)
            .is_some_and(|queue| Arc::strong_count(queue) == 1)
        {
            queues.remove(&self.digest);
        }
    }
}
