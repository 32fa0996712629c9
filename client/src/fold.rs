//! Folding: what this device shows of a case = the hub's last word + everything done here that
//! the hub's word doesn't know yet, put together by `shared::apply`.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{
    Action, Author, CaseId, Digest, Doc, DocRef, Kind, Op, OpId, Outcome, StaffId, Timestamp,
    apply::{Quarantine, Stamp, apply},
    case::{Case, CaseDoc, Deletion, State, Urgency, Void, may_amend, may_delete, receipt_code},
    deadline::deadline,
    pack::{Calendar, Section},
};

use crate::{
    erased,
    error::{Error, Result},
    fold_record,
    found_by::{first_words, numbers, words},
    number, packs, register,
    store::{
        acknowledged, case_numbers, case_photos,
        cases::{self, Record},
        deleted, device,
        files::{self, FileKind},
        mirror,
        outbox::{self, Done},
        settings,
    },
};

/// Counts changes to what folding writes; another number folds everything anew at the next start.
const FOLD_VERSION: u32 = 13;

/// Characters of the description that a list shows.
pub(crate) const SUMMARY_CHARS: usize = 80;

/// A document as this device shows it.
#[derive(Debug)]
pub(crate) struct Folded {
    /// The document; `None` when there is none.
    pub(crate) doc: Option<Doc>,
    /// What this device did with it, in its own order.
    pub(crate) done: Vec<Done>,
    /// It was deleted at the hub, and only what this device did with it is left here.
    pub(crate) deletion: Option<Deletion>,
    /// The hub's word on it is here.
    pub(crate) from_hub: bool,
}

impl Folded {
    /// The case, once its report is there.
    pub(crate) fn case(&self) -> Result<Option<Box<Case>>> {
        Ok(match self.doc.as_ref().map(Doc::case).transpose()? {
            Some(CaseDoc::Known(case)) => Some(case),
            Some(CaseDoc::Awaiting(_)) | None => None,
        })
    }

    /// Whether this device sent, or will send, that it is to be brought back.
    pub(crate) fn is_being_restored(&self) -> bool {
        let deletion = self.deletion.as_ref().map(|it| it.signed.op_id);
        self.done.iter().any(|done| match &done.op.action {
            Action::Restore(restoring) => deletion.is_some_and(|it| restoring.knew.contains(&it)),
            _ => false,
        })
    }

    /// The revision it is shown at.
    pub(crate) fn rev(&self) -> u64 {
        self.doc.as_ref().map_or(0, |doc| doc.rev)
    }

    /// Operations the hub doesn't have.
    pub(crate) fn pending(&self) -> impl Iterator<Item = OpId> {
        let queued = self.done.iter().filter(|done| done.queued);
        queued.map(|done| done.op.op_id)
    }

    /// When this device last did something with it.
    pub(crate) fn own_at(&self) -> Option<Timestamp> {
        let done = self.done.iter().map(|done| done.op.observed_at.wall);
        done.max()
    }

    fn unsent(&self) -> u32 {
        number::count(self.pending().count())
    }

    /// Operations of this device that the hub keeps aside.
    pub(crate) fn kept_aside(&self) -> impl Iterator<Item = (&Op, Quarantine)> {
        self.done
            .iter()
            .filter_map(|done| Some((&done.op, kept_aside(done)?)))
    }
}

/// The document as this device shows it.
pub(crate) fn folded(db: &Connection, target: &DocRef) -> Result<Folded> {
    let mut doc = mirror::find(db, target)?;
    let from_hub = doc.is_some();
    let deletion = match doc {
        Some(_) => None,
        None => deleted::find(db, target)?,
    };
    let done = outbox::of_target(db, target)?;
    for done in &done {
        // What the hub keeps aside never happened there. But a report of this device stays to be
        // seen, whatever the hub thinks of it.
        if kept_aside(done).is_some() && doc.is_some() {
            continue;
        }
        // Of a confirmation the document may have a later one already.
        let taken_in = !done.queued && done.outcome.is_some() && doc.is_some();
        if taken_in && matches!(done.op.action, Action::Confirm(_)) {
            continue;
        }
        let applied = apply(doc.as_ref(), &done.op, &Stamp::Device);
        doc = applied.doc.or(doc);
    }
    Ok(Folded {
        doc,
        done,
        deletion,
        from_hub,
    })
}

/// Brings what lists and search show of a document up to date.
pub(crate) fn refold(tx: &Connection, target: &DocRef) -> Result<()> {
    if *target == DocRef::pack(Section::Calendar) {
        return refold_all(tx);
    }
    if target.kind == Kind::record() {
        return fold_record::refold(tx, target);
    }
    if target.kind != Kind::case() {
        return register::refold(tx, target);
    }
    let context = Context::load(tx)?;
    refold_case(tx, target, &context)
}

/// Brings what lists and search show of several documents up to date; what folding needs beside
/// them is read once.
pub(crate) fn refold_each<'a>(
    tx: &Connection,
    targets: impl IntoIterator<Item = &'a DocRef, IntoIter: Clone>,
) -> Result<()> {
    let targets = targets.into_iter();
    if targets
        .clone()
        .any(|target| *target == DocRef::pack(Section::Calendar))
    {
        return refold_all(tx);
    }
    for target in targets.clone() {
        register::refold(tx, target)?;
    }
    for record in targets.clone().filter(|it| it.kind == Kind::record()) {
        fold_record::refold(tx, record)?;
    }
    let mut cases = targets
        .filter(|target| target.kind == Kind::case())
        .peekable();
    if cases.peek().is_none() {
        return Ok(());
    }
    let context = Context::load(tx)?;
    cases.try_for_each(|target| refold_case(tx, target, &context))
}

/// Brings everything up to date: another person, another calendar, another version of this code.
pub(crate) fn refold_all(tx: &Connection) -> Result<()> {
    let context = Context::load(tx)?;
    let mut targets: BTreeSet<DocRef> = mirror::refs(tx, &Kind::case())?.into_iter().collect();
    targets.extend(mirror::refs(tx, &Kind::record())?);
    targets.extend(outbox::targets(tx)?);
    for target in &targets {
        if target.kind == Kind::case() {
            refold_case(tx, target, &context)?;
        } else if target.kind == Kind::record() {
            fold_record::refold(tx, target)?;
        }
    }
    register::refold_all(tx)
}

/// Brings everything up to date if an older version of this code wrote it.
pub(crate) fn refold_if_outdated(tx: &rusqlite::Transaction<'_>) -> Result<()> {
    if settings::find(tx, settings::FOLDED_BY)? == Some(FOLD_VERSION) {
        return Ok(());
    }
    erased::forget_all(tx)?;
    refold_all(tx)?;
    settings::put(tx, settings::FOLDED_BY, &FOLD_VERSION)
}

/// What folding needs beside the document.
struct Context {
    me: Option<Author>,
    calendar: Option<Calendar>,
}

impl Context {
    fn load(db: &Connection) -> Result<Self> {
        Ok(Self {
            me: device::get(db)?.author().ok(),
            calendar: packs::calendar(db)?,
        })
    }
}

impl Context {
    fn me(&self) -> Option<&StaffId> {
        self.me.as_ref().map(|me| &me.staff)
    }
}

fn refold_case(tx: &Connection, target: &DocRef, context: &Context) -> Result<()> {
    let id = CaseId(target.id);
    let folded = folded(tx, target)?;
    let Some(case) = folded.case().unwrap_or_else(|error| {
        tracing::error!(case = %id, %error, "a case can't be read");
        None
    }) else {
        case_photos::forget(tx, id)?;
        let Some(deletion) = folded.deletion.as_ref().filter(|_| !folded.done.is_empty()) else {
            case_numbers::put(tx, id, &BTreeSet::new())?;
            return cases::forget(tx, id);
        };
        let record = record_of_deleted(id, deletion, &folded, context);
        let words = format!("{}\n{}", record.summary, receipt_code(id)).to_lowercase();
        cases::put(tx, &record, &words)?;
        return case_numbers::put(tx, id, &numbers(id, None));
    };

    let mut record = record(id, &case, &folded, context);
    record.attention = asks(tx, &case, &folded, context.me())?;
    cases::put(tx, &record, &words(id, &case))?;
    case_numbers::put(tx, id, &numbers(id, Some(&case)))?;

    let photos = case.photos();
    let own: BTreeSet<Digest> = folded
        .done
        .iter()
        .flat_map(|done| done.op.action.photos())
        .map(|photo| photo.digest)
        .collect();
    case_photos::put(tx, id, &photos, |photo| own.contains(&photo.digest))?;
    for photo in photos {
        files::see(tx, photo.digest, FileKind::Photo, photo.bytes, id)?;
        files::see(tx, photo.thumb, FileKind::Thumb, photo.thumb_bytes, id)?;
    }
    Ok(())
}

/// `id` is the document's: a body that names another case must not take that one's place.
fn record(id: CaseId, case: &Case, folded: &Folded, context: &Context) -> Record {
    let amended = case.amended();
    let place = amended.place;
    let photos = case.photos();
    let deadline = case
        .registration
        .as_ref()
        .filter(|_| folded.deletion.is_none())
        .and_then(|r| deadline(context.calendar.as_ref()?, r.at, r.decided.limit));
    let mine = context.me().is_some_and(|me| case.followers().contains(me));
    let decides = context.me.as_ref().is_some_and(|me| may_amend(case, me));
    let conflicts = if decides { amended.conflicts.len() } else { 0 };
    let deletes = context.me.as_ref().is_some_and(may_delete);
    let disputed = if deletes { case.disputed().len() } else { 0 };
    let state = match folded.deletion {
        Some(_) => State::Deleted,
        None => case.shown_state(),
    };
    let conflicts = match state {
        State::Deleted => 0,
        _ => conflicts + disputed,
    };
    Record {
        id,
        case_no: case.case_no.clone(),
        category: amended.category.cloned(),
        summary: first_words(amended.description, SUMMARY_CHARS),
        address: place.address.clone(),
        grid: place.grid.clone(),
        position: place.position,
        urgency: amended.urgency,
        state,
        reported_at: case.reported.at,
        updated_at: folded
            .deletion
            .as_ref()
            .map_or_else(|| case.updated_at(), |it| it.signed.at),
        deadline,
        reporter: case.reported.author.staff.clone(),
        mine,
        photos: number::count(photos.len()),
        photo: photos.first().map(|photo| (*photo).clone()),
        plus_ones: number::count(case.plus_ones()),
        attention: false,
        conflicts: number::count(conflicts),
        own_at: folded.own_at(),
        unsent: folded.unsent(),
    }
}

/// What lists show of a case that was deleted and whose report is not this device's: that it was,
/// and why.
fn record_of_deleted(
    id: CaseId,
    deletion: &Deletion,
    folded: &Folded,
    context: &Context,
) -> Record {
    let takes_part = |done: &Done| matches!(done.op.action, Action::PlusOne(_));
    let first = folded.done.iter().map(|done| done.op.observed_at.wall);
    Record {
        id,
        case_no: None,
        category: None,
        summary: first_words(&deletion.reason, SUMMARY_CHARS),
        address: String::new(),
        grid: "".into(),
        position: None,
        urgency: Urgency::Normal,
        state: State::Deleted,
        reported_at: first.min().unwrap_or(deletion.signed.at),
        updated_at: deletion.signed.at,
        deadline: None,
        reporter: "".into(),
        mine: context.me.is_some() && folded.done.iter().any(takes_part),
        photos: 0,
        photo: None,
        plus_ones: 0,
        attention: false,
        conflicts: 0,
        own_at: folded.own_at(),
        unsent: folded.unsent(),
    }
}

/// Operations of this person in a case that had no effect. A second +1 is not worth a word.
fn void_of<'a>(
    case: &'a Case,
    folded: &'a Folded,
    me: Option<&'a StaffId>,
) -> impl Iterator<Item = OpId> + 'a {
    let void = case.events.iter().filter(move |event| {
        Some(&event.signed.author.staff) == me
            && event
                .void
                .as_ref()
                .is_some_and(|why| *why != Void::AlreadyCounted)
    });
    void.map(|event| event.signed.op_id)
        .chain(folded.kept_aside().map(|(op, _)| op.op_id))
}

/// Whether something this person did had no effect, and they have not seen it.
fn asks(db: &Connection, case: &Case, folded: &Folded, me: Option<&StaffId>) -> Result<bool> {
    for op in void_of(case, folded, me) {
        if !acknowledged::contains(db, op)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Operations of this person in a case that had no effect.
pub(crate) fn without_effect(db: &Connection, target: &DocRef) -> Result<Vec<OpId>> {
    let me = Context::load(db)?.me;
    let folded = folded(db, target)?;
    let case = folded.case()?.ok_or(Error::NotFound)?;
    Ok(void_of(&case, &folded, me.as_ref().map(|me| &me.staff)).collect())
}

fn kept_aside(done: &Done) -> Option<Quarantine> {
    match done.outcome {
        Some(Outcome::Quarantined { why }) => Some(why),
        _ => None,
    }
}
