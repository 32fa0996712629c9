//! The scripted day of a kill sweep: what one person does, step by step. Every text in it is unique,
//! so that afterwards everything can be found and counted.

use shared::register::EntryKind;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Reports a case; with so many photos.
    Report {
        /// Its number among the cases of the day, from 0.
        case: usize,
        /// Photos in it.
        photos: u32,
    },
    /// Saves a draft that is never sent.
    Draft,
    /// Adds words to a case.
    Supplement {
        /// Which case.
        case: usize,
    },
    /// Handles a case on the spot.
    Handle {
        /// Which case.
        case: usize,
    },
    /// Takes a case back.
    Withdraw {
        /// Which case.
        case: usize,
    },
    /// Enters something in the register.
    Enter {
        /// Its number among the entries of the day, from 0.
        entry: usize,
        /// What it is.
        kind: EntryKind,
        /// The entry it belongs to, if to one.
        of: Option<usize>,
    },
    /// Changes words of an entry.
    Change {
        /// Which entry.
        entry: usize,
    },
    /// Is at a door.
    Visit {
        /// Which entry that is.
        door: usize,
    },
    /// Finds everything behind a door as it stands.
    Confirm {
        /// Which entry that is.
        door: usize,
        /// How many entries are behind it.
        behind: usize,
    },
    /// Looks at a masked number.
    Reveal {
        /// Whose.
        entry: usize,
    },
    /// Fills in a form about somebody, which says something of them in the register, too.
    Fill {
        /// About whom.
        entry: usize,
        /// With a photo.
        photo: bool,
    },
    /// Syncs until the hub has everything.
    Sync,
}

impl Step {
    /// How many operations it is.
    pub(super) fn operations(self) -> usize {
        match self {
            Self::Sync | Self::Draft => 0,
            Self::Report { .. }
            | Self::Supplement { .. }
            | Self::Handle { .. }
            | Self::Withdraw { .. }
            | Self::Enter { .. }
            | Self::Change { .. }
            | Self::Visit { .. }
            | Self::Reveal { .. } => 1,
            Self::Fill { .. } => 2,
            Self::Confirm { behind, .. } => 2 + behind,
        }
    }

    /// Whether its words stand in one of them.
    pub(super) fn has_words(self) -> bool {
        self.operations() > 0 && !matches!(self, Self::Confirm { .. })
    }
}

/// The day.
pub(super) const DAY: [Step; 43] = [
    Step::Report { case: 0, photos: 0 },
    Step::Report { case: 1, photos: 1 },
    Step::Sync,
    Step::Draft,
    Step::Supplement { case: 0 },
    Step::Supplement { case: 1 },
    Step::Sync,
    Step::Report { case: 2, photos: 2 },
    Step::Withdraw { case: 0 },
    Step::Supplement { case: 2 },
    Step::Sync,
    Step::Report { case: 3, photos: 0 },
    Step::Handle { case: 3 },
    Step::Sync,
    Step::Report { case: 4, photos: 1 },
    Step::Report { case: 5, photos: 0 },
    Step::Draft,
    Step::Supplement { case: 4 },
    Step::Sync,
    Step::Withdraw { case: 5 },
    Step::Supplement { case: 4 },
    Step::Sync,
    Step::Report { case: 6, photos: 2 },
    Step::Supplement { case: 6 },
    Step::Sync,
    Step::Report { case: 7, photos: 1 },
    Step::Handle { case: 7 },
    Step::Sync,
    enter(0, EntryKind::Building, None),
    enter(1, EntryKind::Dwelling, Some(0)),
    enter(2, EntryKind::Household, Some(1)),
    enter(3, EntryKind::Resident, Some(2)),
    Step::Visit { door: 1 },
    Step::Sync,
    Step::Change { entry: 3 },
    Step::Confirm { door: 1, behind: 2 },
    Step::Sync,
    Step::Fill {
        entry: 3,
        photo: true,
    },
    Step::Reveal { entry: 3 },
    Step::Sync,
    Step::Fill {
        entry: 3,
        photo: false,
    },
    Step::Change { entry: 1 },
    Step::Sync,
];

const fn enter(entry: usize, kind: EntryKind, of: Option<usize>) -> Step {
    Step::Enter { entry, kind, of }
}

/// The words of a step.
pub(super) fn words(step: usize) -> String {
    format!("第{step}步的话")
}
