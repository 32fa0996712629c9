//! 居民: the register as pages show it.

mod address;
pub(crate) mod building;
pub(crate) mod buildings;
pub(crate) mod disputes;
pub(crate) mod door;
pub(crate) mod duplicates;
pub(super) mod entry;
pub(crate) use entry::guarded;
pub(crate) mod grids;
pub(crate) mod history;
pub(crate) mod places;
pub(crate) mod search;
