//! What comes from outside, damaged: a target for every decoder of the project. A target gives an
//! answer or a typed error, never a panic, and takes neither time nor memory out of proportion.
//!
//! The same targets serve two runs. The short one is `cargo test`: examples as they are, then damaged
//! by a seed, which is printed with the input that failed. The long one is guided by coverage
//! (`cargo xtask fuzz TARGET --seconds N`): LLVM's fuzzer keeps whatever reaches code that nothing
//! reached before. What failed once stands in `found/TARGET`, and both play it for ever.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what is a mistake here must be seen; nobody uses this in the field"
)]

mod chance;
mod desk;
mod measure;
mod play;
mod tablet;
mod target;
mod targets;
mod whim;

pub use measure::Bound;
pub use play::{Setting, play};
pub use target::{Ready, Target, all, found};
