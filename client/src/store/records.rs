//! What lists show of records.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use shared::{DocRef, EntryId, GridCode, Kind, RecordId, StaffId, Timestamp, record::FormVersion};
use uuid::Uuid;

use super::{doors::Which, touched, value::rows};
use crate::error::Result;

/// A record, as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecordRow {
    /// Which.
    pub(crate) id: RecordId,
    /// The version of its form.
    pub(crate) form: FormVersion,
    /// Whom or what it is about.
    pub(crate) subject: Option<DocRef>,
    /// Its grid.
    pub(crate) grid: GridCode,
    /// What it is called; may be empty.
    pub(crate) name: String,
    /// When it was finished.
    pub(crate) finished_at: Timestamp,
    /// Who filled it in.
    pub(crate) author: StaffId,
    /// The one it corrects.
    pub(crate) replaces: Option<RecordId>,
    /// How many photos it has.
    pub(crate) photos: u32,
    /// When this device made it.
    pub(crate) own_at: Option<Timestamp>,
    /// The hub doesn't have it.
    pub(crate) unsent: bool,
}

/// What every list reads, as [`from_row`] takes it.
macro_rules! columns {
    () => {
        "SELECT id, form_doc, form_id, form_version, subject_kind, subject_id, grid, name,
                finished_at, author, replaces, photos, own_at, unsent
           FROM records
        "
    };
}

/// It is about the subject, or about somebody who goes on as the subject.
macro_rules! of_subject {
    () => {
        "subject_kind = :kind
         AND subject_id IN (SELECT :id
                             UNION ALL
                            SELECT id FROM entries WHERE survivor = :id)"
    };
}

/// The hub does not have all of the record that this device did.
macro_rules! unfinished {
    () => {
        "(unsent = 1
          OR EXISTS (SELECT 1
                       FROM case_photos
                       JOIN files USING (digest)
                      WHERE case_photos.case_id = records.id
                        AND case_photos.own = 1
                        AND files.at_hub = 0))"
    };
}

/// Writes a record's row.
pub(crate) fn put(tx: &Connection, record: &RecordRow) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO records
            (id, form_doc, form_id, form_version, subject_kind, subject_id, grid, name,
             finished_at, author, replaces, photos, own_at, unsent)
         VALUES (:id, :form_doc, :form_id, :form_version, :subject_kind, :subject_id, :grid, :name,
             :finished_at, :author, :replaces, :photos, :own_at, :unsent)
         ON CONFLICT (id) DO UPDATE
             SET form_doc = excluded.form_doc,
                 form_id = excluded.form_id,
                 form_version = excluded.form_version,
                 subject_kind = excluded.subject_kind,
                 subject_id = excluded.subject_id,
                 grid = excluded.grid,
                 name = excluded.name,
                 finished_at = excluded.finished_at,
                 author = excluded.author,
                 replaces = excluded.replaces,
                 photos = excluded.photos,
                 own_at = excluded.own_at,
                 unsent = excluded.unsent",
    )?
    .execute(named_params! {
        ":id": record.id.as_bytes(),
        ":form_doc": record.form.doc.as_bytes(),
        ":form_id": record.form.id,
        ":form_version": record.form.version,
        ":subject_kind": record.subject.as_ref().map(|it| it.kind.as_str()),
        ":subject_id": record.subject.as_ref().map(|it| it.id.as_bytes()),
        ":grid": record.grid.as_str(),
        ":name": record.name,
        ":finished_at": record.finished_at.as_ms(),
        ":author": record.author.as_str(),
        ":replaces": record.replaces.as_ref().map(RecordId::as_bytes),
        ":photos": record.photos,
        ":own_at": record.own_at.map(Timestamp::as_ms),
        ":unsent": record.unsent,
    })?;
    match &record.subject {
        Some(subject) => touched::put_about(tx, EntryId(subject.id)),
        None => Ok(()),
    }
}

/// The record is no longer on this device.
pub(crate) fn forget(tx: &Connection, id: RecordId) -> Result<()> {
    let subject: Option<[u8; 16]> = tx
        .prepare_cached("DELETE FROM records WHERE id = :id RETURNING subject_id")?
        .query_row(named_params! { ":id": id.as_bytes() }, |row| row.get(0))
        .optional()?
        .flatten();
    subject.map_or(Ok(()), |subject| {
        touched::put_about(tx, EntryId::from_bytes(subject))
    })
}

/// The record.
pub(crate) fn find(db: &Connection, id: RecordId) -> Result<Option<RecordRow>> {
    let record = db
        .prepare_cached(concat!(columns!(), "WHERE id = :id"))?
        .query_row(named_params! { ":id": id.as_bytes() }, from_row)
        .optional()?;
    Ok(record)
}

/// A window of the records, the last one first, and how many there are. What was filled in about
/// somebody who goes on as the subject is among theirs.
pub(crate) fn list(
    db: &Connection,
    subject: Option<&DocRef>,
    (offset, limit): (u32, u32),
) -> Result<(u32, Vec<RecordRow>)> {
    let Some(subject) = subject else {
        let total = db
            .prepare_cached("SELECT count(*) FROM records")?
            .query_row([], |row| row.get(0))?;
        let all = concat!(
            columns!(),
            "ORDER BY finished_at DESC, id DESC LIMIT :limit OFFSET :offset"
        );
        let window = named_params! { ":limit": limit, ":offset": offset };
        return Ok((total, rows(db, all, window, from_row)?));
    };
    let (kind, id) = (subject.kind.as_str(), subject.id.as_bytes());
    let total = db
        .prepare_cached(concat!(
            "SELECT count(*) FROM records WHERE ",
            of_subject!()
        ))?
        .query_row(named_params! { ":kind": kind, ":id": id }, |row| row.get(0))?;
    let theirs = concat!(
        columns!(),
        "WHERE ",
        of_subject!(),
        " ORDER BY finished_at DESC, id DESC LIMIT :limit OFFSET :offset"
    );
    let window = named_params! { ":kind": kind, ":id": id, ":limit": limit, ":offset": offset };
    Ok((total, rows(db, theirs, window, from_row)?))
}

/// The last record of a form about a subject, or about somebody who goes on as the subject; one that
/// was corrected is not it.
pub(crate) fn last_about(
    db: &Connection,
    form: &str,
    subject: &DocRef,
) -> Result<Option<RecordRow>> {
    let record = db
        .prepare_cached(concat!(
            columns!(),
            // Few records are of one subject, and many of one form: the plus keeps its index away.
            "WHERE +form_id = :form AND ",
            of_subject!(),
            " AND NOT EXISTS (SELECT 1 FROM records AS later WHERE later.replaces = records.id)
          ORDER BY finished_at DESC, id DESC
          LIMIT 1"
        ))?
        .query_row(
            named_params! {
                ":form": form,
                ":kind": subject.kind.as_str(),
                ":id": subject.id.as_bytes(),
            },
            from_row,
        )
        .optional()?;
    Ok(record)
}

// Residents are looked up from their household: of itself SQLite goes through all there are.
const BEHIND: &str = "WITH
   behind (id) AS (
     SELECT :dwelling
      UNION
     SELECT id FROM entries WHERE parent = :dwelling AND kind = 2
      UNION
     SELECT resident.id
       FROM entries AS household
      CROSS JOIN entries AS resident ON resident.parent = household.id AND resident.kind = 3
      WHERE household.parent = :dwelling
        AND household.kind = 2
   )
 SELECT id
   FROM records
  WHERE own_at > :since
    AND subject_id IN (SELECT id FROM behind)
  ORDER BY finished_at, id";

/// What this device filled in since then about a dwelling and who lives in it, in order.
pub(crate) fn behind(
    db: &Connection,
    dwelling: EntryId,
    since: Timestamp,
) -> Result<Vec<RecordId>> {
    rows(
        db,
        BEHIND,
        named_params! { ":dwelling": dwelling.as_bytes(), ":since": since.as_ms() },
        |row| Ok(RecordId::from_bytes(row.get("id")?)),
    )
}

/// A record of a form, as campaigns look at it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    /// Which.
    pub(crate) id: RecordId,
    /// About whom or what; of those who go on as somebody else, that one.
    pub(crate) subject: Uuid,
    /// When it was finished.
    pub(crate) finished_at: Timestamp,
    /// The one it corrects.
    pub(crate) replaces: Option<RecordId>,
}

// Who and what is behind these doors, and whoever goes on as somebody there; and what was said of each.
macro_rules! told {
    ($which:literal) => {
        concat!(
            "WITH
               dwelling (id) AS (SELECT id FROM entries AS dwelling WHERE kind = 1 AND ",
            $which,
            "),
               household (id) AS (SELECT entries.id
                                    FROM dwelling
                                   CROSS JOIN entries ON entries.parent = dwelling.id AND kind = 2),
               resident (id) AS (SELECT entries.id
                                   FROM household
                                  CROSS JOIN entries ON entries.parent = household.id AND kind = 3),
               behind (id) AS (SELECT id FROM dwelling
                                UNION ALL
                               SELECT id FROM household
                                UNION ALL
                               SELECT id FROM resident),
               told (id, subject) AS (SELECT id, id FROM behind
                                       UNION ALL
                                      SELECT entries.id, behind.id
                                        FROM behind
                                       CROSS JOIN entries ON entries.survivor = behind.id)
             SELECT records.id, told.subject, finished_at, replaces
               FROM told
              CROSS JOIN records ON subject_kind = :kind AND subject_id = told.id
              WHERE +form_id = :form
                AND finished_at >= :from
              ORDER BY finished_at, records.id"
        )
    };
}

/// The records of a form about this kind since then, of what is behind these doors, or all, in order.
pub(crate) fn of_form(
    db: &Connection,
    which: Option<Which>,
    (form, kind): (&str, &str),
    from: Timestamp,
) -> Result<Vec<Told>> {
    let any: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM records WHERE form_id = :form AND finished_at >= :from)",
        )?
        .query_row(
            named_params! { ":form": form, ":from": from.as_ms() },
            |row| row.get(0),
        )?;
    if !any {
        return Ok(Vec::new());
    }
    let (sql, id) = match &which {
        None => (
            "SELECT records.id, coalesce(entries.survivor, subject_id) AS subject, finished_at,
                    replaces
               FROM records
               LEFT JOIN entries ON entries.id = subject_id
              WHERE form_id = :form
                AND finished_at >= :from
                AND subject_kind = :kind
                AND :id IS NULL
              ORDER BY finished_at, records.id",
            None,
        ),
        Some(Which::Of(building)) => (
            told!("dwelling.parent IS :id"),
            building.as_ref().map(EntryId::as_bytes),
        ),
        Some(Which::One(door)) => (told!("dwelling.id = :id"), Some(door.as_bytes())),
    };
    rows(
        db,
        sql,
        named_params! { ":form": form, ":from": from.as_ms(), ":kind": kind, ":id": id },
        |row| {
            let replaces: Option<[u8; 16]> = row.get("replaces")?;
            Ok(Told {
                id: RecordId::from_bytes(row.get("id")?),
                subject: Uuid::from_bytes(row.get("subject")?),
                finished_at: Timestamp::from_ms(row.get("finished_at")?),
                replaces: replaces.map(RecordId::from_bytes),
            })
        },
    )
}

/// The records that correct this one, the last one first.
pub(crate) fn replacing(db: &Connection, id: RecordId) -> Result<Vec<RecordId>> {
    rows(
        db,
        "SELECT id
           FROM records
          WHERE replaces = :id
          ORDER BY finished_at DESC, id DESC",
        named_params! { ":id": id.as_bytes() },
        |row| Ok(RecordId::from_bytes(row.get("id")?)),
    )
}

/// What this device made since then, and what of it the hub does not have all of.
pub(crate) fn own(db: &Connection, since: Timestamp) -> Result<Vec<RecordRow>> {
    rows(
        db,
        concat!(
            columns!(),
            "WHERE own_at IS NOT NULL
           AND (own_at >= :since OR ",
            unfinished!(),
            ") ORDER BY own_at DESC, id DESC"
        ),
        named_params! { ":since": since.as_ms() },
        from_row,
    )
}

/// How many of this device's records the hub does not have all of.
pub(crate) fn count_unfinished(db: &Connection) -> Result<u32> {
    let count = db
        .prepare_cached(concat!(
            "SELECT count(*) FROM records WHERE own_at IS NOT NULL AND ",
            unfinished!()
        ))?
        .query_row([], |row| row.get(0))?;
    Ok(count)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let kind: Option<String> = row.get("subject_kind")?;
    let subject: Option<[u8; 16]> = row.get("subject_id")?;
    let own_at: Option<i64> = row.get("own_at")?;
    Ok(RecordRow {
        id: RecordId::from_bytes(row.get("id")?),
        form: FormVersion {
            doc: Uuid::from_bytes(row.get("form_doc")?),
            id: row.get("form_id")?,
            version: row.get("form_version")?,
        },
        subject: kind.zip(subject).map(|(kind, id)| DocRef {
            kind: Kind(kind),
            id: Uuid::from_bytes(id),
        }),
        grid: GridCode(row.get("grid")?),
        name: row.get("name")?,
        finished_at: Timestamp::from_ms(row.get("finished_at")?),
        author: StaffId(row.get("author")?),
        replaces: row
            .get::<_, Option<[u8; 16]>>("replaces")?
            .map(RecordId::from_bytes),
        photos: row.get("photos")?,
        own_at: own_at.map(Timestamp::from_ms),
        unsent: row.get("unsent")?,
    })
}

#[cfg(test)]
mod tests {
    use crate::store::value::plan;

    #[test]
    fn records_of_a_door_are_looked_up_and_not_looked_for() {
        for sql in [told!("dwelling.parent IS :id"), told!("dwelling.id = :id")] {
            for step in plan(sql) {
                let all = [
                    "SCAN entries",
                    "SCAN records",
                    "entries_listed",
                    "records_by_form",
                ];
                assert!(!all.iter().any(|it| step.contains(it)), "{step}: {sql}");
            }
        }
    }
}
