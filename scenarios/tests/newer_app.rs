//! An app of a newer version says more than this one knows. What it says goes through a hub and devices
//! of this version, which do their part with the same documents, and comes back to it whole.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::header,
    middleware::{self, Next},
    response::Response,
};
use client::testing;
use scenarios::{
    sample_city::register::{add, set},
    world::{Device, World, meet, serve, street_photo},
};
use serde_json::{Value, json};
use shared::{
    DocRef, EntryId,
    case::Urgency,
    ipc::{ChangeEntry, ConfirmEntry},
    op::Correction,
    register::{EntryKind, FieldValue},
};

/// What the newer app said that this version doesn't know, each another number.
type Said = Arc<Mutex<BTreeSet<u64>>>;

/// Where it says more: in the operation, and in what is in it.
const PLACES: [&str; 6] = [
    "",
    "/author",
    "/action",
    "/action/place",
    "/action/photos/0",
    "/action/to/0",
];

async fn say_more(State(said): State<Said>, request: Request, next: Next) -> Response {
    if request.uri().path() != "/sync/v1/push" {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let json = packing::unpack(&body, usize::MAX).unwrap();
    let mut push: Value = serde_json::from_slice(&json).unwrap();
    for op in push["ops"].as_array_mut().unwrap() {
        // The same again, when it is sent again.
        let base = op["dev_seq"].as_u64().unwrap() * 100;
        for (number, place) in (base..).zip(PLACES) {
            if let Some(Value::Object(fields)) = op.pointer_mut(place) {
                fields.insert("x_newer".to_owned(), json!({ "says": [number] }));
                said.lock().unwrap().insert(number);
            }
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    let packed = zstd::encode_all(push.to_string().as_bytes(), 3).unwrap();
    next.run(Request::from_parts(parts, Body::from(packed)))
        .await
}

/// A device of a newer version.
async fn newer(world: &World, staff: &str) -> (Device, Said) {
    let said = Said::default();
    let layer = middleware::from_fn_with_state(Arc::clone(&said), say_more);
    let front = serve(world.hub().router().layer(layer)).await.unwrap();
    (world.device_by(staff, front).await.unwrap(), said)
}

/// What stands in the documents as this device has them.
async fn read(device: &Device, targets: &[DocRef]) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    for target in targets {
        let body = testing::mirrored(device.client(), target.clone()).await;
        find(&body.unwrap().unwrap(), &mut found);
    }
    found
}

fn find(value: &Value, found: &mut BTreeSet<u64>) {
    match value {
        Value::Object(fields) => {
            let says = fields.get("x_newer").and_then(|it| it["says"][0].as_u64());
            found.extend(says);
            fields.values().for_each(|it| find(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| find(it, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_app_says_comes_back_to_it_whatever_older_ones_do_meanwhile() {
    let world = World::new().await.unwrap();
    let (ana, said) = newer(&world, "w-0101").await;
    let clerk = world.device("c-01").await.unwrap();

    let case = ana.reports("路灯不亮", &[street_photo(1, 640, 480)]).await;
    let case = case.unwrap();
    ana.supplements(case, "还是不亮").await.unwrap();
    let urgent = vec![Correction::Urgency(Urgency::Urgent)];
    ana.amends(case, urgent).await.unwrap();
    let kind = EntryKind::Building;
    let mut fields = set(&[
        ("grid", Device::grid().as_str()),
        ("compound", "云水雅苑"),
        ("name", "1幢"),
        ("use", "housing"),
    ]);
    fields.insert("floors".into(), Some(FieldValue::Number(6)));
    let building: EntryId = add(ana.client(), kind, fields).await.unwrap();
    let change = ChangeEntry {
        kind,
        entry: building,
        set: set(&[("name", "一幢")]),
    };
    ana.client().change_entry(change).await.unwrap();
    ana.syncs_until_delivered(9).await.unwrap();
    meet(&[&clerk, &ana]).await.unwrap();
    let docs = [DocRef::case(case), DocRef::entry(kind, building)];
    let all = said.lock().unwrap().clone();
    assert!(all.len() > 15, "{all:?}");
    assert_eq!(read(&clerk, &docs).await, all, "an older device has it all");

    clerk.registers(case).await.unwrap();
    clerk.supplements(case, "已派单").await.unwrap();
    let change = ChangeEntry {
        kind,
        entry: building,
        set: set(&[("compound", "云水家园")]),
    };
    clerk.client().change_entry(change).await.unwrap();
    let confirm = ConfirmEntry {
        kind,
        entry: building,
    };
    clerk.client().confirm_entry(confirm).await.unwrap();
    clerk.syncs_until_delivered(9).await.unwrap();
    meet(&[&clerk, &ana]).await.unwrap();

    assert_eq!(clerk.sees(case).await.unwrap().timeline.len(), 5);
    assert_eq!(read(&clerk, &docs).await, all, "and keeps it with its own");
    assert_eq!(read(&ana, &docs).await, all, "and gives it back");
}
