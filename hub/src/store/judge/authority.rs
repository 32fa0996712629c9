//! As whom somebody did something: as they stand today, or as they stood when they did it.

use std::sync::Arc;

use fault::Bug;
use shared::{DocRef, GridCode, Op, Scope};

use super::Judge;
use crate::{
    push::{self, Facts, Incoming, Named},
    store::{StoredDoc, assignment::Author},
};

impl Judge<'_> {
    /// As whom its author may do this; as they stand today where nothing speaks for it.
    pub(super) fn author_of(
        &self,
        incoming: &Incoming,
        current: Option<&StoredDoc>,
    ) -> Arc<Author> {
        let today = &self.author;
        let Ok(op) = &incoming.op else {
            return Arc::clone(today);
        };
        if self.formerly.is_empty() || fault::planted(Bug::JudgedByToday) {
            return Arc::clone(today);
        }
        let may = |author: &Author| {
            let facts = self.facts(author, op, current);
            push::objection(op, &facts).is_none()
        };
        if may(today) {
            return Arc::clone(today);
        }
        let mut formerly = self.formerly.iter();
        let then = formerly.find(|(former, author)| {
            former.speaks_for(op, self.sent, self.received_at) && may(author)
        });
        Arc::clone(then.map_or(today, |(_, author)| author))
    }

    /// What is to be known of an operation that somebody did who stands, or stood, so.
    pub(super) fn facts<'f>(
        &self,
        author: &'f Author,
        op: &Op,
        current: Option<&'f StoredDoc>,
    ) -> Facts<'f> {
        let grids = push::grids_named(op);
        let named = grids.iter().map(|grid| self.named(author, grid));
        Facts {
            staff: &author.staff,
            current,
            sees: current.is_some() && self.may_see(author, &op.target),
            grid: named.min(),
        }
    }

    fn named(&self, author: &Author, grid: &GridCode) -> Named {
        if !self.known.grids.contains(grid) {
            Named::Unknown
        } else if author.scopes.contains(&Scope::grid(grid)) {
            Named::Own
        } else {
            Named::Others
        }
    }

    /// Whether it is theirs to see today.
    pub(super) fn sees(&self, target: &DocRef) -> bool {
        self.may_see(&self.author, target)
    }

    pub(super) fn may_see(&self, author: &Author, target: &DocRef) -> bool {
        let scopes = &author.scopes;
        if let Some(changed) = self.changed(target) {
            return !changed.audience.is_disjoint(scopes);
        }
        let holders = self.known.standing.get(target);
        if let Some(holders) = holders.filter(|holders| !holders.is_empty()) {
            return holders.keys().any(|scope| scopes.contains(scope));
        }
        // Deleted so long ago that its places are forgotten: it is for those it was for.
        let doc = self.known.docs.get(target);
        doc.is_some_and(|doc| !doc.audience().is_disjoint(scopes))
    }
}
