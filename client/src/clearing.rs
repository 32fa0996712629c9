//! Clearing out: drafts long in the bin, and photos that nothing refers to any more. Nothing that a
//! hub is still to get, and nothing younger than a month.

use std::collections::BTreeSet;

use shared::{Digest, Timestamp};

use crate::{
    core::Core,
    error::Result,
    photo_room,
    store::{captured, drafts, files, form_answers, form_drafts, references, settings},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is thrown away can be had back for so long.
const KEPT_MS: i64 = 30 * DAY_MS;

/// Looking for references reads everything, so it is not done at every start.
const BETWEEN_MS: i64 = DAY_MS;

/// Clears out, unless that was done within a day.
pub(crate) fn clear_out(core: &Core) -> Result<()> {
    let now = core.clock.now();
    let last: Option<Timestamp> = core
        .store
        .read(|db| settings::find(db, settings::CLEARED_AT))?;
    let since_last = last.map(|last| now.as_ms().saturating_sub(last.as_ms()));
    // A clock that was set back must not stop it for ever.
    if since_last.is_some_and(|ms| (0..BETWEEN_MS).contains(&ms)) {
        return Ok(());
    }
    photo_room::make_room(core)?;
    let before = now.plus_ms(-KEPT_MS);
    let old = core.vault.older_than(before)?;
    core.vault.sweep_parts(before)?;

    // A photo that is just being handed in again has its file already, but no reference yet.
    let clearing = core.clearing();
    let gone = core.store.write(|tx| {
        drafts::empty_bin(tx, before)?;
        form_drafts::clear_out(tx, before, now.plus_ms(-DAY_MS))?;
        form_answers::clear_out(tx)?;
        let needed = if old.is_empty() {
            BTreeSet::new()
        } else {
            references::all(tx)?
        };
        let gone: Vec<Digest> = old
            .into_iter()
            .filter(|digest| !needed.contains(digest))
            .collect();
        for digest in &gone {
            captured::forget(tx, *digest)?;
            files::mark_gone(tx, *digest)?;
        }
        settings::put(tx, settings::CLEARED_AT, &now)?;
        Ok(gone)
    })?;
    // Rows first: a row must never promise bytes that are not there.
    for digest in &gone {
        core.vault.remove(*digest)?;
    }
    drop(clearing);
    if !gone.is_empty() {
        tracing::info!(
            photos = gone.len(),
            "photos that nothing needs were removed"
        );
    }
    Ok(())
}
