//! The bugs that can be planted, to see that they are caught. Each is one that sync code really
//! had somewhere; docs/testing.md says what catches it.

/// A bug to plant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// The device moves a feed's cursor in a transaction of its own, before the page is stored.
    CursorBeforePage,
    /// The hub lets the cursor of a page that was cut short stand at the end of the feed.
    CursorAtHead,
    /// The hub answers a push before the transaction is committed.
    AnswerBeforeCommit,
    /// The hub commits what an operation does before its row in the log.
    LogOutsideTransaction,
    /// The hub lets the later writer win: an operation on an older revision replaces what the
    /// author had not seen.
    LastWriterWins,
    /// The device takes its sequence numbers with holes.
    HoleInSequence,
    /// The device takes any answer of a hub for a confirmation.
    AnyAnswerConfirms,
    /// The hub calls a photo complete by its length alone.
    CompleteByLength,
    /// The device sends nothing again to a hub that lost what it had confirmed.
    NothingSentAgain,
    /// The hub knows duplicates by what they say, not by their ids.
    SameWordsSameOp,
    /// The hub sends a document with the result of an operation, whoever may see it.
    ScopeLeak,
    /// The device keeps the documents of a grid its person no longer walks.
    NothingPurged,
    /// The device keeps a photo's row before the photo's file is there.
    RowBeforeFile,
    /// The device doesn't say which corrections its person knew of.
    KnewOfNothing,
    /// A device goes to the end of a feed that its push moved, whatever else moved it.
    MovesBlindly,
    /// The hub forgets what left and what was deleted without saying how far.
    PruneWithoutHorizon,
    /// The hub carries a merged case as it was when it was merged.
    CarriesOnce,
    /// The hub takes another operation under a used sequence number for a replay of the one there.
    AnotherForReplay,
    /// A change of the register doesn't say which changes its author knew of.
    ChangeKnewOfNothing,
    /// The device notes a visit and what was found to be so each by itself.
    DoorInPieces,
    /// The device keeps a record before, and not with, what it says of the register.
    RecordAlone,
    /// The device leaves the doors of a building as they were called when it gets another number.
    StaleDoors,
    /// The hub asks only what its author may do today, not what they might when they did it.
    JudgedByToday,
    /// The device doesn't count anew what a door asks for after a visit there.
    CountedBeforeTheVisit,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::CursorBeforePage,
        Self::CursorAtHead,
        Self::AnswerBeforeCommit,
        Self::LogOutsideTransaction,
        Self::LastWriterWins,
        Self::HoleInSequence,
        Self::AnyAnswerConfirms,
        Self::CompleteByLength,
        Self::NothingSentAgain,
        Self::SameWordsSameOp,
        Self::ScopeLeak,
        Self::NothingPurged,
        Self::RowBeforeFile,
        Self::KnewOfNothing,
        Self::MovesBlindly,
        Self::PruneWithoutHorizon,
        Self::CarriesOnce,
        Self::AnotherForReplay,
        Self::ChangeKnewOfNothing,
        Self::DoorInPieces,
        Self::RecordAlone,
        Self::StaleDoors,
        Self::JudgedByToday,
        Self::CountedBeforeTheVisit,
    ];
}
