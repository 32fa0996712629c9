//! A case 案件: what was reported, what state it is in, and everything that happened to it.

mod amended;
mod apply;
mod chronicle;
mod deleted;
mod joined;
mod similar;
mod state;
mod transitions;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use amended::{Amended, Conflict, Revised};
pub(crate) use apply::apply_to_case;
pub use chronicle::{Aspect, Change, Deed, Dispute, Fate, Verdict};
pub use deleted::{Deletion, Disputed};
pub use joined::JOINED_MAX;
pub use similar::{SIMILAR_RADIUS_M, SIMILAR_WINDOW_MS, is_similar};
pub use state::{State, Step, Urgency};
pub use transitions::{Rule, Stage, Void, Whose, allowed, may_amend, may_delete, offered, rule};

use crate::{
    Action, Author, CaseId, Extra, Op, OpId, PhotoRef, Scope, StaffId, Timestamp,
    op::{Registering, Report},
};

/// The body of a case document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaseDoc {
    /// The report is there.
    Known(Box<Case>),
    /// Operations on a case whose report has not arrived yet; they are applied when it does.
    Awaiting(Vec<Op>),
}

impl CaseDoc {
    /// The feeds the document belongs to. While the report is missing, those who already did
    /// something with the case see it.
    pub fn audience(&self) -> BTreeSet<Scope> {
        match self {
            Self::Known(case) => case.audience(),
            Self::Awaiting(ops) => ops
                .iter()
                .map(|op| Scope::staff(&op.author.staff))
                .collect(),
        }
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// 案件编号, given by the hub.
    pub case_no: Option<String>,
    /// What was reported; never changed afterwards.
    pub report: Report,
    /// Who reported it, and when.
    pub reported: Signed,
    /// Where it stands.
    pub state: State,
    /// 立案, once it was.
    pub registration: Option<Registration>,
    /// Everything that happened after the report, by time.
    pub events: Vec<Event>,
    /// 并案: the case it goes on as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<CaseId>,
    /// The cases that go on as this one, directly or through others, as they stand, each without
    /// those it carries itself; by time. Kept by the hub.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Case>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Who did something, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Signed {
    /// The operation that did it.
    pub op_id: OpId,
    /// Who.
    pub author: Author,
    /// When it was done; corrected for the device's clock once the hub has it.
    pub at: Timestamp,
    /// When the hub received it; `None` while it is only on a device.
    pub received_at: Option<Timestamp>,
    /// What a newer version says beside the operation's own fields; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Signed {
    /// The names of its own fields.
    pub(crate) const OWN: [&str; 4] = ["op_id", "author", "at", "received_at"];
}

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Who and when.
    pub signed: Signed,
    /// What was done.
    pub action: Action,
    /// `None`: it took effect. Else 未生效, with the reason; the entry is kept all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<Void>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// 立案.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registration {
    /// When the clock for handling started.
    pub at: Timestamp,
    /// What was decided.
    pub decided: Registering,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Case {
    /// All photos: the report's in its order, then those added later, then those of cases that go on
    /// as this one; each once.
    pub fn photos(&self) -> Vec<&PhotoRef> {
        let mut seen = BTreeSet::new();
        let all = self.family().flat_map(|case| {
            let added = case.events.iter().flat_map(|event| event.action.photos());
            case.report.photos.iter().chain(added)
        });
        all.filter(|photo| seen.insert(photo.digest)).collect()
    }

    /// People who take part: reporters and everybody who added a +1, here or to a case that goes on
    /// as this one.
    pub fn followers(&self) -> BTreeSet<&StaffId> {
        self.family().flat_map(Self::own_followers).collect()
    }

    /// People who take part in this very case.
    pub(super) fn own_followers(&self) -> BTreeSet<&StaffId> {
        let plus_ones = self
            .events
            .iter()
            .filter(|event| event.void.is_none() && matches!(event.action, Action::PlusOne(_)))
            .map(|event| &event.signed.author.staff);
        std::iter::once(&self.reported.author.staff)
            .chain(plus_ones)
            .collect()
    }

    /// How many others saw the same thing.
    pub fn plus_ones(&self) -> usize {
        self.followers().len() - 1
    }

    /// Feeds the case appears in: its grid and everybody who takes part. While it is open which of
    /// two places is right, it stands in both grids.
    pub fn audience(&self) -> BTreeSet<Scope> {
        let followers = self.followers().into_iter().map(Scope::staff);
        let grids = self.places().into_iter().map(|it| Scope::grid(&it.grid));
        followers.chain(grids).collect()
    }

    /// The last thing that happened, here or with a case that goes on as this one.
    pub fn updated_at(&self) -> Timestamp {
        let happened = self.family().flat_map(|case| &case.events);
        happened
            .map(|event| event.signed.at)
            .fold(self.reported.at, Timestamp::max)
    }

    /// Why a clerk refused it, if one did.
    pub fn rejection(&self) -> Option<&str> {
        self.events
            .iter()
            .rev()
            .find_map(|event| match (&event.action, &event.void) {
                (Action::Reject(because), None) => Some(because.reason.as_str()),
                _ => None,
            })
    }

    /// The operation with this id, if it is part of this case.
    pub fn knows(&self, op_id: OpId) -> bool {
        self.reported.op_id == op_id || self.events.iter().any(|e| e.signed.op_id == op_id)
    }
}

/// 回执码: eight letters and digits (Crockford base 32) made from the case's id, short enough to be
/// read aloud to a resident.
pub fn receipt_code(id: CaseId) -> String {
    const ALPHABET: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H',
        'J', 'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
    ];
    let low = id.0.as_u128();
    (0..8)
        .rev()
        .filter_map(|place| {
            let digit = usize::try_from(low >> (place * 5) & 31).ok()?;
            ALPHABET.get(digit)
        })
        .collect()
}
