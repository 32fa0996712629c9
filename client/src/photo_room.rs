//! Room for photos: those the hub has too may take only so much of the device. What it doesn't have
//! yet is never touched, and own originals stay for a month after it has them.

use shared::{Digest, ipc::Settings};

use crate::{
    core::Core,
    error::Result,
    store::{files, settings},
};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Own originals stay for so long, whatever the room.
const OWN_STAY_MS: i64 = 30 * 24 * HOUR_MS;

/// Room is made for a tenth more than what is over, so that it is not made for every photo.
const AT_ONCE: u64 = 10;

/// Somebody looked at a photo: it is among the last to go. Noted once an hour, for looking must not
/// cost a write each time.
pub(crate) fn note_use(core: &Core, digest: Digest) -> Result<()> {
    let now = core.clock.now();
    let since = now.plus_ms(-HOUR_MS);
    if core
        .store
        .read(|db| files::is_unused_since(db, digest, since))?
    {
        core.store.write(|tx| files::mark_used(tx, digest, now))?;
    }
    Ok(())
}

/// Removes what is over the room the person set. Thumbnails stay, and so every list.
pub(crate) fn make_room(core: &Core) -> Result<()> {
    let set: Option<Settings> = core.store.read(|db| settings::find(db, settings::LOOK))?;
    make_room_within(core, set.unwrap_or_default().photo_room.bytes())
}

/// [`make_room`] within so many bytes.
pub(crate) fn make_room_within(core: &Core, room: u64) -> Result<()> {
    let own_before = core.clock.now().plus_ms(-OWN_STAY_MS);
    let clearing = core.clearing();
    let gone = core.store.write(|tx| {
        let spare = files::spare(tx, own_before)?;
        let gone = over(&spare, room);
        for digest in &gone {
            files::mark_gone(tx, *digest)?;
        }
        Ok(gone)
    })?;
    // Rows first: a row must never promise bytes that are not there.
    for digest in &gone {
        core.vault.remove(*digest)?;
    }
    drop(clearing);
    if !gone.is_empty() {
        tracing::info!(photos = gone.len(), "photos the hub has too made room");
    }
    Ok(())
}

/// The first of `spare` without which the rest fits, with a little to spare.
fn over(spare: &[(Digest, u64)], room: u64) -> Vec<Digest> {
    let mut taken: u64 = spare.iter().map(|(_, bytes)| bytes).sum();
    if taken <= room {
        return Vec::new();
    }
    let aim = room - room / AT_ONCE;
    let mut gone = Vec::new();
    for (digest, bytes) in spare {
        if taken <= aim {
            break;
        }
        taken -= bytes;
        gone.push(*digest);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spare(bytes: &[u64]) -> Vec<(Digest, u64)> {
        let digests = (0_u8..).map(|n| Digest::from_bytes([n; 32]));
        digests.zip(bytes.iter().copied()).collect()
    }

    #[test]
    fn what_fits_stays() {
        assert_eq!(over(&spare(&[40, 60]), 100), []);
    }

    #[test]
    fn those_not_looked_at_for_longest_go_until_there_is_a_little_to_spare() {
        let photos = spare(&[10, 10, 10, 80]);

        let gone = over(&photos, 100);

        assert_eq!(
            gone,
            [photos[0].0, photos[1].0],
            "110 is over, 90 is aimed at"
        );
    }
}
