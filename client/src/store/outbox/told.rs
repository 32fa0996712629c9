//! What pages tell of the outbox: how much of it waits, and what had no effect. It is never emptied, and so
//! nothing here goes through all of it.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use shared::{CaseId, DocRef, Outcome, Timestamp, ipc::WAITING_MAX};

use crate::{error::Result, store::value::json_or_null};

// What the index of these rows says of itself.
macro_rules! had_no_effect {
    ($and:literal) => {
        concat!(
            "  FROM outbox INDEXED BY outbox_no_effect
              WHERE outcome IS NOT NULL
                AND json_extract(outcome, '$.outcome') IN ('conflict_kept', 'quarantined')
            ",
            $and
        )
    };
}

// Most of what waits may be of one table that was taken over.
const WAITING: &str = "
    SELECT count(*)
      FROM (SELECT DISTINCT target_id
              FROM outbox INDEXED BY outbox_queued
             WHERE state = 'queued'
               AND target_kind NOT IN ('case', 'record')
             LIMIT :most)";

const ASIDE: &str = concat!(
    "SELECT count(DISTINCT target_id)",
    had_no_effect!(
        "AND state = 'acked'
         AND target_kind NOT IN ('case', 'record')
         AND json_extract(outcome, '$.outcome') = 'quarantined'"
    )
);

const ERASED: &str = concat!(
    "SELECT count(*)",
    had_no_effect!(
        "AND acked_at >= :since
         AND json_extract(outcome, '$.why') = 'erased'"
    )
);

/// How many documents of the register, visits and looks wait; of more than [`WAITING_MAX`], one more.
pub(crate) fn register_waiting(db: &Connection) -> Result<u32> {
    let waiting = db.prepare_cached(WAITING)?.query_row(
        named_params! { ":most": WAITING_MAX.saturating_add(1) },
        |row| row.get(0),
    )?;
    Ok(waiting)
}

/// How many of them the hub keeps aside.
pub(crate) fn register_aside(db: &Connection) -> Result<u32> {
    let aside = db.prepare_cached(ASIDE)?.query_row([], |row| row.get(0))?;
    Ok(aside)
}

/// How many operations were about something that was erased before the hub had them, since then.
pub(crate) fn refused_as_erased(db: &Connection, since: Timestamp) -> Result<u32> {
    let refused = db
        .prepare_cached(ERASED)?
        .query_row(named_params! { ":since": since.as_ms() }, |row| row.get(0))?;
    Ok(refused)
}

/// How many operations the hub doesn't have.
pub(crate) fn count_queued(db: &Connection) -> Result<u32> {
    let count = db
        .prepare_cached("SELECT count(*) FROM outbox WHERE state = 'queued'")?
        .query_row([], |row| row.get(0))?;
    Ok(count)
}

/// Whether the hub doesn't have everything this device has done with a case.
pub(crate) fn waits_for(db: &Connection, case: CaseId) -> Result<bool> {
    let waits = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1
                              FROM outbox
                             WHERE target_kind = 'case'
                               AND target_id = :id
                               AND state = 'queued')",
        )?
        .query_row(named_params! { ":id": case.as_bytes() }, |row| row.get(0))?;
    Ok(waits)
}

/// The last operation on a document that had no effect, or was kept aside: what became of it.
pub(crate) fn stuck_outcome(db: &Connection, target: &DocRef) -> Result<Option<Outcome>> {
    let outcome = db
        .prepare_cached(
            "SELECT outcome
               FROM outbox
              WHERE target_kind = :kind
                AND target_id = :id
                AND outcome ->> 'outcome' IN ('conflict_kept', 'quarantined')
              ORDER BY dev_seq DESC
              LIMIT 1",
        )?
        .query_row(
            named_params! { ":kind": target.kind.as_str(), ":id": target.id.as_bytes() },
            |row| json_or_null(row, "outcome"),
        )
        .optional()?;
    Ok(outcome.flatten())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rusqlite::params;

    use super::*;
    use crate::{
        keys::Key,
        store::{Store, value::plan},
    };

    /// Kind, thing, state and outcome of an operation.
    type Row = (&'static str, u8, &'static str, Option<&'static str>, i64);

    fn row() -> impl Strategy<Value = Row> {
        let outcome = prop::sample::select(vec![
            None,
            Some(r#"{"outcome":"applied"}"#),
            Some(r#"{"outcome":"quarantined","why":"too_large"}"#),
            Some(r#"{"outcome":"conflict_kept","why":"erased"}"#),
            Some(r#"{"outcome":"conflict_kept","why":"closed"}"#),
        ]);
        let kind = prop::sample::select(vec!["case", "record", "resident", "visit"]);
        (kind, 0..6_u8, outcome, 0..4_i64).prop_map(|(kind, thing, outcome, at)| {
            let state = if outcome.is_some() { "acked" } else { "queued" };
            (kind, thing, state, outcome, at)
        })
    }

    fn put(tx: &Connection, rows: &[Row]) {
        for (n, (kind, thing, state, outcome, at)) in (1_u32..).zip(rows) {
            let mut op = [0; 16];
            op[..4].copy_from_slice(&n.to_be_bytes());
            let at = outcome.is_some().then_some(at);
            tx.execute(
                "INSERT INTO outbox (dev_seq, op_id, target_kind, target_id, op, state, outcome,
                                     acked_at, observed_at)
                      VALUES (?1, ?2, ?3, ?4, '{}', ?5, ?6, ?7, 0)",
                params![n, op, kind, [*thing; 16], state, outcome, at],
            )
            .unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_told_is_what_going_through_all_of_it_gives(
            rows in prop::collection::vec(row(), 0..40),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("device.db");
            let store = Store::open(&path, &Key::from_bytes([7; 32])).unwrap();
            let told = store.write(|tx| {
                put(tx, &rows);
                let erased = refused_as_erased(tx, Timestamp::from_ms(2))?;
                Ok([register_waiting(tx)?, register_aside(tx)?, erased])
            });

            let of_register = || rows.iter().filter(|it| !["case", "record"].contains(&it.0));
            let things = |of: &mut dyn Iterator<Item = &Row>| {
                let all: std::collections::BTreeSet<u8> = of.map(|it| it.1).collect();
                u32::try_from(all.len()).unwrap()
            };
            let says = |it: &&Row, word| it.3.is_some_and(|said| said.contains(word));
            let waiting = things(&mut of_register().filter(|it| it.2 == "queued"));
            let aside = things(&mut of_register().filter(|it| says(it, "quarantined")));
            let erased = rows.iter().filter(|it| says(it, "erased") && it.4 >= 2).count();
            let erased = u32::try_from(erased).unwrap();
            prop_assert_eq!(told.unwrap(), [waiting, aside, erased]);
        }
    }

    #[test]
    fn of_very_much_that_waits_no_more_is_counted_than_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let store = Store::open(&path, &Key::from_bytes([7; 32])).unwrap();
        let waiting = store.write(|tx| {
            tx.execute_batch(
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1500)
                 INSERT INTO outbox (dev_seq, op_id, target_kind, target_id, op, observed_at)
                 SELECT n, randomblob(16), 'resident', randomblob(16), '{}', 0 FROM n",
            )?;
            register_waiting(tx)
        });

        assert_eq!(waiting.unwrap(), WAITING_MAX + 1);
    }

    #[test]
    fn nothing_goes_through_all_of_it() {
        for sql in [WAITING, ASIDE, ERASED] {
            let steps = plan(sql);

            let walks = steps.iter().any(|it| {
                it.contains("outbox") && !it.contains("outbox_queued") && !it.contains("no_effect")
            });
            assert!(!walks, "{steps:#?}");
        }
    }
}
