//! What any store must do, written over [`HubStore`]. A second database joins by one line in
//! [`stores`].

use std::{collections::BTreeSet, sync::Arc};

use hub::{
    secret::hash_token,
    store::{
        Batch, Creation, EnrolRefusal, Enrolling, HubStore, NewCode, PageRequest, Session,
        sqlite::SqliteStore,
    },
};
use serde_json::json;
use shared::{
    DeviceId, Digest, Doc, DocRef, Kind, Scope, StaffId, Timestamp,
    hub_api::{FeedItem, feed_hash},
    pack,
};
use tempfile::TempDir;
use uuid::Uuid;

use crate::world;

const NOW: Timestamp = Timestamp::from_ms(world::MORNING);

/// Every kind of store, new and with the tiny city loaded.
async fn stores() -> Vec<(TempDir, Arc<dyn HubStore>)> {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(&folder.path().join("hub.db"), None).unwrap();
    let all: Vec<(TempDir, Arc<dyn HubStore>)> = vec![(folder, Arc::new(sqlite))];
    for (_, store) in &all {
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

#[tokio::test]
async fn a_document_that_leaves_a_feed_leaves_an_id_only_marker() {
    for (_folder, store) in stores().await {
        store
            .publish(doc(1, 1), scopes(["a", "b"]), NOW)
            .await
            .unwrap();
        store.publish(doc(2, 1), scopes(["a"]), NOW).await.unwrap();

        store.publish(doc(1, 2), scopes(["b"]), NOW).await.unwrap();

        let left = store.pull(page("a", 0)).await.unwrap();
        let marker = FeedItem::Left {
            seq: 3,
            target: doc(1, 2).target,
        };
        assert_eq!(
            left.items.last(),
            Some(&marker),
            "at a new place, so that everybody gets it"
        );
        assert_eq!(left.items.len(), 2);
        assert_eq!(left.count, 1, "it no longer counts");
        assert_eq!(left.sum, feed_hash(&doc(2, 1).target, 1));
        let kept = store.pull(page("b", 0)).await.unwrap();
        assert_eq!(
            kept.items,
            [FeedItem::Doc {
                seq: 2,
                doc: doc(1, 2)
            }]
        );
        assert_eq!(kept.sum, feed_hash(&doc(1, 2).target, 2));
    }
}

#[tokio::test]
async fn a_document_that_comes_back_counts_again() {
    for (_folder, store) in stores().await {
        for (rev, audience) in [
            (1, scopes(["a"])),
            (2, scopes(["b"])),
            (3, scopes(["a", "b"])),
        ] {
            store.publish(doc(1, rev), audience, NOW).await.unwrap();
        }

        let page = store.pull(page("a", 0)).await.unwrap();

        assert_eq!(
            page.items,
            [FeedItem::Doc {
                seq: 3,
                doc: doc(1, 3)
            }]
        );
        assert_eq!((page.count, page.sum), (1, feed_hash(&doc(1, 3).target, 3)));
    }
}

#[tokio::test]
async fn feeds_are_dense_under_concurrent_writers() {
    for (_folder, store) in stores().await {
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8_u128 {
            let store = Arc::clone(&store);
            writers.spawn(async move {
                for n in 0..10 {
                    let doc = doc(writer * 100 + n, 1);
                    store.publish(doc, scopes(["a"]), NOW).await.unwrap();
                }
            });
        }
        // A reader beside them never sees a hole.
        let mut after = 0;
        while after < 80 {
            let page = store.pull(page("a", after)).await.unwrap();
            for item in &page.items {
                after += 1;
                assert_eq!(crate::pull::seq(item), after, "no hole, whenever one looks");
            }
            assert!(page.count >= after, "items and count are of one moment");
            tokio::task::yield_now().await;
        }
        while let Some(done) = writers.join_next().await {
            done.unwrap();
        }
    }
}

#[tokio::test]
async fn heads_are_given_for_all_asked_feeds() {
    for (_folder, store) in stores().await {
        store.publish(doc(1, 1), scopes(["a"]), NOW).await.unwrap();

        let heads = store.heads(scopes(["a", "nothing"])).await.unwrap();

        let heads: Vec<_> = heads.iter().map(|h| (h.scope.as_str(), h.seq)).collect();
        assert_eq!(heads, [("a", 1), ("nothing", 0)]);
    }
}

#[tokio::test]
async fn an_identity_stays_and_an_epoch_is_of_one_database() {
    let first = stores().await;
    let second = stores().await;
    for ((_f, one), (_g, other)) in first.iter().zip(&second) {
        let identity = one.identity().await.unwrap();
        assert_eq!(one.identity().await.unwrap(), identity);
        assert_ne!(other.identity().await.unwrap().epoch, identity.epoch);
        assert_eq!(identity.hub_name, "试验区");
    }
}

#[tokio::test]
async fn a_code_serves_one_device_only() {
    for (_folder, store) in stores().await {
        let hash = hash_token("code");
        let new = NewCode {
            hash,
            staff: StaffId::from("w1"),
            now: NOW,
            expires_at: NOW.plus_ms(1),
        };
        store.add_code(new).await.unwrap().unwrap();
        let [one, two] = [1, 2].map(|n| DeviceId::from_bytes([n; 16]));

        store.enrol(enrolling(hash, one)).await.unwrap().unwrap();
        let refused = store.enrol(enrolling(hash, two)).await.unwrap();

        assert_eq!(refused, Err(EnrolRefusal::Used));
        assert!(
            store
                .session(hash_token(&two.to_string()))
                .await
                .unwrap()
                .is_none()
        );
    }
}

#[tokio::test]
async fn a_clash_of_sequence_rolls_the_whole_batch_back() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let batch = |texts: &[&str]| Batch {
            sent: shared::time::Observed::default(),
            received_at: NOW,
            ops: texts
                .iter()
                .zip(1..)
                .map(|(text, dev_seq): (_, u64)| {
                    let op_id = Uuid::from_bytes([u8::try_from(text.len()).unwrap(); 16]);
                    let raw = json!({ "op_id": op_id, "dev_seq": dev_seq, "x": text });
                    hub::push::Incoming::read(raw, 10_000)
                })
                .collect(),
        };
        let first = store.push(session.clone(), batch(&["a"])).await.unwrap();
        assert!(first.is_ok());

        let clash = store.push(session, batch(&["longer", "b"])).await.unwrap();

        assert!(clash.is_err());
        assert_eq!(store.stats().await.unwrap().ops, 1);
    }
}

#[tokio::test]
async fn an_upload_of_another_length_begins_anew_until_it_is_complete() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let digest = Digest::from_bytes([7; 32]);
        let creation = |length| Creation {
            digest,
            length,
            device: session.device,
            staff: session.staff.id.clone(),
            now: NOW,
        };
        store.create_upload(creation(10)).await.unwrap();
        store.set_offset(digest, 5, NOW).await.unwrap();

        let same = store.create_upload(creation(10)).await.unwrap();
        assert_eq!((same.offset, same.new), (5, false));
        let other = store.create_upload(creation(20)).await.unwrap();
        assert_eq!((other.offset, other.length, other.new), (0, 20, true));
        store.complete_upload(digest, NOW).await.unwrap();
        let complete = store.create_upload(creation(10)).await.unwrap();

        assert!(complete.complete);
        assert_eq!(complete.length, 20);
        let expired = store.expire_uploads(NOW.plus_ms(1)).await.unwrap();
        assert_eq!(expired, [], "what is complete never expires");
        assert_eq!(store.uploaded_since(session.device, NOW).await.unwrap(), 20);
    }
}
