//! Whole-system stories: a real hub, named devices, a network that can drop, a clock to turn.
//! The sample city's generator lives here too, because stories play in it.
#![forbid(unsafe_code)]

pub mod dice;
pub mod folders;
pub mod link;
pub mod machine;
pub mod race;
pub mod sample_city;
#[cfg(feature = "faults")]
pub mod sim;
#[cfg(feature = "faults")]
pub mod sweep;
pub mod workbook;
pub mod world;
