//! Updates of the app that were killed half way, and databases that went with one.

use std::{fs, path::Path};

use bad_disk::{Disk, Fault, Kept};
use client::testing;
use scenarios::{
    folders,
    world::{Device, World, meet, street_photo},
};
use shared::{
    CaseId,
    ipc::{GetSession, OpenDraft, Problem},
};

/// Every so-manieth change of the disk, of an update from one version after the other.
const EVERY: u64 = 31;

/// I18: the database was deleted, and forms that had been sent were sent again.
#[tokio::test]
async fn a_tablet_that_lost_its_database_gets_its_reports_back_and_sends_nothing_twice() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let case = worker.reports("已送到", &[]).await.unwrap();
    worker.supplements(case, "补充").await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    let worker = world.wiped(worker, "w-0101").await.unwrap();

    worker.syncs_until_delivered(3).await.unwrap();

    let seen = worker.sees(case).await.unwrap();
    assert_eq!(seen.timeline.len(), 2, "all is back");
    let devices = world.hub().devices().await.unwrap();
    let sent: u64 = devices.iter().map(|device| device.last_dev_seq).sum();
    assert_eq!((devices.len(), sent), (2, 2), "the new one sent nothing");
}

/// What a worker has who did not sync before the update.
struct Left {
    delivered: CaseId,
    unsent: CaseId,
    draft: shared::DraftId,
}

impl Left {
    async fn by(worker: &Device, clerk: &Device) -> Self {
        let delivered = worker.reports("已送到", &[]).await.unwrap();
        meet(&[worker, clerk]).await.unwrap();
        let photo = street_photo(18, 320, 240);
        let unsent = worker.reports("没送出", &[photo]).await.unwrap();
        worker.supplements(delivered, "也没送出").await.unwrap();
        let draft = worker.drafts("没写完", &[]).await.unwrap();
        Self {
            delivered,
            unsent,
            draft,
        }
    }

    async fn is_on(&self, tablet: &Device, when: &str) {
        let session = tablet.client().get_session(GetSession {}).await.unwrap();
        assert_eq!(session.problem, None, "{when}");
        let seen = tablet.sees(self.delivered).await.unwrap();
        assert_eq!(seen.timeline.len(), 2, "{when}");
        let seen = tablet.sees(self.unsent).await.unwrap();
        assert_eq!(seen.description, "没送出", "{when}");
        let digest = seen.photos[0].photo.digest;
        let photo = tablet.client().photo_bytes(digest).await;
        assert!(photo.is_ok(), "{when}: the photo");
        let draft = OpenDraft {
            draft: Some(self.draft),
        };
        let draft = tablet.client().open_draft(draft).await.unwrap();
        assert_eq!(draft.description, "没写完", "{when}");
        let waiting = tablet.delivery().await.unwrap().status.ops_waiting;
        assert_eq!(waiting, 2, "{when}");
    }
}

/// The folder as an app of that version left it.
fn as_of(version: u32, folder: &Path, target: &Path) {
    folders::copy(folder, target).unwrap();
    let key = fs::read(folder.join("device.key")).unwrap();
    let older = target.join("device.db");
    fs::remove_file(&older).unwrap();
    let newer = folder.join("device.db");
    testing::as_of_schema(&newer, &older, key.try_into().unwrap(), version).unwrap();
}

/// I18: an update could not be done twice, and so was never done; it ended in an I/O error for ever.
#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_killed_anywhere_is_done_at_the_next_start_and_loses_nothing() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let left = Left::by(&worker, &clerk).await;
    // Its link stays the way to the hub for all of them.
    let (worker, folder) = worker.closes().await;
    let mut killed = 0;
    let mut last = None;
    let mut place = 0;
    for version in 1..testing::SCHEMA_VERSION {
        let older = folder.with_extension(format!("of-{version}"));
        as_of(version, &folder, &older);
        loop {
            let dying = older.with_extension(format!("{version}-dying"));
            folders::copy(&older, &dying).unwrap();
            let disk = Disk::under(&dying).unwrap();
            disk.fail(Fault::Death, place);
            let tablet = world.device_in("updating", dying.clone()).await.unwrap();
            if !disk.struck() {
                disk.mend();
                left.is_on(&tablet, &format!("from {version}")).await;
                break;
            }
            let session = tablet.client().get_session(GetSession {}).await;
            let told = session.unwrap().problem;
            assert!(matches!(told, None | Some(Problem::Unwritable)), "{told:?}");
            for kept in [Kept::Synced, Kept::All, Kept::Some(place)] {
                let found = older.with_extension(format!("{version}-{place}-{kept:?}"));
                disk.leave(kept, &found).unwrap();
                let tablet = world.device_in("updated", found).await.unwrap();
                let when = format!("from {version}, killed at {place}, {kept:?}");
                left.is_on(&tablet, &when).await;
                last = Some(tablet);
            }
            drop((tablet, disk));
            fs::remove_dir_all(&dying).unwrap();
            killed += 1;
            place += EVERY;
        }
        // The next version is killed at other places.
        place %= EVERY;
        fs::remove_dir_all(&older).unwrap();
    }
    println!("killed {killed} times");
    assert!(killed >= 20, "it was killed {killed} times");

    let tablet = last.unwrap();
    tablet.syncs_until_delivered(5).await.unwrap();
    clerk.syncs().await.unwrap();
    let seen = clerk.sees(left.delivered).await.unwrap();
    assert_eq!(seen.timeline.len(), 2, "and all of it arrives, once");
    let seen = clerk.sees(left.unsent).await.unwrap();
    assert_eq!((seen.timeline.len(), seen.photos.len()), (1, 1));
    drop(worker);
}
