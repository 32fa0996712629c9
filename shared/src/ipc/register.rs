//! 居民: the register, door by door; who was there, and who gave what.

use serde::{Deserialize, Serialize};

use super::{Asked, CaseRow, DueReason, MergedView};
use crate::{
    EntryId, FieldName, GridCode, Timestamp, VisitId,
    register::{EntryKind, FieldValue, Fields},
    visit::Met,
};

/// So many buildings are given at once at most.
pub const BUILDINGS_MAX: u32 = 200;

/// Asks for a page of the buildings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListBuildings {
    /// How many to pass over.
    pub offset: u32,
    /// How many, at most [`BUILDINGS_MAX`].
    pub limit: u32,
}

impl Default for ListBuildings {
    /// The first page.
    fn default() -> Self {
        Self {
            offset: 0,
            limit: BUILDINGS_MAX,
        }
    }
}

/// The buildings of this person's grids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Buildings {
    /// By compound, then by number.
    pub buildings: Vec<BuildingRow>,
    /// How many there are on all pages.
    pub total: u32,
    /// Some doors are yet to be counted: what the rows say of the round may be more, or less.
    pub counting: bool,
    /// Households that are there.
    pub households: u32,
    /// Residents that are there.
    pub residents: u32,
    /// 单位/场所.
    pub places: u32,
    /// Fields that two people gave different values, and somebody must decide.
    pub conflicts: u32,
    /// Pairs of people who may be one; 0 for those who may not decide.
    pub duplicates: u32,
}

/// One building of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuildingRow {
    /// Which.
    pub id: EntryId,
    /// 小区.
    pub compound: String,
    /// 楼号.
    pub name: String,
    /// Of its grid.
    pub grid_name: String,
    /// In English.
    pub grid_name_en: String,
    /// Doors.
    pub doors: u32,
    /// Doors where somebody was met and nothing is due.
    pub done: u32,
    /// Doors where last nobody opened.
    pub not_home: u32,
}

/// Asks for one building.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetBuilding {
    /// Which.
    pub building: EntryId,
}

/// A building as a matrix: unit by unit, floor by floor from the top, door by door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuildingView {
    /// The building itself.
    pub entry: EntryView,
    /// Its standard address 标准地址, in one line.
    pub address: String,
    /// Units, in order.
    pub units: Vec<UnitView>,
    /// This person may write here.
    pub may_write: bool,
}

/// One unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitView {
    /// What it is called; may be empty.
    pub name: String,
    /// Floors, the highest first.
    pub floors: Vec<FloorView>,
}

/// One floor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FloorView {
    /// Its number, if known.
    pub number: Option<i64>,
    /// Its doors, in order.
    pub doors: Vec<DoorCell>,
}

/// One door of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoorCell {
    /// The dwelling.
    pub id: EntryId,
    /// 房号.
    pub room: String,
    /// What it asks for.
    pub state: DoorState,
    /// Who lives there.
    pub residents: u32,
    /// Somebody there has a care tag.
    pub care: bool,
}

/// What a door asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// A visit is due: by the time since the last, or because a campaign asks.
    Due,
    /// 未遇: somebody was there, and nobody opened.
    NotHome,
    /// Somebody was met, and nothing is due.
    Done,
    /// Refused, moved away, or several values stand: somebody must look.
    Attention,
    /// Nobody lives there.
    Vacant,
}

/// Asks for what is behind one door.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDoor {
    /// The dwelling.
    pub dwelling: EntryId,
}

/// What is behind one door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoorView {
    /// The dwelling.
    pub dwelling: EntryView,
    /// Its building.
    pub building: Option<BuildingName>,
    /// Its door as people say it, for example `3-2-501`.
    pub door: String,
    /// Its standard address 标准地址, in one line.
    pub address: String,
    /// What it asks for.
    pub state: DoorState,
    /// Why it is due.
    pub reasons: Vec<DueReason>,
    /// What campaigns still ask for, each once.
    pub asked: Vec<Asked>,
    /// Nobody knocks now: from when to when, in minutes since midnight.
    pub quiet: Option<[u16; 2]>,
    /// They asked to be called before somebody comes.
    pub call_first: bool,
    /// Households, those that are there first.
    pub households: Vec<HouseholdView>,
    /// The last visits, the last one first.
    pub visits: Vec<VisitView>,
    /// This person may write here.
    pub may_write: bool,
}

/// Where a door is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BuildingName {
    /// The building.
    pub id: EntryId,
    /// 小区.
    pub compound: String,
    /// 楼号.
    pub name: String,
}

/// A household with its members, the head first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HouseholdView {
    /// The household.
    pub entry: EntryView,
    /// Who belongs to it, those who are there first.
    pub members: Vec<EntryView>,
    /// Who of those who are there is its head; of several somebody must decide.
    pub heads: Vec<EntryId>,
}

/// An entry of the register, with who gave and who confirmed each field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// What it is called.
    pub title: String,
    /// Moved away, dead, ended.
    pub gone: bool,
    /// Care tags.
    pub care: Vec<String>,
    /// Fields in which something stands, in the order of the schema.
    pub fields: Vec<FieldView>,
    /// Fields in which several values stand.
    pub disputed: Vec<DisputedView>,
    /// When anybody last said of any field that it is so.
    pub confirmed_at: Timestamp,
    /// Operations the hub doesn't have.
    pub unsent: u32,
    /// Entries that go on as this one.
    pub merged: Vec<MergedView>,
    /// Of a resident: this person may ask for the management tags. Whether there are any it does not
    /// say.
    pub control: bool,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldView {
    /// Which.
    pub field: FieldName,
    /// What stands there; masked where it is shown masked.
    pub value: FieldValue,
    /// It is masked: what stands there is told for a reason.
    pub masked: bool,
    /// Who last said that it is so.
    pub by: String,
    /// In English letters.
    pub by_en: String,
    /// When.
    pub at: Timestamp,
    /// Whether that was a confirmation.
    pub confirmed: bool,
    /// Whether it was taken over from a table.
    pub imported: bool,
}

/// A field in which several values stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputedView {
    /// Which.
    pub field: FieldName,
    /// What stood there before; masked where it is shown masked. A link is told as what it leads to.
    pub base: Option<FieldValue>,
    /// What stands there, the one that is shown last.
    pub values: Vec<ClaimView>,
    /// This person may say which it is.
    pub may_decide: bool,
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimView {
    /// What; masked where it is shown masked, a link as what it leads to. `None`: nothing is to stand
    /// there.
    pub value: Option<FieldValue>,
    /// Who says so.
    pub by: String,
    /// In English letters.
    pub by_en: String,
    /// When.
    pub at: Timestamp,
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisitView {
    /// Its id.
    pub id: VisitId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// In English letters.
    pub by_en: String,
    /// What came of it.
    pub outcome: Met,
    /// Words.
    pub note: String,
    /// The hub doesn't have it.
    pub unsent: bool,
}

/// So many are found at once. Whoever looks for another types on.
pub const HITS_MAX: usize = 20;

/// So many cases are found at once: whoever types a number means one.
pub const CASE_HITS_MAX: usize = 5;

/// Looks for people, doors, buildings; and for a case by its number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchRegister {
    /// What was typed: a name, pinyin, initials, last four of a number, a door, a part of an address.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RegisterHits {
    /// Cases by their number, the last first.
    pub cases: Vec<CaseHit>,
    /// Of the register.
    pub entries: Vec<RegisterHit>,
}

/// A case that was found by its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseHit {
    /// The number it was found by: its own, or of a case that goes on as it.
    pub number: String,
    /// The case.
    pub case: CaseRow,
}

/// What was found of the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterHit {
    /// The entry.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// What it is called.
    pub title: String,
    /// Where it is, in words.
    pub place: String,
    /// The door to open; `None`: it has none.
    pub door: Option<EntryId>,
    /// The building to open.
    pub building: Option<EntryId>,
    /// Moved away, dead, ended.
    pub gone: bool,
}

/// 登记.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnterEntry {
    /// What.
    pub kind: EntryKind,
    /// What is known of it. Without a grid it stands in the grid of what it belongs to.
    pub set: Fields,
}

/// What was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Its id.
    pub id: EntryId,
}

/// 变更; also decides between several values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeEntry {
    /// What.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
    /// What is to stand, field by field.
    pub set: Fields,
}

/// Keeps one of several values of a field as it is, without its having been shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecideField {
    /// What.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
    /// The field.
    pub field: FieldName,
    /// The place of the value in [`DisputedView::values`].
    pub keep: usize,
}

/// 无变化: somebody was met, and everything behind the door was found to be as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmDoor {
    /// The dwelling.
    pub dwelling: EntryId,
}

/// 无变化 of one entry: all of it was found to be as it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmEntry {
    /// What.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
}

/// 走访 with any other outcome.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VisitDoor {
    /// The dwelling.
    pub dwelling: EntryId,
    /// What came of it.
    pub outcome: Met,
    /// Words; may be empty.
    pub note: String,
}

/// Asks for what stands in a masked field, with a reason, which is kept and sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevealField {
    /// What.
    pub kind: EntryKind,
    /// Which.
    pub entry: EntryId,
    /// The field.
    pub field: FieldName,
    /// Why.
    pub reason: String,
}

/// What stands in a masked field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revealed {
    /// What.
    pub value: FieldValue,
}

/// Asks which grids this person may enter things in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetOwnGrids {}

/// One of this person's own grids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnGrid {
    /// Its code.
    pub code: GridCode,
    /// Its name.
    pub name: String,
    /// In English.
    pub name_en: String,
}
