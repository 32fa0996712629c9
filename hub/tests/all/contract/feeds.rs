//! Feeds: dense, whole, and with a marker for what left.

use std::sync::Arc;

use shared::hub_api::{FeedItem, feed_hash};

use super::{NOW, doc, page, scopes, stores};

#[tokio::test]
async fn what_never_changes_is_published_once() {
    for (_folder, store) in stores().await {
        let once = |body| store.publish_once(body, scopes(["a"]), NOW);
        assert_eq!(once(doc(1, 1)).await.unwrap(), None);

        let there = once(doc(1, 2)).await.unwrap();

        assert_eq!(there, Some(doc(1, 1)), "the first stays");
        let page = store.pull(page("a", 0)).await.unwrap();
        assert_eq!(
            page.items,
            [FeedItem::Doc {
                seq: 1,
                doc: doc(1, 1)
            }]
        );
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
