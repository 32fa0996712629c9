//! Queueing an operation: checked against the rules, written to the outbox, and shown, in the
//! caller's transaction.

use rusqlite::{Connection, Transaction};
use shared::{
    Action, CaseId, DocRef, Extra, Op, OpId, PhotoError, PhotoRef, RecordId, Scope,
    case::{Case, State, Void, offered, rule},
    ipc::{Area, Changed, Link, Saved},
    op::SCHEMA,
    photo::PHOTOS_MAX,
    record::Filled,
};

use crate::{
    clock::random,
    core::Core,
    error::{Error, Result},
    fold::{self, Folded},
    store::{
        captured, device,
        files::{self, FileKind},
        outbox,
    },
};

/// Queues the report of a new case.
pub(crate) fn report(core: &Core, tx: &Transaction<'_>, id: CaseId, action: Action) -> Result<()> {
    let Action::Report(report) = &action else {
        return Err(Error::Malformed("not a report"));
    };
    let scope = Scope::grid(&report.place.grid);
    add(core, tx, DocRef::case(id), 0, scope, action)
}

/// Queues what was filled in.
pub(crate) fn record(
    core: &Core,
    tx: &Transaction<'_>,
    id: RecordId,
    filled: Filled,
) -> Result<()> {
    let target = DocRef::record(id);
    let scope = Scope::grid(&filled.grid);
    add(core, tx, target, 0, scope, Action::Record(Box::new(filled)))
}

/// Queues what somebody does with a case that is there. Refused at once when the rules say no.
pub(super) fn on_case(core: &Core, tx: &Transaction<'_>, id: CaseId, action: Action) -> Result<()> {
    let (folded, case) = case(tx, id)?;
    if folded.deletion.is_some() {
        let state = State::Deleted;
        return Err(Void::WrongState { state }.into());
    }
    offered(&case, &action, &device::get(tx)?.author()?)?;
    let offline = rule(&action).is_some_and(|rule| rule.offline);
    if !offline && core.link() != Link::Up {
        return Err(Error::NeedsHub);
    }
    add(
        core,
        tx,
        DocRef::case(id),
        folded.rev(),
        Scope::grid(&case.amended().place.grid),
        action,
    )
}

/// Does with a case what needs nothing but the case: queued, and told to the pages.
pub(super) fn at_once(core: &Core, case: CaseId, action: Action) -> Result<Saved> {
    core.store.write(|tx| on_case(core, tx, case, action))?;
    core.announce_work(touched());
    Ok(Saved {})
}

/// Queues what somebody does with a case of which this device has no more than that it was deleted.
pub(super) fn on_deleted(
    core: &Core,
    tx: &Transaction<'_>,
    id: CaseId,
    folded: &Folded,
    action: Action,
) -> Result<()> {
    // It is shown because something was done with it here: in the feed of that it was expected.
    let last = folded.done.last().ok_or(Error::NotFound)?;
    let scope = last.op.scope.clone();
    add(core, tx, DocRef::case(id), folded.rev(), scope, action)
}

/// A case as this device shows it.
pub(super) fn case(db: &Connection, id: CaseId) -> Result<(Folded, Box<Case>)> {
    let folded = fold::folded(db, &DocRef::case(id))?;
    let case = folded.case()?.ok_or(Error::NotFound)?;
    Ok((folded, case))
}

/// Photos as the pipeline described them; of what the page says only order and kind count.
pub(super) fn photos(db: &Connection, named: &[PhotoRef]) -> Result<Vec<PhotoRef>> {
    if named.len() > PHOTOS_MAX {
        return Err(PhotoError::TooMany.into());
    }
    named
        .iter()
        .map(|photo| {
            let known = captured::find(db, photo.digest)?.ok_or(Error::PhotoFile)?;
            Ok(PhotoRef {
                kind: photo.kind,
                ..known
            })
        })
        .collect()
}

/// What queueing an operation touches.
pub(super) fn touched() -> Changed {
    Changed::of([Area::Cases, Area::Delivery])
}

/// Queues an operation: in the outbox, its photos to be sent, and shown.
pub(super) fn add(
    core: &Core,
    tx: &Transaction<'_>,
    target: DocRef,
    base_rev: u64,
    scope: Scope,
    action: Action,
) -> Result<()> {
    add_named(core, tx, target, base_rev, scope, action).map(drop)
}

/// As [`add`]; tells which operation it was.
pub(super) fn add_named(
    core: &Core,
    tx: &Transaction<'_>,
    target: DocRef,
    base_rev: u64,
    scope: Scope,
    action: Action,
) -> Result<OpId> {
    let author = device::get(tx)?.author()?;
    let observed_at = core.clock.observed();
    let op = Op {
        op_id: OpId::new(observed_at.wall, random()?),
        dev_seq: next_dev_seq(tx)?,
        target,
        base_rev,
        action,
        observed_at,
        author,
        scope,
        schema: SCHEMA,
        extra: Extra::default(),
    };
    outbox::add(tx, &op)?;
    fault::point("client/op: in the outbox, not shown");
    let first_seen = CaseId(op.target.id);
    for photo in op.action.photos() {
        // A correction of a record names photos that somebody else took and delivers.
        let is_record = matches!(op.action, Action::Record(_));
        if is_record && captured::find(tx, photo.digest)?.is_none() {
            continue;
        }
        files::add_own(tx, photo.digest, FileKind::Photo, photo.bytes, first_seen)?;
        files::add_own(
            tx,
            photo.thumb,
            FileKind::Thumb,
            photo.thumb_bytes,
            first_seen,
        )?;
    }
    fault::point("client/op: its photos to be sent, not shown");
    fold::refold(tx, &op.target)?;
    Ok(op.op_id)
}

fn next_dev_seq(tx: &Transaction<'_>) -> Result<u64> {
    let next = device::next_dev_seq(tx)?;
    if fault::planted(fault::Bug::HoleInSequence) && next.is_multiple_of(8) {
        return device::next_dev_seq(tx);
    }
    Ok(next)
}
