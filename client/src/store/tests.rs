//! What is there already is not written again: every page of a commit is encrypted, written and
//! flushed.

use std::path::Path;

use rusqlite::{Connection, Transaction};
use shared::{
    CaseId, CategoryCode, Digest, Doc, DocRef, Extra, PhotoKind, PhotoRef, Position, Timestamp,
    case::{State, Urgency},
};
use uuid::Uuid;

use super::{
    case_photos,
    cases::{self, Record},
    connect, mirror,
};
use crate::{error::Result, keys::Key};

const CASE: CaseId = CaseId(Uuid::from_bytes([3; 16]));

struct Database {
    folder: tempfile::TempDir,
    db: Connection,
}

impl Database {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let db = connect::writer(&path, &Key::from_bytes([7; 32])).unwrap();
        Self { folder, db }
    }

    /// Commits, and says by how many bytes the log grew.
    fn writes<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> (T, u64) {
        let log = self.folder.path().join("device.db-wal");
        let before = length(&log);
        let tx = self.db.transaction().unwrap();
        let done = work(&tx).unwrap();
        tx.commit().unwrap();
        (done, length(&log) - before)
    }
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}

fn record() -> Record {
    Record {
        id: CASE,
        case_no: None,
        category: Some(CategoryCode::from("E0110")),
        summary: "井盖松动".to_owned(),
        address: "东门口".to_owned(),
        grid: "329901001001001".into(),
        position: None,
        urgency: Urgency::Normal,
        state: State::Submitted,
        reported_at: Timestamp::from_ms(1_000),
        updated_at: Timestamp::from_ms(1_000),
        deadline: None,
        reporter: "w-1".into(),
        mine: true,
        photos: 0,
        photo: None,
        plus_ones: 0,
        attention: false,
        conflicts: 0,
        own_at: Some(Timestamp::from_ms(1_000)),
        unsent: 1,
    }
}

fn photo(number: u8) -> PhotoRef {
    PhotoRef {
        digest: Digest::from_bytes([number; 32]),
        thumb: Digest::from_bytes([number + 100; 32]),
        kind: PhotoKind::Near,
        bytes: 9,
        thumb_bytes: 3,
        width: 4,
        height: 3,
        taken_at: None,
        position: None,
        extra: Extra::default(),
    }
}

#[test]
fn whatever_changes_of_a_case_is_shown_as_it_is_now() {
    let mut database = Database::new();
    let changes: [fn(&mut Record); 19] = [
        |it| it.case_no = Some("2026-1".to_owned()),
        |it| it.category = None,
        |it| it.summary = "井盖缺失".to_owned(),
        |it| it.address = "西门口".to_owned(),
        |it| it.grid = "329901001001002".into(),
        |it| it.position = Position::new(120.5, 31.25).ok(),
        |it| it.position = Position::new(120.25, 31.25).ok(),
        |it| it.urgency = Urgency::Critical,
        |it| it.state = State::Registered,
        |it| it.reported_at = Timestamp::from_ms(2_000),
        |it| it.updated_at = Timestamp::from_ms(2_000),
        |it| it.deadline = Some(Timestamp::from_ms(9_000)),
        |it| it.reporter = "w-2".into(),
        |it| it.mine = false,
        |it| (it.photos, it.photo) = (1, Some(photo(1))),
        |it| it.plus_ones = 2,
        |it| (it.attention, it.conflicts) = (true, 1),
        |it| it.own_at = None,
        |it| it.unsent = 0,
    ];
    let mut now = record();
    database.writes(|tx| cases::put(tx, &now, "井盖"));

    for (number, change) in changes.into_iter().enumerate() {
        change(&mut now);
        let words = format!("井盖 {number}");
        database.writes(|tx| cases::put(tx, &now, &words));

        let shown = cases::get(&database.db, CASE).unwrap();
        assert_eq!(format!("{shown:?}"), format!("{now:?}"), "{number}");
        let found: (String, Option<String>) = database
            .db
            .query_row("SELECT words, category FROM case_words", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        let category = now.category.clone().map(|code| code.0);
        assert_eq!(found, (words, category), "its words go with it");
    }
}

#[test]
fn a_case_that_goes_on_writes_less_than_one_that_was_corrected() {
    let mut database = Database::new();
    database.writes(|tx| cases::put(tx, &record(), "井盖"));
    let sent = Record {
        unsent: 0,
        ..record()
    };
    let corrected = Record {
        address: "西门口".to_owned(),
        ..sent.clone()
    };

    let ((), as_it_goes_on) = database.writes(|tx| cases::put(tx, &sent, "井盖"));
    let ((), as_corrected) = database.writes(|tx| cases::put(tx, &corrected, "井盖"));

    assert!(
        as_it_goes_on * 2 < as_corrected,
        "{as_it_goes_on} bytes, and {as_corrected}: indexes of what did not change stay"
    );
}

#[test]
fn a_document_that_comes_by_a_second_feed_is_no_news_and_writes_nothing() {
    let mut database = Database::new();
    let doc = |rev| Doc {
        target: DocRef::case(CASE),
        rev,
        body: serde_json::json!({ "words": "井盖" }),
    };

    let (first, _) = database.writes(|tx| mirror::put(tx, &doc(1)));
    let (second, written) = database.writes(|tx| mirror::put(tx, &doc(1)));
    let (third, _) = database.writes(|tx| mirror::put(tx, &doc(2)));

    assert_eq!((first, second, third), (true, false, true));
    assert_eq!(written, 0);
}

#[test]
fn the_photos_of_a_case_are_written_when_they_are_others_and_only_then() {
    let mut database = Database::new();
    let (one, two) = (photo(1), photo(2));
    let own = |photo: &PhotoRef| photo.digest == one.digest;
    let count = |db: &Connection| -> u32 {
        db.query_row("SELECT count(*) FROM case_photos", [], |row| row.get(0))
            .unwrap()
    };

    database.writes(|tx| case_photos::put(tx, CASE, &[&one, &two], own));
    let ((), again) = database.writes(|tx| case_photos::put(tx, CASE, &[&two, &one], own));
    assert_eq!(again, 0, "they are the same");
    let ((), delivered) = database.writes(|tx| case_photos::put(tx, CASE, &[&one, &two], |_| true));
    assert!(delivered > 0, "one more is this device's to deliver");
    database.writes(|tx| case_photos::put(tx, CASE, &[&two], own));
    assert_eq!(count(&database.db), 1, "the other left");
}
