//! Folding records: a record is made once and never changes, so what this device shows of it is the
//! hub's word, or, until that comes, what was done here.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{CaseId, Digest, Doc, DocRef, RecordId, record::Record};

use crate::{
    error::Result,
    fold::{self, Folded},
    number,
    store::{
        captured, case_photos, device,
        files::{self, FileKind},
        records::{self, RecordRow},
    },
};

/// The record, if it is on this device.
pub(crate) fn record(db: &Connection, id: RecordId) -> Result<Option<Record>> {
    Ok(body(&folded(db, &DocRef::record(id))?))
}

/// A document as this device shows it. Once the person's grids are others, and the hub has the record with
/// its photos, it is not shown any more, though they made it: whom it is about is no business of theirs.
fn folded(db: &Connection, target: &DocRef) -> Result<Folded> {
    let mut folded = fold::folded(db, target)?;
    if folded.from_hub || folded.only_here() {
        return Ok(folded);
    }
    let (Some(record), Ok(staff)) = (body(&folded), device::get(db)?.staff().cloned()) else {
        return Ok(folded);
    };
    if !staff.grids.contains(&record.filled.grid) && !waits_for_photos(db, &record)? {
        folded.doc = None;
    }
    Ok(folded)
}

/// Whether this device still delivers a photo of the record.
fn waits_for_photos(db: &Connection, record: &Record) -> Result<bool> {
    for photo in &record.filled.photos {
        for file in [photo.digest, photo.thumb] {
            if files::find(db, file)?.is_some_and(|it| it.own && !it.at_hub) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A photo, or a thumbnail, is at the hub: records that were shown only for its sake go.
pub(crate) fn photo_arrived(tx: &Connection, file: Digest) -> Result<()> {
    for thing in case_photos::shown_in(tx, file)? {
        let id = RecordId(thing.0);
        if records::find(tx, id)?.is_some() {
            refold(tx, &DocRef::record(id))?;
        }
    }
    Ok(())
}

/// Brings what lists show of a record up to date.
pub(crate) fn refold(tx: &Connection, target: &DocRef) -> Result<()> {
    let id = RecordId(target.id);
    // Photos are kept thing by thing, whatever kind of thing.
    let thing = CaseId(target.id);
    let folded = folded(tx, target)?;
    let Some(record) = body(&folded) else {
        // What this person erases keeps its photos until the hub has heard of it, which may say no.
        if folded.doc.as_ref().and_then(Doc::erased).is_none() {
            case_photos::forget(tx, thing)?;
        }
        return records::forget(tx, id);
    };
    let filled = &record.filled;
    records::put(
        tx,
        &RecordRow {
            id,
            form: filled.form.clone(),
            subject: filled.subject.clone(),
            grid: filled.grid.clone(),
            name: filled.name.clone(),
            finished_at: filled.finished_at,
            author: record.recorded.author.staff.clone(),
            replaces: filled.replaces,
            photos: number::count(filled.photos.len()),
            own_at: folded.own_at(),
            unsent: folded.pending().next().is_some(),
        },
    )?;
    let photos: Vec<_> = filled.photos.iter().collect();
    let mut own = BTreeSet::new();
    if !folded.done.is_empty() {
        for photo in &photos {
            // A correction names photos that somebody else took and delivers.
            own.extend(captured::find(tx, photo.digest)?.map(|photo| photo.digest));
        }
    }
    case_photos::put(tx, thing, &photos, |photo| own.contains(&photo.digest))?;
    for photo in photos {
        files::see(tx, photo.digest, FileKind::Photo, photo.bytes, thing)?;
        files::see(tx, photo.thumb, FileKind::Thumb, photo.thumb_bytes, thing)?;
    }
    Ok(())
}

fn body(folded: &Folded) -> Option<Record> {
    let doc = folded.doc.as_ref()?;
    match doc.body() {
        Ok(body) => Some(*body?.record()?),
        Err(error) => {
            tracing::error!(record = %doc.target.id, %error, "a record can't be read");
            None
        }
    }
}
