//! One writer per photo at a time: two requests for the same upload must not mix their bytes, in
//! this process or in another hub on the same database.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use shared::Digest;
use tokio::{
    runtime::Handle,
    sync::{Mutex as AsyncMutex, OwnedMutexGuard},
    time::sleep,
};
use uuid::Uuid;

use crate::store::{HubStore, Lease, StoreError};

/// How long another hub waits for one that was killed while it wrote. A writer renews its lease
/// while bytes come; no pause between two renewals is longer than half of it.
const LIFE: Duration = Duration::from_mins(1);

/// Between two questions whether another hub has finished.
const ASK_AGAIN: Duration = Duration::from_millis(200);

type Queue = Arc<AsyncMutex<()>>;

/// Who is writing which photo.
#[derive(Debug)]
pub(super) struct Locks {
    store: Arc<dyn HubStore>,
    /// This process among the hubs on one database.
    holder: Uuid,
    queues: Arc<Mutex<BTreeMap<Digest, Queue>>>,
}

/// The right to write one photo, until dropped.
#[derive(Debug)]
pub(super) struct Held {
    lease: Lease,
    is_leased: bool,
    store: Arc<dyn HubStore>,
    guard: Option<OwnedMutexGuard<()>>,
    queues: Arc<Mutex<BTreeMap<Digest, Queue>>>,
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
        let mut held = Held {
            lease,
            is_leased: false,
            store: Arc::clone(&self.store),
            guard: Some(queue.lock_owned().await),
            queues: Arc::clone(&self.queues),
        };
        while !held.renew().await? {
            sleep(ASK_AGAIN).await;
        }
        Ok(held)
    }
}

impl Held {
    /// Says that this process is still at it; `false` when another hub took it for dead.
    pub(super) async fn renew(&mut self) -> Result<bool, StoreError> {
        self.is_leased = self.store.lease_upload(self.lease).await?;
        Ok(self.is_leased)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let guard = self.guard.take();
        let (store, lease, is_leased) = (Arc::clone(&self.store), self.lease, self.is_leased);
        let queues = Arc::clone(&self.queues);
        let end = move || {
            let mut queues = queues.lock().unwrap_or_else(PoisonError::into_inner);
            drop(guard);
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
