//! A hub that confirms and forgets: by its own answer a document belongs in a feed of this device, and
//! it stands in none, though each was pulled to its end. It is asked again first, which costs little: a
//! hub that has the operations answers replays, and says by the way if the document went elsewhere.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use shared::{Doc, DocRef, Scope};

use super::truth;
use crate::{
    error::Result,
    store::{
        deleted,
        feeds::{self, Swept},
        mirror, outbox, settings,
    },
};

/// A document that the hub was asked about again.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    target: DocRef,
    /// It confirmed again, and forgot again: once may be a document that just moved.
    twice: bool,
}

/// Looks through what was taken off the device. What this device did with a document that should be here
/// waits again. Says whether the hub has still not got what it forgot twice.
pub(super) fn ask_again(
    tx: &Connection,
    swept: &[Swept],
    gone: &BTreeSet<DocRef>,
    held: &BTreeSet<Scope>,
) -> Result<bool> {
    let mut asked = asked(tx)?;
    let suspects = swept.iter().filter(|it| !gone.contains(&it.target));
    let suspects = suspects.filter_map(|it| it.confirmed.as_ref());
    let mut changed = false;
    for doc in suspects.filter(|doc| belongs(doc, held)) {
        if deleted::find(tx, &doc.target)?.is_some() || !requeue(tx, doc)? {
            continue;
        }
        tracing::warn!("the hub has in no feed what it confirmed; sending it again");
        changed = true;
        match asked.iter_mut().find(|it| it.target == doc.target) {
            Some(again) => again.twice = true,
            None => asked.push(Asked {
                target: doc.target.clone(),
                twice: false,
            }),
        }
    }
    let (mut open, mut told) = (Vec::new(), false);
    for it in asked {
        let waits = outbox::of_target(tx, &it.target)?
            .iter()
            .any(|it| it.queued);
        if waits || mirror::find(tx, &it.target)?.is_some() {
            told |= it.twice && (waits || !feeds::holds(tx, &it.target)?);
            open.push(it);
        } else {
            // It confirmed and shows nothing: the document went where this person does not see it.
            changed = true;
        }
    }
    if changed {
        settings::put(tx, settings::FORGOTTEN, &open)?;
    }
    Ok(told)
}

/// A feed brought these: they are not forgotten.
pub(super) fn came(tx: &Connection, docs: &BTreeSet<DocRef>) -> Result<()> {
    let mut asked = asked(tx)?;
    let before = asked.len();
    asked.retain(|it| !docs.contains(&it.target));
    if asked.len() < before {
        settings::put(tx, settings::FORGOTTEN, &asked)?;
    }
    Ok(())
}

fn asked(tx: &Connection) -> Result<Vec<Asked>> {
    Ok(settings::find(tx, settings::FORGOTTEN)?.unwrap_or_default())
}

/// Whether it is of this device by what the hub answered.
fn belongs(doc: &Doc, held: &BTreeSet<Scope>) -> bool {
    matches!(doc.body(), Ok(Some(body)) if !body.audience().is_disjoint(held))
}

fn requeue(tx: &Connection, doc: &Doc) -> Result<bool> {
    let mut any = false;
    for done in outbox::of_target(tx, &doc.target)? {
        let said = done.outcome.as_ref().is_some_and(truth::says_it_has);
        if said && !done.queued && !truth::lacks(doc, &done.op) {
            outbox::requeue(tx, done.op.op_id)?;
            any = true;
        }
    }
    Ok(any)
}
