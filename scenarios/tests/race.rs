//! Feeds on PostgreSQL under many writers: nothing is missed; and that the race is one is seen by
//! the obvious feed, which misses.

use std::time::Duration;

use pg_cluster::{Cluster, Durability};
use scenarios::race;

const TIME: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_many_writers_misses_nothing_and_by_the_obvious_feed_it_would() {
    let cluster = Cluster::start(Durability::None).unwrap_or_else(|error| panic!("{error}"));
    let database = || cluster.url(&cluster.database().unwrap());

    let counted = race::counted(&database(), TIME).await.unwrap();
    let naive = race::naive(&database(), TIME).await.unwrap();

    assert!(counted.written > 100, "there was a race: {counted:?}");
    assert_eq!(counted.lost, 0, "{counted:?}");
    assert!(counted.dense, "{counted:?}");
    assert_eq!(counted.deadlocks, 0, "locks are taken in one order");
    assert!(
        naive.lost > 0,
        "the control shows that there was something to win: {naive:?}"
    );
}
