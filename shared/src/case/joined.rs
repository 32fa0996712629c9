//! 并案: several reports of one thing. Each case stays as it is, with its id and its number; one of
//! them, the survivor, is handled, and carries the others as they stand. Merging is a decision of the
//! merged case; what the survivor carries follows from the others and is no operation of its own.

use std::collections::BTreeSet;

use super::{Case, Void};
use crate::CaseId;

/// The most cases that may go on as one, directly or through others.
pub const JOINED_MAX: usize = 50;

impl Case {
    /// This case and all that go on as it, directly or through others.
    pub fn family(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.joined)
    }

    /// The case this one goes on as, where people see it so: a deleted case goes on as none.
    pub fn survivor(&self) -> Option<CaseId> {
        self.merged_into.filter(|_| self.deletion().is_none())
    }

    /// What stands against another case going on as this one. That this one does not go on as the
    /// other is for the hub to find.
    pub fn may_take(&self, other: &Self) -> Result<(), Void> {
        if self.id == other.id || self.deletion().is_some() {
            return Err(Void::NoSurvivor);
        }
        if self.joined.len() + other.family().count() > JOINED_MAX {
            return Err(Void::TooMany);
        }
        Ok(())
    }

    /// Carries another case and what goes on as that one, as they stand now, or no longer; says
    /// whether that changed anything.
    pub fn carry(&mut self, other: &Self) -> bool {
        let before = self.joined.clone();
        let old = self.through(other.id);
        self.joined.retain(|it| !old.contains(&it.id));
        if other.survivor() == Some(self.id) {
            let family = other.family().map(|it| Self {
                joined: Vec::new(),
                ..it.clone()
            });
            self.joined.extend(family);
        }
        self.joined.sort_by_key(|it| (it.reported.at, it.id));
        self.joined != before
    }

    /// Of the cases this one carries, another one and those that came with it.
    fn through(&self, other: CaseId) -> BTreeSet<CaseId> {
        let mut found = BTreeSet::from([other]);
        loop {
            let is_with_them = |it: &&Self| {
                let next = it.merged_into;
                next.is_some_and(|next| found.contains(&next)) && !found.contains(&it.id)
            };
            let more: Vec<CaseId> = self
                .joined
                .iter()
                .filter(is_with_them)
                .map(|it| it.id)
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }
}
