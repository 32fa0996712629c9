//! The embedded database is damaged at random: it is not served, its operator reads what to do, nobody is
//! told that something was stored that was not, and after a backup was put back it goes on.
//! `GRIDWALKER_DAMAGES` tries more, `GRIDWALKER_DAMAGE_SEED` begins elsewhere.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{collections::BTreeMap, fs, path::Path};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use bad_disk::damage::{Damage, PAGE, SECTOR, Way, damage, seeds};
use hub::{Config, Error, Hub, store::StoreError};
use serde_json::{Value, json};
use shared::hub_api::{ApiError, ErrorCode};
use tower::ServiceExt as _;

use crate::{
    command_line::{err, out, run},
    world::{Device, World},
};

const DATABASE: &str = "hub.db";
/// As many as CI has time for.
const USUAL: u64 = 240;

/// A hub that was used and stopped: its folder, a device, and an operation that was not sent yet.
struct Used {
    world: World,
    device: Device,
    known: Vec<Value>,
    next: Value,
}

async fn used() -> Used {
    // Of PostgreSQL its own server says what is damaged.
    let world = World::on(None, |_| {}).await;
    let device = world.device("w1").await;
    let mut known = Vec::new();
    for _ in 0..12 {
        let ops: Vec<_> = (0..5).map(|_| device.report("G1").1).collect();
        device.push(&ops).await;
        known.extend(ops);
    }
    let (_, next) = device.report("G1");
    Used {
        world,
        device,
        known,
        next,
    }
}

/// A request as any program sends it: what comes is not held against what is promised, for a flipped bit
/// may stand in anything.
async fn sent(router: &Router, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, body.to_vec())
}

async fn pushed(router: &Router, device: &Device, ops: &[Value]) -> (StatusCode, Vec<u8>) {
    let body = json!({ "sent": { "wall": 1, "mono": 1, "boot": "b" }, "ops": ops });
    let request = device
        .request("POST", "/sync/v1/push")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    sent(router, request.unwrap()).await
}

/// All that the device is shown.
async fn shown(router: &Router, device: &Device) -> Result<String, StatusCode> {
    let mut all = String::new();
    for scope in ["grid:G1", "city"] {
        let path = format!("/sync/v1/pull?scope={scope}&cursor=&limit=1000");
        let request = device.request("GET", &path).body(Body::empty());
        let (status, body) = sent(router, request.unwrap()).await;
        if status != StatusCode::OK {
            return Err(status);
        }
        let page: Value = serde_json::from_slice(&body).unwrap();
        all += &page["items"].to_string();
    }
    Ok(all)
}

/// What became of each operation.
fn results(answer: &[u8]) -> Vec<Value> {
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let results = answer["results"].as_array().unwrap().iter();
    results
        .map(|it| json!([it["op_id"], it["outcome"], it["rev"]]))
        .collect()
}

/// The database is opened where it is; nothing of it is in the log beside it.
async fn open(folder: &Path, config: &Config) -> Result<Hub, Error> {
    let mut config = config.clone();
    config.data_dir = folder.to_owned();
    Hub::open(config).await
}

/// What `serve` finds before it listens.
async fn found(hub: &Hub) -> Vec<String> {
    match hub.look(false).await {
        Ok(looked) => looked.damaged,
        Err(Error::Store(StoreError::NotADatabase(_))) => vec!["a page is none".to_owned()],
        Err(other) => vec![other.to_string()],
    }
}

#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    harmless: usize,
    wrong: usize,
}

#[tokio::test]
async fn a_damaged_database_is_not_served_and_confirms_nothing_that_it_did_not_store() {
    let Used {
        world,
        device,
        known,
        next,
    } = used().await;
    let config = world.config.clone();
    let sound_shown = shown(&world.hub.router(), &device).await.unwrap();
    let data = world.data();
    let device = device.over(Router::new());
    let _folder = world.stop();
    let sound = fs::read(data.join(DATABASE)).unwrap();
    assert!(
        !data.join("hub.db-wal").exists(),
        "all of it is in one file"
    );

    let mut tally: BTreeMap<Way, Tally> = BTreeMap::new();
    for seed in seeds(USUAL) {
        let mut bytes = sound.clone();
        let Damage { way, .. } = damage(&mut bytes, seed);
        if bytes == sound {
            continue;
        }
        let context = format!("GRIDWALKER_DAMAGE_SEED={seed}: {way:?}");
        let tally = tally.entry(way).or_default();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATABASE), &bytes).unwrap();

        let hub = match open(folder.path(), &config).await {
            Ok(hub) => hub,
            Err(error) => {
                let said = error.to_string();
                assert!(
                    said.contains("damaged") || said.contains("newer program"),
                    "{context}: {said}"
                );
                tally.refused += 1;
                continue;
            }
        };
        let found = found(&hub).await;

        let router = hub.router();
        let shown = shown(&router, &device).await;
        // Whoever serves it all the same, or is served when it happens: what is confirmed is stored.
        let mut refused = 0;
        for ops in [std::slice::from_ref(&next), &known] {
            let (status, body) = pushed(&router, &device, ops).await;
            if status == StatusCode::OK {
                assert_eq!(refused, 0, "{context}: once it is known, nothing is served");
                let (again, answer) = pushed(&router, &device, ops).await;
                assert!(
                    again != StatusCode::OK || results(&answer) == results(&body),
                    "{context}: a replay is answered alike"
                );
                continue;
            }
            let error: ApiError = serde_json::from_slice(&body).unwrap();
            let is_told = matches!(
                error.code,
                ErrorCode::Unavailable
                    | ErrorCode::Internal
                    | ErrorCode::NotEnrolled
                    | ErrorCode::Revoked
                    | ErrorCode::NewEpochRequired
            );
            assert!(is_told, "{context}: {error:?}");
            refused += usize::from(error.code == ErrorCode::Unavailable);
        }
        if refused > 0 {
            let health = Request::get("/healthz").body(Body::empty()).unwrap();
            let (status, _) = sent(&router, health).await;
            assert_eq!(status, 503, "{context}: monitoring sees it");
        }
        if !found.is_empty() {
            tally.refused += 1;
            continue;
        }
        if shown.as_ref() == Ok(&sound_shown) {
            tally.harmless += 1;
        } else {
            tally.wrong += 1;
            assert_eq!(way, Way::Bit, "{context}: served as if nothing were wrong");
        }
    }
    println!("{tally:#?}");
}

#[tokio::test]
async fn an_operator_reads_what_is_wrong_and_a_backup_goes_on() {
    let Used {
        world,
        device,
        next,
        ..
    } = used().await;
    let config = world.config.clone();
    let data = world.data();
    let device = device.over(Router::new());
    let _folder = world.stop();
    let database = data.join(DATABASE);
    let sound = fs::read(&database).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0"];

    let said = out(&run(&data, &["check"]));
    assert!(said.starts_with("sound: 60 operations, "), "{said}");

    // In the middle of the file, where nothing is looked at to begin with.
    let mut damaged = sound.clone();
    let middle = sound.len() / PAGE / 2 * PAGE;
    damaged.get_mut(middle..middle + SECTOR).unwrap().fill(0);
    fs::write(&database, &damaged).unwrap();
    for args in [&serve[..], &["check"]] {
        let output = run(&data, args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {output:?}");
        let said = err(&output);
        for words in ["damaged", "backup", "epoch renew"] {
            assert!(said.contains(words), "{args:?}: {said}");
        }
    }
    assert!(fs::read(&database).unwrap() == damaged, "it was left alone");

    // Whoever serves leaves a lock behind; without its database the folder was a hub's.
    fs::write(data.join("serving.lock"), b"").unwrap();
    for is_there in [true, false] {
        if is_there {
            fs::write(&database, b"").unwrap();
        } else {
            fs::remove_file(&database).unwrap();
        }
        let output = run(&data, &serve);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(err(&output).contains("gone or empty"), "{output:?}");
    }

    fs::write(&database, &sound).unwrap();
    let renewed = run(&data, &["epoch", "renew"]);
    assert!(renewed.status.success(), "{renewed:?}");
    let hub = open(&data, &config).await.unwrap();
    let answer = device.over(hub.router()).push(&[next]).await;
    assert_eq!(answer.results.len(), 1, "{answer:?}");
}
