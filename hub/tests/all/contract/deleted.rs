//! Deleted documents: a marker in each feed they stood in, no longer counted, and back whole when
//! somebody restores them or did something the deletion did not know of.

use hub::store::{Batch, HubStore, PageRequest, Session};
use serde_json::{Value, json};
use shared::{
    CaseId, DocRef, Outcome,
    hub_api::{FeedItem, PushResult, feed_hash},
};

use super::{NOW, batch, op, page, report, session, stores};
use crate::world::fresh;

/// A worker's case, deleted by the clerk who saw it.
pub(super) struct Scene<'a> {
    store: &'a dyn HubStore,
    pub(super) worker: Session,
    pub(super) clerk: Session,
    pub(super) case: CaseId,
    pub(super) report: Value,
    pub(super) deletion: Value,
}

impl<'a> Scene<'a> {
    pub(super) async fn of(store: &'a dyn HubStore) -> Self {
        let [worker, clerk] = [session(store, "w1").await, session(store, "c1").await];
        let case = CaseId::from_bytes(fresh());
        let report = op(&worker, 1, case, &report("G1"));
        let delete = json!({ "do": "delete", "reason": "测试用的", "knew": [report.get("op_id")] });
        let scene = Self {
            store,
            case,
            deletion: op(&clerk, 1, case, &delete),
            report,
            worker,
            clerk,
        };
        scene.push(&scene.worker, &scene.report).await;
        scene
    }

    pub(super) async fn push(&self, by: &Session, op: &Value) -> PushResult {
        let pushed = self
            .store
            .push(by.clone(), batch(std::slice::from_ref(op)))
            .await;
        pushed.unwrap().unwrap().results.remove(0)
    }

    pub(super) async fn delete(&self) -> PushResult {
        self.push(&self.clerk, &self.deletion).await
    }

    pub(super) async fn restore(&self) -> PushResult {
        let restore = json!({ "do": "restore", "knew": [self.deletion.get("op_id")] });
        self.push(&self.clerk, &op(&self.clerk, 2, self.case, &restore))
            .await
    }

    /// The note of somebody who knows nothing of a deletion.
    pub(super) async fn note(&self) -> PushResult {
        let note = json!({ "do": "supplement", "note": "两盏" });
        self.push(&self.worker, &op(&self.worker, 2, self.case, &note))
            .await
    }
}

#[tokio::test]
async fn a_deleted_document_leaves_who_deleted_it_in_every_feed_it_stood_in() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;

        let deleted = scene.delete().await;

        assert_eq!(deleted.outcome, Outcome::Merged);
        assert_eq!(deleted.doc, None, "nobody is sent it any more");
        for feed in ["grid:G1", "staff:w1"] {
            let page = store.pull(page(feed, 0)).await.unwrap();
            let [
                FeedItem::Deleted {
                    seq,
                    target,
                    rev,
                    deletion,
                },
            ] = &page.items[..]
            else {
                panic!("in its place, not {:?}", page.items);
            };
            assert_eq!((*seq, *rev), (2, 2), "at a new place, so that all get it");
            assert_eq!(*target, DocRef::case(scene.case));
            assert_eq!(deletion.reason, "测试用的");
            assert_eq!(deletion.signed.author.staff.as_str(), "c1");
            assert!(deletion.signed.received_at.is_some(), "by the hub's time");
            assert_eq!((page.count, page.sum), (0, 0), "it is not counted");
        }
        let again = scene.push(&scene.worker, &scene.report).await;
        assert_eq!(
            (again.outcome, again.doc),
            (Outcome::Applied, None),
            "a replay, too"
        );
    }
}

#[tokio::test]
async fn a_restored_document_is_whole_and_counts_again() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        scene.delete().await;

        let restored = scene.restore().await;

        let doc = restored.doc.unwrap();
        assert_eq!(doc.rev, 3);
        for feed in ["grid:G1", "staff:w1"] {
            let page = store.pull(page(feed, 0)).await.unwrap();
            assert_eq!(
                page.items,
                [FeedItem::Doc {
                    seq: 3,
                    doc: doc.clone()
                }]
            );
            assert_eq!((page.count, page.sum), (1, feed_hash(&doc.target, 3)));
        }
    }
}

#[tokio::test]
async fn nobody_works_a_deleted_document_out() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let restore = json!({ "do": "restore", "knew": [scene.deletion.get("op_id")] });
        let mut deletion = scene.deletion.clone();
        deletion["base_rev"] = json!(1);
        let both = [deletion, op(&scene.clerk, 2, scene.case, &restore)];
        let brief = Batch {
            brief: true,
            ..batch(&both)
        };

        let results = store.push(scene.clerk.clone(), brief).await;

        let results = results.unwrap().unwrap().results;
        assert_eq!(results[0].outcome, Outcome::Applied);
        assert!(results[0].brief.is_none() && results[0].doc.is_none());
        assert!(
            results[1].brief.is_none() && results[1].doc.is_some(),
            "nobody has a deleted document to restore"
        );
    }
}

#[tokio::test]
async fn what_the_deletion_did_not_know_of_brings_the_document_back() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        scene.delete().await;

        let noted = scene.note().await;

        let doc = noted.doc.unwrap();
        assert_eq!(noted.outcome, Outcome::Merged);
        assert_eq!(
            doc.body["known"]["events"].as_array().unwrap().len(),
            2,
            "both are in the history"
        );
        let page = store.pull(page("grid:G1", 0)).await.unwrap();
        assert_eq!((page.items.len(), page.count), (1, 1));
        assert!(matches!(page.items[0], FeedItem::Doc { .. }));
    }
}

#[tokio::test]
async fn a_deletion_and_what_it_did_not_know_in_one_batch_leave_the_document_where_it_was() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let note = json!({ "do": "supplement", "note": "两盏" });
        let both = [
            scene.deletion.clone(),
            op(&scene.clerk, 2, scene.case, &note),
        ];

        let results = store.push(scene.clerk.clone(), batch(&both)).await;

        let results = results.unwrap().unwrap().results;
        assert!(results[0].doc.is_none() && results[1].doc.is_some());
        let page = store.pull(page("grid:G1", 0)).await.unwrap();
        assert_eq!(page.count, 1, "counted once");
        assert!(matches!(page.items[..], [FeedItem::Doc { seq: 2, .. }]));
    }
}

#[tokio::test]
async fn a_deleted_document_shows_nobody_its_photos() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let digest = shared::Digest::from_bytes([7; 32]);
        let note = json!({ "do": "supplement", "note": "", "photos": [crate::world::photo(7)] });
        let noted = op(&scene.worker, 2, scene.case, &note);
        scene.push(&scene.worker, &noted).await;
        let seen = store.may_see_photo(scene.clerk.clone(), digest).await;
        assert!(seen.unwrap(), "before");
        let knew = [&scene.report["op_id"], &noted["op_id"]];
        let delete = json!({ "do": "delete", "reason": "有人脸", "knew": knew });

        let delete = op(&scene.clerk, 1, scene.case, &delete);
        scene.push(&scene.clerk, &delete).await;

        let seen = store.may_see_photo(scene.clerk.clone(), digest).await;
        assert!(!seen.unwrap(), "what must not stay is not handed out");
    }
}

#[tokio::test]
async fn pruning_forgets_old_markers_and_remembers_how_far() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        scene.delete().await;
        let kept = report("G1");
        let kept = op(&scene.worker, 2, CaseId::from_bytes(fresh()), &kept);
        scene.push(&scene.worker, &kept).await;

        let too_early = store.prune(NOW).await.unwrap();
        let pruned = store.prune(NOW.plus_ms(1)).await.unwrap();

        assert_eq!(too_early.places, 0, "what happened on that day stays");
        assert_eq!((pruned.places, pruned.feeds), (2, 2), "grid and inbox");
        let page = store.pull(page("grid:G1", 0)).await.unwrap();
        assert_eq!((page.horizon, page.head, page.count), (2, 3, 1));
        assert!(matches!(page.items[..], [FeedItem::Doc { seq: 3, .. }]));
        let again = store.prune(NOW.plus_ms(1)).await.unwrap();
        assert_eq!((again.places, again.feeds), (0, 0));
    }
}

#[tokio::test]
async fn a_feed_whose_end_was_forgotten_still_has_an_end() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let kept = report("G1");
        let kept = op(&scene.worker, 2, CaseId::from_bytes(fresh()), &kept);
        scene.push(&scene.worker, &kept).await;
        scene.delete().await;
        store.prune(NOW.plus_ms(1)).await.unwrap();

        let whole = store.pull(page("grid:G1", 0)).await.unwrap();
        let one = PageRequest {
            limit: 1,
            ..page("grid:G1", 0)
        };
        let first = store.pull(one).await.unwrap();
        let rest = store.pull(page("grid:G1", first.seq)).await.unwrap();

        assert_eq!((whole.items.len(), whole.seq, whole.head), (1, 3, 3));
        assert_eq!(first.seq, 2, "there may be more behind a full page");
        assert_eq!((rest.items.len(), rest.seq), (0, 3));
    }
}

#[tokio::test]
async fn what_was_pruned_stays_deleted_and_can_come_back() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        scene.delete().await;
        store.prune(NOW.plus_ms(1)).await.unwrap();

        let note = json!({ "do": "supplement", "note": "还在" });
        let stranger = session(&*store, "w3").await;
        let noted = op(&stranger, 1, scene.case, &note);
        let refused = scene.push(&stranger, &noted).await;
        assert!(matches!(refused.outcome, Outcome::Quarantined { .. }));
        let restored = scene.restore().await;

        assert!(restored.doc.is_some(), "for those it was for");
        for feed in ["grid:G1", "staff:w1"] {
            let page = store.pull(page(feed, 0)).await.unwrap();
            assert!(matches!(page.items[..], [FeedItem::Doc { seq: 3, .. }]));
            assert_eq!(page.count, 1);
            assert_eq!(page.horizon, 2, "that it was forgotten is not forgotten");
        }
    }
}
