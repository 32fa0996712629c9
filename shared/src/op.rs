//! Operations: everything a person does becomes one, is kept for ever, and is what travels up.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Author, CaseId, CategoryCode, DocRef, Extra, OpId, Permission, PhotoRef, Place, Scope,
    Timestamp,
    case::Urgency,
    erase::Erasing,
    pack::Limit,
    record::Filled,
    register::{Changing, Confirming, Entering, EntryKind},
    reveal::Revealing,
    time::Observed,
    visit::Visiting,
};

/// The version of the operation format this code writes.
pub const SCHEMA: u16 = 1;

/// The longest text a person may enter in one field, in characters.
pub const TEXT_MAX: usize = 5_000;

/// One thing a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Op {
    /// Its identity; a replay has the same.
    pub op_id: OpId,
    /// Position in the device's own dense sequence, from 1.
    pub dev_seq: u64,
    /// What it is about.
    pub target: DocRef,
    /// The revision the person saw; 0 when there was none.
    pub base_rev: u64,
    /// What was done.
    pub action: Action,
    /// When, by the device's clocks.
    pub observed_at: Observed,
    /// Who did it.
    pub author: Author,
    /// The feed the device expects it in; the hub decides.
    pub scope: Scope,
    /// Version of the operation format, see [`SCHEMA`].
    pub schema: u16,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Op {
    /// What its author must be permitted beside their role, if anything.
    pub fn needs(&self) -> Option<Permission> {
        let is_apart = EntryKind::of(&self.target.kind).is_some_and(EntryKind::is_apart);
        let looks = matches!(&self.action, Action::Reveal(it) if it.is_of_control());
        (is_apart || looks).then_some(Permission::Control)
    }
}

/// What was done. The names on the wire are the verbs of the trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// 上报: a new case.
    Report(Box<Report>),
    /// 补充: words or photos added to a case.
    Supplement(Addition),
    /// +1: another person saw the same thing.
    PlusOne(Addition),
    /// 自行处置: handled on the spot by the reporter, with an after photo or a note.
    SelfHandle(Addition),
    /// 撤回: taken back by the reporter, with a reason.
    Withdraw(Because),
    /// 立案: accepted by a clerk under a condition that sets the limit.
    Register(Registering),
    /// 不予立案: refused by a clerk, with a reason the reporter will read.
    Reject(Because),
    /// 更正: what was reported is corrected, field by field.
    Amend(Amendment),
    /// 并案: the same thing was reported twice, and is handled as the other case.
    Merge(Merging),
    /// 撤销并案: it was another thing after all, with a reason.
    Split(Because),
    /// 删除: something that must not stay, with a reason.
    Delete(Deleting),
    /// 恢复: what was deleted is brought back as it was, or kept.
    Restore(Restoring),
    /// 登记: something new in the register.
    Enter(Entering),
    /// 变更: fields of an entry of the register.
    Change(Changing),
    /// 核实无变化: an entry was found to be as it stands.
    Confirm(Confirming),
    /// 采集: a form was filled in.
    Record(Box<Filled>),
    /// 走访: somebody was at a door.
    Visit(Box<Visiting>),
    /// 查看: somebody looked at a masked value, and said why.
    Reveal(Box<Revealing>),
    /// 清除: what was kept about a person goes for good.
    Erase(Box<Erasing>),
    /// What stood here was erased. Only its place in the sequence is left, for a hub that lost its own.
    Erased,
    /// Something a newer version can do; kept whole.
    #[serde(untagged)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(Value),
}

/// What a person reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// What it is; `None` is 不确定, the clerk will choose.
    pub category: Option<CategoryCode>,
    /// Words; may be empty when there are photos.
    pub description: String,
    /// When it was seen.
    pub occurred_at: Timestamp,
    /// Where.
    pub place: Place,
    /// How urgent.
    pub urgency: Urgency,
    /// Photos in the person's order.
    pub photos: Vec<PhotoRef>,
    /// 自行处置 at once: the note, when the reporter has already handled it. An after photo may
    /// stand instead of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<String>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Why something is done, where a reason is all that is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Because {
    /// Why.
    pub reason: String,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl<T: Into<String>> From<T> for Because {
    fn from(reason: T) -> Self {
        Self {
            reason: reason.into(),
            extra: Extra::default(),
        }
    }
}

/// As which other case a case goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Merging {
    /// The case it goes on as.
    pub into: CaseId,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl From<CaseId> for Merging {
    fn from(into: CaseId) -> Self {
        Self {
            into,
            extra: Extra::default(),
        }
    }
}

/// Words and photos that add to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Addition {
    /// Words; may be empty when there are photos.
    #[serde(default)]
    pub note: String,
    /// Photos in the person's order.
    #[serde(default)]
    pub photos: Vec<PhotoRef>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a clerk decides when registering 立案.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registering {
    /// The category, as reported or corrected.
    pub category: CategoryCode,
    /// The code of the 立案条件 within the category.
    pub condition: String,
    /// The limit that hangs on the condition, copied so that a later catalogue can't change it.
    pub limit: Limit,
    /// Words for the next in line; may be empty.
    #[serde(default)]
    pub opinion: String,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A deletion, and what its author knew: it takes effect as long as the history has nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deleting {
    /// Why; everybody who had it reads this.
    pub reason: String,
    /// All operations in the history as its author saw it, the report among them.
    pub knew: Vec<OpId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Brings back what was deleted, or keeps what somebody would delete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Restoring {
    /// The deletions this answers; others have effect all the same.
    pub knew: Vec<OpId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Corrections of what was reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Amendment {
    /// The amendments the person knew of that nobody had followed up on, see
    /// [`crate::merge::Lineage::heads`]; the report itself when there were none.
    pub knew: Vec<OpId>,
    /// What is to stand, field by field.
    pub to: Vec<Corrected>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One correction of an [`Amendment`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Corrected {
    /// Which field, and what is to stand there.
    #[serde(flatten)]
    pub correction: Correction,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl From<Correction> for Corrected {
    fn from(correction: Correction) -> Self {
        Self {
            correction,
            extra: Extra::default(),
        }
    }
}

/// One field of a case, and what is to stand there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum Correction {
    /// 类别; `None` is 不确定. Until the case is registered.
    Category(Option<CategoryCode>),
    /// 问题描述.
    Description(String),
    /// 位置.
    Place(Box<Place>),
    /// 紧急程度.
    Urgency(Urgency),
}

/// A field of a case that can be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 类别.
    Category,
    /// 问题描述.
    Description,
    /// 位置.
    Place,
    /// 紧急程度.
    Urgency,
}

impl Field {
    /// All of them, in the order people see.
    pub const ALL: [Self; 4] = [
        Self::Category,
        Self::Description,
        Self::Place,
        Self::Urgency,
    ];
}

impl Correction {
    /// Which field.
    pub const fn field(&self) -> Field {
        match self {
            Self::Category(_) => Field::Category,
            Self::Description(_) => Field::Description,
            Self::Place(_) => Field::Place,
            Self::Urgency(_) => Field::Urgency,
        }
    }
}

impl Amendment {
    /// What is to stand in a field; named twice, the last one counts.
    pub fn of(&self, field: Field) -> Option<&Correction> {
        let mut corrections = self.to.iter().rev().map(|it| &it.correction);
        corrections.find(|it| it.field() == field)
    }

    /// The grid a corrected place stands in.
    pub fn grid(&self) -> Option<&crate::GridCode> {
        match self.of(Field::Place)? {
            Correction::Place(place) => Some(&place.grid),
            Correction::Category(_) | Correction::Description(_) | Correction::Urgency(_) => None,
        }
    }
}

impl Action {
    /// Whether it is nothing that is done with a case.
    pub const fn is_of_another_kind(&self) -> bool {
        matches!(
            self,
            Self::Enter(_)
                | Self::Change(_)
                | Self::Confirm(_)
                | Self::Record(_)
                | Self::Visit(_)
                | Self::Reveal(_)
                | Self::Erase(_)
                | Self::Erased
        )
    }

    /// Photos this operation brings along.
    pub fn photos(&self) -> &[PhotoRef] {
        match self {
            Self::Report(report) => &report.photos,
            Self::Supplement(addition) | Self::PlusOne(addition) | Self::SelfHandle(addition) => {
                &addition.photos
            }
            Self::Withdraw { .. }
            | Self::Register(_)
            | Self::Reject { .. }
            | Self::Amend(_)
            | Self::Merge { .. }
            | Self::Split { .. }
            | Self::Delete(_)
            | Self::Restore(_)
            | Self::Enter(_)
            | Self::Change(_)
            | Self::Confirm(_)
            | Self::Visit(_)
            | Self::Reveal(_)
            | Self::Erase(_)
            | Self::Erased
            | Self::Unknown(_) => &[],
            Self::Record(filled) => &filled.photos,
        }
    }

    /// Every text a person entered in this operation.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Report(report) => {
                let mut texts = vec![report.description.as_str(), report.place.address.as_str()];
                texts.extend(report.handled.as_deref());
                texts
            }
            Self::Supplement(addition) | Self::PlusOne(addition) | Self::SelfHandle(addition) => {
                vec![&addition.note]
            }
            Self::Withdraw(because) | Self::Reject(because) | Self::Split(because) => {
                vec![&because.reason]
            }
            Self::Delete(deleting) => vec![&deleting.reason],
            Self::Register(registering) => vec![&registering.opinion],
            Self::Amend(amendment) => {
                let texts = amendment.to.iter().filter_map(|it| match &it.correction {
                    Correction::Description(text) => Some(text.as_str()),
                    Correction::Place(place) => Some(place.address.as_str()),
                    Correction::Category(_) | Correction::Urgency(_) => None,
                });
                texts.collect()
            }
            Self::Enter(Entering { set, .. }) | Self::Change(Changing { set, .. }) => set
                .values()
                .filter_map(|value| value.as_ref()?.text())
                .collect(),
            Self::Record(filled) => filled.texts(),
            Self::Visit(visiting) => vec![&visiting.note],
            Self::Reveal(revealing) => vec![&revealing.reason],
            Self::Erase(erasing) => vec![&erasing.reason],
            Self::Merge { .. }
            | Self::Restore(_)
            | Self::Confirm(_)
            | Self::Erased
            | Self::Unknown(_) => Vec::new(),
        }
    }
}
