//! Thumbnails down, for every case on this device; whole photos only when somebody looks at one.

use std::sync::Arc;

use bytes::Bytes;
use shared::{
    Digest,
    ipc::{Area, Doing},
};

use super::{
    SyncError,
    photos_up::postponed_by,
    remote::{Remote, RemoteError},
    round::{Round, as_ms},
};
use crate::{blocking::off_thread, core::Core, error::Error, photo::VaultError, store::files};

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
                match fetch(self.core, self.remote, digest).await {
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
            self.announce([Area::Cases]);
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

/// Fetches one photo or thumbnail into the vault. What the hub sends is believed only if it has
/// the digest that was asked for.
pub(super) async fn fetch<R: Remote>(
    core: &Arc<Core>,
    remote: &R,
    digest: Digest,
) -> Result<(), SyncError> {
    let bytes = remote
        .photo_get(digest)
        .await?
        .ok_or(SyncError::NoSuchPhoto)?;
    keep(core, digest, bytes).await?;
    fault::point("client/thumb: file kept, not noted");
    core.write(move |tx| files::mark_here(tx, digest)).await?;
    Ok(())
}

async fn keep(core: &Arc<Core>, digest: Digest, bytes: Bytes) -> Result<(), SyncError> {
    let core = Arc::clone(core);
    let kept = off_thread(move || core.vault.put(digest, &bytes))
        .await
        .map_err(Error::from)?;
    match kept {
        Ok(()) => Ok(()),
        Err(VaultError::WrongDigest) => Err(SyncError::NoSuchPhoto),
        Err(error) => Err(Error::from(error).into()),
    }
}
