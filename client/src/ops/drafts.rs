//! Drafts: begun, saved on every change, put into the bin and taken out again.

use std::collections::BTreeSet;

use shared::{
    DraftId, PhotoError, PhotoKind, PhotoRef, Place,
    ipc::{
        Area, Changed, Choice, DiscardDraft, Draft, DraftView, Missing, OpenDraft, RestoreDraft,
        SaveDraft, Saved,
    },
    photo::PHOTOS_MAX,
};

use crate::{
    clock::random,
    core::Core,
    error::Result,
    store::{captured, drafts},
};

/// Opens a draft, or begins one that is on the disk before this returns.
pub(crate) fn open(core: &Core, args: OpenDraft) -> Result<Draft> {
    if let Some(id) = args.draft {
        return core.store.read(|db| drafts::get_open(db, id));
    }
    let now = core.clock.now();
    let draft = Draft::blank(DraftId::new(now, random()?), now);
    core.store.write(|tx| drafts::put(tx, &draft))?;
    core.announce(Changed::of([Area::Drafts]));
    Ok(draft)
}

/// Saves a draft as it stands, however long its texts are: only sending has limits.
pub(crate) fn save(core: &Core, args: SaveDraft) -> Result<DraftView> {
    let now = core.clock.now();
    let draft = core.store.write(|tx| {
        let before = drafts::get(tx, args.draft.id)?.draft;
        let mut draft = Draft {
            begun_at: before.begun_at,
            changed_at: now,
            ..args.draft
        };
        // What the person took out goes. What the page merely doesn't name stays: it may have been
        // stored while the page was saving.
        let unnamed = before
            .photos
            .into_iter()
            .filter(|photo| !args.removed.contains(&photo.digest));
        let mut photos: Vec<PhotoRef> = Vec::new();
        let mut seen = BTreeSet::new();
        for photo in draft.photos.into_iter().chain(unnamed) {
            // A photo this device never prepared is the page's mistake; the words are saved.
            let known = captured::find(tx, photo.digest)?;
            if let Some(known) = known.filter(|known| seen.insert(known.digest)) {
                photos.push(PhotoRef {
                    kind: photo.kind,
                    ..known
                });
            }
        }
        if photos.len() > PHOTOS_MAX {
            return Err(PhotoError::TooMany.into());
        }
        draft.photos = photos;
        drafts::put(tx, &draft)?;
        fault::point("client/draft: written, not committed");
        Ok(draft)
    })?;
    core.announce(Changed::of([Area::Drafts]));
    Ok(DraftView {
        changed_at: now,
        missing: missing(&draft),
    })
}

/// Puts a draft into the bin.
pub(crate) fn discard(core: &Core, args: DiscardDraft) -> Result<Saved> {
    let now = core.clock.now();
    core.store
        .write(|tx| drafts::set_discarded(tx, args.draft, Some(now)))?;
    core.announce(Changed::of([Area::Drafts]));
    Ok(Saved {})
}

/// Takes a draft out of the bin.
pub(crate) fn restore(core: &Core, args: RestoreDraft) -> Result<Saved> {
    core.store
        .write(|tx| drafts::set_discarded(tx, args.draft, None))?;
    core.announce(Changed::of([Area::Drafts]));
    Ok(Saved {})
}

/// What a draft still needs before it can be sent.
pub(super) fn missing(draft: &Draft) -> Vec<Missing> {
    let nowhere = |place: &Place| place.position.is_none() && place.address.trim().is_empty();
    let after_photo = draft
        .photos
        .iter()
        .any(|photo| photo.kind == PhotoKind::After);
    let lacks = [
        (Missing::Category, draft.category == Choice::Open),
        (Missing::Place, draft.place.as_ref().is_none_or(nowhere)),
        (
            Missing::Content,
            draft.description.trim().is_empty() && draft.photos.is_empty(),
        ),
        (
            Missing::Handled,
            draft.self_handled && draft.handled_note.trim().is_empty() && !after_photo,
        ),
    ];
    lacks
        .into_iter()
        .filter(|(_, lacking)| *lacking)
        .map(|(missing, _)| missing)
        .collect()
}
