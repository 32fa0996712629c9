//! The history of a case, deed by deed: what each operation changed, field by field; what was done
//! beside it by somebody who did not know of it; which values were disputed, and who decided. All of
//! it follows from what is in the document, so a device can say it without a hub.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Case, Signed, State, Void, transitions::rule};
use crate::{
    Action, OpId, PhotoRef,
    merge::{Lineage, Revision, Standing},
    op::{Amendment, Correction, Field},
};

/// One operation of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed<'a> {
    /// Who and when.
    pub signed: &'a Signed,
    /// What was done; `None` is the report itself.
    pub action: Option<&'a Action>,
    /// Why it had no effect, if it had none.
    pub void: Option<&'a Void>,
    /// The revision of the document it made: its place in the order in which the hub took
    /// operations in. `None` while the hub has not.
    pub revision: Option<u64>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// Corrections of other fields by others; neither knew of the other 并行.
    pub parallel: Vec<OpId>,
    /// Fields others gave another value without knowing of this one.
    pub disputes: Vec<Dispute>,
    /// Of a deletion: what became of it.
    pub deletion: Option<Fate>,
}

/// What was changed in one respect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A field.
    Field {
        /// What stood there, as far as whoever changed it knew. Several: it was decided between
        /// them. None: nothing did.
        before: Vec<Correction>,
        /// What was to stand.
        after: Correction,
    },
    /// Where the case stands.
    State {
        /// Before; `None` for the report.
        before: Option<State>,
        /// After.
        after: State,
    },
    /// Photos were added.
    Photos {
        /// Which.
        added: Vec<PhotoRef>,
    },
}

/// What a change is about, for those who look at one thing only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Where the case stands.
    State,
    /// A field.
    Field(Field),
    /// Photos.
    Photos,
}

impl Aspect {
    /// All of them, in the order people see.
    pub const ALL: [Self; 6] = [
        Self::State,
        Self::Field(Field::Category),
        Self::Field(Field::Description),
        Self::Field(Field::Place),
        Self::Field(Field::Urgency),
        Self::Photos,
    ];
}

impl Change {
    /// What it is about.
    pub const fn aspect(&self) -> Aspect {
        match self {
            Self::Field { after, .. } => Aspect::Field(after.field()),
            Self::State { .. } => Aspect::State,
            Self::Photos { .. } => Aspect::Photos,
        }
    }
}

/// A field to which others gave another value, neither knowing of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// The field.
    pub field: Field,
    /// The corrections of the others, by time.
    pub rivals: Vec<OpId>,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a dispute ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It waits for somebody to decide.
    Open,
    /// This operation gave the field a value, knowing of this one.
    By(OpId),
    /// Nothing is left to decide: those who went on agreed.
    Agreed,
}

/// What became of a deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// What its author had not seen, by time. Where there is any, it had no effect.
    pub unseen: Vec<OpId>,
    /// The first restoring or deletion that answered it.
    pub answered: Option<OpId>,
}

impl Case {
    /// Everything that was done with the case, the report first, then by time.
    pub fn chronicle(&self) -> Vec<Deed<'_>> {
        let telling = Telling::of(self);
        let report = Deed {
            signed: &self.reported,
            action: None,
            void: None,
            revision: telling.revision(&self.reported),
            changes: self.first_values(),
            parallel: Vec::new(),
            disputes: Vec::new(),
            deletion: None,
        };
        let events = self.events.iter().map(|event| {
            let by = &event.signed;
            let amendment = match &event.action {
                Action::Amend(amendment) if event.void.is_none() => Some(amendment),
                _ => None,
            };
            let deleted = matches!(event.action, Action::Delete(_)) && event.void.is_none();
            Deed {
                signed: by,
                action: Some(&event.action),
                void: event.void.as_ref(),
                revision: telling.revision(by),
                changes: telling.changes(by, &event.action, event.void.as_ref()),
                parallel: amendment.map_or_else(Vec::new, |it| telling.parallel(by, it)),
                disputes: amendment.map_or_else(Vec::new, |it| telling.disputes(by, it)),
                deletion: deleted.then(|| Fate {
                    unseen: self.unseen_of(by.op_id),
                    answered: self.answer_to(by.op_id),
                }),
            }
        });
        std::iter::once(report).chain(events).collect()
    }

    fn first_values(&self) -> Vec<Change> {
        let opened = match self.report.handled {
            Some(_) => State::Closed,
            None => State::Submitted,
        };
        let state = Change::State {
            before: None,
            after: opened,
        };
        let fields = Field::ALL.map(|field| Change::Field {
            before: Vec::new(),
            after: self.as_reported(field),
        });
        std::iter::once(state)
            .chain(fields)
            .chain(photos(&self.report.photos))
            .collect()
    }
}

fn photos(added: &[PhotoRef]) -> Option<Change> {
    let added = added.to_vec();
    (!added.is_empty()).then_some(Change::Photos { added })
}

/// What all deeds are held against, worked out once.
struct Telling<'a> {
    case: &'a Case,
    lineage: Lineage,
    /// Corrections that count, by time.
    amendments: Vec<(&'a Signed, &'a Amendment)>,
    /// Every operation, in the order the hub took them in.
    arrived: Vec<OpId>,
    /// Decisions that count, in that order, with the state each led to.
    states: Vec<(OpId, State)>,
    /// Fields in which several values stand.
    open: BTreeSet<Field>,
}

impl<'a> Telling<'a> {
    fn of(case: &'a Case) -> Self {
        let counting = case.amendments().filter(|(_, _, counts)| *counts);
        let events = case.events.iter().map(|event| &event.signed);
        let mut order: Vec<&Signed> = std::iter::once(&case.reported).chain(events).collect();
        // What came before its report takes effect with it, and so comes after it here. What came
        // in one push has one time at the hub, and was done in the order of its own times.
        order.sort_by_key(|it| {
            let later = it.op_id != case.reported.op_id;
            (
                it.received_at.is_none(),
                it.received_at,
                later,
                it.at,
                it.op_id,
            )
        });
        let decided = |by: &&Signed| {
            let event = case.events.iter().find(|it| it.signed.op_id == by.op_id)?;
            let to = rule(&event.action)?.to?;
            event.void.is_none().then_some((by.op_id, to))
        };
        Self {
            case,
            lineage: case.lineage(),
            amendments: counting.map(|(by, it, _)| (by, it)).collect(),
            states: order.iter().filter_map(decided).collect(),
            arrived: order
                .iter()
                .filter(|it| it.received_at.is_some())
                .map(|it| it.op_id)
                .collect(),
            open: case.amended().conflicts.iter().map(|it| it.field).collect(),
        }
    }

    fn revision(&self, by: &Signed) -> Option<u64> {
        let place = self.arrived.iter().position(|it| *it == by.op_id)?;
        u64::try_from(place + 1).ok()
    }

    fn changes(&self, by: &Signed, action: &Action, void: Option<&Void>) -> Vec<Change> {
        let fields = match action {
            Action::Amend(amendment) => Field::ALL
                .into_iter()
                .filter_map(|field| Some((field, amendment.of(field)?)))
                .map(|(field, after)| Change::Field {
                    before: values(self.known_to(by.op_id, field)),
                    after: after.clone(),
                })
                .collect(),
            Action::Register(decided) if void.is_none() => {
                let after = Correction::Category(Some(decided.category.clone()));
                let revisions = self.case.revisions(Field::Category);
                let before = values(Standing::of(&self.lineage, &revisions));
                let changed = before != [after.clone()];
                Vec::from_iter(changed.then_some(Change::Field { before, after }))
            }
            _ => Vec::new(),
        };
        let state = self.states.iter().position(|(op_id, _)| *op_id == by.op_id);
        let state = state.and_then(|at| {
            let (_, after) = *self.states.get(at)?;
            let before = at.checked_sub(1).and_then(|it| self.states.get(it));
            Some(Change::State {
                before: Some(before.map_or(State::Submitted, |(_, state)| *state)),
                after,
            })
        });
        state
            .into_iter()
            .chain(fields)
            .chain(photos(action.photos()))
            .collect()
    }

    /// What stood in a field as far as the maker of a correction knew.
    fn known_to(&self, correction: OpId, field: Field) -> Standing<Correction> {
        let mut revisions = self.case.revisions(field);
        revisions.retain(|it| self.lineage.knew(correction, it.edit));
        Standing::of(&self.lineage, &revisions)
    }

    fn parallel(&self, by: &Signed, amendment: &Amendment) -> Vec<OpId> {
        let beside = self.beside(by);
        let beside = beside.filter(|(other, theirs)| {
            other.author.staff != by.author.staff && fields(theirs) != fields(amendment)
        });
        beside.map(|(other, _)| other.op_id).collect()
    }

    fn disputes(&self, by: &Signed, amendment: &Amendment) -> Vec<Dispute> {
        let dispute = |field: Field| {
            let rivals: Vec<OpId> = self
                .beside(by)
                .filter(|(_, theirs)| {
                    theirs
                        .of(field)
                        .is_some_and(|it| Some(it) != amendment.of(field))
                })
                .map(|(other, _)| other.op_id)
                .collect();
            (!rivals.is_empty()).then(|| Dispute {
                field,
                verdict: self.verdict(by.op_id, field, &rivals),
                rivals,
            })
        };
        fields(amendment).into_iter().filter_map(dispute).collect()
    }

    /// Corrections that neither knew of this one nor were known to its maker.
    fn beside<'t>(
        &'t self,
        by: &'t Signed,
    ) -> impl Iterator<Item = (&'a Signed, &'a Amendment)> + 't {
        let others = self.amendments.iter().copied();
        others.filter(|(other, _)| self.lineage.parallel(by.op_id, other.op_id))
    }

    fn verdict(&self, edit: OpId, field: Field, rivals: &[OpId]) -> Verdict {
        if let (Field::Category, Some(registered)) = (field, self.registered()) {
            return Verdict::By(registered);
        }
        let later = || {
            let later = self.amendments.iter().filter(|(later, theirs)| {
                theirs.of(field).is_some() && self.lineage.knew(later.op_id, edit)
            });
            later.map(|(later, _)| later.op_id)
        };
        let knew_all = |it: &OpId| rivals.iter().all(|rival| self.lineage.knew(*it, *rival));
        if let Some(decided) = later().find(knew_all).or_else(|| later().next()) {
            return Verdict::By(decided);
        }
        if self.open.contains(&field) {
            return Verdict::Open;
        }
        Verdict::Agreed
    }

    /// The 立案 that counts: it decides on the category.
    fn registered(&self) -> Option<OpId> {
        let mut events = self.case.events.iter();
        let registered = events
            .find(|event| event.void.is_none() && matches!(event.action, Action::Register(_)))?;
        Some(registered.signed.op_id)
    }
}

fn fields(amendment: &Amendment) -> BTreeSet<Field> {
    let corrections = amendment.to.iter().map(|it| it.correction.field());
    corrections.collect()
}

fn values(standing: Standing<Correction>) -> Vec<Correction> {
    let values: Vec<Revision<Correction>> = standing.values;
    values.into_iter().map(|it| it.value).collect()
}
