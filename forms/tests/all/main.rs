//! What the engine promises, through what it offers to others. One binary, so that it
//! links once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod again;
mod bad_input;
mod desk;
mod functions;
mod kinds;
mod life;
mod live;
mod recompute;
mod shipped;
mod words;
mod workbook;
