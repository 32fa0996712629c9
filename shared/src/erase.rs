//! 清除: what was kept about a person goes for good, because they asked for it or because its time is
//! over. The document stays with ids and what is nobody's personal data: that it was erased, by whom,
//! when and why. Nothing that is done with it afterwards changes that.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Action, Body, Doc, DocRef, Extra, GridCode, Kind, Op, Outcome, Role, Scope, StaffId,
    apply::{Quarantine, Stamp},
    case::{Signed, Void},
    record::{Filled, FormVersion},
    register::{EntryDoc, EntryKind, FieldValue, may_merge},
};

/// Why something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The person it is about asked for it, or it must not stay for another reason of law.
    Request,
    /// Its time is over, as its form says.
    Retention,
}

/// What is said when something is erased. All that the erased document says of it stands here, so that
/// it is the same whatever arrives before or after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Erasing {
    /// Why.
    pub why: Why,
    /// The same in words; who had it reads them, so nobody is named in them.
    pub reason: String,
    /// The grid in whose feed it stays; one of the author's own.
    pub grid: GridCode,
    /// Of a record the version of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormVersion>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The body of a document that was erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Erased {
    /// Who erased it, and when.
    pub erased: Signed,
    /// As in [`Erasing`].
    pub why: Why,
    /// As in [`Erasing`].
    pub reason: String,
    /// As in [`Erasing`].
    pub grid: GridCode,
    /// As in [`Erasing`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormVersion>,
    /// It stood in a feed of its own, for those alone who are permitted, and stays there: that there
    /// was something is as little for others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// Whoever wrote something of it. Their devices keep what they sent, so they must hear of it
    /// wherever they work by now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub writers: BTreeSet<StaffId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Who may erase: who answers for what the register says as a whole.
pub const fn may_erase(role: Role) -> bool {
    may_merge(role)
}

/// Whether documents of this kind can be erased: those about one person.
pub fn can_be_erased(kind: &Kind) -> bool {
    *kind == Kind::record() || EntryKind::of(kind).is_some_and(is_about_a_person)
}

const fn is_about_a_person(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Resident | EntryKind::Management)
}

fn is_apart(kind: &Kind) -> bool {
    EntryKind::of(kind).is_some_and(EntryKind::is_apart)
}

impl Erased {
    /// The names of its own fields.
    const OWN: [&str; 7] = [
        "erased", "why", "reason", "grid", "form", "apart", "writers",
    ];

    /// The feeds the document belongs to.
    pub fn audience(&self) -> BTreeSet<Scope> {
        if self.apart {
            return [Scope::control(&self.grid)].into();
        }
        let writers = self.writers.iter().map(Scope::staff);
        writers.chain([Scope::grid(&self.grid)]).collect()
    }
}

impl Doc {
    /// Who erased it, if somebody did. Quickly told of one that nobody erased.
    pub fn erased(&self) -> Option<Erased> {
        self.body.get("erased")?;
        match self.body() {
            Ok(Some(Body::Erased(erased))) => Some(*erased),
            _ => None,
        }
    }
}

impl Body {
    /// What is left of it once it is erased like another one, or by the hub itself. `None`: it is
    /// erased already, or nothing that can be.
    pub fn erase(&self, signed: &Signed, why: Why, reason: &str) -> Option<Self> {
        let (grid, form, apart) = match self {
            Self::Record(record) => {
                let filled = &record.filled;
                (filled.grid.clone(), Some(filled.form.clone()), false)
            }
            Self::Entry(kind, EntryDoc::Known(entry)) if is_about_a_person(*kind) => {
                let grid = entry.grids().into_iter().next()?;
                (grid, None, kind.is_apart())
            }
            _ => return None,
        };
        Some(Self::Erased(Box::new(Erased {
            erased: signed.clone(),
            why,
            reason: reason.to_owned(),
            grid,
            form,
            apart,
            writers: writers(Some(self)),
            extra: Extra::default(),
        })))
    }

    /// Of a document that was not erased, those that it goes with: a record as [`linked`] says, what
    /// is known of somebody apart with them.
    pub fn goes_with(&self) -> Vec<DocRef> {
        match self {
            Self::Record(record) => linked(&record.filled).collect(),
            Self::Entry(EntryKind::Management, EntryDoc::Known(entry)) => {
                let links = entry.edits().filter_map(|(_, set)| set.get("resident"));
                links.filter_map(|it| resident(it.as_ref())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The record that this one corrects.
    pub fn replaces(&self) -> Option<DocRef> {
        match self {
            Self::Record(record) => record.filled.replaces.map(DocRef::record),
            _ => None,
        }
    }
}

/// The resident that a link names.
pub fn resident(link: Option<&FieldValue>) -> Option<DocRef> {
    let id = link?.text()?.parse().ok()?;
    Some(DocRef::entry(EntryKind::Resident, id))
}

/// What goes with what: a record with the one it is about, and with those it corrects or that correct
/// it, for these say the same again.
pub fn linked(filled: &Filled) -> impl Iterator<Item = DocRef> {
    let replaces = filled.replaces.map(DocRef::record);
    filled.subject.clone().into_iter().chain(replaces)
}

/// Applies an operation that erases, or one on what was erased; gives the new body (`None`: unchanged)
/// and what became of it.
pub(crate) fn apply_to_erased(
    current: Option<Body>,
    op: &Op,
    stamp: &Stamp<'_>,
) -> (Option<Body>, Outcome) {
    let refused = Outcome::ConflictKept { why: Void::Erased };
    match (current, &op.action) {
        (Some(Body::Erased(erased)), _) if erased.erased.op_id == op.op_id => {
            (None, Outcome::Duplicate)
        }
        (Some(Body::Erased(mut erased)), _) => {
            let heard = says_something(op) && erased.writers.insert(op.author.staff.clone());
            (heard.then_some(Body::Erased(erased)), refused)
        }
        (current, Action::Erase(erasing)) if can_be_erased(&op.target.kind) => {
            let mut writers = writers(current.as_ref());
            writers.insert(op.author.staff.clone());
            let erased = Erased {
                erased: stamp.sign(op),
                why: erasing.why,
                reason: erasing.reason.clone(),
                grid: erasing.grid.clone(),
                form: erasing.form.clone(),
                apart: is_apart(&op.target.kind),
                writers,
                extra: erasing.extra.beside(&Erased::OWN),
            };
            (Some(Body::Erased(Box::new(erased))), Outcome::Applied)
        }
        (_, Action::Erased) => (None, refused),
        _ => {
            let why = Quarantine::NotForOperations;
            (None, Outcome::Quarantined { why })
        }
    }
}

/// Who confirms says nothing that would have to go; of those who confirmed the same a document keeps
/// only the last.
fn says_something(op: &Op) -> bool {
    !matches!(op.action, Action::Confirm(_))
}

fn writers(body: Option<&Body>) -> BTreeSet<StaffId> {
    let of_ops = |ops: &[Op]| {
        let ops = ops.iter().filter(|op| says_something(op));
        ops.map(|op| op.author.staff.clone()).collect()
    };
    match body {
        Some(Body::Record(record)) => [record.recorded.author.staff.clone()].into(),
        Some(Body::Entry(_, EntryDoc::Known(entry))) => {
            let edits = entry.edits();
            edits.map(|(by, _)| by.author.staff.clone()).collect()
        }
        Some(Body::Entry(_, EntryDoc::Awaiting(ops))) => of_ops(ops),
        _ => BTreeSet::new(),
    }
}
