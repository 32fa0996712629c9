//! 更正 in schedules, and what must come of it: where two set one field without knowing of each
//! other there is one thing to decide, where they set different fields there is none. Who knew of
//! what is written down here when somebody corrects, by what their device held; what the operations
//! say of it is not asked.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use shared::{
    Action, CaseId, Doc, DocRef, Extra, OpId, Place, PlaceSource,
    case::{Case, CaseDoc, Urgency},
    ipc::{AmendCase, ListConflicts},
    op::{Correction, Field},
};

use uuid::Uuid;

use super::{delete::history, world::World};

/// What people had before them when they corrected or deleted something.
#[derive(Debug, Default)]
pub(super) struct Sight {
    saw: BTreeMap<OpId, BTreeSet<OpId>>,
}

impl Sight {
    /// What whoever made this had seen.
    pub(super) fn of(&self, op: OpId) -> BTreeSet<OpId> {
        self.saw.get(&op).cloned().unwrap_or_default()
    }
}

/// What a device did, and with what.
pub(super) type Own = BTreeMap<OpId, Uuid>;

/// What somebody saw, by what it was done with: of one case nothing follows for another.
pub(super) type Saw = BTreeMap<Uuid, BTreeSet<OpId>>;

/// What somebody is to decide.
type Undecided = BTreeSet<(CaseId, Field)>;

impl World<'_> {
    /// Somebody corrects a field of a case, or two.
    pub(super) async fn corrects(&mut self, who: usize, case: CaseId) -> Result<()> {
        let mut to = vec![self.correction()?];
        if self.roll(|dice| dice.chance(25)) {
            let also = self.correction()?;
            if also.field() != to.first().map_or(Field::Category, Correction::field) {
                to.push(also);
            }
        }
        let (before, saw) = self.saw_of_case(who, case).await?;
        let number = self.book.number(case);
        self.may_command(
            who,
            &format!("corrects a case ({number})"),
            async |client| client.amend_case(AmendCase { case, to }).await,
        )
        .await?;
        self.saw_when_doing(who, &before, &saw).await
    }

    /// What this device did, and what its person saw of a case: what they did with it themselves, and
    /// what their device had from the hub.
    pub(super) async fn saw_of_case(&self, who: usize, case: CaseId) -> Result<(Own, Saw)> {
        let client = self.tablet(who)?.client()?;
        let held = client::audit::mirrored(&client, DocRef::case(case)).await?;
        let own = self.own_ops(who).await?;
        let of_it = own.iter().filter(|(_, target)| **target == case.0);
        let mut saw: BTreeSet<OpId> = of_it.map(|(op, _)| *op).collect();
        saw.extend(history(held.as_ref()));
        Ok((own, [(case.0, saw)].into()))
    }

    /// Whatever is new in the outbox was done by somebody who saw this of its target. A crash may have
    /// come after it was saved; then it is found when the device opens again.
    pub(super) async fn saw_when_doing(
        &mut self,
        who: usize,
        before: &Own,
        saw: &Saw,
    ) -> Result<()> {
        if !self.tablet(who)?.is_open() {
            self.opens(who).await?;
        }
        if self.tablet(who)?.is_open() {
            let new = self.own_ops(who).await?;
            for (op, target) in new.iter().filter(|(op, _)| !before.contains_key(op)) {
                let saw = saw.get(target).cloned().unwrap_or_default();
                self.sight.saw.insert(*op, saw);
            }
        }
        Ok(())
    }

    /// What is to be decided is what must be, on the hub and on each device that shows it.
    pub(super) async fn conflicts_are_those(
        &self,
        who: usize,
        docs: &BTreeMap<DocRef, Doc>,
    ) -> Result<()> {
        let mut expected = Undecided::new();
        for doc in docs.values() {
            if let Ok(CaseDoc::Known(case)) = doc.case() {
                expected.extend(self.undecided(&case)?);
            }
        }
        let client = self.tablet(who)?.client()?;
        let mut listed = Undecided::new();
        for case in client.list_conflicts(ListConflicts {}).await? {
            for field in case.fields {
                let it = (case.row.id, field.field);
                ensure!(
                    expected.contains(&it),
                    "I5: d{who} lists {it:?}, and there is nothing to decide"
                );
                ensure!(listed.insert(it), "I5: d{who} lists {it:?} twice");
            }
        }
        Ok(())
    }

    /// The fields of a case in which several values stand, by who could have seen what; held against
    /// what the document says.
    fn undecided(&self, case: &Case) -> Result<Undecided> {
        let mut set: BTreeMap<Field, Vec<(OpId, &Correction)>> = BTreeMap::new();
        for event in &case.events {
            if let (Action::Amend(amendment), None) = (&event.action, &event.void) {
                for to in amendment.to.iter().map(|it| &it.correction) {
                    set.entry(to.field())
                        .or_default()
                        .push((event.signed.op_id, to));
                }
            }
        }
        let mut undecided = Undecided::new();
        for (field, corrections) in &set {
            let mut standing: Vec<&Correction> = Vec::new();
            for (op, to) in corrections {
                let mut others = corrections.iter();
                let is_overtaken = others.any(|(other, _)| self.could_see(*other).contains(op));
                if !is_overtaken && !standing.contains(to) {
                    standing.push(to);
                }
            }
            if standing.len() > 1 {
                undecided.insert((case.id, *field));
            }
        }
        let told: Undecided = case
            .amended()
            .conflicts
            .iter()
            .map(|conflict| (case.id, conflict.field))
            .collect();
        if told != undecided {
            bail!("I5: to decide is {told:?}, and should be {undecided:?}");
        }
        Ok(undecided)
    }

    /// What the maker of a correction could have seen, directly or through others.
    pub(super) fn could_see(&self, correction: OpId) -> BTreeSet<OpId> {
        let mut seen = BTreeSet::new();
        let mut open = vec![correction];
        while let Some(next) = open.pop() {
            for op in self.sight.saw.get(&next).into_iter().flatten() {
                if seen.insert(*op) {
                    open.push(*op);
                }
            }
        }
        seen
    }

    /// What this device did, and with what.
    pub(super) async fn own_ops(&self, who: usize) -> Result<Own> {
        let client = self.tablet(who)?.client()?;
        let outbox = client::audit::outbox(&client).await?;
        let ops = outbox.iter().map(|entry| (entry.op_id, entry.target.id));
        Ok(ops.collect())
    }

    fn correction(&self) -> Result<Correction> {
        let (words, grid) = (self.words(), self.grid()?);
        Ok(self.roll(|dice| match dice.below(3) {
            0 => Correction::Description(words),
            1 if dice.chance(50) => Correction::Urgency(Urgency::Urgent),
            1 => Correction::Urgency(Urgency::Critical),
            _ => Correction::Place(Box::new(Place {
                position: None,
                accuracy_m: None,
                source: PlaceSource::Typed,
                address: "西门口".to_owned(),
                grid,
                in_own_grid: true,
                extra: Extra::default(),
            })),
        }))
    }
}
