//! What `shared` promises of cases, the register, records and visits. One binary, so that it links once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod apply;
mod chronicle;
mod deleting;
mod erasing;
mod ladder;
mod merging;
mod people;
mod plate;
mod register;
mod unknown_fields;
