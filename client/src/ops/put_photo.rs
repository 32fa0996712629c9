//! A photo is handed in piece by piece. With the last piece it is prepared, kept, and stands in
//! its draft; until then nothing of it is on the disk.

use std::sync::PoisonError;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use shared::{
    DraftId, Extra, PhotoError, PhotoKind, PhotoRef, Position,
    ipc::{Area, Changed, Draft, PhotoUpload, PutPhotoChunk},
    photo::{PHOTOS_MAX, far_from_place_m},
};

#[cfg(not(feature = "faults"))]
use crate::photo::prepare;
#[cfg(feature = "faults")]
use crate::photo::remembered::prepare;
use crate::{
    core::Core,
    error::{Error, Result},
    photo::Prepared,
    store::{captured, drafts},
    uploads::Progress,
};

/// Takes a piece.
pub(crate) fn put(core: &Core, args: PutPhotoChunk) -> Result<PhotoUpload> {
    if args.offset == 0
        && let Some(id) = args.draft
    {
        // Asked before the bytes travel, and again when the photo is put in.
        let draft = core.store.read(|db| drafts::get_open(db, id))?;
        room_in(&draft)?;
    }
    let piece = BASE64_STANDARD
        .decode(&args.data)
        .map_err(|_says_nothing_more| Error::Malformed("the piece is not base 64"))?;
    let progress = core
        .uploads
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take(
            &args.upload,
            args.offset,
            args.total,
            &piece,
            core.clock.mono_ms(),
        )?;
    match progress {
        Progress::Receiving(received) => Ok(PhotoUpload::Receiving { received }),
        Progress::Whole(bytes) => store(core, args.draft, &bytes),
    }
}

fn store(core: &Core, draft: Option<DraftId>, bytes: &[u8]) -> Result<PhotoUpload> {
    let prepared = prepare(bytes)?;
    let minutes = core
        .store
        .read(|db| Ok(core.packs(db)?.utc_offset_minutes()))?;
    let photo = describe(&prepared, minutes);
    let _nothing_is_cleared = core.no_clearing();
    if fault::planted(fault::Bug::RowBeforeFile) {
        let place = note(core, draft, &photo)?;
        fault::point("client/photo: noted, its file not written");
        core.vault.put(photo.digest, &prepared.photo.bytes)?;
        core.vault.put(photo.thumb, &prepared.thumb.bytes)?;
        return Ok(stored(photo, place));
    }
    // Files first: a row must never promise bytes that are not there.
    core.vault.put(photo.digest, &prepared.photo.bytes)?;
    core.vault.put(photo.thumb, &prepared.thumb.bytes)?;
    fault::point("client/photo: files kept, not noted");
    let place = note(core, draft, &photo)?;
    if draft.is_some() {
        core.announce(Changed::of([Area::Drafts]));
    }
    Ok(stored(photo, place))
}

/// Writes the photo down, and puts it into its draft; gives the draft's place.
fn note(core: &Core, draft: Option<DraftId>, photo: &PhotoRef) -> Result<Option<Position>> {
    let now = core.clock.now();
    core.store.write(|tx| {
        captured::add(tx, photo, now)?;
        let Some(id) = draft else { return Ok(None) };
        let mut draft = drafts::get_open(tx, id)?;
        if draft
            .photos
            .iter()
            .all(|other| other.digest != photo.digest)
        {
            room_in(&draft)?;
            draft.photos.push(photo.clone());
            draft.changed_at = now;
            drafts::put(tx, &draft)?;
        }
        Ok(draft.place.and_then(|place| place.position))
    })
}

fn stored(photo: PhotoRef, place: Option<Position>) -> PhotoUpload {
    let far_from_place_m = place
        .zip(photo.position)
        .and_then(|(place, photo)| far_from_place_m(place, photo));
    PhotoUpload::Stored {
        photo: Box::new(photo),
        far_from_place_m,
    }
}

fn describe(prepared: &Prepared, utc_offset_minutes: i32) -> PhotoRef {
    let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    PhotoRef {
        digest: prepared.photo.digest,
        thumb: prepared.thumb.digest,
        kind: PhotoKind::Near,
        bytes: length(&prepared.photo.bytes),
        thumb_bytes: length(&prepared.thumb.bytes),
        width: prepared.photo.width,
        height: prepared.photo.height,
        taken_at: prepared
            .taken_at
            .map(|taken| taken.with_offset(utc_offset_minutes)),
        position: prepared.position,
        extra: Extra::default(),
    }
}

fn room_in(draft: &Draft) -> Result<()> {
    if draft.photos.len() >= PHOTOS_MAX {
        Err(PhotoError::TooMany.into())
    } else {
        Ok(())
    }
}
