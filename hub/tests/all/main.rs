//! What the hub promises, tried through its HTTP interface and its store. One binary, so that it
//! links once.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(clippy::panic, reason = "a test may fail loudly")]

mod borders;
mod bucket;
mod clocks;
mod cluster;
mod command_line;
mod complaints;
mod contract;
mod damage;
mod dictionaries;
mod doors;
mod enrol;
mod erasing;
mod export;
mod export_memory;
mod export_places;
mod export_register;
mod forms;
mod network;
mod packs;
mod photos;
mod promised;
mod pull;
mod push;
mod quarantine;
mod schemas;
mod several;
mod store;
mod unknown_fields;
mod world;
