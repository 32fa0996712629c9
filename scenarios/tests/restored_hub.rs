//! The hub breaks, and its operator puts back a backup: whatever was confirmed after it comes back
//! from the devices.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use hub::store::postgres::DatabaseUrl;
use pg_cluster::{Cluster, Durability};
use scenarios::world::{World, street_photo};
use shared::{CaseId, Digest, StaffId};

/// A day on a hub, its backup at noon, and what was confirmed after that.
struct Day {
    world: World,
    worker: scenarios::world::Device,
    colleague: scenarios::world::Device,
    before: CaseId,
    after: CaseId,
    photo: Digest,
}

/// `database` is where the hub's is, if on a server, and where a copy of it is made.
async fn day(database: Option<(&Cluster, String)>) -> Day {
    let url = |(cluster, name): &(&Cluster, String)| DatabaseUrl::from(cluster.url(name));
    let mut world = World::on(database.as_ref().map(url)).await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let colleague = world.device("c-01").await.unwrap();
    let before = worker.reports("备份之前", &[]).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();

    let copied = database
        .map(|(cluster, name)| DatabaseUrl::from(cluster.url(&cluster.copy_of(&name).unwrap())));
    let backup = world.back_up_hub("noon", copied).unwrap();

    let picture = street_photo(7, 320, 240);
    let after = worker.reports("备份之后", &[picture]).await.unwrap();
    worker.supplements(before, "备份之后的补充").await.unwrap();
    worker.syncs_until_delivered(5).await.unwrap();
    colleague.syncs().await.unwrap();
    colleague.supplements(after, "看到了").await.unwrap();
    colleague.syncs_until_delivered(3).await.unwrap();
    let photo = worker.sees(after).await.unwrap().photos[0].photo.digest;

    world.put_hub_back(backup).await.unwrap();
    assert!(world.photo_at_hub(photo).is_none(), "the backup lacks it");
    Day {
        world,
        worker,
        colleague,
        before,
        after,
        photo,
    }
}

async fn is_whole(day: &Day) {
    for device in [&day.worker, &day.colleague] {
        assert_eq!(
            device.lists().await.unwrap().rows.len(),
            2,
            "each case once"
        );
        for (case, entries) in [(day.before, 2), (day.after, 2)] {
            let seen = device.sees(case).await.unwrap();
            assert_eq!(seen.timeline.len(), entries, "each word once: {seen:?}");
            assert!(seen.row.case_no.is_some(), "the hub has it");
        }
        assert_eq!(device.delivery().await.unwrap().unfinished, 0);
    }
    assert!(day.world.photo_at_hub(day.photo).is_some(), "and the photo");
    let devices = day.world.hub().devices().await.unwrap();
    let mut kept: Vec<_> = devices.iter().map(|device| device.last_dev_seq).collect();
    kept.sort_unstable();
    assert_eq!(kept, [1, 3], "every operation is in the log, and once");
}

async fn all_comes_back(day: Day) {
    // The colleague first: what belongs to a report that is not there again yet must wait for it.
    day.colleague.syncs_until_delivered(3).await.unwrap();
    day.worker.syncs_until_delivered(5).await.unwrap();
    day.colleague.syncs_until_delivered(3).await.unwrap();
    is_whole(&day).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_backup_was_put_back_and_the_epoch_renewed_devices_send_what_it_lacks() {
    let day = day(None).await;
    day.world.hub().renew_epoch().await.unwrap();
    all_comes_back(day).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_too() {
    let cluster = Cluster::start(Durability::None).unwrap();
    let name = cluster.database().unwrap();
    let day = day(Some((&cluster, name))).await;
    day.world.hub().renew_epoch().await.unwrap();
    all_comes_back(day).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_operator_forgot_that_devices_with_missing_operations_notice_by_themselves() {
    let day = day(None).await;
    all_comes_back(day).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_enrolled_after_the_backup_keeps_its_work_until_it_has_a_new_code() {
    let mut world = World::new().await.unwrap();
    let backup = world.back_up_hub("noon", None).unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker.reports("备份之后", &[]).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    world.put_hub_back(backup).await.unwrap();
    world.hub().renew_epoch().await.unwrap();

    let refused = worker.syncs().await;
    assert!(
        refused.is_err(),
        "the hub knows no such device: {refused:?}"
    );
    assert!(worker.sees(case).await.is_ok(), "which keeps its work");

    let code = world.hub().enrol(StaffId::from("w-0101")).await.unwrap();
    worker.enrols_again(&code.code).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    let devices = world.hub().devices().await.unwrap();
    assert_eq!(devices[0].last_dev_seq, 1, "all it did is there again");
}
