//! What happens to households and those who belong to them, each an act of the trade: 迁出, 去世, 搬家,
//! 分户, 并户; and people who stand in the register twice.

use serde::{Deserialize, Serialize};

use crate::{
    EntryId, FieldName, OpId, Timestamp,
    register::{EntryKind, FieldValue},
};

/// 迁出, 去世: residents are here no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeaveHousehold {
    /// Who. They belong to one household.
    pub residents: Vec<EntryId>,
    /// How.
    pub how: Leaving,
    /// Since when, `YYYY-MM-DD`.
    pub on: String,
    /// Where to, or whatever else there is to say; may be empty.
    pub note: String,
    /// 注销: the household ends with them. Only when nobody is left in it.
    pub end_household: bool,
    /// Who is its head from now on, when the head leaves; `None`: not known yet.
    pub head: Option<EntryId>,
}

/// How somebody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// 迁出.
    Moved,
    /// 去世.
    Dead,
}

/// 搬到另一户: residents go on in a household that is there. What they were to their head goes, unless
/// they come with it and there is none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveResidents {
    /// Who. They belong to one household.
    pub residents: Vec<EntryId>,
    /// Where to.
    pub household: EntryId,
    /// Who is the head of those left from now on, when the head goes; `None`: not known yet.
    pub head_left: Option<EntryId>,
}

/// 整户搬: a household goes on behind another door, with everybody in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveHousehold {
    /// Which.
    pub household: EntryId,
    /// Where to.
    pub dwelling: EntryId,
}

/// 分户: some of a household become one of their own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SplitHousehold {
    /// Who. They belong to one household.
    pub residents: Vec<EntryId>,
    /// Behind which door; the same or another.
    pub dwelling: EntryId,
    /// Who of them is the head.
    pub head: EntryId,
    /// Who is the head of those left from now on, when the head goes; `None`: not known yet.
    pub head_left: Option<EntryId>,
}

/// 并户: everybody of a household goes on in another behind the same door, and it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JoinHouseholds {
    /// The one that ends.
    pub from: EntryId,
    /// The one that goes on.
    pub into: EntryId,
}

/// What an act wrote: enough to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arranged {
    /// What was written, in order.
    pub done: Vec<Deed>,
}

/// One operation of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// What it is about.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
    /// The operation.
    pub op: OpId,
}

/// 撤销: takes an act back. Of each field that still stands as the act left it, what stood before
/// stands again; a household that the act began ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoArranged {
    /// [`Arranged::done`].
    pub done: Vec<Deed>,
}

/// Asks for people who may stand in the register twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDuplicates {}

/// People who may stand in the register twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duplicates {
    /// How many pairs there are.
    pub total: u32,
    /// The first of them, the surest first.
    pub pairs: Vec<DuplicatePair>,
    /// This person may decide.
    pub may_merge: bool,
}

/// Two entries that may be one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicatePair {
    /// The two, who was entered first in front.
    pub two: [DuplicateSide; 2],
    /// Why.
    pub alike: Alike,
    /// Field by field, in the order of the schema: those in which anything stands.
    pub fields: Vec<FieldPair>,
}

/// Why two entries may be one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// The same number of the same kind of document.
    Number,
    /// The same name and day of birth behind the same door.
    NameBirthDoor,
}

/// One of two entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicateSide {
    /// Its id.
    pub id: EntryId,
    /// The name.
    pub name: String,
    /// Where they live, in words.
    pub place: String,
    /// The door to open.
    pub door: Option<EntryId>,
    /// Moved away, dead.
    pub gone: bool,
    /// When they were entered.
    pub entered_at: Timestamp,
    /// Who entered them.
    pub by: String,
    /// In English letters.
    pub by_en: String,
    /// What was filled in about them.
    pub records: u32,
}

/// A field of two entries, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldPair {
    /// Which. `household` is told as where they live.
    pub field: FieldName,
    /// What stands there; masked where it is shown masked.
    pub values: [Option<FieldValue>; 2],
    /// They are not the same, though they may look so when masked.
    pub differs: bool,
}

/// 是同一人: one entry ends and names whom it goes on as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergeResidents {
    /// The one that goes on.
    pub survivor: EntryId,
    /// The one that ends.
    pub ends: EntryId,
    /// Fields in which what stands in the one that ends is to stand.
    pub take: Vec<FieldName>,
}

/// 不是同一人: two entries are two people, and nobody is asked again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartResidents {
    /// The two.
    pub two: [EntryId; 2],
}

/// 撤销合并: an entry that ended stands for itself again. What the survivor took from it stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnmergeResident {
    /// The one that ended.
    pub resident: EntryId,
}

/// An entry that goes on as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedView {
    /// Its id.
    pub id: EntryId,
    /// The name it ended with.
    pub name: String,
    /// Whom it goes on as was said in several ways.
    pub disputed: bool,
}
