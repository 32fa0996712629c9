//! Schema steps of the device's database, one file each, never edited once released. A step only
//! adds; it never drops or rewrites what a person entered.

use rusqlite::{Connection, TransactionBehavior};

/// One step a file, in order.
const STEPS: &[&str] = &[
    include_str!("../../../migrations/device/0001_initial.sql"),
    include_str!("../../../migrations/device/0002_acknowledged.sql"),
    include_str!("../../../migrations/device/0003_conflicts.sql"),
    include_str!("../../../migrations/device/0004_photo_use.sql"),
    include_str!("../../../migrations/device/0005_wanted_thumbs.sql"),
    include_str!("../../../migrations/device/0006_deleted.sql"),
    include_str!("../../../migrations/device/0007_register.sql"),
    include_str!("../../../migrations/device/0008_forms.sql"),
    include_str!("../../../migrations/device/0009_rounds.sql"),
    include_str!("../../../migrations/device/0010_households.sql"),
    include_str!("../../../migrations/device/0011_became.sql"),
    include_str!("../../../migrations/device/0012_found_by.sql"),
    include_str!("../../../migrations/device/0013_case_numbers.sql"),
    include_str!("../../../migrations/device/0014_whose.sql"),
    include_str!("../../../migrations/device/0015_touched.sql"),
    include_str!("../../../migrations/device/0016_listed.sql"),
    include_str!("../../../migrations/device/0017_parts.sql"),
    include_str!("../../../migrations/device/0018_no_effect.sql"),
];

/// The version this code reads and writes.
pub(crate) const SCHEMA_VERSION: u32 = 18;

/// The version of the database; 0 for a new one.
pub(super) fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing, each whole or not at all.
pub(super) fn run(db: &mut Connection) -> rusqlite::Result<()> {
    // So it is at nearly every start.
    if version(db)? == SCHEMA_VERSION {
        return Ok(());
    }
    for (step, number) in STEPS.iter().zip(1_u32..) {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked inside: another process may have taken the step meanwhile.
        if version(&tx)? < number {
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", number)?;
        }
        tx.commit()?;
    }
    Ok(())
}

/// For tests: the steps up to this one, for an empty database.
pub(super) fn run_to(tx: &Connection, version: u32) -> rusqlite::Result<()> {
    for (step, _) in STEPS.iter().zip(0..version) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        run(&mut db).unwrap();
        db
    }

    #[test]
    fn every_step_is_counted() {
        assert_eq!(
            version(&memory()).unwrap(),
            SCHEMA_VERSION,
            "the version is the last step"
        );
        assert_eq!(STEPS.len(), SCHEMA_VERSION as usize, "one file a version");
    }

    #[test]
    fn running_the_steps_again_changes_nothing() {
        let mut db = memory();

        run(&mut db).unwrap();

        assert_eq!(version(&db).unwrap(), SCHEMA_VERSION);
    }

    #[test]
    fn what_an_entry_was_found_by_is_known_after_step_12() {
        let mut db = Connection::open_in_memory().unwrap();
        for step in STEPS.iter().take(11) {
            db.execute_batch(step).unwrap();
        }
        db.pragma_update(None, "user_version", 11).unwrap();
        db.execute_batch(
            "INSERT INTO entry_keys (key, entry) VALUES ('zs', 7), ('张三', 7), ('ls', 8);
             INSERT INTO alike_keys (key, entry)
                  VALUES ('#resident', zeroblob(16)), ('@1990', zeroblob(16));",
        )
        .unwrap();

        run(&mut db).unwrap();

        let known = |sql| -> Vec<String> {
            let mut statement = db.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let keys = "SELECT entry || ' ' || value
                      FROM entry_found, json_each(keys)
                     ORDER BY entry, value";
        assert_eq!(known(keys), ["7 zs", "7 张三", "8 ls"]);
        assert_eq!(
            known("SELECT keys FROM alike_found"),
            [r##"["#resident","@1990"]"##]
        );
    }

    #[test]
    fn what_is_behind_doors_is_counted_and_to_be_counted_after_step_15() {
        let mut db = Connection::open_in_memory().unwrap();
        run_to(&db, 14).unwrap();
        let enter = |id: u8, kind: u8, parent: Option<u8>, gone: bool| {
            db.execute(
                "INSERT INTO entries (id, kind, grid, parent, title, sort, place, unit, gone, tags,
                                      conflicts, confirmed_at, unsent)
                      VALUES (?1, ?2, '', ?3, '', '', '', '', ?4, '', 0, 0, 0)",
                rusqlite::params![[id; 16], kind, parent.map(|it| [it; 16]), gone],
            )
            .unwrap();
        };
        enter(1, 0, None, false);
        enter(2, 1, Some(1), false);
        enter(3, 1, Some(9), false);
        enter(4, 1, None, false);
        enter(5, 3, Some(2), false);
        enter(6, 3, Some(2), true);

        run(&mut db).unwrap();

        let known = |sql| -> Vec<String> {
            let mut statement = db.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        assert_eq!(
            known("SELECT kind || ' ' || count FROM there ORDER BY kind"),
            ["0 1", "1 3", "3 1"]
        );
        assert_eq!(
            known("SELECT substr(hex(building), 1, 2) FROM touched ORDER BY building"),
            ["", "01", "09"],
            "doors in none, the building, one that is not here"
        );
    }

    #[test]
    fn what_an_entry_is_found_by_stands_in_its_part_after_step_17() {
        let mut db = Connection::open_in_memory().unwrap();
        run_to(&db, 16).unwrap();
        db.execute_batch(
            "INSERT INTO entry_keys (key, entry)
                  VALUES ('zs', 262143), ('zs', 262144), ('张三', 7), ('ls', 600000)",
        )
        .unwrap();

        run(&mut db).unwrap();

        let mut statement = db
            .prepare("SELECT part || ' ' || key || ' ' || entry FROM entry_keys ORDER BY entry")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        let rows: Vec<String> = rows.map(Result::unwrap).collect();
        assert_eq!(
            rows,
            ["0 张三 7", "0 zs 262143", "1 zs 262144", "2 ls 600000"]
        );
    }

    #[test]
    fn the_schema_is_the_one_that_was_reviewed() {
        let db = memory();
        let mut statement = db
            .prepare(
                "SELECT m.name || '(' || group_concat(c.name || ' ' || c.type, ', ') || ')'
                   FROM sqlite_master AS m, pragma_table_info(m.name) AS c
                  WHERE m.type = 'table'
                  GROUP BY m.name
                  ORDER BY m.name",
            )
            .unwrap();
        let found: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();

        let reviewed = include_str!("schema.txt");
        assert_eq!(
            found.join("\n"),
            reviewed.trim_end(),
            "a changed schema needs a new migration, never an edit of a released one"
        );
    }

    #[test]
    fn every_table_is_strict() {
        let loose: u32 = memory()
            .query_row(
                "SELECT count(*)
                   FROM pragma_table_list
                  WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .unwrap();

        assert_eq!(loose, 0, "a column must hold what it says");
    }
}
