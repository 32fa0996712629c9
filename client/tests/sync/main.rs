//! The sync through a client's public face, against a hub in memory whose link can be told to
//! fail. Stories with a real hub are in `scenarios`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::significant_drop_tightening,
    reason = "a test may fail loudly, and look at the hub for as long as it likes"
)]

mod brief;
mod damage;
mod device;
mod dictionaries;
mod engine;
mod enrol;
mod fake_hub;
mod feeds;
mod forgotten;
mod http;
mod liars;
mod ops;
mod photos;
mod schemas;
mod storage;
