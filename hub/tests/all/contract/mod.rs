//! What any store must do, written over [`HubStore`], and tried on each. Another database joins by
//! one line in [`stores_twice`].

mod access;
mod assignments;
mod control;
mod deleted;
mod feeds;
mod merging;
mod photos;
mod push;
mod register;

use std::{collections::BTreeSet, sync::Arc};

use hub::{
    push::Incoming,
    secret::hash_token,
    store::{
        Batch, Enrolling, HubStore, NewCode, PageRequest, Session,
        postgres::{Founding, PostgresStore},
        sqlite::SqliteStore,
    },
};
use serde_json::{Value, json};
use shared::{CaseId, DeviceId, Doc, DocRef, Kind, OpId, Scope, StaffId, Timestamp, pack};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{cluster::database_url, world};

const NOW: Timestamp = Timestamp::from_ms(world::MORNING);

/// A kept database, and what keeps its folder.
type Kept<T> = (Option<TempDir>, T);

/// Every kind of store, new and with the tiny city loaded.
async fn stores() -> Vec<Kept<Arc<dyn HubStore>>> {
    let twice = stores_twice().await.into_iter();
    twice.map(|(folder, [store, _])| (folder, store)).collect()
}

/// The same, as two hub processes have it, where there may be two.
async fn stores_twice() -> Vec<Kept<[Arc<dyn HubStore>; 2]>> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(&folder.path().join("hub.db"), None).unwrap();
    let sqlite: Arc<dyn HubStore> = Arc::new(sqlite);
    let url = database_url();
    let postgres = async || {
        let store = PostgresStore::open(&url, Founding::Found).await.unwrap();
        let store: Arc<dyn HubStore> = Arc::new(store);
        store
    };
    let all = vec![
        (Some(folder), [Arc::clone(&sqlite), sqlite]),
        (None, [postgres().await, postgres().await]),
    ];
    for (_, [store, _]) in &all {
        let city = pack::parse(world::pack().to_string().as_bytes()).unwrap();
        store.load_pack(city, NOW).await.unwrap();
    }
    all
}

fn doc(id: u128, rev: u64) -> Doc {
    Doc {
        target: DocRef {
            kind: Kind("notice".to_owned()),
            id: Uuid::from_u128(id),
        },
        rev,
        body: json!({ "rev": rev }),
    }
}

fn scopes<const N: usize>(names: [&str; N]) -> BTreeSet<Scope> {
    names.iter().map(|name| Scope((*name).to_owned())).collect()
}

fn page(scope: &str, after: u64) -> PageRequest {
    PageRequest {
        scope: Scope(scope.to_owned()),
        after,
        limit: 100,
        bytes: 1_000_000,
    }
}

async fn session(store: &dyn HubStore, staff: &str) -> Session {
    let code = world::fresh();
    let hash = hash_token(&hex::encode(code));
    let new = NewCode {
        hash,
        staff: StaffId::from(staff),
        now: NOW,
        expires_at: NOW.plus_ms(1),
    };
    store.add_code(new).await.unwrap().unwrap();
    let enrolling = enrolling(hash, DeviceId::from_bytes(code));
    store.enrol(enrolling).await.unwrap().unwrap()
}

fn enrolling(code: [u8; 32], device: DeviceId) -> Enrolling {
    Enrolling {
        code,
        device,
        name: "tablet".to_owned(),
        app_version: "0".to_owned(),
        token: hash_token(&device.to_string()),
        now: NOW,
    }
}

/// What a device would send.
fn op(session: &Session, dev_seq: u64, case: CaseId, action: &Value) -> Value {
    json!({
        "op_id": OpId::from_bytes(world::fresh()),
        "dev_seq": dev_seq,
        "target": { "kind": "case", "id": case },
        "base_rev": 0,
        "action": action,
        "observed_at": world::observed(),
        "author": { "staff": session.staff.id, "role": session.staff.main_role() },
        "scope": "grid:G1",
        "schema": 1,
    })
}

fn report(grid: &str) -> Value {
    world::report(grid, &json!([]))
}

fn batch(ops: &[Value]) -> Batch {
    Batch {
        sent: serde_json::from_value(world::observed()).unwrap(),
        received_at: NOW,
        ops: ops
            .iter()
            .map(|op| Incoming::read(op.to_string(), 10_000))
            .collect(),
        brief: false,
    }
}
