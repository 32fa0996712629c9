//! What tests do to a database behind the hub's back. SQL stands only in folders of this name.

pub(crate) mod cells;
pub(crate) mod no_clocks;
pub(crate) mod schema;
pub(crate) mod stuck;
