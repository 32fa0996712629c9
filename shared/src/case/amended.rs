//! A case as it stands after 更正: what was reported, with every correction merged in. The report
//! itself never changes; what "stands" means is said in [`crate::merge`].

use std::collections::BTreeSet;

use super::{Case, Signed, Urgency};
use crate::{
    Action, CategoryCode, OpId, Place,
    merge::{Lineage, Revision, Standing},
    op::{Amendment, Correction, Field},
};

/// A case with its corrections.
#[derive(Debug, Clone, PartialEq)]
pub struct Amended<'a> {
    /// What it is; `None` is 不确定.
    pub category: Option<&'a CategoryCode>,
    /// In words.
    pub description: &'a str,
    /// Where.
    pub place: &'a Place,
    /// How urgent.
    pub urgency: Urgency,
    /// Fields in which several corrections stand, made without knowing of each other.
    pub conflicts: Vec<Conflict>,
    /// Corrections made beside another person's, whose maker did not know of it.
    pub parallel: BTreeSet<OpId>,
    /// What the next correction names as known.
    pub heads: Vec<OpId>,
}

/// Somebody must decide what stands in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// What stood there before; `None` only when that never arrived.
    pub base: Option<Revised>,
    /// What stands there, the one that is shown last.
    pub values: Vec<Revised>,
}

/// A value, and who gave it when.
#[derive(Debug, Clone, PartialEq)]
pub struct Revised {
    /// Who, and when.
    pub by: Signed,
    /// The value.
    pub value: Correction,
}

impl Amended<'_> {
    /// What stands in a field.
    pub fn value(&self, field: Field) -> Correction {
        match field {
            Field::Category => Correction::Category(self.category.cloned()),
            Field::Description => Correction::Description(self.description.to_owned()),
            Field::Place => Correction::Place(Box::new(self.place.clone())),
            Field::Urgency => Correction::Urgency(self.urgency),
        }
    }
}

impl Case {
    /// The case as it stands.
    pub fn amended(&self) -> Amended<'_> {
        let report = &self.report;
        let mut amended = Amended {
            category: report.category.as_ref(),
            description: &report.description,
            place: &report.place,
            urgency: report.urgency,
            conflicts: Vec::new(),
            parallel: BTreeSet::new(),
            heads: vec![self.reported.op_id],
        };
        if self.amendments().next().is_some() {
            self.merge_into(&mut amended);
        }
        // A limit hangs on what the clerk decided.
        if let Some(registration) = &self.registration {
            amended.category = Some(&registration.decided.category);
            amended.conflicts.retain(|it| it.field != Field::Category);
        }
        amended
    }

    /// The category: as registered, else as it stands.
    pub fn category(&self) -> Option<&CategoryCode> {
        self.amended().category
    }

    /// Every place that stands: one, unless two people corrected it without knowing of each other.
    pub fn places(&self) -> Vec<&Place> {
        let amended = self.amended();
        let others = amended.conflicts.iter().flat_map(|it| &it.values);
        let mut places: Vec<&Place> = others
            .filter_map(|it| match self.given(it.by.op_id, Field::Place)? {
                Given::Correction(Correction::Place(place)) => Some(&**place),
                Given::Report => Some(&self.report.place),
                Given::Correction(_) => None,
            })
            .filter(|place| *place != amended.place)
            .collect();
        places.push(amended.place);
        places
    }

    /// What stood in a field as far as the maker of a correction knew.
    pub fn known_to(&self, correction: OpId, field: Field) -> Option<Correction> {
        let lineage = self.lineage();
        let mut revisions = self.revisions(field);
        revisions.retain(|it| lineage.knew(correction, it.edit));
        let standing = Standing::of(&lineage, &revisions);
        standing.shown().cloned()
    }

    /// All corrections, those without effect too: they show who knew of what.
    pub(super) fn amendments(&self) -> impl Iterator<Item = (&Signed, &Amendment, bool)> {
        self.events.iter().filter_map(|event| match &event.action {
            Action::Amend(amendment) => Some((&event.signed, amendment, event.void.is_none())),
            _ => None,
        })
    }

    pub(super) fn lineage(&self) -> Lineage {
        let root = self.reported.op_id;
        let known: Vec<(OpId, Vec<OpId>)> = self
            .amendments()
            // Whoever corrects a report knows it, whatever their device names.
            .map(|(by, it, _)| (by.op_id, [&it.knew[..], &[root]].concat()))
            .chain([(root, Vec::new())])
            .collect();
        Lineage::of(known.iter().map(|(edit, knew)| (*edit, knew.as_slice())))
    }

    fn merge_into<'a>(&'a self, amended: &mut Amended<'a>) {
        let lineage = self.lineage();
        for field in Field::ALL {
            let standing = Standing::of(&lineage, &self.revisions(field));
            if let Some(shown) = standing.values.last() {
                self.show(amended, shown.edit, field);
            }
            if standing.is_conflict() {
                amended.conflicts.push(Conflict {
                    field,
                    base: standing.base.and_then(|it| self.revised(it)),
                    values: standing
                        .values
                        .into_iter()
                        .filter_map(|it| self.revised(it))
                        .collect(),
                });
            }
        }
        amended.parallel = self.parallel(&lineage);
        amended.heads = lineage.heads();
    }

    pub(super) fn revisions(&self, field: Field) -> Vec<Revision<Correction>> {
        let corrected = self.amendments().filter(|(_, _, counts)| *counts);
        let corrected = corrected.filter_map(|(by, amendment, _)| {
            Some(Revision {
                edit: by.op_id,
                at: by.at,
                value: amendment.of(field)?.clone(),
            })
        });
        let reported = Revision {
            edit: self.reported.op_id,
            at: self.reported.at,
            value: self.as_reported(field),
        };
        corrected.chain([reported]).collect()
    }

    pub(super) fn as_reported(&self, field: Field) -> Correction {
        let report = &self.report;
        match field {
            Field::Category => Correction::Category(report.category.clone()),
            Field::Description => Correction::Description(report.description.clone()),
            Field::Place => Correction::Place(Box::new(report.place.clone())),
            Field::Urgency => Correction::Urgency(report.urgency),
        }
    }

    fn parallel(&self, lineage: &Lineage) -> BTreeSet<OpId> {
        let made: Vec<&Signed> = self
            .amendments()
            .filter(|(_, _, counts)| *counts)
            .map(|(by, _, _)| by)
            .collect();
        let beside_another = |one: &&&Signed| {
            made.iter().any(|other| {
                other.author.staff != one.author.staff && lineage.parallel(one.op_id, other.op_id)
            })
        };
        let beside = made.iter().filter(beside_another);
        beside.map(|by| by.op_id).collect()
    }

    fn show<'a>(&'a self, amended: &mut Amended<'a>, edit: OpId, field: Field) {
        match self.given(edit, field) {
            Some(Given::Correction(Correction::Category(category))) => {
                amended.category = category.as_ref();
            }
            Some(Given::Correction(Correction::Description(text))) => amended.description = text,
            Some(Given::Correction(Correction::Place(place))) => amended.place = place,
            Some(Given::Correction(Correction::Urgency(urgency))) => amended.urgency = *urgency,
            Some(Given::Report) | None => {}
        }
    }

    fn given(&self, edit: OpId, field: Field) -> Option<Given<'_>> {
        if edit == self.reported.op_id {
            return Some(Given::Report);
        }
        let mut amendments = self.amendments();
        let (_, amendment, _) = amendments.find(|(by, _, _)| by.op_id == edit)?;
        amendment.of(field).map(Given::Correction)
    }

    fn revised(&self, revision: Revision<Correction>) -> Option<Revised> {
        let mut signed = self.amendments().map(|(by, _, _)| by);
        let by = if revision.edit == self.reported.op_id {
            &self.reported
        } else {
            signed.find(|by| by.op_id == revision.edit)?
        };
        Some(Revised {
            by: by.clone(),
            value: revision.value,
        })
    }
}

/// Who gave a value: the report, or a correction.
enum Given<'a> {
    Report,
    Correction(&'a Correction),
}
