//! The language all sides of Gridwalker speak: ids, entities, packs, deadlines, what an
//! operation does ([`apply()`]), the wire types of the hub and the IPC types of the app.
//!
//! No I/O, no clock, no randomness, no SQL, no async; builds for wasm32. Whoever needs a
//! time or an id passes it in.
#![forbid(unsafe_code)]

pub mod apply;
mod canonical;
pub mod case;
pub mod deadline;
pub mod doc;
pub mod erase;
pub mod extra;
pub mod form;
pub mod geo;
pub mod hub_api;
pub mod ids;
pub mod ipc;
pub mod made_once;
pub mod merge;
pub mod op;
pub mod pack;
pub mod photo;
pub mod place;
pub mod plate;
pub mod record;
pub mod register;
pub mod reveal;
#[cfg(feature = "schema")]
pub mod schema;
pub mod search;
pub mod staff;
pub mod time;
pub mod visit;

pub use apply::{Applied, Outcome, apply};
pub use doc::{Body, Doc, DocRef, Kind, Scope};
pub use extra::Extra;
pub use ids::{
    CaseId, CategoryCode, DeviceId, Digest, DraftId, EntryId, FieldName, GridCode, ImportId, OpId,
    RecordId, RevealId, StaffId, VisitId,
};
pub use op::{Action, Op};
pub use photo::{PhotoError, PhotoKind, PhotoRef};
pub use place::{Place, PlaceSource, Position};
pub use staff::{Author, Permission, Role};
pub use time::Timestamp;
