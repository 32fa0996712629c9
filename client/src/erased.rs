//! 清除 on this device: once the hub says that something was erased, nothing of it stays here, neither in
//! what the hub sent nor in what this device wrote itself. The one exception to what is written being
//! kept until the hub has it: the hub would not keep it either.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::{Action, CaseId, Digest, Doc, DocRef, Kind, Outcome, case::Void, register::EntryKind};

use crate::{
    core::Core,
    error::Result,
    store::{
        captured, case_photos, files, form_answers, form_drafts, form_last, mirror, outbox,
        references, settings,
    },
};

/// The hub sent this document; is it an erased one, what stands here beside it goes. To be called before
/// it is folded.
pub(crate) fn heard(tx: &Connection, doc: &Doc) -> Result<()> {
    if doc.erased().is_none() {
        return Ok(());
    }
    forget(tx, &doc.target)
}

/// The hub answered what this device did; was it about something erased, nothing of it stays. To be
/// called before it is folded.
pub(crate) fn answered(tx: &Connection, target: &DocRef, outcome: &Outcome) -> Result<()> {
    if *outcome != (Outcome::ConflictKept { why: Void::Erased }) {
        return Ok(());
    }
    forget(tx, target)
}

/// What an older version of this code took for a document it can't read.
pub(crate) fn forget_all(tx: &Connection) -> Result<()> {
    for kind in [Kind::record(), EntryKind::Resident.kind()] {
        for target in mirror::erased(tx, &kind)? {
            forget(tx, &target)?;
        }
    }
    Ok(())
}

fn forget(tx: &Connection, target: &DocRef) -> Result<()> {
    // Photos are kept thing by thing, whatever kind of thing.
    let thing = CaseId(target.id);
    let mut photos: BTreeSet<Digest> =
        settings::find(tx, settings::ERASED_PHOTOS)?.unwrap_or_default();
    photos.extend(case_photos::digests(tx, thing)?);
    for mut done in outbox::of_target(tx, target)? {
        match &done.op.action {
            // Who erased it, and why, is nothing of it.
            Action::Erase(_) | Action::Erased => continue,
            Action::Record(filled) => form_last::forget(tx, &filled.form.id)?,
            _ => {}
        }
        let shown = done.op.action.photos().iter();
        photos.extend(shown.flat_map(|photo| [photo.digest, photo.thumb]));
        done.op.action = Action::Erased;
        done.op.extra.clear();
        done.op.author.extra.clear();
        outbox::rewrite(tx, &done.op)?;
    }
    form_drafts::forget_about(tx, target)?;
    form_answers::clear_out(tx)?;
    case_photos::forget(tx, thing)?;
    for photo in &photos {
        files::forget_unshown(tx, *photo)?;
    }
    settings::put(tx, settings::ERASED_PHOTOS, &photos)
}

/// Removes the photos that went with what was erased, and what stands beside the tables. Asked for at
/// every start and after every round; mostly there is nothing.
pub(crate) fn finish(core: &Core) -> Result<()> {
    let erased = |db: &Connection| settings::find::<BTreeSet<Digest>>(db, settings::ERASED_PHOTOS);
    if core.store.read(erased)?.is_none() {
        return Ok(());
    }
    // A photo that is just being handed in again has its file already, but no reference yet.
    let clearing = core.clearing();
    let gone = core.store.write(|tx| {
        let mut gone = erased(tx)?.unwrap_or_default();
        if !gone.is_empty() {
            let needed = references::all(tx)?;
            gone.retain(|digest| !needed.contains(digest));
        }
        for digest in &gone {
            captured::forget(tx, *digest)?;
            files::mark_gone(tx, *digest)?;
        }
        Ok(gone)
    })?;
    // Rows first: a row must never promise bytes that are not there. Until they are gone it is known
    // which they are.
    for digest in &gone {
        core.vault.remove(*digest)?;
    }
    core.store
        .write(|tx| settings::forget(tx, settings::ERASED_PHOTOS))?;
    drop(clearing);
    core.store.empty_log()
}
