//! The offline core of Gridwalker without a GUI: store, photos, drafts, what a person can do, and
//! the sync with a hub. Everything goes through [`Client`]; it answers from the device alone and
//! never waits for the network.
#![forbid(unsafe_code)]

#[cfg(feature = "faults")]
pub mod audit;
mod blocking;
mod clearing;
mod client;
mod clock;
mod commands;
mod core;
mod erased;
mod error;
mod filling;
mod fold;
mod fold_record;
mod found_by;
mod import;
mod keys;
mod number;
mod open;
mod ops;
mod packs;
pub mod photo;
mod photo_room;
mod plates;
mod publishing;
mod register;
mod rounds;
mod salvage;
mod saved_file;
mod set_aside;
mod store;
mod surnames;
pub mod sync;
#[doc(hidden)]
pub mod testing;
mod uploads;
mod views;

pub use client::{Client, Options};
pub use clock::{Clock, SystemClock};
pub use keys::{
    FileKeys, Key, Keys, KeysError, Keystore, KeystoreError, KeystoreOrFile, system_or_file,
};
