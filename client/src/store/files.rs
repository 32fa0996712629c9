//! The files of photos and thumbnails: whose bytes are on this device, and which the hub has.
//! A row says where a file stands on its way; the bytes are the vault's.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{CaseId, Digest, Timestamp, ipc::Stuck};

use crate::error::Result;

/// Whether a file is the photo itself or its thumbnail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// The photo, as it was prepared on the device.
    Photo,
    /// Its 256 px thumbnail.
    Thumb,
}

impl FileKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Thumb => "thumb",
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileRow {
    /// Its identity.
    pub(crate) digest: Digest,
    /// Photo or thumbnail.
    pub(crate) kind: FileKind,
    /// Its size.
    pub(crate) bytes: u64,
    /// The case it was first seen with.
    pub(crate) case: CaseId,
    /// Made on this device, so this device must deliver it.
    pub(crate) own: bool,
    /// Its bytes are here.
    pub(crate) here: bool,
    /// The hub has it whole.
    pub(crate) at_hub: bool,
    /// Bytes the hub has confirmed so far.
    pub(crate) sent: u64,
    /// Why it does not move on.
    pub(crate) refused: Option<Stuck>,
    /// Failures in a row.
    pub(crate) attempts: u32,
}

/// What is still to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waiting {
    /// Files that can be sent, photos and thumbnails alike.
    pub(crate) files: u32,
    /// Photos the hub doesn't have whole, refused ones included.
    pub(crate) photos: u32,
    /// Bytes of files that can be sent, less what the hub has of them.
    pub(crate) bytes: u64,
}

/// Nothing is put off for longer, in milliseconds: an hour. A moment later than that was written by a
/// clock that was ahead and has been set right since; the file is due.
pub(crate) const LATEST_MS: i64 = 3_600_000;

macro_rules! columns {
    () => {
        "SELECT digest, kind, bytes, case_id, own, here, at_hub, sent, refused, attempts
           FROM files
        "
    };
}

/// Thumbnails that can be fetched now.
macro_rules! to_fetch {
    () => {
        "WHERE here = 0
           AND kind = 'thumb'
           AND (next_attempt_at IS NULL
                OR next_attempt_at <= :now
                OR next_attempt_at > :now + 3600000) -- see LATEST_MS
           AND EXISTS (SELECT 1 FROM case_photos WHERE case_photos.thumb = files.digest)
        "
    };
}

/// A file that was made on this device and lies in the vault.
pub(crate) fn add_own(
    tx: &Connection,
    digest: Digest,
    kind: FileKind,
    bytes: u64,
    case: CaseId,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO files (digest, kind, bytes, case_id, own, here)
              VALUES (:digest, :kind, :bytes, :case_id, 1, 1)
         ON CONFLICT (digest) DO UPDATE
                 SET own = 1, here = 1",
    )?
    .execute(named_params! {
        ":digest": digest.as_bytes(),
        ":kind": kind.as_str(),
        ":bytes": signed(bytes),
        ":case_id": case.as_bytes(),
    })?;
    Ok(())
}

/// A file that a document refers to. One that is known already stays as it is, unless the case it
/// belonged to has left this device: then it goes on with this one; and unless it turns out to be a
/// thumbnail, too: then it comes by itself and stays like one.
pub(crate) fn see(
    tx: &Connection,
    digest: Digest,
    kind: FileKind,
    bytes: u64,
    case: CaseId,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO files (digest, kind, bytes, case_id)
              VALUES (:digest, :kind, :bytes, :case_id)
         ON CONFLICT (digest) DO UPDATE
                 SET case_id = CASE
                         WHEN EXISTS (SELECT 1 FROM cases WHERE cases.id = files.case_id)
                         THEN files.case_id
                         ELSE excluded.case_id
                     END,
                     kind = CASE WHEN files.own = 0 THEN max(files.kind, excluded.kind)
                                 ELSE files.kind END
               WHERE (files.case_id <> excluded.case_id
                      AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.id = files.case_id))
                  OR (files.own = 0 AND files.kind < excluded.kind) -- 'photo' < 'thumb'",
    )?
    .execute(named_params! {
        ":digest": digest.as_bytes(),
        ":kind": kind.as_str(),
        ":bytes": signed(bytes),
        ":case_id": case.as_bytes(),
    })?;
    Ok(())
}

/// The file, if it is known.
pub(crate) fn find(db: &Connection, digest: Digest) -> Result<Option<FileRow>> {
    let row = db
        .prepare_cached(concat!(columns!(), "WHERE digest = :digest"))?
        .query_row(named_params! { ":digest": digest.as_bytes() }, from_row)
        .optional()?;
    Ok(row)
}

/// The next file to send: thumbnails first, so that a clerk sees something of every case soon;
/// among photos those begun already, then in the order of their cases.
pub(crate) fn next_to_send(db: &Connection, now: Timestamp) -> Result<Option<FileRow>> {
    let row = db
        .prepare_cached(concat!(
            columns!(),
            "WHERE own = 1
               AND at_hub = 0
               AND refused IS NULL
               AND (next_attempt_at IS NULL
                    OR next_attempt_at <= :now
                    OR next_attempt_at > :now + 3600000) -- see LATEST_MS
             ORDER BY kind DESC, sent = 0, case_id, digest
             LIMIT 1",
        ))?
        .query_row(named_params! { ":now": now.as_ms() }, from_row)
        .optional()?;
    Ok(row)
}

/// Thumbnails of cases on this device that are not here yet, newest case first.
pub(crate) fn thumbs_to_fetch(db: &Connection, now: Timestamp, limit: u32) -> Result<Vec<FileRow>> {
    let mut statement = db.prepare_cached(concat!(
        columns!(),
        to_fetch!(),
        "ORDER BY case_id DESC, digest LIMIT :limit"
    ))?;
    let rows = statement
        .query_map(
            named_params! { ":now": now.as_ms(), ":limit": limit },
            from_row,
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// How many thumbnails could be fetched now.
pub(crate) fn thumbs_left(db: &Connection, now: Timestamp) -> Result<u32> {
    let count = db
        .prepare_cached(concat!("SELECT count(*) FROM files ", to_fetch!()))?
        .query_row(named_params! { ":now": now.as_ms() }, |row| row.get(0))?;
    Ok(count)
}

/// What is still to send.
pub(crate) fn waiting(db: &Connection) -> Result<Waiting> {
    let waiting = db
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE refused IS NULL)                                 AS files,
                    count(*) FILTER (WHERE kind = 'photo')                                  AS photos,
                    coalesce(sum(max(bytes - sent, 0)) FILTER (WHERE refused IS NULL), 0)   AS bytes
               FROM files
              WHERE own = 1
                AND at_hub = 0",
        )?
        .query_row([], |row| {
            Ok(Waiting {
                files: row.get("files")?,
                photos: row.get("photos")?,
                bytes: unsigned(row.get("bytes")?),
            })
        })?;
    Ok(waiting)
}

/// The bytes are here now.
pub(crate) fn mark_here(tx: &Connection, digest: Digest, now: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET here = 1, attempts = 0, next_attempt_at = NULL, used_at = :now
          WHERE digest = :digest",
    )?
    .execute(named_params! { ":digest": digest.as_bytes(), ":now": now.as_ms() })?;
    Ok(())
}

/// Whether the photo was not looked at since then.
pub(crate) fn is_unused_since(db: &Connection, digest: Digest, since: Timestamp) -> Result<bool> {
    let unused = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1
                              FROM files
                             WHERE digest = :digest
                               AND kind = 'photo'
                               AND used_at < :since)",
        )?
        .query_row(
            named_params! { ":digest": digest.as_bytes(), ":since": since.as_ms() },
            |row| row.get(0),
        )?;
    Ok(unused)
}

/// The photo was looked at.
pub(crate) fn mark_used(tx: &Connection, digest: Digest, now: Timestamp) -> Result<()> {
    tx.prepare_cached("UPDATE files SET used_at = :now WHERE digest = :digest")?
        .execute(named_params! { ":digest": digest.as_bytes(), ":now": now.as_ms() })?;
    Ok(())
}

/// Photos here that the hub has too, with their sizes: those of others first, then those not looked
/// at for longest. Own ones only when they were taken before then.
pub(crate) fn spare(db: &Connection, own_before: Timestamp) -> Result<Vec<(Digest, u64)>> {
    let mut statement = db.prepare_cached(
        "SELECT files.digest, files.bytes
           FROM files
          WHERE files.here = 1
            AND files.kind = 'photo'
            AND (files.own = 0
                 OR (files.at_hub = 1
                     AND EXISTS (SELECT 1
                                   FROM captured
                                  WHERE captured.digest = files.digest
                                    AND captured.added_at < :own_before)))
          ORDER BY files.own, files.used_at, files.digest",
    )?;
    let spare = statement
        .query_map(named_params! { ":own_before": own_before.as_ms() }, |row| {
            Ok((
                Digest::from_bytes(row.get("digest")?),
                unsigned(row.get("bytes")?),
            ))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(spare)
}

/// The bytes are not here any more.
pub(crate) fn mark_gone(tx: &Connection, digest: Digest) -> Result<()> {
    tx.prepare_cached("UPDATE files SET here = 0 WHERE digest = :digest")?
        .execute(named_params! { ":digest": digest.as_bytes() })?;
    Ok(())
}

/// Nothing shows the file any more; nor is it to be sent.
pub(crate) fn forget_unshown(tx: &Connection, digest: Digest) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM files
          WHERE digest = :digest
            AND NOT EXISTS (SELECT 1 FROM case_photos WHERE digest = :digest OR thumb = :digest)",
    )?
    .execute(named_params! { ":digest": digest.as_bytes() })?;
    Ok(())
}

/// The hub has confirmed the first `sent` bytes.
pub(crate) fn mark_sent(tx: &Connection, digest: Digest, sent: u64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET sent = :sent, attempts = 0, next_attempt_at = NULL
          WHERE digest = :digest",
    )?
    .execute(named_params! { ":digest": digest.as_bytes(), ":sent": signed(sent) })?;
    Ok(())
}

/// The hub has the file whole, under its digest. The original stays on the device.
pub(crate) fn mark_at_hub(tx: &Connection, digest: Digest) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET at_hub = 1, sent = bytes, refused = NULL, attempts = 0, next_attempt_at = NULL
          WHERE digest = :digest",
    )?
    .execute(named_params! { ":digest": digest.as_bytes() })?;
    Ok(())
}

/// The file does not move on until a person asks again.
pub(crate) fn refuse(tx: &Connection, digest: Digest, why: &Stuck) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET refused = :refused
          WHERE digest = :digest",
    )?
    .execute(named_params! {
        ":digest": digest.as_bytes(),
        ":refused": serde_json::to_string(why)?,
    })?;
    Ok(())
}

/// It failed; it is not tried again before `until`.
pub(crate) fn postpone(tx: &Connection, digest: Digest, until: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET attempts = attempts + 1, next_attempt_at = :until
          WHERE digest = :digest",
    )?
    .execute(named_params! { ":digest": digest.as_bytes(), ":until": until.as_ms() })?;
    Ok(())
}

/// A person asked to try again: what was refused or postponed is due now.
pub(crate) fn retry_all(tx: &Connection) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET refused = NULL, attempts = 0, next_attempt_at = NULL
          WHERE refused IS NOT NULL
             OR next_attempt_at IS NOT NULL",
    )?
    .execute([])?;
    Ok(())
}

/// The hub lost its database: everything of this device is offered again. A hub that still has
/// a file says so without taking a byte.
pub(crate) fn send_all_again(tx: &Connection) -> Result<()> {
    tx.prepare_cached(
        "UPDATE files
            SET at_hub = 0, sent = 0, attempts = 0, next_attempt_at = NULL
          WHERE own = 1",
    )?
    .execute([])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let kind = match row.get_ref("kind")?.as_str()? {
        "thumb" => FileKind::Thumb,
        _ => FileKind::Photo,
    };
    // A reason this version can't read is still a reason to stop.
    let refused: Option<String> = row.get("refused")?;
    let refused = refused.map(|json| serde_json::from_str(&json).unwrap_or(Stuck::PhotoFile));
    Ok(FileRow {
        digest: Digest::from_bytes(row.get("digest")?),
        kind,
        bytes: unsigned(row.get("bytes")?),
        case: CaseId::from_bytes(row.get("case_id")?),
        own: row.get("own")?,
        here: row.get("here")?,
        at_hub: row.get("at_hub")?,
        sent: unsigned(row.get("sent")?),
        refused,
        attempts: row.get("attempts")?,
    })
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn unsigned(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}
