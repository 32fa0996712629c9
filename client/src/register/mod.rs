//! The register on this device: what lists and search show of it, out of mirror and outbox.

pub(crate) mod control;
mod fold;
mod keys;
mod same;

pub(crate) use fold::{refold, refold_all, shown, stands_of};
pub(crate) use keys::{number, of_plate, queries};
pub(crate) use same::keys as alike_keys;
