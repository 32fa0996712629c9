//! What happened to users of other apps, told again with ours, from the person's hand to the hub and
//! back. docs/testing.md lists all of them, and which further tests hold them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod cases;
mod export;
mod forms;
mod front;
mod order;
mod photos;
mod storage;
mod sync;
mod update;
mod work;
