//! What a person can do, one file a verb. Each is one transaction: the operation, what it changes
//! on this device, and the draft it came from, or nothing of it.

pub(crate) mod acknowledge;
pub(crate) mod add_draft;
pub(crate) mod amend;
pub(crate) mod change;
pub(crate) mod decide;
pub(crate) mod delete;
pub(crate) mod drafts;
pub(crate) mod enter;
pub(crate) mod fill;
pub(crate) mod finish_form;
pub(crate) mod open_form;
pub(crate) mod put_photo;
mod queue;
pub(crate) use queue::report as queue_report;
pub(crate) mod report;
pub(crate) mod reveal;
pub(crate) mod self_handle;
pub(crate) mod settings;
pub(crate) mod supplement;
pub(crate) mod visit;
pub(crate) mod withdraw;
