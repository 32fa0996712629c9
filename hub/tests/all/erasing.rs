//! Erasing: nothing of what was kept about a person is left anywhere at the hub, and what comes later
//! of it goes the same way. On each kind of database.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use shared::{
    CaseId, Doc, DocRef, EntryId, Outcome, RecordId,
    apply::Quarantine,
    case::Void,
    hub_api::{FeedItem, PushResult},
    register::EntryKind,
};
use uuid::Uuid;

use crate::{
    cluster::database,
    photos::{Photo, photo_of},
    store::cells,
    world::{Device, MINUTE, World, fresh},
};

/// Stands in everything that must go.
const CANARY: &str = "canary-7f3a";

const DAY: i64 = 24 * 60 * MINUTE;

const ERASED: Outcome = Outcome::ConflictKept { why: Void::Erased };

struct Scene {
    world: World,
    database: Option<String>,
    worker: Device,
    clerk: Device,
    resident: Uuid,
}

/// A resident whom a worker entered, on each kind of database.
async fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for database in [None, Some(database())] {
        let world = World::on(database.clone(), |_| {}).await;
        let scene = Scene {
            worker: world.device("w1").await,
            clerk: world.device("c1").await,
            resident: Uuid::from_bytes(fresh()),
            world,
            database,
        };
        let set = json!({ "grid": "G1", "name": CANARY, "phone": "13800000001" });
        let entered = op(
            &scene.worker,
            scene.person(),
            &json!({ "do": "enter", "set": set }),
        );
        assert_eq!(
            push(&scene.worker, &entered).await.outcome,
            Outcome::Applied
        );
        scenes.push(scene);
    }
    scenes
}

impl Scene {
    fn person(&self) -> DocRef {
        DocRef::entry(EntryKind::Resident, EntryId(self.resident))
    }

    fn recorded(&self, record: Uuid, about: bool, more: Value) -> Value {
        let mut action = json!({
            "do": "record",
            "form": { "doc": Uuid::from_u128(5), "id": "visit", "version": "1" },
            "grid": "G1",
            "begun_at": 0, "finished_at": 1,
            "name": CANARY,
            "values": [{ "address": "who", "value": CANARY }],
        });
        if about {
            action["subject"] = json!(self.person());
        }
        for (field, value) in more.as_object().unwrap() {
            action[field] = value.clone();
        }
        op(&self.worker, DocRef::record(RecordId(record)), &action)
    }

    async fn records(&self, about: bool, more: Value) -> (Uuid, Value) {
        let record = Uuid::from_bytes(fresh());
        let op = self.recorded(record, about, more);
        assert_eq!(push(&self.worker, &op).await.outcome, Outcome::Applied);
        (record, op)
    }

    /// The document as everybody in the grid gets it.
    async fn doc(&self, id: Uuid) -> Doc {
        let items = self.clerk.pull_all("grid:G1").await.items.into_iter();
        let mut docs = items.filter_map(|item| match item {
            FeedItem::Doc { doc, .. } if doc.target.id == id => Some(doc),
            _ => None,
        });
        docs.next().unwrap()
    }

    /// Where the canary stands: in rows, and for an embedded database in the bytes of its files.
    async fn canary(&self) -> Vec<String> {
        let cells = cells::all(self.database.as_deref(), &self.world.data()).await;
        let mut found: Vec<String> = cells.into_iter().filter(|it| it.contains(CANARY)).collect();
        if self.database.is_none() {
            for file in ["hub.db", "hub.db-wal"] {
                let bytes = fs::read(self.world.data().join(file)).unwrap_or_default();
                let windows = bytes.windows(CANARY.len());
                found.extend(
                    windows
                        .filter(|it| *it == CANARY.as_bytes())
                        .map(|_| file.to_owned()),
                );
            }
        }
        found
    }

    fn has_bytes(&self, photo: &Photo) -> bool {
        let name = photo.digest.to_string();
        let folder = name.get(..2).unwrap();
        let path = self.world.data().join("blobs").join(folder);
        path.join(name).exists()
    }
}

/// The next operation of this device, about that.
fn op(device: &Device, target: DocRef, action: &Value) -> Value {
    let mut op = device.op(CaseId::from_bytes(fresh()), action);
    op["target"] = json!(target);
    op
}

fn erasing(device: &Device, target: DocRef) -> Value {
    let action = json!({
        "do": "erase", "why": "request", "reason": "asked for it", "grid": "G1",
    });
    op(device, target, &action)
}

async fn push(device: &Device, op: &Value) -> PushResult {
    device
        .push(std::slice::from_ref(op))
        .await
        .results
        .remove(0)
}

fn shows(photos: &[&Photo]) -> Value {
    let photos = photos.iter().map(|photo| {
        json!({
            "digest": photo.digest, "thumb": photo.digest, "kind": "near",
            "bytes": photo.bytes.len(), "thumb_bytes": 1, "width": 1, "height": 1,
            "taken_at": null, "position": null,
        })
    });
    json!({ "photos": photos.collect::<Vec<_>>() })
}

fn resident_change() -> Value {
    json!({ "do": "change", "knew": [], "set": { "name": CANARY } })
}

#[tokio::test]
async fn of_a_resident_nothing_is_left_anywhere_nor_of_what_was_filled_in_about_them() {
    for scene in scenes().await {
        let (record, first) = scene.records(true, json!({})).await;
        let correction = json!({ "replaces": record });
        let (corrected, _) = scene.records(false, correction).await;
        let (others, _) = scene
            .records(false, json!({ "name": "", "values": [] }))
            .await;
        // Kept aside: its author is another.
        let mut aside = scene.recorded(Uuid::from_bytes(fresh()), true, json!({}));
        aside["author"]["staff"] = "w2".into();
        assert!(matches!(
            push(&scene.worker, &aside).await.outcome,
            Outcome::Quarantined { .. }
        ));
        assert!(!scene.canary().await.is_empty(), "it is looked for rightly");

        let erase = erasing(&scene.clerk, scene.person());
        let erased = push(&scene.clerk, &erase).await;

        assert!(
            matches!(erased.outcome, Outcome::Applied | Outcome::Merged),
            "{erased:?}"
        );
        assert_eq!(scene.canary().await, [""; 0]);
        for id in [scene.resident, record, corrected] {
            let by = scene.doc(id).await.erased().unwrap();
            assert_eq!(by.erased.author.staff.as_str(), "c1");
            assert_eq!(by.reason, "asked for it");
        }
        assert!(scene.doc(others).await.erased().is_none());
        let log = cells::all(scene.database.as_deref(), &scene.world.data()).await;
        assert!(
            log.iter()
                .any(|row| row.starts_with("ops") && row.contains("asked for it")),
            "who erased it and why stays in the log"
        );
        assert_eq!(
            push(&scene.worker, &first).await.outcome,
            Outcome::Applied,
            "a replay is told what it was told"
        );
        assert_eq!(scene.canary().await, [""; 0]);
        let inbox = scene.worker.pull_all("staff:w1").await.items;
        assert_eq!(
            inbox.len(),
            3,
            "who wrote it hears of it, wherever they work"
        );
    }
}

#[tokio::test]
async fn what_comes_later_of_it_is_told_so_and_nothing_of_it_is_kept() {
    for scene in scenes().await {
        let erase = erasing(&scene.clerk, scene.person());
        push(&scene.clerk, &erase).await;

        let change = op(&scene.worker, scene.person(), &resident_change());
        let late = Uuid::from_bytes(fresh());
        let about = scene.recorded(late, true, json!({}));
        for op in [&change, &about] {
            assert_eq!(push(&scene.worker, op).await.outcome, ERASED, "{op}");
        }

        assert_eq!(scene.canary().await, [""; 0]);
        assert!(scene.doc(late).await.erased().is_some());
        assert_eq!(
            push(&scene.worker, &about).await.outcome,
            ERASED,
            "a replay is told the same"
        );
        // The device takes a new identity and sends everything again.
        let again = scene.world.device("w1").await;
        let mut change = change;
        change["dev_seq"] = 1.into();
        let mut about = about;
        about["dev_seq"] = 2.into();
        for op in [&change, &about] {
            assert_eq!(push(&again, op).await.outcome, ERASED);
        }
        assert_eq!(scene.canary().await, [""; 0]);
    }
}

/// 重点管理 of somebody goes with them, also what comes late, and even that there was any is nobody's
/// to know.
#[tokio::test]
async fn what_is_known_of_somebody_apart_goes_with_them_and_stays_apart() {
    for scene in scenes().await {
        let city = crate::world::pack_that_permits(&["w1"]).to_string();
        scene.world.hub.load_pack(city.as_bytes()).await.unwrap();
        let managed = || {
            let target = DocRef::entry(EntryKind::Management, EntryId(Uuid::from_bytes(fresh())));
            let set = json!({
                "grid": "G1", "resident": scene.resident, "control:mental": true, "note": CANARY,
            });
            let id = target.id;
            (
                id,
                op(&scene.worker, target, &json!({ "do": "enter", "set": set })),
            )
        };
        let (known, enter) = managed();
        assert_eq!(push(&scene.worker, &enter).await.outcome, Outcome::Applied);

        push(&scene.clerk, &erasing(&scene.clerk, scene.person())).await;
        let (late, enter) = managed();
        assert_eq!(push(&scene.worker, &enter).await.outcome, ERASED);

        assert_eq!(scene.canary().await, [""; 0]);
        let apart = scene.worker.pull_all("control:G1").await.items;
        let apart: Vec<Uuid> = apart
            .into_iter()
            .filter_map(|item| match item {
                FeedItem::Doc { doc, .. } if doc.erased().is_some() => Some(doc.target.id),
                _ => None,
            })
            .collect();
        assert_eq!(apart, [known, late], "whoever is permitted hears of it");
        for scope in ["grid:G1", "staff:w1"] {
            let items = scene.worker.pull_all(scope).await.items;
            let ids = |item: &FeedItem| match item {
                FeedItem::Doc { doc, .. } => Some(doc.target.id),
                _ => None,
            };
            let told: Vec<Uuid> = items.iter().filter_map(ids).collect();
            assert!(!told.contains(&known) && !told.contains(&late), "{scope}");
        }
    }
}

#[tokio::test]
async fn what_came_in_the_same_batch_goes_too() {
    for scene in scenes().await {
        let by_clerk = |action: &Value| op(&scene.clerk, scene.person(), action);
        let before = by_clerk(&resident_change());
        let erase = erasing(&scene.clerk, scene.person());
        let after = by_clerk(&resident_change());

        let answer = scene.clerk.push(&[before, erase, after]).await;

        assert_eq!(answer.results[2].outcome, ERASED);
        assert_eq!(scene.canary().await, [""; 0]);
    }
}

#[tokio::test]
async fn photos_go_unless_something_else_shows_them() {
    for scene in scenes().await {
        let (own, both) = (photo_of(900), photo_of(901));
        scene.records(true, shows(&[&own, &both])).await;
        scene.records(false, shows(&[&both])).await;
        for photo in [&own, &both] {
            scene.worker.upload(photo).await;
            assert!(scene.has_bytes(photo));
        }

        let erase = erasing(&scene.clerk, scene.person());
        push(&scene.clerk, &erase).await;

        assert!(!scene.has_bytes(&own));
        assert!(scene.has_bytes(&both));
        let photos: Vec<_> = cells::all(scene.database.as_deref(), &scene.world.data())
            .await
            .into_iter()
            .filter(|row| row.contains(&own.digest.to_string()))
            .collect();
        assert_eq!(photos, [""; 0]);
        scene.worker.upload(&own).await;
        assert!(
            scene.has_bytes(&own),
            "for something else it may come again"
        );
    }
}

#[tokio::test]
async fn only_who_answers_for_the_grid_erases_and_says_why() {
    for scene in scenes().await {
        let of_worker = erasing(&scene.worker, scene.person());
        let mut elsewhere = erasing(&scene.clerk, scene.person());
        elsewhere["action"]["grid"] = "G3".into();
        let mut without_a_word = erasing(&scene.clerk, scene.person());
        without_a_word["action"]["reason"] = " ".into();
        for (device, op, why) in [
            (&scene.worker, of_worker, Quarantine::NotYourRole),
            (&scene.clerk, elsewhere, Quarantine::NotYourScope),
            (&scene.clerk, without_a_word, Quarantine::OutOfBounds),
        ] {
            let outcome = push(device, &op).await.outcome;

            assert_eq!(outcome, Outcome::Quarantined { why });
        }
        assert!(scene.doc(scene.resident).await.erased().is_none());
    }
}

#[tokio::test]
async fn records_go_when_the_time_is_over_that_their_form_says() {
    for scene in scenes().await {
        let mut form = None;
        let mut workbook = Workbook::new();
        for (name, rows) in [
            (
                "survey",
                [["type", "name", "label"], ["text", "who", "Name"]],
            ),
            (
                "settings",
                [
                    ["form_id", "version", "retention_days"],
                    ["visit", "1", "30"],
                ],
            ),
        ] {
            let sheet = workbook.add_worksheet().set_name(name).unwrap();
            for (row, cells) in (0..).zip(rows) {
                for (column, text) in (0..).zip(cells) {
                    sheet.write(row, column, text).unwrap();
                }
            }
        }
        let book = workbook.save_to_buffer().unwrap();
        let no_list = |_: &str| Err(hub::Error::FormTooLarge);
        scene
            .world
            .hub
            .load_form(&book, "visit", no_list)
            .await
            .unwrap();
        for item in scene.worker.pull_all("city").await.items {
            if let FeedItem::Doc { doc, .. } = item
                && doc.target.kind.as_str() == "form"
            {
                form = Some(doc.target.id);
            }
        }
        let of_form = json!({ "form": { "doc": form, "id": "visit", "version": "1" } });
        let (kept_short, _) = scene.records(true, of_form.clone()).await;
        let (of_another_form, _) = scene.records(true, json!({})).await;

        scene.world.turn_clock(30 * DAY - 1);
        let (later, _) = scene.records(true, of_form).await;
        assert_eq!(scene.world.hub.erase_due().await.unwrap(), 0);
        scene.world.turn_clock(1);
        assert_eq!(scene.world.hub.erase_due().await.unwrap(), 1);

        let by = scene.doc(kept_short).await.erased().unwrap();
        assert_eq!(by.why, shared::erase::Why::Retention);
        assert!(by.erased.author.is_hub());
        for id in [later, of_another_form, scene.resident] {
            assert!(scene.doc(id).await.erased().is_none());
        }
        scene.world.turn_clock(40 * DAY);
        assert_eq!(
            scene.world.hub.erase_due().await.unwrap(),
            1,
            "and never again"
        );
        assert_eq!(scene.world.hub.erase_due().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn an_operator_erases_by_the_command_line() {
    let scene = scenes().await.remove(0);
    scene.records(true, json!({})).await;
    let id = scene.resident.to_string();

    let without = scene.world.run(&["erase", "--resident", &id]);
    assert!(!without.status.success());
    let done = scene
        .world
        .run(&["erase", "--resident", &id, "--reason", "asked for it"]);

    let said = String::from_utf8_lossy(&done.stdout);
    assert_eq!(said.trim(), "2 documents erased", "{done:?}");
    assert_eq!(scene.canary().await, [""; 0]);
    let again = scene
        .world
        .run(&["erase", "--resident", &id, "--reason", "asked for it"]);
    assert!(
        String::from_utf8_lossy(&again.stderr).contains("erased before"),
        "{again:?}"
    );
}
