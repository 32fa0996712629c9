//! Opens the database with every pragma, and brings its schema up to date.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

use crate::store::StoreError;

/// The steps of the schema; a step is never edited once released.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../../../migrations/hub/sqlite/0001_hub.sql"),
    include_str!("../../../../migrations/hub/sqlite/0002_op_audit.sql"),
    include_str!("../../../../migrations/hub/sqlite/0003_device_clocks.sql"),
    include_str!("../../../../migrations/hub/sqlite/0004_deleted.sql"),
    include_str!("../../../../migrations/hub/sqlite/0005_exports.sql"),
    include_str!("../../../../migrations/hub/sqlite/0006_permissions.sql"),
    include_str!("../../../../migrations/hub/sqlite/0007_erased_photos.sql"),
    include_str!("../../../../migrations/hub/sqlite/0008_assignments.sql"),
    include_str!("../../../../migrations/hub/sqlite/0009_places.sql"),
];

/// How long a writer waits for another process (the command line beside the server).
const BUSY: Duration = Duration::from_secs(10);

/// The one connection that writes.
pub(super) fn open_writer(path: &Path, pages_max: Option<u32>) -> Result<Connection, StoreError> {
    let mut db = open(path, OpenFlags::default())?;
    // WAL: readers never wait for the writer.
    db.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: what was answered survives a power cut.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // What is erased is written over, not only forgotten.
    db.pragma_update(None, "secure_delete", true)?;
    // In KiB, as the minus says: edits of old cases touch pages from all over.
    db.pragma_update(None, "cache_size", -65_536)?;
    if let Some(pages) = pages_max {
        db.pragma_update(None, "max_page_count", pages)?;
    }
    migrate(&mut db)?;
    Ok(db)
}

/// A connection that moves the log into the database, beside the one that writes.
pub(super) fn open_beside(path: &Path) -> Result<Connection, StoreError> {
    let db = open(path, OpenFlags::default())?;
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(db)
}

/// Folds the log beside the database back into it and empties it: pages as they were before stand
/// there. While somebody reads the log for long, it stays for the next time.
pub(super) fn empty_wal(db: &Connection) -> Result<(), StoreError> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let db = open(path, flags)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(128);
    // A prepared statement stays prepared: those with a bound `LIMIT` would else be planned anew
    // each time they run, for the number's sake.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(db)
}

fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).map_err(|_too_many| StoreError::OutOfRange)?;
    // So it is at nearly every start.
    if version_of(db)? == known {
        return Ok(());
    }
    for (version, step) in (1..).zip(MIGRATIONS) {
        // IMMEDIATE, and the version is read inside: two processes may start at once.
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = version_of(&tx)?;
        if found > known {
            return Err(StoreError::NewerSchema { found, known });
        }
        if found < version {
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", version)?;
            tx.commit()?;
        }
    }
    Ok(())
}

fn version_of(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use rusqlite::{StatementStatus, named_params};

    use super::*;

    #[test]
    fn a_statement_is_not_prepared_again_for_other_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let writer = open_writer(&path, None).unwrap();
        let reader = open_reader(&path).unwrap();
        for db in [writer, reader] {
            let mut select = db
                .prepare("SELECT seq FROM feeds WHERE seq > :after ORDER BY seq LIMIT :limit")
                .unwrap();

            for number in 1..=3 {
                let numbers = named_params! { ":after": number, ":limit": number };
                assert!(!select.exists(numbers).unwrap());
            }

            assert_eq!(select.get_status(StatementStatus::RePrepare), 0);
        }
    }

    #[test]
    fn a_database_of_the_first_program_gets_the_steps_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let db = open(&path, OpenFlags::default()).unwrap();
        db.execute_batch(MIGRATIONS[0]).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        drop(db);

        let db = open_writer(&path, None).unwrap();

        assert!(db.table_exists(None, "op_audit").unwrap());
        let version: i64 = db
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(usize::try_from(version).unwrap(), MIGRATIONS.len());
    }

    #[test]
    fn what_stood_in_feeds_by_names_stands_there_by_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let db = open(&path, OpenFlags::default()).unwrap();
        for step in &MIGRATIONS[..8] {
            db.execute_batch(step).unwrap();
        }
        db.pragma_update(None, "user_version", 8).unwrap();
        db.execute_batch(
            "INSERT INTO docs (kind, id, rev, body, changed_at)
             VALUES ('pack', zeroblob(16), 2, '{\"a\":1}', 7),
                    ('case', zeroblob(16), 5, '{\"b\":2}', 8);
             INSERT INTO feed_heads (scope, seq, count, sum, horizon)
             VALUES ('grid:1', 9, 1, -4, 3), ('city', 2, 1, 6, 0);
             INSERT INTO feeds (scope, kind, id, seq, rev, has_left, deleted)
             VALUES ('city', 'pack', zeroblob(16), 2, 2, 0, 0),
                    ('city', 'case', zeroblob(16), 1, 5, 1, 0),
                    ('grid:1', 'case', zeroblob(16), 9, 5, 0, 1);",
        )
        .unwrap();
        let all = |db: &Connection| {
            [
                "SELECT kind, hex(id), rev, body, changed_at FROM docs ORDER BY kind",
                "SELECT scope, seq, count, sum, horizon FROM feed_heads ORDER BY scope",
                "SELECT scope, kind, hex(id), seq, rev, has_left, deleted FROM feeds
                  ORDER BY scope, seq",
            ]
            .map(|sql| rows(db, sql))
        };
        let before = all(&db);
        drop(db);

        let db = open_writer(&path, None).unwrap();

        assert_eq!(all(&db), before);
        assert_eq!(before.map(|rows| rows.len()), [2, 2, 3]);
        assert_eq!(
            rows(&db, "PRAGMA foreign_key_check"),
            Vec::<String>::default()
        );
    }

    /// Each row as its columns say.
    fn rows(db: &Connection, sql: &str) -> Vec<String> {
        let mut select = db.prepare(sql).unwrap();
        let columns = select.column_count();
        let rows = select.query_map([], |row| {
            (0..columns)
                .map(|at| row.get_ref(at).map(|it| format!("{it:?}")))
                .collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().map(|row| row.unwrap().join(" ")).collect()
    }

    #[test]
    fn a_database_newer_than_the_program_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hub.db");
        let db = open_writer(&path, None).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        drop(db);

        let error = open_writer(&path, None).unwrap_err();

        assert!(
            matches!(error, StoreError::NewerSchema { found: 99, .. }),
            "the operator is told which program is needed"
        );
    }
}
