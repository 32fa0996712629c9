//! One writer per photo at a time: two requests for the same upload must not mix their bytes, in
//! this process or in another hub on the same database. Who writes hears when somebody else wants
//! to: most likely the same device, over a new connection because the old one is dead.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use shared::Digest;
use tokio::{
    runtime::Handle,
    sync::{Mutex as AsyncMutex, OwnedMutexGuard, watch},
    time::sleep,
};
use uuid::Uuid;

use crate::store::{HubStore, Lease, StoreError};

/// How long another hub waits for one that was killed while it wrote. A writer renews its lease
/// while bytes come; no pause between two renewals is longer than half of it.
const LIFE: Duration = Duration::from_mins(1);

/// Between two questions whether another hub has finished.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// Where those stand who want to write one photo.
#[derive(Debug, Default)]
struct Queue {
    turn: Arc<AsyncMutex<()>>,
    /// How many wait for their turn.
    waiting: watch::Sender<usize>,
}

/// One that waits, until dropped.
struct Waiting<'a>(&'a Queue);

/// Who is writing which photo.
#[derive(Debug)]
pub(super) struct Locks {
    store: Arc<dyn HubStore>,
    /// This process among the hubs on one database.
    holder: Uuid,
    queues: Arc<Mutex<BTreeMap<Digest, Arc<Queue>>>>,
}

/// The right to write one photo, until dropped.
#[derive(Debug)]
pub(super) struct Held {
    lease: Lease,
    is_leased: bool,
    store: Arc<dyn HubStore>,
    guard: Option<OwnedMutexGuard<()>>,
    queue: Option<Arc<Queue>>,
    queues: Arc<Mutex<BTreeMap<Digest, Arc<Queue>>>>,
}

impl Locks {
    pub(super) fn new(store: Arc<dyn HubStore>, holder: Uuid) -> Self {
        Self {
            store,
            holder,
            queues: Arc::default(),
        }
    }

    /// Waits until nobody else writes this photo.
    pub(super) async fn take(&self, digest: Digest) -> Result<Held, StoreError> {
        let queue = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(digest).or_default())
        };
        let lease = Lease {
            digest,
            holder: self.holder,
            life: LIFE,
        };
        let waiting = queue.wait();
        let guard = Arc::clone(&queue.turn).lock_owned().await;
        drop(waiting);
        let mut held = Held {
            lease,
            is_leased: false,
            store: Arc::clone(&self.store),
            guard: Some(guard),
            queue: Some(queue),
            queues: Arc::clone(&self.queues),
        };
        while !held.renew().await? {
            sleep(ASK_AGAIN).await;
        }
        Ok(held)
    }

    /// Whether somebody in this process writes this photo.
    pub(super) fn is_taken(&self, digest: Digest) -> bool {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.contains_key(&digest)
    }
}

impl Queue {
    fn wait(&self) -> Waiting<'_> {
        self.waiting.send_modify(|waiting| *waiting += 1);
        Waiting(self)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

impl Held {
    /// Waits until somebody else in this process wants to write the photo.
    pub(super) async fn wanted(&self) {
        let mut waiting = self.queue.as_ref().map(|queue| queue.waiting.subscribe());
        match &mut waiting {
            // The sender is in the queue that we hold.
            Some(waiting) => drop(waiting.wait_for(|waiting| *waiting > 0).await),
            None => std::future::pending().await,
        }
    }

    /// Says that this process is still at it; `false` when another hub took it for dead.
    pub(super) async fn renew(&mut self) -> Result<bool, StoreError> {
        self.is_leased = self.store.lease_upload(self.lease).await?;
        Ok(self.is_leased)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (guard, queue) = (self.guard.take(), self.queue.take());
        let (store, lease, is_leased) = (Arc::clone(&self.store), self.lease, self.is_leased);
        let queues = Arc::clone(&self.queues);
        let end = move || {
            let mut queues = queues.lock().unwrap_or_else(PoisonError::into_inner);
            drop((guard, queue));
            // Under the map's lock nobody can join; one reference is the map's own.
            if queues
                .get(&lease.digest)
                .is_some_and(|queue| Arc::strong_count(queue) == 1)
            {
                queues.remove(&lease.digest);
            }
        };
        match Handle::try_current() {
            // First the lease, then the place in the queue: the next request of this process would
            // else take a lease that is about to be given back.
            Ok(runtime) if is_leased => {
                runtime.spawn(async move {
                    if let Err(error) = store.give_back_upload(lease).await {
                        tracing::debug!(%error, "a lease will end by itself");
                    }
                    end();
                });
            }
            Ok(_) | Err(_) => end(),
        }
    }
}
