//! Cases: lists, one case whole, and what can be done with it.

use serde::{Deserialize, Serialize};

use super::{JoinedCase, Survivor};
use crate::{
    CaseId, CategoryCode, PhotoRef, Place, StaffId, Timestamp,
    case::{State, Step, Urgency, Void},
    op::{Correction, Field},
    pack::Limit,
};

/// Asks for a window of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListCases {
    /// Which cases.
    pub filter: CaseFilter,
    /// Words, pinyin, initials, case number or receipt code; empty for all.
    pub query: String,
    /// In which order.
    pub sort: CaseSort,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to give, at most 200.
    pub limit: u32,
}

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct CaseFilter {
    /// Whose.
    pub whose: Whose,
    /// Which states.
    pub states: StateFilter,
}

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those the person reported or confirmed.
    #[default]
    Mine,
    /// All that are on this device.
    All,
}

/// Which states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum StateFilter {
    /// Any.
    #[default]
    Any,
    /// Those in which somebody still has to do something.
    Open,
    /// 已上报: waiting for a clerk.
    Waiting,
    /// 已立案 and after, still open.
    Running,
    /// 结案, 不予立案, 撤回, 并案, 已删除.
    Done,
    /// Those the hub doesn't have yet.
    Unsent,
    /// Those in which something this person did had no effect 未生效, not acknowledged yet.
    Attention,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct CaseSort {
    /// By which column.
    pub by: CaseColumn,
    /// Ascending instead of descending.
    pub ascending: bool,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CaseColumn {
    /// When it was reported.
    #[default]
    Reported,
    /// When anything last happened.
    Updated,
    /// When handling must be done.
    Deadline,
    /// How urgent.
    Urgency,
    /// Where it stands.
    State,
    /// What it is.
    Category,
    /// Where it is.
    Address,
}

/// A window of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CasePage {
    /// Rows that fit filter and query.
    pub total: u32,
    /// The rows of the window.
    pub rows: Vec<CaseRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// 案件编号, once the hub gave one.
    pub case_no: Option<String>,
    /// What it is; `None` is 不确定.
    pub category: Option<CategoryCode>,
    /// The first words.
    pub summary: String,
    /// The address in words.
    pub address: String,
    /// The address in English, where it is one of the city's; else empty. Looked up, never stored.
    #[serde(default)]
    pub address_en: String,
    /// The grid's name.
    pub grid_name: String,
    /// The grid's name in English.
    pub grid_name_en: String,
    /// How urgent.
    pub urgency: Urgency,
    /// Where it stands.
    pub state: State,
    /// The step people see.
    pub step: Step,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When anything last happened.
    pub updated_at: Timestamp,
    /// When handling must be done.
    pub deadline: Option<Timestamp>,
    /// Who reported it: the name.
    pub reporter: String,
    /// Who reported it: the name in English letters.
    pub reporter_en: String,
    /// How many photos it has.
    pub photos: u32,
    /// Its first photo.
    pub photo: Option<PhotoRef>,
    /// How many others confirmed it.
    pub plus_ones: u32,
    /// How far it has travelled, when it is this device's own.
    pub marks: Option<Marks>,
    /// Something this person did with it had no effect 未生效, and they should look.
    pub attention: bool,
}

/// The three marks: 在本机 · 已到达 · 照片齐.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The hub has every operation of this device on it.
    pub at_hub: bool,
    /// Photos of this device the hub has whole.
    pub photos_at_hub: u32,
    /// Photos of this device on it.
    pub photos: u32,
}

impl Marks {
    /// Whether nothing is left to deliver.
    pub const fn complete(self) -> bool {
        self.at_hub && self.photos_at_hub == self.photos
    }
}

/// Asks for one case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCase {
    /// Which.
    pub case: CaseId,
}

/// One case whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    /// What the list shows of it.
    pub row: CaseRow,
    /// 回执码.
    pub receipt_code: String,
    /// All words.
    pub description: String,
    /// When it was seen.
    pub occurred_at: Timestamp,
    /// Where.
    pub place: Place,
    /// All photos.
    pub photos: Vec<PhotoView>,
    /// What happened, oldest first; the report itself stands first.
    pub timeline: Vec<TimelineEntry>,
    /// The limit for handling, once registered.
    pub limit: Option<Limit>,
    /// Working time left until the deadline in milliseconds, by the city's calendar; negative
    /// when overdue.
    pub working_ms_left: Option<i64>,
    /// What this person may do with it now.
    pub actions: Vec<CaseAction>,
    /// 自行处置: what was done.
    pub handled: Option<String>,
    /// Fields two people corrected without knowing of each other; somebody must decide.
    #[serde(default)]
    pub conflicts: Vec<FieldConflict>,
    /// Who deleted it, if somebody did.
    #[serde(default)]
    pub deletion: Option<DeletionView>,
    /// Deletions that met what their author had not seen; somebody must decide.
    #[serde(default)]
    pub disputed: Vec<DisputedDeletion>,
    /// 并案: the case it goes on as.
    #[serde(default)]
    pub survivor: Option<Survivor>,
    /// Cases that go on as this one.
    #[serde(default)]
    pub joined: Vec<JoinedCase>,
}

/// Who deleted a case, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionView {
    /// Who: name.
    pub by_name: String,
    /// Who: name in English letters.
    pub by_name_en: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Only on this device so far.
    pub pending: bool,
    /// This device asked for it to be brought back, and the hub has not answered yet.
    pub restoring: bool,
}

/// A deletion without effect so far, and what its author had not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisputedDeletion {
    /// Who would delete it, and why.
    pub deletion: DeletionView,
    /// What they had not seen, by time.
    pub unseen: Vec<TimelineEntry>,
}

/// A field in which several values stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// Which.
    pub field: Field,
    /// What stood there before the two parted.
    pub base: Option<FieldVersion>,
    /// What stands there; the last one is shown meanwhile.
    pub versions: Vec<FieldVersion>,
}

/// A value of a field, and who gave it when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldVersion {
    /// The value.
    pub value: Correction,
    /// The address in English, where the value is one of the city's places; else empty.
    #[serde(default)]
    pub address_en: String,
    /// Who: name.
    pub by_name: String,
    /// Who: name in English letters.
    pub by_name_en: String,
    /// When.
    pub at: Timestamp,
    /// This person gave it.
    pub mine: bool,
    /// Only on this device so far.
    pub pending: bool,
}

/// Asks for what two people corrected differently, and this person may decide.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListConflicts {}

/// A case with something to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseConflicts {
    /// The case.
    pub row: CaseRow,
    /// The fields.
    pub fields: Vec<FieldConflict>,
    /// Deletions.
    #[serde(default)]
    pub disputed: Vec<DisputedDeletion>,
}

/// A photo of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoView {
    /// The photo.
    pub photo: PhotoRef,
    /// Where its bytes are.
    pub presence: Presence,
}

/// Where a photo's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The whole photo is on this device.
    Here,
    /// Only the thumbnail is; the photo comes when it is opened while connected.
    ThumbOnly,
    /// Neither has arrived yet.
    NotYet,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What.
    pub what: Happening,
    /// Who: id.
    pub by: StaffId,
    /// Who: name.
    pub by_name: String,
    /// Who: name in English letters.
    pub by_name_en: String,
    /// When.
    pub at: Timestamp,
    /// Words that go with it.
    pub text: String,
    /// Photos that go with it.
    pub photos: Vec<PhotoRef>,
    /// 未生效, and why.
    pub void: Option<Void>,
    /// Only on this device so far.
    pub pending: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// 上报.
    Reported,
    /// 自行处置 at once.
    ReportedHandled,
    /// 补充.
    Supplemented,
    /// +1.
    PlusOne,
    /// 自行处置.
    SelfHandled,
    /// 撤回.
    Withdrawn,
    /// 立案.
    Registered {
        /// As what.
        category: CategoryCode,
        /// Under which condition.
        condition: String,
        /// With which limit.
        limit: Limit,
    },
    /// 不予立案.
    Rejected,
    /// 更正.
    Amended {
        /// What stood there, and what was to stand, field by field.
        changes: Vec<FieldChange>,
        /// Somebody else corrected something at the same time, and neither knew of it.
        parallel: bool,
    },
    /// 并案.
    Merged,
    /// 撤销并案.
    Split,
    /// Another case goes on as this one.
    Joined {
        /// Its number; before it has one its 回执码.
        number: String,
    },
    /// 删除.
    Deleted {
        /// It met something its author had not seen, so the case stayed.
        disputed: bool,
    },
    /// 恢复.
    Restored,
    /// Something a newer version can do.
    Unknown,
}

/// What a correction changed in one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// What stood there, as far as its maker knew.
    pub before: Option<Correction>,
    /// What was to stand.
    pub after: Correction,
}

/// What a person may do with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseAction {
    /// 补充.
    Supplement,
    /// +1.
    PlusOne,
    /// 自行处置.
    SelfHandle,
    /// 撤回.
    Withdraw,
    /// 立案.
    Register,
    /// 不予立案.
    Reject,
    /// 更正.
    Amend,
    /// 并案.
    Merge,
    /// 撤销并案.
    Split,
    /// 删除.
    Delete,
    /// 恢复.
    Restore,
}

/// 补充 (or +1, when the person does not take part yet): words and photos.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SupplementCase {
    /// Which case.
    pub case: CaseId,
    /// Words.
    pub note: String,
    /// Photos stored with [`super::PutPhotoChunk`].
    pub photos: Vec<PhotoRef>,
    /// Count this person in as a +1.
    pub plus_one: bool,
}

/// 撤回.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawCase {
    /// Which case.
    pub case: CaseId,
    /// Why.
    pub reason: String,
}

/// 自行处置 after the report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SelfHandleCase {
    /// Which case.
    pub case: CaseId,
    /// What was done.
    pub note: String,
    /// After photos.
    pub photos: Vec<PhotoRef>,
}

/// 立案.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RegisterCase {
    /// Which case.
    pub case: CaseId,
    /// The category, as reported or corrected.
    pub category: CategoryCode,
    /// The 立案条件 within it.
    pub condition: String,
    /// Words for the next in line; may be empty.
    pub opinion: String,
}

/// 不予立案.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RejectCase {
    /// Which case.
    pub case: CaseId,
    /// Why; the reporter reads it.
    pub reason: String,
}

/// 删除, online or offline.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteCase {
    /// Which case.
    pub case: CaseId,
    /// Why; everybody who had it reads this.
    pub reason: String,
}

/// 恢复: brings a deleted case back as it was; also decides that one stays which somebody would delete.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreCase {
    /// Which case.
    pub case: CaseId,
}

/// 更正: sets fields of a case, knowing all that this device knows; so it also decides what two
/// others corrected differently. Fields that already stand so are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AmendCase {
    /// Which case.
    pub case: CaseId,
    /// What is to stand.
    pub to: Vec<Correction>,
}

/// 知道了: the person has seen what of theirs had no effect in a case. It stays in the timeline and no
/// longer asks for attention; something new that has no effect asks again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcknowledgeCase {
    /// Which.
    pub case: CaseId,
}
