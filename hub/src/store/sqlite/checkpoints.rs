//! Moves the log (WAL) into the database beside the writer, so that nobody who pushes waits for it:
//! every second or third push would take twice as long.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, hooks::Wal};

use super::connection;
use crate::store::StoreError;

/// Begins to move the log at so many pages, as `SQLite` does by itself; 4 MB.
const MOVED_AT: i32 = 1_000;

/// At so many the writer moves it itself: while it commits one thing after the other, nobody else
/// gets to the end of the log, and only an empty log is begun anew. 64 MB.
const MOVED_AT_ONCE: i32 = 16_000;

/// The thread that moves it. It ends with this, whether or not the writer is closed by then.
#[derive(Debug)]
pub(super) struct Checkpoints(Option<(SyncSender<Asked>, JoinHandle<()>)>);

/// What the thread is asked for.
#[derive(Debug)]
enum Asked {
    Move,
    End,
}

/// Held by whoever moves the log. `SQLite` lets one do so at a time and refuses the other; so the
/// writer, on a disk so slow that the thread is still at it, would let the log grow on and on.
type Moving = Arc<Mutex<()>>;

impl Checkpoints {
    /// Moves what this writer logs. In a simulation nothing runs beside anything: there the writer
    /// does it, at the same number of pages.
    pub(super) fn of(path: &Path, writer: &mut Connection) -> Result<Self, StoreError> {
        if fault::simulated() {
            return Ok(Self(None));
        }
        let (ask, asked) = sync_channel(1);
        let beside = connection::open_beside(path)?;
        let moving = Moving::default();
        let held = Arc::clone(&moving);
        let thread = thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || move_when_asked(&beside, &asked, &held))
            .map_err(|error| StoreError::Backend(Box::new(error)))?;
        let grows = ask.clone();
        writer.wal_hook(Some(move |wal: &mut Wal, pages| {
            grown(wal, pages, &grows, &moving);
            Ok(())
        }))?;
        Ok(Self(Some((ask, thread))))
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        let Some((ask, thread)) = self.0.take() else {
            return;
        };
        // It is told to end instead of waiting for the writer to close: that would never come where
        // a writer outlives this, as it does when something panics. Whoever does not hear it ended.
        ask.send(Asked::End).unwrap_or_default();
        // Whoever opens or copies the database next finds it closed.
        if thread.join().is_err() {
            tracing::error!("what moves the log into the database panicked");
        }
    }
}

/// The commit is done, and stays done whatever comes of this.
fn grown(wal: &mut Wal, pages: i32, ask: &SyncSender<Asked>, moving: &Mutex<()>) {
    if pages >= MOVED_AT_ONCE {
        let _held = moving.lock().unwrap_or_else(PoisonError::into_inner);
        told(wal.checkpoint());
    } else if pages >= MOVED_AT {
        // Full: it was asked already.
        ask.try_send(Asked::Move).unwrap_or_default();
    }
}

fn move_when_asked(db: &Connection, asked: &Receiver<Asked>, moving: &Mutex<()>) {
    while let Ok(Asked::Move) = asked.recv() {
        let _held = moving.lock().unwrap_or_else(PoisonError::into_inner);
        // PASSIVE: neither readers nor the writer wait for it.
        told(db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())));
    }
}

/// What was not moved stays in the log, where it is as safe, and is moved next time.
fn told(moved: rusqlite::Result<()>) {
    if let Err(error) = moved {
        tracing::warn!(%error, "the log was not moved into the database");
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::TransactionBehavior;

    use super::*;

    /// Pages in the log that are not yet in the database; `None`: the log is empty.
    fn left(db: &Connection) -> (i64, i64) {
        db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get(1)?, row.get(2)?))
        })
        .unwrap()
    }

    #[test]
    fn the_log_moves_beside_the_writer_and_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let mut writer = connection::open_writer(&path, None).unwrap();
        let checkpoints = Checkpoints::of(&path, &mut writer).unwrap();
        writer
            .execute_batch("CREATE TABLE much (bytes BLOB)")
            .unwrap();

        // 160 MB in commits of a thousand pages, each right after the other.
        for _ in 0..40 {
            let tx = writer
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .unwrap();
            tx.execute("INSERT INTO much VALUES (zeroblob(4096000))", [])
                .unwrap();
            tx.commit().unwrap();
        }

        let log = folder.path().join("hub.db-wal").metadata().unwrap().len();
        let most = u64::try_from(MOVED_AT_ONCE + 2_000).unwrap() * 4_120;
        assert!(log < most, "{log} bytes of log");
        let (logged, moved) = left(&writer);
        assert_eq!(logged, moved, "all of it can be moved");
        // It ends while the writer is open, too: a panic may drop them in this order.
        drop(checkpoints);
        drop(writer);
        assert!(
            !folder.path().join("hub.db-wal").exists(),
            "the last one out works the log into the database"
        );
    }

    #[test]
    fn what_is_asked_for_is_moved_without_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let writer = connection::open_writer(&path, None).unwrap();
        writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        writer
            .execute_batch("CREATE TABLE much (bytes BLOB)")
            .unwrap();
        let beside = connection::open_beside(&path).unwrap();
        let (ask, asked) = sync_channel(1);
        ask.send(Asked::Move).unwrap();
        drop(ask);

        move_when_asked(&beside, &asked, &Mutex::default());

        // The next commit begins the log anew, as the whole of it was moved.
        writer
            .execute("INSERT INTO much VALUES (x'00')", [])
            .unwrap();
        let (logged, _) = left(&writer);
        assert!(logged <= 3, "{logged} pages, of the last commit only");
    }
}
