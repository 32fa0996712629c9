//! What a person can do, one file a verb. Each is one transaction: the operation, what it changes
//! on this device, and the draft it came from, or nothing of it.

pub(crate) mod acknowledge;
pub(crate) mod add_draft;
pub(crate) mod amend;
mod becoming;
pub(crate) mod change;
pub(crate) mod control;
pub(crate) mod decide;
pub(crate) mod delete;
pub(crate) mod drafts;
pub(crate) mod enter;
pub(crate) mod erase;
pub(crate) mod file_unchanged;
pub(crate) mod fill;
pub(crate) mod finish_form;
mod households;
pub(crate) mod join_households;
pub(crate) mod leave_household;
pub(crate) mod merge_residents;
pub(crate) mod move_household;
pub(crate) mod move_residents;
pub(crate) mod open_form;
pub(crate) mod part_residents;
pub(crate) mod put_photo;
mod queue;
pub(crate) use queue::{record as queue_record, report as queue_report};
pub(crate) mod report;
pub(crate) mod reveal;
pub(crate) mod self_handle;
pub(crate) mod settings;
pub(crate) mod split_household;
pub(crate) mod supplement;
pub(crate) mod undo_arranged;
pub(crate) mod visit;
pub(crate) mod withdraw;
