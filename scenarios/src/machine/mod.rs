//! What a story or a bench needs of the machine: a screen without hardware, and processes that
//! are ended again.

pub mod display;
pub mod process;
