//! The register 一标三实: buildings, dwellings, households, residents and places, field by field, with
//! who gave and who confirmed each. All five are one shape, an [`Entry`]; which fields a kind has, and
//! which of them are sensitive, is data: [`schema`]. A campaign 专项 is of the same shape: what was
//! asked for merges field by field, too; so are the management tags 重点管理 of a resident, of which nobody
//! knows without the permission.

mod apply;
pub mod check;
mod citizen;
mod counts;
pub mod ladder;
pub mod lists;
mod mask;
mod order;
mod same;
pub mod schema;
mod stands;
mod value;
pub mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use apply::apply_to_entry;
pub use citizen::{Citizen, told_by_number};
pub use counts::Counts;
pub use mask::{is_masked_answer, mask, mask_numbers};
pub use order::order;
pub use same::survivor;
pub use schema::{Field, Type, fields};
pub use stands::{Disputed, Given, Stands};

use crate::{
    Extra, GridCode, ImportId, Kind, Op, OpId, Position, Role, Scope, case::Signed, ids::FieldName,
};

/// The most fields one operation may set.
pub const FIELDS_MAX: usize = 200;

/// What is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// 楼栋.
    Building,
    /// 房屋.
    Dwelling,
    /// 户.
    Household,
    /// 居民.
    Resident,
    /// 单位/场所.
    Place,
    /// 专项: a form that is to be filled in about those who are meant, in some days, in some grids.
    Campaign,
    /// 重点管理: the management tags of one resident. It stands in a feed of its own, and in no list.
    Management,
}

impl EntryKind {
    /// All of them, from what holds to what is held.
    pub const ALL: [Self; 7] = [
        Self::Building,
        Self::Dwelling,
        Self::Household,
        Self::Resident,
        Self::Place,
        Self::Campaign,
        Self::Management,
    ];

    /// Its name on the wire, which is the kind of its documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Dwelling => "dwelling",
            Self::Household => "household",
            Self::Resident => "resident",
            Self::Place => "place",
            Self::Campaign => "campaign",
            Self::Management => "management",
        }
    }

    /// Entries that only those with a permission of its own get, and that stand in no list, no search
    /// and no form, with whoever it is.
    pub const fn is_apart(self) -> bool {
        matches!(self, Self::Management)
    }

    /// The feed of a grid in which entries of this kind stand.
    pub fn scope(self, grid: &GridCode) -> Scope {
        if self.is_apart() {
            Scope::control(grid)
        } else {
            Scope::grid(grid)
        }
    }

    /// The kind of its documents.
    pub fn kind(self) -> Kind {
        Kind(self.as_str().to_owned())
    }

    /// Which kind of entry such documents are, if they are.
    pub fn of(kind: &Kind) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|it| it.as_str() == kind.as_str())
    }

    /// The field that names what it belongs to, and what that is.
    pub const fn belongs_to(self) -> Option<(&'static str, Self)> {
        match self {
            Self::Building | Self::Campaign => None,
            Self::Dwelling | Self::Place => Some(("building", Self::Building)),
            Self::Household => Some(("dwelling", Self::Dwelling)),
            Self::Resident => Some(("household", Self::Household)),
            Self::Management => Some(("resident", Self::Resident)),
        }
    }
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FieldValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Words, a code, a date as `YYYY-MM-DD`, or the id of another entry.
    Text(String),
    /// A point on earth.
    Point(Position),
    /// Something a newer version writes; kept and sent back.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other(Value),
}

impl FieldValue {
    /// Words, a code, a date, an id.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag(_) | Self::Number(_) | Self::Point(_) | Self::Other(_) => None,
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Values by field; `None` says that nothing stands there.
pub type Fields = BTreeMap<FieldName, Option<FieldValue>>;

/// 登记: something new in the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entering {
    /// What is known of it; `grid` says in whose feed it stands.
    pub set: Fields,
    /// Of which import it is part, if it was not typed but taken over from a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// 变更: fields are given other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changing {
    /// The changes the person knew of that nobody had followed up on, see
    /// [`crate::merge::Lineage::heads`]; the entry's own operation when there were none.
    pub knew: Vec<OpId>,
    /// What is to stand, field by field.
    pub set: Fields,
    /// As in [`Entering`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// 核实无变化: what stands was found to be so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirming {
    /// As in [`Changing`]: only what the person saw is confirmed.
    pub knew: Vec<OpId>,
    /// Which fields; empty: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldName>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The body of an entry's document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryDoc {
    /// It was entered.
    Known(Box<Entry>),
    /// Operations on an entry whose own has not arrived yet; they are applied when it does.
    Awaiting(Vec<Op>),
}

/// One thing of the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// Who entered it, and when.
    pub entered: Signed,
    /// What they knew of it.
    pub given: Fields,
    /// Of which import that was part, if of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// Everything that was changed since, by time. All of it: what stood once can be found again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Who found it to be so; of those who confirmed the same the last one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<Confirmation>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// Who and when.
    pub signed: Signed,
    /// What.
    #[serde(flatten)]
    pub changing: Changing,
}

/// One confirmation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Confirmation {
    /// Who and when.
    pub signed: Signed,
    /// What.
    #[serde(flatten)]
    pub confirming: Confirming,
}

/// Who may write into the register.
pub fn may_write(role: Role) -> bool {
    match role {
        Role::Worker | Role::Clerk | Role::Dispatcher => true,
        Role::Handler | Role::Leader | Role::Admin => false,
    }
}

/// Who may write entries of this kind: a campaign is launched by those who answer for its grids.
pub fn may_write_of(kind: Option<EntryKind>, role: Role) -> bool {
    match (kind, role) {
        (Some(EntryKind::Campaign), Role::Worker) => false,
        (_, role) => may_write(role),
    }
}

/// Who may say of two residents that they are one, or take it back: who answers for what the register
/// says as a whole.
pub const fn may_merge(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::Dispatcher)
}

/// Who may decide between several values of a field: who somebody is, and whether they are there, a clerk
/// decides; the rest whoever may write.
pub fn may_decide(kind: EntryKind, field: &str, role: Role) -> bool {
    let is_identity = kind == EntryKind::Resident && schema::IDENTITY.contains(&field);
    may_write_of(Some(kind), role) && (!is_identity || may_merge(role))
}

/// The grids that fields name: the one the entry is in, and those a campaign is meant for.
pub fn grids_named(set: &Fields) -> Vec<GridCode> {
    let named = set.iter().filter_map(|(name, value)| {
        let value = value.as_ref()?;
        if name.as_str() == schema::GRID {
            return Some(value.text()?.into());
        }
        let code = name.as_str().strip_prefix(schema::IN_GRID)?;
        (*value == FieldValue::Flag(true)).then(|| code.into())
    });
    named.collect()
}

impl EntryDoc {
    /// The feeds the document belongs to; see [`crate::case::CaseDoc::audience`].
    pub fn audience(&self, kind: EntryKind) -> std::collections::BTreeSet<Scope> {
        match self {
            Self::Known(entry) => entry.grids().iter().map(|it| kind.scope(it)).collect(),
            // Who did it might not be permitted any more, and nobody knows the grid yet.
            Self::Awaiting(_) if kind.is_apart() => std::collections::BTreeSet::new(),
            Self::Awaiting(ops) => ops
                .iter()
                .map(|op| Scope::staff(&op.author.staff))
                .collect(),
        }
    }

    /// Whether this operation is part of it. Of a confirmation that a later one of the same replaced,
    /// that is not told any more.
    pub fn knows(&self, op_id: OpId) -> bool {
        match self {
            Self::Known(entry) => entry.knows(op_id),
            Self::Awaiting(ops) => ops.iter().any(|op| op.op_id == op_id),
        }
    }
}

impl Entry {
    /// Every grid that stands: one, unless two people moved it without knowing of each other; of a
    /// campaign those it is meant for, and while somebody would take one away without the other's
    /// knowing, that one, too.
    pub fn grids(&self) -> Vec<GridCode> {
        let values = self.standing(schema::GRID).values.into_iter();
        let grids = values.filter_map(|it| {
            let value = it.value?;
            let code = value.text().filter(|code| !code.is_empty())?;
            Some(GridCode::from(code))
        });
        let flags = self.edits().flat_map(|(_, fields)| fields.keys());
        let flags: std::collections::BTreeSet<&str> = flags
            .map(FieldName::as_str)
            .filter(|name| name.starts_with(schema::IN_GRID))
            .collect();
        let meant = flags.into_iter().filter(|name| {
            let values = self.standing(name).values;
            let is_set = |value| value == Some(FieldValue::Flag(true));
            values.into_iter().any(|it| is_set(it.value))
        });
        let meant = meant.filter_map(|name| name.strip_prefix(schema::IN_GRID));
        grids.chain(meant.map(GridCode::from)).collect()
    }

    /// Of which import an operation of it was part, if of one.
    pub fn import_of(&self, op_id: OpId) -> Option<ImportId> {
        if self.entered.op_id == op_id {
            return self.import;
        }
        let change = self.changes.iter().find(|it| it.signed.op_id == op_id)?;
        change.changing.import
    }

    pub(crate) fn knows(&self, op_id: OpId) -> bool {
        self.entered.op_id == op_id
            || self.changes.iter().any(|it| it.signed.op_id == op_id)
            || self.confirmed.iter().any(|it| it.signed.op_id == op_id)
    }
}
