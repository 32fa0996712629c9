//! What people were told, and what was seen of it since: the book against which devices and hub are
//! held.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use client::audit::Entry;
use hub::audit::LogRow;
use shared::{
    CaseId, Digest, DocRef, DraftId, Kind, OpId, Outcome, PhotoRef, RecordId, register::EntryKind,
};

/// An operation that stood in a device's outbox once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// The devices in which it must stand: one, and its copies since. None: it went with a device
    /// that was put back.
    pub owners: BTreeSet<usize>,
    /// Its place in their sequences.
    pub dev_seq: u64,
    /// What time it truly was when it was first seen.
    pub made_at: i64,
}

/// A form that is being filled in, or was.
#[derive(Debug, Clone, Default)]
pub(super) struct Paper {
    /// Whom it is about.
    pub subject: Option<DocRef>,
    /// Answers by question, with what each may be: one, unless a crash left it open which.
    pub answers: BTreeMap<&'static str, BTreeSet<String>>,
}

/// What one person was told is saved, beside operations.
#[derive(Debug, Clone, Default)]
pub(super) struct Desk {
    /// Drafts with the words they may have: one, unless a crash left it open which.
    pub drafts: BTreeMap<DraftId, BTreeSet<String>>,
    /// Forms that are being filled in.
    pub papers: BTreeMap<DraftId, Paper>,
    /// Those that were finished.
    pub finished: BTreeMap<RecordId, Paper>,
    /// Photos that were stored.
    pub captured: Vec<PhotoRef>,
    /// Operations in the outbox when last seen.
    pub ops: usize,
}

/// What a device had at some moment.
#[derive(Debug)]
pub(super) struct Page {
    desk: Desk,
    ops: BTreeSet<OpId>,
}

/// The book of a schedule.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Every case anybody reported, in that order.
    pub cases: Vec<CaseId>,
    /// Every entry of the register, in the order in which they were first heard of.
    pub entries: Vec<DocRef>,
    /// Every operation that ever stood in an outbox.
    pub ops: BTreeMap<OpId, Known>,
    /// The op log of the hub when last seen, without repetitions.
    pub log: BTreeMap<OpId, (Outcome, u64)>,
    /// Operations that a restored hub no longer has, until it has them again.
    pub lost: BTreeSet<OpId>,
    /// Operations that may be nowhere: the only device that had them was put back as it was before
    /// them, and the hub had them not, or has them no more.
    pub gone: BTreeSet<OpId>,
    /// Operations that a hub which was put back knew nothing of for a while, until they were sent again, or
    /// had kept aside before: meanwhile people went on without them.
    pub away_once: BTreeSet<OpId>,
    /// Each person's.
    pub desks: Vec<Desk>,
}

impl Book {
    /// An empty book for so many devices.
    pub(super) fn new(devices: usize) -> Self {
        Self {
            desks: (0..devices).map(|_| Desk::default()).collect(),
            ..Self::default()
        }
    }

    /// A case's number, for the trace.
    pub(super) fn number(&self, case: CaseId) -> usize {
        let known = self.cases.iter().position(|other| *other == case);
        known.map_or(0, |at| at + 1)
    }

    /// An entry's number, for the trace.
    pub(super) fn entry_number(&self, target: &DocRef) -> usize {
        let known = self.entries.iter().position(|other| other == target);
        known.map_or(0, |at| at + 1)
    }

    fn hears_of(&mut self, target: &DocRef) {
        let case = CaseId(target.id);
        if target.kind == Kind::case() && !self.cases.contains(&case) {
            self.cases.push(case);
        }
        if EntryKind::of(&target.kind).is_some() && !self.entries.contains(target) {
            self.entries.push(target.clone());
        }
    }

    /// Holds a device's outbox against the book, now; gives how many operations are new. What the hub
    /// has is known only while it is up.
    pub(super) fn holds_outbox(
        &mut self,
        who: usize,
        outbox: &[Entry],
        hub_is_up: bool,
        now: i64,
    ) -> Result<usize> {
        for (expected, entry) in (1..).zip(outbox) {
            ensure!(
                entry.dev_seq == expected,
                "I3: d{who} has {} in its sequence where {expected} should be",
                entry.dev_seq
            );
            match self.ops.get(&entry.op_id) {
                None => {
                    let known = Known {
                        owners: BTreeSet::from([who]),
                        dev_seq: entry.dev_seq,
                        made_at: now,
                    };
                    self.ops.insert(entry.op_id, known);
                    self.hears_of(&entry.target);
                }
                Some(before) => ensure!(
                    before.dev_seq == entry.dev_seq && before.owners.contains(&who),
                    "I1: operation {} was {before:?} and is {} of d{who}",
                    entry.op_id,
                    entry.dev_seq
                ),
            }
            if hub_is_up
                && !entry.queued
                && !self.log.contains_key(&entry.op_id)
                && !self.lost.contains(&entry.op_id)
            {
                bail!(
                    "I1: d{who} takes its operation {expected} for confirmed, and the hub does not have it"
                );
            }
        }
        let Some(desk) = self.desks.get_mut(who) else {
            bail!("there is no d{who}");
        };
        ensure!(
            outbox.len() >= desk.ops,
            "I1: d{who} had {} operations and has {}",
            desk.ops,
            outbox.len()
        );
        let new = outbox.len() - desk.ops;
        desk.ops = outbox.len();
        Ok(new)
    }

    /// Holds the hub's op log against what it was.
    pub(super) fn holds_log(&mut self, rows: &[LogRow]) -> Result<()> {
        let mut log = BTreeMap::new();
        let mut last = None;
        for row in rows {
            let expected = match last {
                Some((device, seq)) if device == row.device => seq + 1,
                _ => 1,
            };
            ensure!(
                row.dev_seq == expected,
                "I3: the hub's log has {} of a device where {expected} should be",
                row.dev_seq
            );
            last = Some((row.device, row.dev_seq));
            let Some(op) = row.op_id else {
                bail!("the hub could not read an operation");
            };
            if row.repeated {
                continue;
            }
            ensure!(
                row.outcome != Outcome::Duplicate,
                "I2: operation {op} took effect before it stood in the log"
            );
            let said = (row.outcome.clone(), row.rev);
            ensure!(
                log.insert(op, said).is_none(),
                "I2: operation {op} stands in the log twice"
            );
        }
        for (op, said) in &self.log {
            ensure!(
                log.get(op) == Some(said),
                "I1: the log said {said:?} of operation {op}, and now says {:?}",
                log.get(op)
            );
        }
        self.lost.retain(|op| !log.contains_key(op));
        // What was on its way when its device was put back may arrive later.
        self.gone.retain(|op| !log.contains_key(op));
        self.log = log;
        Ok(())
    }

    /// The hub was put back as it was: its log is that of the backup, and what it has no more is
    /// noted. Gives what that is.
    pub(super) fn hub_was_put_back(&mut self, rows: &[LogRow]) -> BTreeSet<OpId> {
        let log: BTreeMap<OpId, (Outcome, u64)> = rows
            .iter()
            .filter(|row| !row.repeated)
            .filter_map(|row| Some((row.op_id?, (row.outcome.clone(), row.rev))))
            .collect();
        let before = std::mem::replace(&mut self.log, log);
        let aside = before
            .iter()
            .filter(|(_, (outcome, _))| matches!(outcome, Outcome::Quarantined { .. }));
        self.away_once.extend(aside.map(|(op, _)| *op));
        let lost: BTreeSet<OpId> = before
            .into_keys()
            .filter(|op| !self.log.contains_key(op))
            .collect();
        self.lost.extend(lost.iter().copied());
        self.away_once.extend(lost.iter().copied());
        let nobodys = |op: &&OpId| {
            let known = self.ops.get(op);
            known.is_some_and(|known| known.owners.is_empty())
        };
        self.gone.extend(lost.iter().filter(nobodys).copied());
        lost
    }

    /// A device was copied: what it had, the copy has as well. Gives the copy's number.
    pub(super) fn device_was_copied(&mut self, who: usize) -> usize {
        let copy = self.desks.len();
        let desk = self.desks.get(who).cloned().unwrap_or_default();
        self.desks.push(desk);
        for known in self.ops.values_mut() {
            if known.owners.contains(&who) {
                known.owners.insert(copy);
            }
        }
        copy
    }

    /// What a device has now, for when it is put back.
    pub(super) fn page(&self, who: usize) -> Page {
        let ops = self.ops.iter();
        Page {
            desk: self.desks.get(who).cloned().unwrap_or_default(),
            ops: ops
                .filter(|(_, known)| known.owners.contains(&who))
                .map(|(op, _)| *op)
                .collect(),
        }
    }

    /// A device was put back: it has what it had then. What only it had since, and the hub has not,
    /// may be gone; nothing else may. Gives how much that is.
    pub(super) fn device_was_put_back(&mut self, who: usize, then: &Page) -> usize {
        if let Some(desk) = self.desks.get_mut(who) {
            desk.clone_from(&then.desk);
        }
        let before = self.gone.len();
        for (op, known) in &mut self.ops {
            let is_lost = !then.ops.contains(op) && known.owners.remove(&who);
            if is_lost && known.owners.is_empty() && !self.log.contains_key(op) {
                self.gone.insert(*op);
            }
        }
        self.gone.len() - before
    }

    /// Whether an operation must be at the hub when everything rests, but for devices that are out.
    pub(super) fn must_be_there(&self, op: &OpId, known: &Known, out: &BTreeSet<usize>) -> bool {
        let all_out = !known.owners.is_empty() && known.owners.is_subset(out);
        !all_out && !self.gone.contains(op)
    }

    /// Photos a person was told are stored.
    pub(super) fn photos(&self, who: usize) -> BTreeSet<Digest> {
        let desk = self.desks.get(who);
        let captured = desk.map(|desk| desk.captured.as_slice());
        captured
            .unwrap_or_default()
            .iter()
            .flat_map(|photo| [photo.digest, photo.thumb])
            .collect()
    }
}
