//! Photos and thumbnails up, in resumable pieces, thumbnails first. The original stays on the
//! device. One photo that can't go doesn't stop the others.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use shared::{
    hub_api::ErrorCode,
    ipc::{Area, Doing, Stuck},
};

use super::{
    SyncError,
    remote::{Check, Remote, RemoteError, Retry, Upload},
    round::{Round, as_ms},
};
use crate::{
    blocking::off_thread,
    error::Error,
    fold_record,
    photo::VaultError,
    store::files::{self, FileRow},
};

/// A photo whose pieces arrive wrong this often is refused: something on the way changes bytes.
const RESTARTS_MAX: u32 = 3;

/// After this many cuts without a byte gained, the round gives up.
const CUTS_MAX: u32 = 4;

/// The first wait of a photo that failed; it doubles up to [`LATEST`].
const POSTPONE_BASE: Duration = Duration::from_secs(30);

/// No wait is longer, whatever the hub asks for.
const LATEST: Duration = Duration::from_millis(files::LATEST_MS.cast_unsigned());

/// What went wrong with one file.
#[derive(Debug, Default)]
struct Trouble {
    /// Cuts since a byte was gained.
    cuts: u32,
    /// Pieces that the hub did not take, since a byte was gained.
    restarts: u32,
    /// Something on the way changes bytes.
    changes: u32,
}

impl Trouble {
    /// Asked again, the hub stands at `now`. It may have kept a part of what broke.
    fn asked(&mut self, before: &Upload, now: &Upload) {
        if now.complete || now.offset > before.offset {
            (self.cuts, self.restarts) = (0, 0);
        }
    }

    /// The hub refused a piece.
    fn refused(&mut self, code: ErrorCode) {
        self.restarts += 1;
        self.changes += u32::from(code == ErrorCode::ChecksumMismatch);
    }

    /// A photo that arrived wrong is checked piece by piece the next time.
    fn check(&self) -> Check {
        if self.changes == 0 {
            Check::AtTheEnd
        } else {
            Check::EachPiece
        }
    }
}

/// How sending one file ended.
enum Sent {
    Whole,
    /// Its time was over; what arrived counts.
    TimeUp,
    Refused(Stuck),
}

impl<R: Remote> Round<'_, R> {
    /// Sends files until none is left that can go, or the time is over.
    pub(super) async fn photos_up(&mut self, until_ms: i64) -> Result<(), SyncError> {
        loop {
            let now = self.core.clock.now();
            let Some(file) = self
                .core
                .read(move |db| files::next_to_send(db, now))
                .await?
            else {
                return Ok(());
            };
            if self.core.clock.mono_ms() >= until_ms {
                self.report.unfinished = true;
                return Ok(());
            }
            let digest = file.digest;
            match self.send_file(&file, until_ms).await {
                Ok(Sent::Whole) => {
                    fault::point("client/upload: whole at the hub, not noted");
                    self.core
                        .write(move |tx| {
                            files::mark_at_hub(tx, digest)?;
                            fold_record::photo_arrived(tx, digest)
                        })
                        .await?;
                    self.report.files_sent = self.report.files_sent.saturating_add(1);
                }
                Ok(Sent::TimeUp) => {
                    self.report.unfinished = true;
                    return Ok(());
                }
                Ok(Sent::Refused(why)) => {
                    self.core
                        .write(move |tx| files::refuse(tx, digest, &why))
                        .await?;
                }
                Err(SyncError::Remote(error)) if concerns_only_the_file(&error) => {
                    self.set_aside(&file, error).await?;
                }
                Err(error) => return Err(error),
            }
            self.core.count_waiting().await?;
            self.announce([Area::Delivery, Area::Cases, Area::Records]);
        }
    }

    /// Where the upload really stands, which was at `before`.
    async fn asks_again(
        &self,
        file: &FileRow,
        before: &Upload,
        total: u64,
        trouble: &mut Trouble,
    ) -> Result<Upload, SyncError> {
        let now = self.remote.photo_create(file.digest, total).await?;
        trouble.asked(before, &now);
        Ok(now)
    }

    async fn send_file(&mut self, file: &FileRow, until_ms: i64) -> Result<Sent, SyncError> {
        let Some(bytes) = self.read_file(file).await? else {
            return self.is_there(file).await;
        };
        let total = bytes.len() as u64;
        let mut upload = self.remote.photo_create(file.digest, total).await?;
        let mut trouble = Trouble::default();
        while !upload.complete {
            self.show_progress(upload.offset, total).await?;
            let Some(chunk) = piece(&bytes, upload.offset, self.paces.chunk.size()) else {
                // It claims more bytes than there are: that upload is of something else.
                return Ok(refused(ErrorCode::OffsetMismatch));
            };
            let sent = chunk.len();
            // Empty when all bytes are there but the verdict is missing: it asks for it.
            let check = trouble.check();
            let patch = self
                .remote
                .photo_patch(file.digest, upload.offset, chunk, check);
            let (answer, took) = self.timed(patch).await;
            match answer {
                Ok(now) if now.complete || now.offset > upload.offset => {
                    fault::point("client/upload: piece answered, not noted");
                    self.paces.chunk.succeeded(sent, took);
                    upload = now;
                    trouble.cuts = 0;
                    // That it is whole is noted once, by whoever called.
                    if !now.complete {
                        let (digest, offset) = (file.digest, now.offset);
                        self.core
                            .write(move |tx| files::mark_sent(tx, digest, offset))
                            .await?;
                    }
                }
                Err(RemoteError::CutOff(source)) => {
                    self.paces.chunk.failed(sent);
                    self.paces.push.learn(&self.paces.chunk);
                    trouble.cuts += 1;
                    if trouble.cuts > CUTS_MAX {
                        return Err(RemoteError::CutOff(source).into());
                    }
                    // Where it really stands, only the hub knows; the cut may have come after
                    // the piece, or in the middle of it.
                    upload = self.asks_again(file, &upload, total, &mut trouble).await?;
                }
                Ok(_) => {
                    trouble.restarts += 1;
                    if trouble.restarts >= RESTARTS_MAX {
                        return Ok(refused(ErrorCode::OffsetMismatch));
                    }
                }
                Err(error) => {
                    let code = error.code().filter(|code| begins_anew(*code));
                    let Some(code) = code else {
                        return Err(error.into());
                    };
                    trouble.refused(code);
                    if trouble.restarts.max(trouble.changes) >= RESTARTS_MAX {
                        return Ok(refused(code));
                    }
                    upload = self.asks_again(file, &upload, total, &mut trouble).await?;
                }
            }
            // Words never wait for pixels. If they fail, the photo's next piece fails likewise
            // or it was about the words alone; either way it is noted.
            if let Err(error) = self.push_new().await {
                if error.ends_the_round() {
                    return Err(error);
                }
                self.note(error);
            }
            if !upload.complete && self.core.clock.mono_ms() >= until_ms {
                return Ok(Sent::TimeUp);
            }
        }
        Ok(Sent::Whole)
    }

    /// The bytes are not here any more: room was made, or the file is damaged. The hub may have them.
    async fn is_there(&self, file: &FileRow) -> Result<Sent, SyncError> {
        let upload = self.remote.photo_create(file.digest, file.bytes).await?;
        Ok(if upload.complete {
            Sent::Whole
        } else {
            Sent::Refused(Stuck::PhotoFile)
        })
    }

    /// The file's bytes; `None` when it is damaged or gone.
    async fn read_file(&self, file: &FileRow) -> Result<Option<Bytes>, SyncError> {
        let (core, digest) = (Arc::clone(self.core), file.digest);
        let read = off_thread(move || core.vault.get(digest))
            .await
            .map_err(Error::from)?;
        match read {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(VaultError::Missing | VaultError::Damaged | VaultError::WrongDigest) => Ok(None),
            Err(error @ (VaultError::DiskFull | VaultError::Io(_))) => {
                Err(Error::from(error).into())
            }
        }
    }

    /// One file failed for a reason of its own: refused for good, or for a while.
    async fn set_aside(&mut self, file: &FileRow, error: RemoteError) -> Result<(), SyncError> {
        let (digest, case, now) = (file.digest, file.case, self.core.clock.now());
        let code = error.code().unwrap_or(ErrorCode::Unknown);
        let wait = match error.retry() {
            Retry::Never => None,
            Retry::Soon => Some(postponed_by(file.attempts)),
            Retry::After(floor) => Some(floor.max(postponed_by(file.attempts)).min(LATEST)),
        };
        let attempts = file.attempts;
        self.core
            .write(move |tx| {
                // Before the case arrives, the hub can't know whose photo this is.
                let early = crate::store::outbox::waits_for(tx, case)?;
                match wait.or(early.then(|| postponed_by(attempts))) {
                    Some(wait) => files::postpone(tx, digest, now.plus_ms(as_ms(wait))),
                    None => files::refuse(tx, digest, &Stuck::PhotoRefused { error: code }),
                }
            })
            .await?;
        // It is noted with the file; the round itself goes well.
        tracing::info!(?code, "a photo was set aside");
        Ok(())
    }

    async fn show_progress(&self, sent: u64, total: u64) -> Result<(), SyncError> {
        let left = self.core.read(files::waiting).await?.files;
        self.core.doing(Some(Doing::PhotosUp { left, sent, total }));
        Ok(())
    }
}

/// The piece of `bytes` at `offset`; `None` behind the end.
fn piece(bytes: &Bytes, offset: u64, size: usize) -> Option<Bytes> {
    let from = usize::try_from(offset)
        .ok()
        .filter(|from| *from <= bytes.len())?;
    let to = from.saturating_add(size).min(bytes.len());
    Some(bytes.slice(from..to))
}

fn refused(error: ErrorCode) -> Sent {
    Sent::Refused(Stuck::PhotoRefused { error })
}

/// Whether asking the hub again where the upload stands is the cure.
fn begins_anew(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::ChecksumMismatch | ErrorCode::OffsetMismatch | ErrorCode::NotFound
    )
}

fn concerns_only_the_file(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Refused(_)) && !error.ends_the_round()
}

pub(super) fn postponed_by(attempts: u32) -> Duration {
    let factor = 2_u32.checked_pow(attempts).unwrap_or(u32::MAX);
    POSTPONE_BASE.saturating_mul(factor).min(LATEST)
}
