//! Uploads: begun, resumed, whole, forgotten, and only for those who may see them.

use hub::store::{Creation, Session};
use serde_json::json;
use shared::{CaseId, Digest};

use super::{NOW, batch, op, report, session, stores};
use crate::world::fresh;

fn creation(session: &Session, digest: Digest, length: u64) -> Creation {
    Creation {
        digest,
        length,
        device: session.device,
        staff: session.staff.id.clone(),
        now: NOW,
    }
}

#[tokio::test]
async fn an_upload_of_another_length_begins_anew_until_it_is_complete() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let digest = Digest::from_bytes([7; 32]);
        let creation = |length| creation(&session, digest, length);
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

#[tokio::test]
async fn what_a_device_began_counts_for_its_day_and_what_nobody_touched_is_forgotten() {
    for (_folder, store) in stores().await {
        let session = session(&*store, "w1").await;
        let [early, late] = [1, 2].map(|n| Digest::from_bytes([n; 32]));
        store
            .create_upload(creation(&session, early, 70))
            .await
            .unwrap();
        store
            .create_upload(creation(&session, late, 30))
            .await
            .unwrap();
        store.set_offset(late, 10, NOW.plus_ms(100)).await.unwrap();
        let since = async |at| store.uploaded_since(session.device, at).await.unwrap();
        assert_eq!(since(NOW).await, 100);
        assert_eq!(since(NOW.plus_ms(1)).await, 0, "by when it was begun");

        let expired = store.expire_uploads(NOW.plus_ms(50)).await.unwrap();

        assert_eq!(expired, [early]);
        assert_eq!(store.find_upload(early).await.unwrap(), None);
        assert_eq!(store.find_upload(late).await.unwrap().unwrap().offset, 10);
    }
}

#[tokio::test]
async fn a_photo_is_for_whoever_began_it_and_whoever_sees_what_shows_it() {
    for (_folder, store) in stores().await {
        let [worker, clerk, stranger] = [
            session(&*store, "w1").await,
            session(&*store, "c1").await,
            session(&*store, "w3").await,
        ];
        let [photo, thumb] = [3, 4].map(|n| Digest::from_bytes([n; 32]));
        store
            .create_upload(creation(&worker, photo, 10))
            .await
            .unwrap();
        let may_see = async |session: &Session, digest| {
            let asked = store.may_see_photo(session.clone(), digest);
            asked.await.unwrap()
        };
        assert!(may_see(&worker, photo).await);
        assert!(!may_see(&clerk, photo).await, "nothing shows it yet");

        let mut action = report("G1");
        action["photos"] = json!([{
            "digest": photo, "thumb": thumb, "kind": "near", "bytes": 10, "thumb_bytes": 1,
            "width": 1, "height": 1, "taken_at": null, "position": null,
        }]);
        let case = CaseId::from_bytes(fresh());
        let ops = [op(&worker, 1, case, &action)];
        store
            .push(worker.clone(), batch(&ops))
            .await
            .unwrap()
            .unwrap();

        assert!(may_see(&clerk, photo).await && may_see(&clerk, thumb).await);
        assert!(!may_see(&stranger, photo).await);
    }
}
