//! Deleting and restoring: which deletion of a case takes effect, and which one somebody must decide
//! on. A deletion names the operations its author knew. It takes effect as long as the history has
//! no other; whatever its author had not seen keeps the case, or brings it back, and both wait for
//! somebody who sees both. All of this follows from what is in the history, in whatever order it came.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Case, Event, Signed, State};
use crate::{
    Action, OpId,
    op::{Deleting, Restoring},
};

/// Who deleted something, when and why: all that those who had it are told. What it was is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deletion {
    /// Who and when.
    pub signed: Signed,
    /// Why.
    pub reason: String,
}

/// A deletion that met something its author had not seen. Somebody must decide: delete all the same,
/// or restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disputed {
    /// The deletion; without effect so far.
    pub deletion: Deletion,
    /// What its author had not seen, by time.
    pub unseen: Vec<Signed>,
}

impl Case {
    /// The deletion that took effect; `None` while the case stands. Of several the first made.
    pub fn deletion(&self) -> Option<Deletion> {
        let mut open = self.open_deletions();
        open.retain(|it| self.unseen_by(it).is_empty());
        open.first().map(Made::told)
    }

    /// Deletions somebody must decide on. None while another one is in effect: the case is gone.
    pub fn disputed(&self) -> Vec<Disputed> {
        if self.deletion().is_some() {
            return Vec::new();
        }
        let open = self.open_deletions().into_iter();
        open.map(|it| Disputed {
            deletion: it.told(),
            unseen: self.unseen_by(&it).into_iter().cloned().collect(),
        })
        .collect()
    }

    /// The state people see: a deleted case is deleted, whatever it was before.
    pub fn shown_state(&self) -> State {
        match self.deletion() {
            Some(_) => State::Deleted,
            None => self.state,
        }
    }

    /// What the next deletion names as known: everything.
    pub fn history(&self) -> Vec<OpId> {
        let events = self.events.iter().map(|event| event.signed.op_id);
        std::iter::once(self.reported.op_id).chain(events).collect()
    }

    /// What the next restoring names: every deletion nobody answered yet.
    pub fn unanswered(&self) -> Vec<OpId> {
        let open = self.open_deletions().into_iter();
        open.map(|it| it.signed.op_id).collect()
    }

    /// What the author of a deletion that counts had not seen.
    pub(super) fn unseen_of(&self, deletion: OpId) -> Vec<OpId> {
        let mut made = self.events.iter().filter_map(Made::of);
        let made = made.find(|it| it.signed.op_id == deletion);
        let unseen = made.map_or_else(Vec::new, |it| self.unseen_by(&it));
        unseen.into_iter().map(|it| it.op_id).collect()
    }

    /// The first that answered a deletion: a restoring, or a later deletion.
    pub(super) fn answer_to(&self, deletion: OpId) -> Option<OpId> {
        let mut counting = self.events.iter().filter(|event| event.void.is_none());
        let answer = counting.find(|event| named_by(&event.action).contains(&deletion))?;
        Some(answer.signed.op_id)
    }

    /// Deletions by those who may, which no restoring and no later deletion names; by time.
    fn open_deletions(&self) -> Vec<Made<'_>> {
        let made: Vec<Made<'_>> = self.events.iter().filter_map(Made::of).collect();
        let named: BTreeSet<OpId> = self
            .events
            .iter()
            .filter(|event| event.void.is_none())
            .flat_map(|event| named_by(&event.action))
            .copied()
            .collect();
        let mut open = made;
        open.retain(|it| !named.contains(&it.signed.op_id));
        open
    }

    /// What the author of a deletion had not seen. Other deletions say the same as theirs; who
    /// restores naming it had seen it.
    fn unseen_by(&self, deletion: &Made<'_>) -> Vec<&Signed> {
        let knew: BTreeSet<OpId> = deletion.deleting.knew.iter().copied().collect();
        let deletion = deletion.signed.op_id;
        let counts = |event: &&Event| match &event.action {
            Action::Delete(_) => false,
            Action::Restore(Restoring { knew, .. }) => !knew.contains(&deletion),
            _ => true,
        };
        let events = self.events.iter().filter(counts).map(|it| &it.signed);
        std::iter::once(&self.reported)
            .chain(events)
            .filter(|signed| !knew.contains(&signed.op_id))
            .collect()
    }
}

/// The operations a deletion or restoring names.
fn named_by(action: &Action) -> &[OpId] {
    match action {
        Action::Restore(restoring) => restoring.knew.as_slice(),
        Action::Delete(deleting) => deleting.knew.as_slice(),
        _ => &[],
    }
}

/// A deletion in the history.
struct Made<'a> {
    signed: &'a Signed,
    deleting: &'a Deleting,
}

impl<'a> Made<'a> {
    fn of(event: &'a Event) -> Option<Self> {
        match &event.action {
            Action::Delete(deleting) if event.void.is_none() => Some(Self {
                signed: &event.signed,
                deleting,
            }),
            _ => None,
        }
    }

    fn told(&self) -> Deletion {
        Deletion {
            signed: self.signed.clone(),
            reason: self.deleting.reason.clone(),
        }
    }
}
