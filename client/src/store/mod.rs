//! The device's database: one writer, a few readers, and the only door to a transaction.
//!
//! One table a file; a file holds its table's SQL and nothing else. Opening, keys and pragmas are
//! in `connect`, schema steps in `migrations`.

pub(crate) mod acknowledged;
pub(crate) mod alike;
#[cfg(feature = "faults")]
pub(crate) mod audit;
pub(crate) mod bare;
pub(crate) mod became;
pub(crate) mod captured;
pub(crate) mod case_numbers;
pub(crate) mod case_photos;
pub(crate) mod cases;
pub(crate) mod cases_list;
pub(crate) mod cases_short;
pub(crate) mod cells;
mod connect;
pub(crate) mod deleted;
pub(crate) mod device;
pub(crate) mod doors;
pub(crate) mod drafts;
pub(crate) mod entries;
pub(crate) mod feeds;
pub(crate) mod files;
pub(crate) mod folded;
pub(crate) mod form_answers;
pub(crate) mod form_drafts;
pub(crate) mod form_last;
pub(crate) mod found;
pub(crate) mod listed;
mod many;
mod migrations;
pub(crate) mod mirror;
pub(crate) mod older;
pub(crate) mod outbox;
pub(crate) mod records;
pub(crate) mod references;
pub(crate) mod salvage;
pub(crate) mod settings;
#[cfg(test)]
mod tests;
pub(crate) mod there;
pub(crate) mod touched;
mod value;
pub(crate) mod visits;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use connect::{OpenError, files_of};
pub(crate) use migrations::SCHEMA_VERSION;

use crate::{
    error::{Error, Result},
    keys::Key,
};

/// Views run beside each other and beside the writer; more than this many only wait for the disk.
const READERS: usize = 3;

/// The open database.
pub(crate) struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `path`, or makes it; brings its schema up to date.
    pub(crate) fn open(path: &Path, key: &Key) -> Result<Self, OpenError> {
        let writer = connect::writer(path, key)?;
        // In a simulation nothing runs beside anything: there the writer reads, too.
        let readers = if fault::simulated() { 0 } else { READERS };
        let readers = (0..readers)
            .map(|_| connect::reader(path, key))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            returned: Condvar::new(),
        })
    }

    /// Runs `work` in the one transaction there is at a time. When it returns `Ok`, everything is
    /// on the disk; otherwise nothing is. No network, no pixels, no waiting inside.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.seen(write_on(&mut lock(&self.writer), work))
    }

    /// Sees what became of something: damage that is met now is looked for everywhere at the next start.
    fn seen<T>(&self, done: Result<T>) -> Result<T> {
        if let Err(Error::Storage(error)) = &done
            && connect::is_damage(error)
        {
            connect::note_damage(&self.path);
        }
        done
    }

    /// The same, for a change that touches much of the database: its pages are kept in memory for as
    /// long, or those of its indexes would be read, decrypted and written over and over. It leaves a
    /// long log: [`Store::move_log`] should follow, when nobody waits.
    pub(crate) fn write_much<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = lock(&self.writer);
        connect::keep_much(&writer, true)?;
        let done = self.seen(write_on(&mut writer, work));
        connect::keep_much(&writer, false)?;
        drop(writer);
        done
    }

    /// Runs `work` on one unchanging state of the database.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if fault::simulated() {
            return self.seen(read_on(&mut lock(&self.writer), work));
        }
        let mut reader = Borrowed::from(self);
        let Some(connection) = reader.connection.as_mut() else {
            return Err(rusqlite::Error::InvalidQuery.into());
        };
        self.seen(read_on(connection, work))
    }
}

fn write_on<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    // Immediate: a transaction that begins as a reader can find itself unable to write.
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&tx)?;
    fault::point("client/any change: before commit");
    tx.commit()?;
    fault::point("client/any change: after commit");
    Ok(done)
}

fn read_on<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let tx = connection.transaction()?;
    let done = work(&tx)?;
    tx.commit()?;
    Ok(done)
}

impl Store {
    /// Moves the log beside the database into it, while others read and write.
    pub(crate) fn move_log(&self) -> Result<()> {
        let borrowed = Borrowed::from(self);
        if let Some(beside) = &borrowed.connection {
            beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(())
    }

    /// Folds the log beside the database back into it and empties it: pages as they were before stand
    /// there. While somebody reads it for long, it stays until the app closes.
    pub(crate) fn empty_log(&self) -> Result<()> {
        let writer = lock(&self.writer);
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        drop(writer);
        Ok(())
    }
}

impl Store {
    /// For tests: the database may not grow any more, as on a full disk; or may again.
    pub(crate) fn fill(&self, full: bool) -> Result<()> {
        let writer = lock(&self.writer);
        let pages: u32 = if full {
            writer.pragma_query_value(None, "page_count", |row| row.get(0))?
        } else {
            u32::MAX - 1
        };
        writer.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        drop(writer);
        Ok(())
    }
}

impl Store {
    /// For tests: nothing can be written any more, not even into pages that are there.
    pub(crate) fn refuse(&self) -> Result<()> {
        lock(&self.writer).pragma_update(None, "query_only", true)?;
        Ok(())
    }
}

/// For tests: writes another version into a closed database, as a newer app would.
pub(crate) fn set_version(path: &Path, key_hex: &str, version: u32) -> rusqlite::Result<()> {
    let mut key = [0; 32];
    hex::decode_to_slice(key_hex, &mut key)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let db = connect::connect_sealed(path, &Key::from_bytes(key), connect::Seal::Sha256)?;
    db.pragma_update(None, "user_version", version)
}

/// A reader that goes back by itself, whatever happens.
struct Borrowed<'a> {
    store: &'a Store,
    connection: Option<Connection>,
}

impl<'a> From<&'a Store> for Borrowed<'a> {
    fn from(store: &'a Store) -> Self {
        let mut readers = lock(&store.readers);
        while readers.is_empty() {
            readers = store
                .returned
                .wait(readers)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Self {
            store,
            connection: readers.pop(),
        }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        lock(&self.store.readers).extend(self.connection.take());
        self.store.returned.notify_one();
    }
}

/// A panic elsewhere leaves no half-done transaction: it was rolled back on the way out.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
