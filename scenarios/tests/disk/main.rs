//! A disk that fails under the databases of device and hub: at each write, sync, truncation and
//! deletion of a scripted bit of work it breaks once, stays broken, is full, or everything dies
//! there. What was said to be saved is there afterwards, what was not is there whole or not at all,
//! and work goes on.
//!
//! In CI at some of the places; at all of them with `GRIDWALKER_DISK_EVERY=1`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod device;
mod hub_store;
mod sweep;
