//! Thumbnails down, for every case on this device; whole photos only when somebody looks at one.

use std::sync::Arc;

use shared::{
    Digest,
    ipc::{Area, Doing},
};

use super::{
    SyncError,
    pace::Pace,
    photos_up::postponed_by,
    remote::{Remote, RemoteError},
    round::{Round, as_ms},
};
use crate::{
    blocking::off_thread,
    core::Core,
    error::Error,
    photo::{Vault, VaultError},
    store::files,
};

/// Thumbnails looked up at once.
const LOOK_AHEAD: u32 = 50;

impl<R: Remote> Round<'_, R> {
    /// Fetches thumbnails until none is missing, or the time is over.
    pub(super) async fn thumbs_down(&mut self, until_ms: i64) -> Result<(), SyncError> {
        loop {
            let now = self.core.clock.now();
            let (wanted, mut left) = self
                .core
                .read(move |db| {
                    Ok((
                        files::thumbs_to_fetch(db, now, LOOK_AHEAD)?,
                        files::thumbs_left(db, now)?,
                    ))
                })
                .await?;
            if wanted.is_empty() {
                return Ok(());
            }
            for file in wanted {
                if self.core.clock.mono_ms() >= until_ms {
                    self.report.unfinished = true;
                    return Ok(());
                }
                self.core.doing(Some(Doing::PhotosDown { left }));
                left = left.saturating_sub(1);
                let digest = file.digest;
                match fetch(self.core, self.remote, digest, &mut self.paces.chunk).await {
                    Ok(()) => {
                        self.report.thumbs_fetched = self.report.thumbs_fetched.saturating_add(1);
                    }
                    // Its sender may still be on the way; later.
                    Err(error) if concerns_only_the_file(&error) => {
                        let until = now.plus_ms(as_ms(postponed_by(file.attempts)));
                        self.core
                            .write(move |tx| files::postpone(tx, digest, until))
                            .await?;
                    }
                    Err(error) => return Err(error),
                }
                self.push_new().await?;
            }
            self.announce([Area::Cases, Area::Records]);
        }
    }
}

fn concerns_only_the_file(error: &SyncError) -> bool {
    match error {
        SyncError::NoSuchPhoto => true,
        SyncError::Remote(RemoteError::Refused(_)) => !error.ends_the_round(),
        _ => false,
    }
}

/// Fetches one photo or thumbnail into the vault, piece by piece; what has arrived stays, and the next
/// try goes on behind it. What the hub sends is believed only if the whole has the digest that was
/// asked for.
pub(super) async fn fetch<R: Remote>(
    core: &Arc<Core>,
    remote: &R,
    digest: Digest,
    pace: &mut Pace,
) -> Result<(), SyncError> {
    let mut arrived = in_vault(core, move |vault| vault.parts(digest)).await?;
    loop {
        let (from, length) = (as_u64(arrived.len()), as_u64(pace.size()));
        let part = match remote.photo_get(digest, from, length).await {
            Ok(part) => part.ok_or(SyncError::NoSuchPhoto)?,
            Err(RemoteError::CutOff(_)) if !pace.is_smallest() => {
                pace.failed(pace.size());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let whole = from.saturating_add(as_u64(part.bytes.len())) >= part.total;
        if part.bytes.is_empty() && !whole {
            return Err(RemoteError::NotAHub.into());
        }
        arrived.extend_from_slice(&part.bytes);
        if whole {
            break;
        }
        in_vault(core, move |vault| vault.put_part(digest, from, &part.bytes)).await?;
        fault::point("client/photo down: piece kept, next not asked for");
    }
    let kept = in_vault(core, move |vault| {
        let kept = vault.put(digest, &arrived);
        // Whole or wrong: no piece of it is needed any more.
        vault.drop_parts(digest)?;
        kept
    })
    .await;
    match kept {
        Err(Error::PhotoFile) => return Err(SyncError::NoSuchPhoto),
        kept => kept?,
    }
    fault::point("client/photo down: file kept, not noted");
    let now = core.clock.now();
    core.write(move |tx| files::mark_here(tx, digest, now))
        .await?;
    Ok(())
}

async fn in_vault<T: Send + 'static>(
    core: &Arc<Core>,
    work: impl FnOnce(&Vault) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, Error> {
    let core = Arc::clone(core);
    let done = off_thread(move || work(&core.vault)).await?;
    Ok(done?)
}

fn as_u64(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
