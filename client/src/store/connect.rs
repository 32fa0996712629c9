//! Opening a connection: the key, every pragma with its reason, and whether the file is sound.

use std::{
    path::{Path, PathBuf},
    sync::Once,
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::migrations;
use crate::keys::Key;

/// A file larger than this is checked whole only after a crash: reading it all would keep the
/// person waiting at every start.
const CHECK_ALWAYS_BYTES: u64 = 64 * 1024 * 1024;

/// 16 MiB: ten thousand cases fit, and a page costs a decryption each time it is read anew.
const CACHE_KIB: i64 = 16 * 1_024;
/// 96 MiB, while a whole register is written: the pages of indexes that are written to again fit. What is
/// written behind the last is not needed again; with twice as much it was written no faster.
const CACHE_MUCH_KIB: i64 = 96 * 1_024;

/// So long the log grows until a commit moves it into the database: what `SQLite` does unasked.
const LOG_PAGES: u32 = 1_000;

/// Why a database can't be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The file is damaged, or encrypted with another key.
    #[error("the database is damaged or has another key")]
    Damaged,
    /// A newer version of the app wrote it.
    #[error("the database has schema version {found}")]
    Newer {
        /// Its version.
        found: u32,
    },
    /// The place can't be read or written.
    #[error("the database can't be opened or written")]
    Unwritable(#[source] rusqlite::Error),
}

/// The files a database consists of.
pub(crate) fn files_of(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

/// Beside a database in which damage was met while it was used: the next start looks at all of it.
fn suspect(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-suspect");
    PathBuf::from(name)
}

/// Damage was met: the next start looks at all of the database, however large it is.
pub(super) fn note_damage(path: &Path) {
    if let Err(error) = std::fs::write(suspect(path), b"") {
        tracing::warn!(kind = ?error.kind(), "that the database is damaged can't be noted");
    }
}

/// Whether this says that the file is not what was written.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

/// Opens the connection that writes: checks the file, brings the schema up to date.
pub(super) fn writer(path: &Path, key: &Key) -> Result<Connection, OpenError> {
    let [file, wal, _] = files_of(path).map(|file| file.metadata().map_or(0, |data| data.len()));
    let mut connection = connect(path, key)?;
    let found = migrations::version(&connection).map_err(|error| sort(error, file))?;
    if found > migrations::SCHEMA_VERSION {
        return Err(OpenError::Newer { found });
    }
    let suspect = suspect(path);
    let is_suspect = suspect.exists();
    if wal > 0 || file <= CHECK_ALWAYS_BYTES || is_suspect {
        check(&connection).map_err(|error| sort(error, file))??;
    }
    set_up_writer(&mut connection).map_err(|error| sort(error, file))?;
    if is_suspect {
        // It is sound, or another one.
        std::fs::remove_file(suspect).unwrap_or_default();
    }
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn reader(path: &Path, key: &Key) -> Result<Connection, OpenError> {
    let connection = connect(path, key)?;
    connection
        // A view that tries to write is a bug, and told so by the database.
        .pragma_update(None, "query_only", true)
        .map_err(OpenError::Unwritable)?;
    // The writer found the file sound; whoever closes last works the log into it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
        .map_err(OpenError::Unwritable)?;
    Ok(connection)
}

/// With what the pages of a database are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// HMAC-SHA-256: the processors of tablets, and of desks of late, have instructions for it.
    Sha256,
    /// HMAC-SHA-512, as databases were begun before. They stay so.
    Sha512,
}

impl Seal {
    /// As `SQLCipher` names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "HMAC_SHA256",
            Self::Sha512 => "HMAC_SHA512",
        }
    }
}

/// Opens a database, or begins it.
pub(super) fn connect(path: &Path, key: &Key) -> Result<Connection, OpenError> {
    let bytes = path.metadata().map_or(0, |data| data.len());
    let now = connect_sealed(path, key, Seal::Sha256);
    let opened = now.or_else(|error| {
        // A first page that is bad and one that is sealed otherwise look the same.
        if bytes > 0 && is_damage(&error) {
            connect_sealed(path, key, Seal::Sha512)
        } else {
            Err(error)
        }
    });
    opened.map_err(|error| {
        if is_damage(&error) {
            sort(error, bytes)
        } else {
            // Nothing was read yet that could be damaged.
            OpenError::Unwritable(error)
        }
    })
}

/// [`connect`], to a database that is sealed so.
pub(super) fn connect_sealed(path: &Path, key: &Key, seal: Seal) -> rusqlite::Result<Connection> {
    wait_for_encryption();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Until it is known to be ours and sound, closing it must not change it. First of all: what
    // follows reads the file, and would on its failure work the log into a damaged one.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    set_up(&connection, key, seal)?;
    first_page(&connection)?;
    Ok(connection)
}

/// Reads the first page, and no other.
fn first_page(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_query(None, "user_version", |_| Ok(()))
}

/// Waits until a key can be set. `SQLite` tells a second thread that it is ready while the first is
/// still making SQLCipher ready (`SQLITE_EXTRA_INIT` runs after `isInit` is set): a key set in
/// between is refused. The first may be anybody's in this process who opens any database.
fn wait_for_encryption() {
    static READY: Once = Once::new();
    // Ten seconds; it takes some milliseconds.
    const TRIES: u32 = 10_000;
    READY.call_once(|| {
        for _ in 0..TRIES {
            if try_encryption().is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
        // Opening will say so, with the database at hand.
        tracing::error!("no key can be set");
    });
}

fn try_encryption() -> rusqlite::Result<()> {
    let nowhere = Connection::open_in_memory()?;
    nowhere.pragma_update_and_check(None, "cipher_log_level", "NONE", |_| Ok(()))?;
    nowhere.pragma_update(None, "key", "any")
}

fn set_up(db: &Connection, key: &Key, seal: Seal) -> rusqlite::Result<()> {
    // What is wrong is told through errors; SQLCipher's own lines on stderr help nobody.
    db.pragma_update_and_check(None, "cipher_log_level", "NONE", |_| Ok(()))?;
    if fault::encrypted() {
        // The raw key: a passphrase would be stretched anew for each connection, 144 ms each.
        db.pragma_update(None, "key", key.pragma().as_str())?;
        db.pragma_update(None, "cipher_hmac_algorithm", seal.name())?;
    }
    if fault::simulated() {
        // Nobody else opens it: no locks, and no index of the log in shared memory.
        db.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    }
    // Another connection may hold the lock for the length of one commit.
    db.busy_timeout(Duration::from_secs(10))?;
    // Sorting and temporary tables would otherwise write residents' words to the disk in the clear.
    db.pragma_update(None, "temp_store", "MEMORY")?;
    // References are promises.
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // Each statement is prepared once; there are about a hundred. Else those with a bound `LIMIT`
    // would be planned anew each time they run, for the number's sake.
    db.set_prepared_statement_cache_capacity(128);
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Keeps many pages in memory and leaves the log alone, or as ever.
pub(super) fn keep_much(db: &Connection, much: bool) -> rusqlite::Result<()> {
    let kib = if much { CACHE_MUCH_KIB } else { CACHE_KIB };
    db.pragma_update(None, "cache_size", -kib)?;
    let pages = if much { 0 } else { LOG_PAGES };
    db.pragma_update_and_check(None, "wal_autocheckpoint", pages, |_| Ok(()))?;
    if much {
        return Ok(());
    }
    db.execute_batch("PRAGMA shrink_memory")
}

fn set_up_writer(db: &mut Connection) -> rusqlite::Result<()> {
    // Readers go on while somebody writes, and a commit is one write to the end of one file.
    let journal = if fault::logs() { "WAL" } else { "MEMORY" };
    db.pragma_update_and_check(None, "journal_mode", journal, |_| Ok(()))?;
    // A commit survives a power cut, not only a crash of the app.
    db.pragma_update(None, "synchronous", "FULL")?;
    // What was deleted is overwritten: a later key theft must not bring it back.
    db.pragma_update(None, "secure_delete", true)?;
    migrations::run(db)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Whether every page is whole and every index fits its table.
fn check(db: &Connection) -> rusqlite::Result<Result<(), OpenError>> {
    let verdict: String = db.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok(if verdict == "ok" {
        Ok(())
    } else {
        Err(OpenError::Damaged)
    })
}

/// Tells damage from a disk that can't be used. `bytes`: the size of the file before; an empty
/// one can't be damaged.
fn sort(error: rusqlite::Error, bytes: u64) -> OpenError {
    let about_the_place = matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::OutOfMemory
                | ErrorCode::NoLargeFileSupport
        )
    );
    if about_the_place || bytes == 0 {
        return OpenError::Unwritable(error);
    }
    tracing::error!(code = ?error.sqlite_error_code(), "the database is damaged");
    OpenError::Damaged
}

#[cfg(test)]
mod tests {
    use rusqlite::{StatementStatus, named_params};

    use super::*;
    use crate::{keys::Key, store::Store};

    #[test]
    fn a_statement_is_not_prepared_again_for_other_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::from_bytes([7; 32]);
        let db = writer(&folder.path().join("device.db"), &key).unwrap();
        let mut select = db
            .prepare(
                "SELECT dev_seq
                   FROM outbox
                  WHERE state = 'queued'
                    AND dev_seq > :after
                  ORDER BY dev_seq
                  LIMIT :limit",
            )
            .unwrap();

        for number in 1..=3 {
            let numbers = named_params! { ":after": number, ":limit": number };
            assert!(!select.exists(numbers).unwrap());
        }

        assert_eq!(select.get_status(StatementStatus::RePrepare), 0);
    }

    #[test]
    fn a_database_that_was_sealed_otherwise_goes_on_with_its_log_and_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let key = Key::from_bytes([7; 32]);
        let sealed = |seal| connect_sealed(&path, &key, seal);
        let before = sealed(Seal::Sha512).unwrap();
        before
            .pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
            .unwrap();
        before
            .execute_batch("CREATE TABLE old (it TEXT); INSERT INTO old VALUES ('there')")
            .unwrap();
        // As after a kill: what was written is in the log alone.
        drop(before);
        let [_, log, _] = files_of(&path);
        assert!(log.metadata().unwrap().len() > 0);

        for _start in 0..2 {
            let store = Store::open(&path, &key).unwrap();
            let old = |db: &Connection| -> rusqlite::Result<String> {
                db.query_row("SELECT it FROM old", [], |row| row.get(0))
            };
            assert_eq!(store.write(|tx| Ok(old(tx)?)).unwrap(), "there");
            assert_eq!(store.read(|db| Ok(old(db)?)).unwrap(), "there");
        }

        assert!(sealed(Seal::Sha512).is_ok(), "it stays as it was");
        assert!(sealed(Seal::Sha256).is_err_and(|error| is_damage(&error)));
        let other = Store::open(&path, &Key::from_bytes([8; 32]));
        assert!(matches!(other, Err(OpenError::Damaged)), "{other:?}");
    }

    #[test]
    fn a_new_database_is_sealed_with_sha_256() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let key = Key::from_bytes([7; 32]);
        drop(Store::open(&path, &key).unwrap());

        let as_before = connect_sealed(&path, &key, Seal::Sha512);

        assert!(as_before.is_err_and(|error| is_damage(&error)));
        assert!(connect_sealed(&path, &key, Seal::Sha256).is_ok());
    }

    #[test]
    fn a_long_log_stays_until_it_is_moved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let bytes = || path.metadata().unwrap().len();
        let store = Store::open(&path, &Key::from_bytes([7; 32])).unwrap();
        let much = vec![7_u8; 2 * LOG_PAGES as usize * 4_096];
        let before = bytes();

        store
            .write_much(|tx| {
                tx.execute_batch("CREATE TABLE much (bytes BLOB)")?;
                tx.execute("INSERT INTO much VALUES (?)", [&much])?;
                Ok(())
            })
            .unwrap();
        let waits = bytes();
        store.move_log().unwrap();

        assert_eq!(waits, before, "whoever writes much does not wait for it");
        assert!(bytes() > much.len() as u64, "it is in the database");
        let left: u32 = store
            .write(|tx| Ok(tx.pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0))?))
            .unwrap();
        assert_eq!(left, LOG_PAGES, "what is written later is moved as ever");
    }

    #[test]
    fn damage_that_is_met_while_the_app_runs_is_looked_for_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let key = Key::from_bytes([7; 32]);
        let store = Store::open(&path, &key).unwrap();
        let too_large = i64::try_from(CHECK_ALWAYS_BYTES).unwrap();
        store
            .write_much(|tx| {
                tx.execute_batch("CREATE TABLE much (bytes BLOB)")?;
                tx.execute("INSERT INTO much VALUES (zeroblob(?))", [too_large])?;
                Ok(())
            })
            .unwrap();
        drop(store);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let all = |store: &Store| {
            store.read(|db| {
                let sql = "SELECT length(CAST(bytes AS TEXT)) FROM much";
                Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?)
            })
        };

        let store = Store::open(&path, &key).unwrap();
        assert!(all(&store).is_err(), "it is met");
        drop(store);

        let again = Store::open(&path, &key);
        assert!(matches!(again, Err(OpenError::Damaged)), "{again:?}");
        bytes[middle] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert!(Store::open(&path, &key).is_ok(), "it is whole again");
        assert!(!suspect(&path).exists(), "and no longer suspect");
    }
}
