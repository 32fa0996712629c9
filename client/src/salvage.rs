//! What a damaged database still gives is brought into the new one: what was done and not yet
//! confirmed is sent after all, drafts can be written on. The damaged one stays as it is.

use std::{collections::BTreeSet, fs, path::Path};

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};
use shared::{DocRef, DraftId, Kind};

use crate::{
    error::Result,
    fold,
    keys::Key,
    open::make_private_dir,
    photo::{Vault, VaultError},
    set_aside,
    store::{
        Store, became, captured, device, drafts,
        files::{self, FileKind},
        form_answers, form_drafts, outbox,
        salvage::{self, Found},
    },
};

/// Beside a database that was set aside: what was brought from it.
const BROUGHT: &str = "brought.json";

/// Where a copy is read.
const READING: &str = "salvage";

/// What was brought into the new database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Brought {
    /// Things done on the device.
    pub(crate) operations: u32,
    /// Drafts.
    pub(crate) drafts: u32,
}

/// Brings what can be read of every database that was set aside and not looked into yet. One that
/// gives nothing is no failure.
pub(crate) fn bring_all(
    dir: &Path,
    database: &str,
    store: &Store,
    key: &Key,
    vault: &Vault,
) -> Result<()> {
    for folder in set_aside::all(dir) {
        if folder.join(BROUGHT).exists() {
            continue;
        }
        let found = read_copy(dir, &folder.join(database), key)?;
        let brought = store.write(|tx| bring(tx, &found, vault))?;
        tracing::warn!(
            operations = brought.operations,
            drafts = brought.drafts,
            "what could be read of a damaged database was brought into the new one"
        );
        let note = serde_json::to_vec(&brought)?;
        fs::write(folder.join(BROUGHT), note).map_err(VaultError::from)?;
    }
    Ok(())
}

/// What was brought from the database in this folder.
pub(crate) fn brought_from(folder: &Path) -> Brought {
    let note = fs::read(folder.join(BROUGHT)).unwrap_or_default();
    serde_json::from_slice(&note).unwrap_or_default()
}

fn read_copy(dir: &Path, database: &Path, key: &Key) -> Result<Found> {
    let place = dir.join(READING);
    // Of a run that was interrupted.
    remove(&place)?;
    make_private_dir(&place).map_err(VaultError::from)?;
    let copy = place.join("copy.db");
    salvage::copy(database, &copy).map_err(VaultError::from)?;
    let mut found = salvage::read(&copy, key);
    if found.is_nothing() {
        // One that lost its end is refused whole, for its head says how long it was.
        salvage::lengthen(&copy).map_err(VaultError::from)?;
        found = salvage::read(&copy, key);
    }
    remove(&place)?;
    Ok(found)
}

fn remove(place: &Path) -> Result<()> {
    match fs::remove_dir_all(place) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(VaultError::from(error).into())
        }
        _ => Ok(()),
    }
}

/// Bringing the same twice brings nothing the second time.
fn bring(tx: &Transaction<'_>, found: &Found, vault: &Vault) -> Result<Brought> {
    let mut brought = Brought::default();
    if let (Some(id), Some(enrolment)) = (found.id, &found.enrolment)
        && device::get(tx)?.enrolment.is_none()
    {
        device::set_enrolment(tx, enrolment)?;
        // The hub finds by itself whether this is still the device it knows, and gives it a new
        // identity if something is missing in between.
        device::set_identity(tx, id, &enrolment.token)?;
    }
    for (photo, at) in &found.captured {
        if vault.contains(photo.digest) {
            captured::add(tx, photo, *at)?;
        }
    }
    for op in &found.ops {
        if outbox::contains(tx, op.op_id)? {
            continue;
        }
        // The sequence has no holes, whatever was lost.
        let mut op = op.clone();
        op.dev_seq = device::next_dev_seq(tx)?;
        outbox::add(tx, &op)?;
        if !op.action.photos().is_empty() {
            deliver_photos(tx, &op, vault)?;
        }
        brought.operations = brought.operations.saturating_add(1);
    }
    became::bring(tx, &found.became)?;
    for kept in &found.drafts {
        let id = kept.draft.id;
        if has_become(tx, id, Kind::case())? || drafts::contains(tx, id)? {
            continue;
        }
        drafts::bring(tx, kept)?;
        brought.drafts = brought.drafts.saturating_add(1);
    }
    brought.drafts = brought.drafts.saturating_add(bring_forms(tx, found)?);
    fold::refold_all(tx)?;
    Ok(brought)
}

/// Whether the draft is something else by now. What became of one under an older version has its id.
fn has_become(tx: &Transaction<'_>, draft: DraftId, kind: Kind) -> Result<bool> {
    let old = DocRef { kind, id: draft.0 };
    Ok(became::find(tx, draft)?.is_some() || !outbox::of_target(tx, &old)?.is_empty())
}

/// Forms that were being filled in, with whatever of their answers could be read. Says how many.
fn bring_forms(tx: &Transaction<'_>, found: &Found) -> Result<u32> {
    let mut brought = BTreeSet::new();
    for kept in &found.form_drafts {
        let id = kept.draft.id;
        if has_become(tx, id, Kind::record())? || form_drafts::contains(tx, id)? {
            continue;
        }
        form_drafts::add(tx, kept)?;
        brought.insert(id);
    }
    for (id, address, value) in &found.form_answers {
        if brought.contains(id) {
            form_answers::put(tx, *id, address, value.as_deref())?;
        }
    }
    let answered = found.form_drafts.iter().filter(|kept| kept.answered);
    let answered = answered.filter(|kept| brought.contains(&kept.draft.id));
    Ok(u32::try_from(answered.count()).unwrap_or(u32::MAX))
}

/// The photos of an operation go up again; the hub says what it has.
fn deliver_photos(tx: &Transaction<'_>, op: &shared::Op, vault: &Vault) -> Result<()> {
    let case = shared::CaseId(op.target.id);
    for photo in op.action.photos() {
        for (digest, kind, bytes) in [
            (photo.digest, FileKind::Photo, photo.bytes),
            (photo.thumb, FileKind::Thumb, photo.thumb_bytes),
        ] {
            if vault.contains(digest) {
                files::add_own(tx, digest, kind, bytes, case)?;
            }
        }
    }
    Ok(())
}
