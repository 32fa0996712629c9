//! The hub's embedded database: devices push, clocks and photos are noted.

use std::path::Path;

use bad_disk::{Disk, Fault, Kept, is_sound};
use hub::{
    push::Incoming,
    secret::hash_token,
    store::{
        Batch, Creation, Enrolling, HubStore, NewCode, PageRequest, Session, StoreError,
        sqlite::SqliteStore,
    },
};
use scenarios::sample_city;
use serde_json::{Value, json};
use shared::{
    CaseId, DeviceId, Digest, OpId, Outcome, Scope, StaffId, Timestamp,
    hub_api::{FeedItem, PushResult, feed_hash},
    pack,
    time::Observed,
};
use tempfile::TempDir;

use crate::sweep::{after, copy_of, failing, places, ways};

const NOW: Timestamp = Timestamp::from_ms(1_795_478_400_000);
const PHOTO: Digest = Digest::from_bytes([9; 32]);

fn device() -> DeviceId {
    DeviceId::from_bytes([7; 16])
}

fn open(folder: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(&folder.join("hub.db"), None)
}

/// A hub with the sample city and one device, closed.
async fn founded() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let city = sample_city::to_text(&sample_city::sample_city().unwrap()).unwrap();
    let city = pack::parse(city.as_bytes()).unwrap();
    store.load_pack(city, NOW).await.unwrap();
    let code = NewCode {
        hash: hash_token("code"),
        staff: StaffId::from("w-0101"),
        now: NOW,
        expires_at: NOW.plus_ms(1),
    };
    store.add_code(code).await.unwrap().unwrap();
    let enrolling = Enrolling {
        code: hash_token("code"),
        device: device(),
        name: "tablet".to_owned(),
        app_version: "0".to_owned(),
        token: hash_token("token"),
        now: NOW,
    };
    store.enrol(enrolling).await.unwrap().unwrap();
    folder
}

async fn session(store: &SqliteStore) -> Result<Session, StoreError> {
    Ok(store.session(hash_token("token")).await?.unwrap())
}

fn clocks() -> Observed {
    Observed {
        wall: NOW,
        mono: 1,
        boot: "b".to_owned(),
    }
}

/// What the device sends: each push a case, and words about it.
fn batch(number: u8, session: &Session) -> Batch {
    let grid = &session.staff.grids[0];
    let case = CaseId::from_bytes([number; 16]);
    let op = |dev_seq: u8, action: Value| {
        json!({
            "op_id": OpId::from_bytes([100 + dev_seq; 16]),
            "dev_seq": dev_seq,
            "target": { "kind": "case", "id": case },
            "base_rev": 0,
            "action": action,
            "observed_at": clocks(),
            "author": { "staff": session.staff.id, "role": session.staff.main_role() },
            "scope": format!("grid:{grid}"),
            "schema": 1,
        })
    };
    let report = json!({
        "do": "report", "category": null, "description": "桥下积水".repeat(300),
        "occurred_at": NOW, "urgency": "normal", "photos": [],
        "place": {
            "position": null, "accuracy_m": null, "source": "typed",
            "address": "桥下", "grid": grid, "in_own_grid": true,
        },
    });
    let words = json!({ "do": "supplement", "note": "还在", "photos": [] });
    let ops = [op(2 * number - 1, report), op(2 * number, words)];
    Batch {
        sent: clocks(),
        received_at: NOW,
        ops: ops
            .into_iter()
            .map(|op| Incoming::read(op.to_string(), 100_000))
            .collect(),
        brief: false,
    }
}

const PUSHES: u8 = 4;

/// What the hub answered.
#[derive(Debug, Default)]
struct Said {
    /// By the number of the push.
    pushed: Vec<Option<Vec<PushResult>>>,
    clocks: bool,
    complete: bool,
}

async fn push(store: &SqliteStore, number: u8) -> Result<Vec<PushResult>, StoreError> {
    let session = session(store).await?;
    let batch = batch(number, &session);
    Ok(store.push(session, batch).await?.unwrap().results)
}

/// The work. A device sends nothing after what was not confirmed.
async fn work(store: &SqliteStore) -> Said {
    let mut said = Said::default();
    for number in 1..=PUSHES {
        let pushed = push(store, number).await.ok();
        let is_confirmed = pushed.is_some();
        said.pushed.push(pushed);
        if !is_confirmed {
            break;
        }
    }
    said.clocks = store.note_clocks(device(), clocks(), NOW).await.is_ok();
    let creation = Creation {
        digest: PHOTO,
        length: 100,
        device: device(),
        staff: StaffId::from("w-0101"),
        now: NOW,
    };
    if store.create_upload(creation).await.is_ok()
        && store.set_offset(PHOTO, 100, NOW).await.is_ok()
    {
        said.complete = store.complete_upload(PHOTO, NOW).await.is_ok();
    }
    said
}

/// Everything that was answered is true, nothing is there by half, and devices can go on; what was
/// answered since.
async fn is_true(store: &SqliteStore, said: &Said) -> Said {
    let mut now_said = Said {
        pushed: Vec::new(),
        clocks: true,
        complete: said.complete,
    };
    let confirmed = said.pushed.iter().flatten().count() as u64;
    let tried = said.pushed.len() as u64;
    let known = session(store).await.unwrap().last_dev_seq;
    let ops = store.stats().await.unwrap().ops;
    assert_eq!(ops, known, "the sequence is dense");
    assert!(
        known == 2 * confirmed || known == 2 * tried,
        "{known} of {confirmed} confirmed pushes"
    );
    feeds_are_right(store, known / 2).await;
    for (number, results) in (1..).zip(&said.pushed) {
        let again = push(store, number).await.unwrap();
        if let Some(results) = results {
            assert_eq!(
                bare(&again),
                bare(results),
                "a replay is answered as before"
            );
        }
        let outcomes: Vec<_> = again.iter().map(|result| &result.outcome).collect();
        assert_eq!(outcomes, [&Outcome::Applied, &Outcome::Merged]);
        now_said.pushed.push(Some(again));
    }
    let next = u8::try_from(tried + 1).unwrap();
    let next = push(store, next).await.unwrap();
    now_said.pushed.push(Some(next));
    feeds_are_right(store, tried + 1).await;
    assert_eq!(session(store).await.unwrap().last_dev_seq, 2 * (tried + 1));

    let devices = store.devices().await.unwrap();
    assert!(devices[0].clock.is_some() || !said.clocks, "the clocks");
    let upload = store.find_upload(PHOTO).await.unwrap();
    let complete = upload.is_some_and(|upload| upload.complete);
    assert!(complete || !said.complete, "the photo");
    store.note_clocks(device(), clocks(), NOW).await.unwrap();
    now_said
}

/// Results without the documents, which are as of now.
fn bare(results: &[PushResult]) -> Vec<PushResult> {
    let bare = results.iter().map(|result| PushResult {
        doc: None,
        ..result.clone()
    });
    bare.collect()
}

/// The grid's feed has so many cases, and its figures are theirs.
async fn feeds_are_right(store: &SqliteStore, cases: u64) {
    let grid = session(store).await.unwrap().staff.grids[0].clone();
    let request = PageRequest {
        scope: Scope(format!("grid:{grid}")),
        after: 0,
        limit: 1_000,
        bytes: 1 << 20,
    };
    let page = store.pull(request).await.unwrap();
    assert_eq!((page.count, page.items.len() as u64), (cases, cases));
    let sum = page.items.iter().fold(0_u64, |sum, item| match item {
        FeedItem::Doc { doc, .. } => sum.wrapping_add(feed_hash(&doc.target, doc.rev)),
        FeedItem::Left { .. } | FeedItem::Deleted { .. } | FeedItem::Unknown => panic!("{item:?}"),
    });
    assert_eq!(page.sum, sum);
}

async fn reopened(folder: &Path, said: &Said) {
    let store = open(folder).unwrap();
    drop(is_true(&store, said).await);
    drop(store);
    is_sound(&folder.join("hub.db"), None).unwrap();
}

async fn changes(base: &Path) -> u64 {
    let folder = copy_of(base);
    let disk = Disk::under(folder.path()).unwrap();
    let store = open(folder.path()).unwrap();
    let said = work(&store).await;
    drop(store);
    assert_eq!(said.pushed.iter().flatten().count(), usize::from(PUSHES));
    assert!(said.clocks && said.complete);
    let all = disk.count();
    reopened(after(&disk, Kept::Synced).path(), &said).await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_dies_at_any_write_has_all_it_confirmed() {
    let base = founded().await;
    let all = changes(base.path()).await;
    let mut struck = 0;
    for place in places(all, 13) {
        let (folder, disk) = failing(base.path(), Fault::Death, place);
        let mut said = Said::default();
        if let Ok(store) = open(folder.path()) {
            said = work(&store).await;
        }
        struck += usize::from(disk.struck());
        for kept in ways(place) {
            println!("death at {place} of {all}, {kept:?}");
            reopened(after(&disk, kept).path(), &said).await;
        }
    }
    assert!(struck > 5, "{struck}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_whose_write_fails_confirms_nothing_and_goes_on() {
    let base = founded().await;
    let all = changes(base.path()).await;
    for fault in [Fault::Broken, Fault::StaysBroken, Fault::Full] {
        let mut told = 0;
        for place in places(all, 19) {
            println!("{fault:?} at {place} of {all}");
            let (folder, disk) = failing(base.path(), fault, place);
            let mut said = Said::default();
            if let Ok(store) = open(folder.path()) {
                said = work(&store).await;
                told += usize::from(said.pushed.iter().any(Option::is_none));
                disk.mend();
                said = is_true(&store, &said).await;
            }
            disk.mend();
            reopened(after(&disk, Kept::Synced).path(), &said).await;
            reopened(folder.path(), &said).await;
        }
        assert!(told > 0, "{fault:?} was told to a device");
    }
}

/// The control, as for the device.
#[tokio::test(flavor = "multi_thread")]
async fn without_syncs_a_hub_that_dies_loses_what_it_confirmed_and_that_is_seen() {
    let base = founded().await;
    let all = changes(base.path()).await;
    let folder = copy_of(base.path());
    let disk = Disk::under(folder.path()).unwrap();
    disk.forget_syncs();
    disk.fail(Fault::Death, all * 3 / 4);
    let store = open(folder.path()).unwrap();
    let said = work(&store).await;
    drop(store);
    let found = after(&disk, Kept::Synced);
    let looks = tokio::spawn(async move { reopened(found.path(), &said).await });
    assert!(looks.await.is_err(), "the loss is seen");
}
