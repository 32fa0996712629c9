//! What must have come of what people did at the doors: every value they gave is in the history of its
//! entry, two who gave one field other values without having seen each other's leave exactly one thing
//! to decide, nobody confirms what they had not seen, and lists show what folding says. Who had seen
//! what was written down when they did it; what the operations name is not asked.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use hub::audit::LogRow;
use shared::{
    Action, Body, Doc, DocRef, FieldName, Kind, Op, OpId, Outcome,
    made_once::MadeOnce as _,
    register::{Confirming, Entry, EntryDoc, FieldValue},
};

use super::{feeds::takes_operations, world::World};

/// Entries and their fields in which several values stand.
type Undecided = BTreeSet<(DocRef, FieldName)>;

impl World<'_> {
    /// What stands in dispute is what must be; who is told to have confirmed a value had seen it.
    pub(super) fn provenance_is_that(&self, docs: &BTreeMap<DocRef, Doc>) -> Result<()> {
        for (target, entry) in known(docs)? {
            let number = self.book.entry_number(target);
            let stands = entry.stands();
            let told: BTreeSet<&FieldName> = stands.disputed.iter().map(|it| it.field).collect();
            let expected = self.undecided_in(&entry);
            let expected: BTreeSet<&FieldName> = expected.iter().collect();
            // Who knew of what through a change that is not there any more can't be told.
            let fits = if self.is_built_on_what_is_gone(&entry) {
                told.is_superset(&expected)
            } else {
                told == expected
            };
            ensure!(
                fits,
                "I5: to decide of entry {number} is {told:?}, and should be {expected:?}: {entry:?}"
            );
            for (field, given) in &stands.fields {
                let confirmed = given.confirmed.map(|it| it.op_id);
                let unseen =
                    confirmed.is_some_and(|it| !self.could_see(it).contains(&given.by.op_id));
                ensure!(
                    !unseen,
                    "I5: {field} of entry {number} was confirmed by somebody who had not seen it"
                );
            }
        }
        Ok(())
    }

    /// Each device that shows an entry counts as many disputes as there are.
    pub(super) async fn doors_are_those(
        &self,
        who: usize,
        docs: &BTreeMap<DocRef, Doc>,
    ) -> Result<()> {
        let mut expected = Undecided::new();
        for (target, entry) in known(docs)? {
            let disputed = entry.stands().disputed;
            let fields = disputed.iter().map(|it| it.field.clone());
            expected.extend(fields.map(|field| (target.clone(), field)));
        }
        for listed in self.register_of(who).await?.entries {
            let target = DocRef::entry(listed.kind, listed.id);
            let of_it = |it: &&(DocRef, FieldName)| it.0 == target;
            let count = expected.iter().filter(of_it).count();
            ensure!(
                usize::try_from(listed.conflicts)? == count,
                "I5: d{who} shows {} to decide of entry {}, and there are {count}",
                listed.conflicts,
                self.book.entry_number(&target)
            );
        }
        Ok(())
    }

    /// Lists and search show what mirror and outbox say, and nothing from before.
    pub(super) async fn shows_what_folding_says(&self, who: usize) -> Result<()> {
        let client = self.tablet(who)?.client()?;
        let otherwise = client::audit::shown_otherwise(&client).await?;
        ensure!(
            otherwise.is_empty(),
            "d{who} shows what folding does not say: {}",
            otherwise.join("; ")
        );
        Ok(())
    }

    /// Whether somebody who changed it had seen an operation, or knew somebody's who had, that a hub which
    /// was put back took in no more: it was kept aside then, because the entry had moved away, or its
    /// device was put back, too. Or the other way round: it was kept aside, or lost with what the hub had,
    /// so that nobody could build on it, and was taken afterwards.
    fn is_built_on_what_is_gone(&self, entry: &Entry) -> bool {
        let was_taken = |op: &OpId| {
            let said = self.book.log.get(op).map(|(outcome, _)| outcome);
            matches!(said, Some(Outcome::Applied | Outcome::Merged))
        };
        let saw = entry
            .edits()
            .map(|(signed, _)| self.could_see(signed.op_id));
        saw.flatten()
            .any(|op| !was_taken(&op) || self.book.away_once.contains(&op))
    }

    /// Fields in which several values stand, by who could have seen what.
    fn undecided_in(&self, entry: &Entry) -> BTreeSet<FieldName> {
        let mut set: BTreeMap<&FieldName, Vec<(OpId, &Option<FieldValue>)>> = BTreeMap::new();
        for (signed, fields) in entry.edits() {
            for (field, value) in fields {
                set.entry(field).or_default().push((signed.op_id, value));
            }
        }
        let mut undecided = BTreeSet::new();
        for (field, given) in &set {
            let mut standing: Vec<&Option<FieldValue>> = Vec::new();
            for (op, value) in given {
                let mut others = given.iter();
                let is_overtaken = others.any(|(other, _)| self.could_see(*other).contains(op));
                if !is_overtaken && !standing.contains(value) {
                    standing.push(value);
                }
            }
            if standing.len() > 1 {
                undecided.insert((*field).clone());
            }
        }
        undecided
    }
}

/// Entries that were entered.
fn known(docs: &BTreeMap<DocRef, Doc>) -> Result<Vec<(&DocRef, Box<Entry>)>> {
    let mut known = Vec::new();
    for (target, doc) in docs {
        if let Some(Body::Entry(_, EntryDoc::Known(entry))) = doc.body()? {
            known.push((target, entry));
        }
    }
    Ok(known)
}

/// What was taken of the register, records and visits is in its document as it was said.
pub(crate) fn history_is_whole(
    log: &[LogRow],
    payloads: &[String],
    docs: &BTreeMap<DocRef, Doc>,
) -> Result<()> {
    ensure!(
        log.len() == payloads.len(),
        "the log changes while it is read"
    );
    for (row, payload) in log.iter().zip(payloads) {
        let taken = matches!(row.outcome, Outcome::Applied | Outcome::Merged);
        let target = row.target.as_ref().filter(|_| taken && !row.repeated);
        let is_ours = |it: &&DocRef| takes_operations(&it.kind) && it.kind != Kind::case();
        let Some(target) = target.filter(is_ours) else {
            continue;
        };
        let op: Op = serde_json::from_str(payload)?;
        let doc = docs.get(target).context("I5: there is no such document")?;
        let body = doc.body()?.context("it takes operations")?;
        ensure!(
            says(&body, &op),
            "I5: operation {} was taken, and its document does not say so: {op:?}",
            op.op_id
        );
    }
    Ok(())
}

fn says(body: &Body, op: &Op) -> bool {
    match (body, &op.action) {
        (Body::Entry(_, EntryDoc::Awaiting(ops)), _) => ops.iter().any(|it| it == op),
        (Body::Entry(_, EntryDoc::Known(entry)), Action::Enter(entering)) => {
            entry.entered.op_id == op.op_id && entry.given == entering.set
        }
        (Body::Entry(_, EntryDoc::Known(entry)), Action::Change(changing)) => entry
            .changes
            .iter()
            .any(|it| it.signed.op_id == op.op_id && it.changing == *changing),
        // A later one of the same takes its place.
        (Body::Entry(_, EntryDoc::Known(entry)), Action::Confirm(confirming)) => entry
            .confirmed
            .iter()
            .any(|it| says_the_same(&it.confirming, confirming)),
        (Body::Record(record), Action::Record(filled)) => {
            record.signed().op_id == op.op_id && record.filled == **filled
        }
        (Body::Visit(visit), Action::Visit(visiting)) => {
            visit.signed().op_id == op.op_id && visit.visiting == **visiting
        }
        (Body::Reveal(reveal), Action::Reveal(revealing)) => {
            reveal.signed().op_id == op.op_id && reveal.revealing == **revealing
        }
        _ => false,
    }
}

fn says_the_same(one: &Confirming, other: &Confirming) -> bool {
    let sorted = |it: &Confirming| {
        let knew: BTreeSet<OpId> = it.knew.iter().copied().collect();
        let fields: BTreeSet<FieldName> = it.fields.iter().cloned().collect();
        (knew, fields)
    };
    sorted(one) == sorted(other)
}
