//! Decides operations and remembers what that changes: documents, feeds, photos, case numbers.
//! Works in memory, so that both stores decide alike: [`Needed`] says what a store must read (and
//! lock) before, [`Effects`] what it must write after, all in one transaction.
//! [`crate::push`] says what is to be; the log is the [`Desk`](super::desk)'s.

mod authority;
mod brief;
mod carried;
mod erasing;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use fault::Bug;
use serde_json::Value;
use shared::{
    Action, Applied, Body, Digest, Doc, DocRef, GridCode, Outcome, PhotoRef, Scope, StaffId,
    Timestamp,
    apply::Stamp,
    case::{JOINED_MAX, Void},
    time::Observed,
};

pub(super) use erasing::{Erased, along, replaced};

use super::{
    Moved, Session, StoreError, StoredDoc,
    assignment::{Author, Former},
    case_numbers::CaseNumbers,
    feeds::{Publication, Standing},
    json::to_json,
};
use crate::push::{self, Incoming};

/// What a store must find out before these operations can be judged.
#[derive(Debug, Default)]
pub(super) struct Needed {
    pub(super) docs: BTreeSet<DocRef>,
    pub(super) grids: BTreeSet<GridCode>,
    /// Of these, what may be erased: records that go with it are needed, too, see [`along`].
    pub(super) erasing: BTreeSet<DocRef>,
    /// Whether a case number may be given away.
    pub(super) opens_cases: bool,
    /// Whose former assignments may speak for the operations.
    pub(super) author: Option<StaffId>,
}

impl Needed {
    /// By what the operations of this person name.
    pub(super) fn by<'a>(author: &StaffId, ops: impl IntoIterator<Item = &'a Incoming>) -> Self {
        let mut needed = Self {
            author: Some(author.clone()),
            ..Self::default()
        };
        for incoming in ops {
            needed.docs.extend(incoming.target.clone());
            if let Ok(op) = &incoming.op {
                needed.docs.extend(push::merging_into(op));
                needed.docs.extend(push::linked(op));
                if push::erases(op) {
                    needed.erasing.insert(op.target.clone());
                }
                needed.grids.extend(push::grids_named(op));
                needed.opens_cases |= matches!(op.action, Action::Report(_));
            }
        }
        needed
    }
}

/// The cases that found ones go on as and that nobody asked for yet. A store reads (and locks) them,
/// and asks again, until there are none; no longer than [`CHAIN_MAX`] times.
pub(super) fn further(docs: &Docs, asked: &BTreeSet<DocRef>) -> BTreeSet<DocRef> {
    let survivors = docs.values().filter_map(|it| it.merged_into());
    survivors.filter(|it| !asked.contains(it)).collect()
}

/// As far as a chain of cases, each going on as the next, is followed. What one case holds is
/// bounded, so a longer one has deleted cases in it, and nothing to pass on.
pub(super) const CHAIN_MAX: usize = JOINED_MAX + 1;

/// Documents by what they are about.
pub(super) type Docs = BTreeMap<DocRef, Arc<StoredDoc>>;

/// What the store knows of all that.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) docs: Docs,
    pub(super) standing: Standing,
    /// Of the needed grids those the city has.
    pub(super) grids: BTreeSet<GridCode>,
    pub(super) numbers: CaseNumbers,
    /// Of the author: the assignments that ended and may still speak, the last first.
    pub(super) former: Vec<Former>,
}

/// What the store must write.
#[derive(Debug)]
pub(super) struct Effects {
    /// Changed documents, each once, in the order of their last change.
    pub(super) changed: Vec<Changed>,
    /// Where documents stood before.
    pub(super) standing: Standing,
    /// Photos and thumbnails that documents show.
    pub(super) photos: BTreeSet<(Digest, DocRef)>,
    pub(super) numbers: CaseNumbers,
    pub(super) erased: Erased,
}

/// A document that changed.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) doc: Arc<StoredDoc>,
    /// There was none before.
    pub(super) is_new: bool,
    audience: BTreeSet<Scope>,
    deleted: bool,
    /// What it carries changed last, of which no result tells.
    carried: bool,
}

impl Effects {
    /// Of the feeds that this moved those of which a device, told the results, knows all that stands
    /// in them.
    pub(super) fn told(&self, moved: Vec<Moved>) -> Vec<Moved> {
        let untold: BTreeSet<&Scope> = self
            .changed
            .iter()
            .filter(|changed| changed.carried)
            .flat_map(|changed| {
                let before = self.standing.get(&changed.doc.target);
                changed
                    .audience
                    .iter()
                    .chain(before.into_iter().flat_map(BTreeMap::keys))
            })
            .collect();
        let moved = moved.into_iter();
        moved.filter(|it| !untold.contains(&it.scope)).collect()
    }

    /// What goes into the feeds.
    pub(super) fn publications(&self) -> Vec<Publication> {
        let changed = self.changed.iter();
        changed
            .map(|changed| Publication {
                target: changed.doc.target.clone(),
                rev: changed.doc.rev,
                audience: changed.audience.clone(),
                deleted: changed.deleted,
            })
            .collect()
    }
}

/// What became of an operation.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) outcome: Outcome,
    /// The revision of its target afterwards.
    pub(super) rev: u64,
    /// The device has, or can work out, the document as it was before.
    pub(super) had_it: bool,
}

/// Whose operations, how they came, and what is known.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    /// As they stand: what they are shown is theirs to see today.
    author: Arc<Author>,
    /// As they stood before.
    formerly: Vec<(Former, Arc<Author>)>,
    /// How the device's clocks stood when it sent.
    sent: &'a Observed,
    /// When the hub received them.
    received_at: Timestamp,
    known: Known,
    /// With the number of the last change to each.
    changed: BTreeMap<DocRef, (usize, Changed)>,
    changes: usize,
    photos: BTreeSet<(Digest, DocRef)>,
    /// Documents that an operation of this batch was about: their device has them by now.
    told: BTreeSet<DocRef>,
    erased: Erased,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        session: &Session,
        sent: &'a Observed,
        received_at: Timestamp,
        known: Known,
    ) -> Self {
        let formerly = known.former.iter();
        let formerly = formerly.map(|it| (it.clone(), Arc::new(it.author(&session.staff))));
        Self {
            author: Arc::new(Author::new(session.staff.clone())),
            formerly: formerly.collect(),
            sent,
            received_at,
            known,
            changed: BTreeMap::new(),
            changes: 0,
            photos: BTreeSet::new(),
            told: BTreeSet::new(),
            erased: Erased::default(),
        }
    }

    /// What becomes of an operation.
    pub(super) fn settle(&mut self, incoming: &Incoming) -> Result<Settled, StoreError> {
        let target = incoming.target.as_ref();
        let current = target.and_then(|target| self.doc(target)).cloned();
        let current = later_writer_wins(current, incoming)?;
        let before = current.as_ref().map_or(0, |doc| doc.rev);
        let saw_it = incoming.op.as_ref().is_ok_and(|op| op.base_rev == before);
        let told = target.is_some_and(|target| !self.told.insert(target.clone()));
        let current = current.as_deref();
        let was_deleted = current.and_then(StoredDoc::deletion).is_some();
        let went_on_as = current.and_then(StoredDoc::merged_into);
        let author = self.author_of(incoming, current);
        let against = self.against(&author, incoming, current);
        let applied = self.decide(&author, incoming, current, against.as_ref());
        let applied = self.erased_at_once(incoming, applied);
        let made = applied.doc.as_ref().map(|doc| doc.rev);
        let rev = made.or(current.map(|doc| doc.rev)).unwrap_or_default();
        if let Some(doc) = applied.doc {
            let target = doc.target.clone();
            let photos = incoming.op.as_ref().map(|op| op.action.photos());
            self.put(doc, photos.unwrap_or_default(), false)?;
            self.carry_on(went_on_as, &target)?;
            self.erase_along(target, current)?;
        }
        let knows_why = against.is_none();
        Ok(Settled {
            outcome: applied.outcome,
            rev,
            had_it: knows_why && (before == 0 || ((saw_it || told) && !was_deleted)),
        })
    }

    /// The document as it is now, where this person may see it and nobody deleted it.
    pub(super) fn visible(&self, target: Option<&DocRef>) -> Result<Option<Doc>, StoreError> {
        let target = target.filter(|target| fault::planted(Bug::ScopeLeak) || self.sees(target));
        let doc = target.and_then(|target| self.doc(target));
        let doc = doc.filter(|doc| doc.deletion().is_none());
        doc.map(|doc| doc.doc()).transpose()
    }

    /// What all this changed.
    pub(super) fn effects(self) -> Effects {
        let mut changed: Vec<_> = self.changed.into_values().collect();
        changed.sort_by_key(|(number, _)| *number);
        Effects {
            changed: changed.into_iter().map(|(_, changed)| changed).collect(),
            standing: self.known.standing,
            photos: self.photos,
            numbers: self.known.numbers,
            erased: self.erased,
        }
    }

    fn decide(
        &mut self,
        author: &Author,
        incoming: &Incoming,
        current: Option<&StoredDoc>,
        against: Option<&Void>,
    ) -> Applied<Body> {
        let op = match &incoming.op {
            Ok(op) => op,
            Err(why) => return Applied::never(*why),
        };
        let number = match &op.action {
            Action::Report(_) => Some(self.known.numbers.next()),
            _ => None,
        };
        let facts = self.facts(author, op, current);
        let stamp = Stamp::Hub {
            received_at: self.received_at,
            sent: self.sent,
            case_no: number.as_deref().unwrap_or_default(),
            against,
        };
        let applied = push::decide(op, &facts, &stamp);
        if number.is_some() && applied.doc.is_some() {
            self.known.numbers.take();
        }
        applied
    }

    fn put(
        &mut self,
        doc: Doc<Body>,
        photos: &[PhotoRef],
        carried: bool,
    ) -> Result<(), StoreError> {
        let doc = StoredDoc::made(doc)?;
        let erased = doc.erased();
        let photos = if erased.is_some() { &[] } else { photos };
        if let Some(erased) = erased {
            self.erased.targets.insert(doc.target.clone());
            self.erased.by.insert(erased.erased.op_id);
        }
        let digests = photos.iter().flat_map(|photo| [photo.digest, photo.thumb]);
        self.photos
            .extend(digests.map(|digest| (digest, doc.target.clone())));
        self.changes += 1;
        let changed = Changed {
            is_new: !self.known.docs.contains_key(&doc.target),
            deleted: doc.deletion().is_some(),
            audience: doc.audience(),
            doc: Arc::new(doc),
            carried,
        };
        let target = changed.doc.target.clone();
        self.changed.insert(target, (self.changes, changed));
        Ok(())
    }

    fn doc(&self, target: &DocRef) -> Option<&Arc<StoredDoc>> {
        let changed = self.changed(target).map(|changed| &changed.doc);
        changed.or_else(|| self.known.docs.get(target))
    }

    fn changed(&self, target: &DocRef) -> Option<&Changed> {
        self.changed.get(target).map(|(_, changed)| changed)
    }
}

/// Only with the bug planted: what the author had not seen is not there when they write.
fn later_writer_wins(
    current: Option<Arc<StoredDoc>>,
    incoming: &Incoming,
) -> Result<Option<Arc<StoredDoc>>, StoreError> {
    let wins = |doc: &Arc<StoredDoc>| {
        let base = incoming.op.as_ref().map_or(doc.rev, |op| op.base_rev);
        fault::planted(Bug::LastWriterWins) && base < doc.rev
    };
    let Some(doc) = current.as_ref().filter(|doc| wins(doc)) else {
        return Ok(current);
    };
    let mut doc = doc.doc()?;
    let events = doc.body.pointer_mut("/known/events");
    if let Some(events) = events.and_then(Value::as_array_mut) {
        events.pop();
    }
    let json = to_json(&doc.body)?;
    Ok(Some(Arc::new(StoredDoc::read(doc.target, doc.rev, json))))
}
