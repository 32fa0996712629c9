//! The scripted day of a kill sweep: what one person does, step by step. Every text in it is unique,
//! so that afterwards everything can be found and counted.

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
    /// Syncs until the hub has everything.
    Sync,
}

/// The day.
pub(super) const DAY: [Step; 28] = [
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
];

/// The words of a step.
pub(super) fn words(step: usize) -> String {
    format!("第{step}步的话")
}

/// Steps that are operations, by their words.
pub(super) fn operations() -> impl Iterator<Item = (usize, Step)> {
    DAY.into_iter()
        .enumerate()
        .filter(|(_, step)| !matches!(step, Step::Sync | Step::Draft))
}
