//! What goes with what is erased: the records about somebody, the corrections of a record, and what
//! arrives later of either.

use std::{collections::BTreeSet, sync::Arc};

use shared::{
    Applied, Author, Body, DeviceId, Digest, Doc, DocRef, Extra, OpId, Outcome,
    case::{Signed, Void},
    erase::Why,
    hub_api::StaffCard,
    time::Observed,
};
use uuid::Uuid;

use super::{Docs, Effects, Judge, Known, Needed};
use crate::{
    push::{self, Incoming},
    store::{Erasures, Said, Session, StoreError, StoredDoc, json::unreadable},
};

/// What goes from other tables, because documents were erased.
#[derive(Debug, Default)]
pub(in crate::store) struct Erased {
    /// These were.
    pub(in crate::store) targets: BTreeSet<DocRef>,
    /// By these operations, whose own content stays.
    pub(in crate::store) by: BTreeSet<OpId>,
    /// Photos that came with operations of which nothing is kept.
    pub(in crate::store) photos: BTreeSet<Digest>,
}

impl Erased {
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.photos.is_empty()
    }
}

/// Of documents that name one of these, those that go with it.
pub(in crate::store) fn along(found: &mut Docs, erasing: &BTreeSet<DocRef>) {
    found.retain(|_, doc| links(doc).iter().any(|link| erasing.contains(link)));
}

/// The record that this one corrects: it goes with it, too.
pub(in crate::store) fn replaced(doc: &StoredDoc) -> Option<DocRef> {
    doc.body()?.replaces()
}

fn links(doc: &StoredDoc) -> Vec<DocRef> {
    doc.body().map(Body::goes_with).unwrap_or_default()
}

/// The document once it is erased, if it can be.
///
/// Fails when it can't be read: nobody shall believe that it is gone.
fn erase(
    doc: &StoredDoc,
    signed: &Signed,
    why: Why,
    reason: &str,
) -> Result<Option<Doc<Body>>, StoreError> {
    let body = match doc.said() {
        Said::Body(body) => body.erase(signed, why, reason),
        Said::NotForOperations => None,
        Said::Unreadable(error) => return Err(unreadable("document", error)),
    };
    Ok(body.map(|body| Doc {
        target: doc.target.clone(),
        rev: doc.rev + 1,
        body,
    }))
}

impl Erasures {
    /// What a store must find out before.
    pub(in crate::store) fn needed(&self) -> Needed {
        let docs: BTreeSet<DocRef> = self.targets.iter().map(|(it, _)| it.clone()).collect();
        Needed {
            erasing: if self.along {
                docs.clone()
            } else {
                BTreeSet::new()
            },
            docs,
            ..Needed::default()
        }
    }

    /// How many documents that erases, and what the store must write.
    pub(in crate::store) fn decide(&self, known: Known) -> Result<(u64, Effects), StoreError> {
        let session = hub_itself();
        let sent = Observed {
            wall: self.now,
            mono: 0,
            boot: String::new(),
        };
        let mut judge = Judge::new(&session, &sent, self.now, known);
        for (target, op_id) in &self.targets {
            let signed = Signed {
                op_id: *op_id,
                author: Author::hub(),
                at: self.now,
                received_at: Some(self.now),
                extra: Extra::default(),
            };
            judge.erase(target, (&signed, self.why, &self.reason), self.along)?;
        }
        let effects = judge.effects();
        let erased = u64::try_from(effects.erased.targets.len()).unwrap_or(u64::MAX);
        Ok((erased, effects))
    }
}

/// Nobody's device: what it may see is not asked.
fn hub_itself() -> Session {
    let Author { staff, role, .. } = Author::hub();
    Session {
        device: DeviceId(Uuid::nil()),
        last_dev_seq: 0,
        revoked: false,
        staff: StaffCard {
            id: staff,
            name: String::new(),
            name_en: String::new(),
            badge_no: String::new(),
            roles: vec![role],
            permissions: BTreeSet::new(),
            grids: Vec::new(),
        },
    }
}

impl Judge<'_> {
    /// Whether somebody erased it.
    pub(in crate::store) fn is_erased(&self, target: &DocRef) -> bool {
        self.doc(target).is_some_and(|doc| doc.erased().is_some())
    }

    /// Erases what the hub itself found to go. `along`: with all that goes with it. What is erased
    /// already, or can't be, stays as it is.
    fn erase(
        &mut self,
        target: &DocRef,
        (signed, why, reason): (&Signed, Why, &str),
        along: bool,
    ) -> Result<(), StoreError> {
        let Some(before) = self.doc(target).cloned() else {
            return Ok(());
        };
        let Some(erased) = erase(&before, signed, why, reason)? else {
            return Ok(());
        };
        self.put(erased, &[], true)?;
        if along {
            self.erase_along(target.clone(), Some(&before))?;
        }
        Ok(())
    }

    /// A record about somebody who was erased, or that corrects one that was: nothing of it is kept.
    pub(super) fn erased_at_once(
        &mut self,
        incoming: &Incoming,
        applied: Applied<Body>,
    ) -> Applied<Body> {
        let refused = Outcome::ConflictKept { why: Void::Erased };
        let Ok(op) = &incoming.op else {
            return applied;
        };
        let links = push::linked(op);
        let by = links.iter().find_map(|link| self.doc(link)?.erased());
        // What goes because its time is over leaves a correction its own time.
        let by = by.filter(|by| by.why == Why::Request);
        let erased = by.zip(applied.doc.as_ref()).and_then(|(by, doc)| {
            // The document was there before it was erased only for a moment: at the same revision.
            Some(Doc {
                target: doc.target.clone(),
                rev: doc.rev,
                body: doc.body.erase(&by.erased, by.why, &by.reason)?,
            })
        });
        let applied = match erased {
            Some(doc) => Applied {
                doc: Some(doc),
                outcome: refused.clone(),
            },
            None => applied,
        };
        if applied.outcome == refused {
            let photos = op.action.photos().iter();
            let digests = photos.flat_map(|photo| [photo.digest, photo.thumb]);
            self.erased.photos.extend(digests);
        }
        applied
    }

    /// If a document was erased now, so are those that go with it; `before` is what it was.
    pub(super) fn erase_along(
        &mut self,
        target: DocRef,
        before: Option<&StoredDoc>,
    ) -> Result<(), StoreError> {
        if before.is_some_and(|doc| doc.erased().is_some()) {
            return Ok(());
        }
        let mut queue = vec![(target, before.and_then(replaced))];
        while let Some((target, replaced)) = queue.pop() {
            let by = self.doc(&target).and_then(|doc| doc.erased().cloned());
            let Some(by) = by.filter(|by| by.why == Why::Request) else {
                continue;
            };
            let goes_along = |doc: &&Arc<StoredDoc>| {
                Some(&doc.target) == replaced.as_ref() || links(doc).contains(&target)
            };
            let all: Vec<Arc<StoredDoc>> = self.docs().filter(goes_along).cloned().collect();
            for doc in all {
                let Some(erased) = erase(&doc, &by.erased, by.why, &by.reason)? else {
                    continue;
                };
                self.put(erased, &[], true)?;
                // Its device has it no longer as it is.
                self.told.remove(&doc.target);
                queue.push((doc.target.clone(), super::replaced(&doc)));
            }
        }
        Ok(())
    }

    /// All that this transaction knows, as it is now.
    fn docs(&self) -> impl Iterator<Item = &Arc<StoredDoc>> {
        let known = self.known.docs.values();
        let unchanged = known.filter(|doc| !self.changed.contains_key(&doc.target));
        let changed = self.changed.values().map(|(_, changed)| &changed.doc);
        unchanged.chain(changed)
    }
}
