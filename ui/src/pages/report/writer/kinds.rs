//! What a writer tells the page.

use shared::{
    CaseId, DraftId, PhotoKind,
    ipc::{AddressHit, Code, GridName, IpcError, Reported},
};

/// A photo that is not in the report yet.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::report) struct Coming {
    /// Tells it from the others.
    pub(in crate::pages::report) number: u32,
    /// What it shall be said to show.
    pub(in crate::pages::report) kind: PhotoKind,
    /// How much the core has, in hundredths.
    pub(in crate::pages::report) percent: u64,
    /// Why it could not be taken.
    pub(in crate::pages::report) failed: Option<Code>,
}

/// How the search for the place stands.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::report) enum Finding {
    /// Nobody searches.
    Rest,
    /// The device or the core is searching.
    Searching,
    /// The device does not know where it is.
    NoFix,
    /// The core failed.
    Failed(IpcError),
}

/// What the core said about a place.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::report) struct Near {
    /// The grid.
    pub(in crate::pages::report) grid: Option<GridName>,
    /// The nearest address.
    pub(in crate::pages::report) address: Option<AddressHit>,
}

/// What shall happen once everything is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages::report) enum Wish {
    /// 发送.
    Report,
    /// +1 to a case that is there already.
    AddTo(CaseId),
    /// Into the bin.
    Discard,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::report) enum Ended {
    /// A case of its own.
    Reported(Reported),
    /// Added to a case.
    Added(Reported),
    /// In the bin; `None` when there was nothing on disk.
    Discarded(Option<DraftId>),
}

/// Whether a place was chosen by the person, or is only likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages::report) enum Word {
    Chosen,
    Guessed,
}

impl Coming {
    pub(super) const fn new(number: u32, kind: PhotoKind, failed: Option<Code>) -> Self {
        Self {
            number,
            kind,
            percent: 0,
            failed,
        }
    }
}
