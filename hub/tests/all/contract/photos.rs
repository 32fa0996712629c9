//! Uploads: begun, resumed, whole, forgotten, and only for those who may see them.

use hub::store::{Creation, Session};
use serde_json::json;
use shared::{CaseId, Digest, DocRef, Outcome};

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

#[tokio::test]
async fn a_photo_that_a_document_shows_is_missing_until_it_is_whole_or_the_document_is_deleted() {
    for (_folder, store) in stores().await {
        let [worker, clerk] = [session(&*store, "w1").await, session(&*store, "c1").await];
        let push = async |by: &Session, ops: &[serde_json::Value]| {
            let pushed = store.push(by.clone(), batch(ops)).await.unwrap().unwrap();
            for result in pushed.results {
                let outcome = result.outcome;
                assert!(matches!(outcome, Outcome::Applied | Outcome::Merged));
            }
        };
        let [first, second] = [CaseId::from_bytes(fresh()), CaseId::from_bytes(fresh())];
        let with = |n| crate::world::report("G1", &json!([crate::world::photo(n)]));
        assert_eq!(store.missing_photos().await.unwrap(), []);
        let reports = [
            op(&worker, 1, first, &with(3)),
            op(&worker, 2, second, &with(4)),
        ];
        push(&worker, &reports).await;
        let [photo, thumb] = [3, 103].map(|n| Digest::from_bytes([n; 32]));

        let missing = store.missing_photos().await.unwrap();

        assert_eq!(missing.len(), 4, "two photos and their thumbnails");
        assert_eq!(store.stats().await.unwrap().photos_missing, 4);
        let of_first = |missing: &[hub::store::MissingPhoto]| {
            let target = DocRef::case(first);
            let its = missing.iter().filter(|it| it.target == target);
            its.cloned().collect::<Vec<_>>()
        };
        for it in of_first(&missing) {
            assert!([photo, thumb].contains(&it.digest));
            assert_eq!((it.device, &it.staff), (worker.device, &worker.staff.id));
            assert_eq!((it.since, it.come), (NOW, None));
            assert!(it.case_no.is_some(), "people know it by its number");
        }
        store
            .create_upload(creation(&worker, photo, 10))
            .await
            .unwrap();
        store.set_offset(photo, 4, NOW).await.unwrap();
        store
            .create_upload(creation(&worker, thumb, 10))
            .await
            .unwrap();
        store.complete_upload(thumb, NOW).await.unwrap();
        let missing = store.missing_photos().await.unwrap();
        let [half] = &of_first(&missing)[..] else {
            panic!("the thumbnail came: {missing:?}");
        };
        assert_eq!((half.digest, half.come), (photo, Some((4, 10))));

        let knew = [&reports[0]["op_id"]];
        let delete = json!({ "do": "delete", "reason": "重复", "knew": knew });
        push(&clerk, &[op(&clerk, 1, first, &delete)]).await;
        let missing = store.missing_photos().await.unwrap();
        assert_eq!(of_first(&missing), [], "nobody needs to bring it");
        assert_eq!(missing.len(), 2, "those of the other case");
        store.prune(NOW.plus_ms(1)).await.unwrap();
        assert_eq!(store.stats().await.unwrap().photos_missing, 2);
    }
}
