//! 并案: the case that others go on as carries them as they stand, in all its feeds, and whoever may
//! see it may see their photos.

use hub::store::{Batch, HubStore, Session};
use serde_json::{Value, json};
use shared::{
    CaseId, DocRef, Outcome,
    case::{Case, CaseDoc, JOINED_MAX, State, Void},
    hub_api::{FeedItem, PushResult},
};

use super::{batch, op, page, report, session, stores};
use crate::world::fresh;

/// Two workers of two grids who reported one thing, and the clerk who sees both.
struct Scene<'a> {
    store: &'a dyn HubStore,
    one: Session,
    two: Session,
    clerk: Session,
    /// The first worker's case.
    lasts: CaseId,
    /// The second one's, which goes on as it.
    ends: CaseId,
    /// How far the clerk's device is.
    done: u64,
}

impl<'a> Scene<'a> {
    async fn of(store: &'a dyn HubStore) -> Self {
        let mut scene = Self {
            store,
            one: session(store, "w1").await,
            two: session(store, "w2").await,
            clerk: session(store, "c1").await,
            lasts: CaseId::from_bytes(fresh()),
            ends: CaseId::from_bytes(fresh()),
            done: 0,
        };
        let (one, two) = (scene.one.clone(), scene.two.clone());
        scene
            .push(&one, &[op(&one, 1, scene.lasts, &report("G1"))])
            .await;
        scene
            .push(&two, &[op(&two, 1, scene.ends, &report("G2"))])
            .await;
        scene.done = 0;
        scene
    }

    async fn push(&self, by: &Session, ops: &[Value]) -> Vec<PushResult> {
        let pushed = self.store.push(by.clone(), batch(ops)).await;
        pushed.unwrap().unwrap().results
    }

    /// The clerk does something.
    async fn decide(&mut self, case: CaseId, action: &Value) -> PushResult {
        self.done += 1;
        let op = op(&self.clerk, self.done, case, action);
        self.push(&self.clerk, &[op]).await.remove(0)
    }

    async fn merge(&mut self, case: CaseId, into: CaseId) -> PushResult {
        self.decide(case, &json!({ "do": "merge", "into": into }))
            .await
    }

    /// A case as a feed has it.
    async fn in_feed(&self, feed: &str, case: CaseId) -> Option<Case> {
        let page = self.store.pull(page(feed, 0)).await.unwrap();
        let here = page.items.into_iter().find_map(|item| match item {
            FeedItem::Doc { doc, .. } if doc.target == DocRef::case(case) => Some(doc),
            _ => None,
        });
        known(here.as_ref())
    }
}

fn known(doc: Option<&shared::Doc>) -> Option<Case> {
    match doc?.case().unwrap() {
        CaseDoc::Known(case) => Some(*case),
        CaseDoc::Awaiting(_) => None,
    }
}

fn no_effect(why: Void) -> Outcome {
    Outcome::ConflictKept { why }
}

#[tokio::test]
async fn both_live_on_and_whoever_reported_learns_what_becomes_of_it() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;

        let merged = scene.merge(scene.ends, scene.lasts).await;

        assert_eq!(merged.outcome, Outcome::Merged);
        let ended = scene.in_feed("staff:w2", scene.ends).await.unwrap();
        assert_eq!(
            (ended.state, ended.merged_into),
            (State::Merged, Some(scene.lasts))
        );
        for feed in ["grid:G1", "staff:w1", "staff:w2"] {
            let lasting = scene.in_feed(feed, scene.lasts).await.unwrap();
            assert_eq!(lasting.joined, std::slice::from_ref(&ended), "{feed}");
        }
        assert!(
            scene.in_feed("grid:G2", scene.lasts).await.is_none(),
            "the place is its own"
        );
    }
}

#[tokio::test]
async fn what_is_added_to_the_merged_one_reaches_the_other() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        scene.merge(scene.ends, scene.lasts).await;
        let two = scene.two.clone();
        let note = json!({ "do": "supplement", "note": "又多了一袋" });

        let added = scene.push(&two, &[op(&two, 2, scene.ends, &note)]).await;

        assert_eq!(added[0].outcome, Outcome::Merged);
        let lasting = scene.in_feed("grid:G1", scene.lasts).await.unwrap();
        assert_eq!(lasting.joined[0].events.len(), 2);
    }
}

#[tokio::test]
async fn a_chain_carries_all_and_lets_go_what_is_split() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        let end = CaseId::from_bytes(fresh());
        let one = scene.one.clone();
        scene.push(&one, &[op(&one, 2, end, &report("G1"))]).await;
        scene.merge(scene.ends, scene.lasts).await;

        assert_eq!(scene.merge(scene.lasts, end).await.outcome, Outcome::Merged);
        let carried = scene.in_feed("grid:G1", end).await.unwrap().joined;
        assert_eq!(carried.len(), 2);
        assert!(scene.in_feed("staff:w2", end).await.is_some());

        let split = json!({ "do": "split", "reason": "是另一处" });
        assert_eq!(
            scene.decide(scene.ends, &split).await.outcome,
            Outcome::Merged
        );
        let carried = scene.in_feed("grid:G1", end).await.unwrap().joined;
        assert_eq!(
            carried.iter().map(|it| it.id).collect::<Vec<_>>(),
            [scene.lasts]
        );
        assert!(
            scene.in_feed("staff:w2", end).await.is_none(),
            "and whoever reported it"
        );
    }
}

#[tokio::test]
async fn what_can_not_be_merged_is_kept_without_effect() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        let (ends, lasts) = (scene.ends, scene.lasts);

        let missing = scene.merge(ends, CaseId::from_bytes(fresh())).await;
        assert_eq!(missing.outcome, no_effect(Void::NoSurvivor), "not there");
        let itself = scene.merge(ends, ends).await;
        assert_eq!(itself.outcome, no_effect(Void::NoSurvivor), "itself");
        scene.merge(ends, lasts).await;
        let circle = scene.merge(lasts, ends).await;
        assert_eq!(circle.outcome, no_effect(Void::NoSurvivor), "a circle");
        let doc = known(circle.doc.as_ref()).unwrap();
        assert_eq!(doc.state, State::Submitted);
        assert_eq!(
            doc.events[0].void,
            Some(Void::NoSurvivor),
            "kept in its history"
        );
    }
}

#[tokio::test]
async fn nobody_merges_into_a_case_they_may_not_see() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let mut clerk = scene.clerk.clone();
        clerk.staff.grids = vec!["G2".into()];
        let merge = json!({ "do": "merge", "into": scene.lasts });

        let results = scene
            .push(&clerk, &[op(&clerk, 1, scene.ends, &merge)])
            .await;

        assert_eq!(results[0].outcome, no_effect(Void::NoSurvivor));
        assert_eq!(
            scene.in_feed("grid:G1", scene.lasts).await.unwrap().joined,
            []
        );
    }
}

#[tokio::test]
async fn a_case_holds_so_many_and_no_more() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        let one = scene.one.clone();
        let mut cases = Vec::new();
        for n in 0..=JOINED_MAX {
            let case = CaseId::from_bytes(fresh());
            let dev_seq = u64::try_from(n).unwrap() + 2;
            scene
                .push(&one, &[op(&one, dev_seq, case, &report("G1"))])
                .await;
            cases.push(case);
        }
        for case in &cases[1..] {
            assert_eq!(
                scene.merge(*case, scene.lasts).await.outcome,
                Outcome::Merged
            );
        }

        let one_more = scene.merge(cases[0], scene.lasts).await;

        assert_eq!(one_more.outcome, no_effect(Void::TooMany));
    }
}

#[tokio::test]
async fn a_deleted_one_is_carried_no_longer() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        scene.merge(scene.ends, scene.lasts).await;
        let ended = scene.in_feed("grid:G2", scene.ends).await.unwrap();
        let delete = json!({ "do": "delete", "reason": "私人信息", "knew": ended.history() });

        scene.decide(scene.ends, &delete).await;

        let lasting = scene.in_feed("grid:G1", scene.lasts).await.unwrap();
        assert_eq!(lasting.joined, []);
    }
}

/// The hub says of a feed how far it moved only where the device knows all that moved it.
#[tokio::test]
async fn a_device_is_not_told_that_it_has_a_feed_in_which_what_is_carried_changed() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        scene.merge(scene.ends, scene.lasts).await;
        let two = scene.two.clone();
        let note = json!({ "do": "supplement", "note": "又多了一袋" });
        let mut note = op(&two, 2, scene.ends, &note);
        note["base_rev"] = json!(2);
        let brief = Batch {
            brief: true,
            ..batch(&[note])
        };

        let pushed = store.push(two.clone(), brief).await.unwrap().unwrap();

        assert!(pushed.results[0].brief.is_some());
        let moved: Vec<&str> = pushed.moved.iter().map(|it| it.scope.as_str()).collect();
        assert_eq!(moved, ["grid:G2"], "the inbox has the other case, too");
    }
}

/// What a device has of the survivor is not what the hub has once what it carries changed.
#[tokio::test]
async fn a_device_does_not_work_out_a_case_that_carries_something_new() {
    for (_folder, store) in stores().await {
        let scene = Scene::of(&*store).await;
        let clerk = &scene.clerk;
        let note = |seq, base: u64| {
            let note = json!({ "do": "supplement", "note": "看过" });
            let mut op = op(clerk, seq, scene.lasts, &note);
            op["base_rev"] = json!(base);
            op
        };
        let mut merge = op(
            clerk,
            2,
            scene.ends,
            &json!({ "do": "merge", "into": scene.lasts }),
        );
        merge["base_rev"] = json!(1);
        let brief = Batch {
            brief: true,
            ..batch(&[note(1, 1), merge, note(3, 2)])
        };

        let results = store
            .push(clerk.clone(), brief)
            .await
            .unwrap()
            .unwrap()
            .results;

        assert!(results[0].brief.is_some() && results[1].brief.is_some());
        assert!(results[2].brief.is_none());
        let doc = known(results[2].doc.as_ref()).unwrap();
        assert_eq!((doc.events.len(), doc.joined.len()), (2, 1));
    }
}

#[tokio::test]
async fn whoever_sees_the_survivor_may_fetch_the_photos_of_the_others() {
    for (_folder, store) in stores().await {
        let mut scene = Scene::of(&*store).await;
        let case = CaseId::from_bytes(fresh());
        let digest = shared::Digest::from_bytes([7; 32]);
        let two = scene.two.clone();
        let report = crate::world::report("G2", &json!([crate::world::photo(7)]));
        scene.push(&two, &[op(&two, 2, case, &report)]).await;
        assert!(
            !store
                .may_see_photo(scene.one.clone(), digest)
                .await
                .unwrap()
        );

        scene.merge(case, scene.lasts).await;

        assert!(
            store
                .may_see_photo(scene.one.clone(), digest)
                .await
                .unwrap()
        );
    }
}
