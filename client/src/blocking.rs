//! Work that blocks, off the async threads.

use tokio::task::{JoinError, spawn_blocking};

/// Runs `work` off the async threads. A simulation is one thread by its nature: there it runs here.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    if fault::simulated() {
        return Ok(work());
    }
    spawn_blocking(work).await
}

/// Runs `work` off the async threads, and nobody waits for it. A simulation has no such place: there it
/// isn't done.
pub(crate) fn beside(work: impl FnOnce() + Send + 'static) {
    if !fault::simulated() {
        drop(spawn_blocking(work));
    }
}
