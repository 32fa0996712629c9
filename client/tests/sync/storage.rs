//! The device's disk fails while documents come down.

use std::fs;

use bad_disk::{Disk, Fault, Kept, is_sound};
use shared::DocRef;

use crate::{
    device::Device,
    feeds::{colleague_reported, grid},
};

/// Every so-manieth change of the disk is tried, from the first to the last of the round.
const EVERY: usize = 11;

/// The app is started anew, on a disk that can be told to fail.
async fn on_a_bad_disk(tablet: &mut Device) -> Disk {
    let disk = Disk::under(tablet.dir.path()).unwrap();
    tablet.restarts().await;
    disk
}

/// Ends the app; its database must be sound.
fn ends_sound(tablet: Device) {
    let Device { client, dir, .. } = tablet;
    drop(client);
    let key = hex::encode(fs::read(dir.path().join("device.key")).unwrap());
    is_sound(&dir.path().join("device.db"), Some(&key)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_in_a_page_keeps_whole_pages_and_the_rest_comes_later() {
    let mut in_the_middle = 0;
    for place in (0..).step_by(EVERY) {
        let (hub, mut tablet, _) = colleague_reported(6).await;
        hub.state().page = 2;
        let disk = on_a_bad_disk(&mut tablet).await;
        disk.fail(Fault::Full, place);

        let first = tablet.syncs().await;

        if !disk.struck() {
            assert!(first.unwrap().is_complete(), "the disk had room");
            break;
        }
        let told = first.as_ref().map_or(true, |report| !report.is_complete());
        assert!(told, "{place}: {first:?}");
        let shown = tablet.cases().await.len();
        assert_eq!(shown % 2, 0, "{place}: whole pages only");
        in_the_middle += u32::from(shown > 0 && shown < 6);
        disk.mend();
        let second = tablet.syncs().await.unwrap();

        assert!(second.is_complete(), "{place}: {second:?}");
        assert_eq!(second.docs_pulled as usize, 6 - shown, "{place}: the rest");
        assert_eq!(second.feeds_restarted, 0, "{place}: where it stopped");
        assert_eq!(tablet.cases().await.len(), 6);
        ends_sound(tablet);
    }
    assert!(in_the_middle > 0, "the disk was full between pages, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_a_feed_is_pulled_anew_leaves_what_was_there_and_it_is_done_again() {
    let mut anew = 0;
    for place in (0..).step_by(EVERY) {
        let (hub, mut tablet, cases) = colleague_reported(6).await;
        tablet.syncs().await.unwrap();
        let own = tablet.reports("还没送的").await;
        {
            let mut state = hub.state();
            let feed = state.feeds.get_mut(&grid()).unwrap();
            // Pruned: not even a marker says that it left.
            let gone = DocRef::case(cases[0]);
            feed.retain(|(_, target, _)| *target != gone);
            let seq = feed.last().unwrap().0;
            feed.last_mut().unwrap().0 = seq + 1;
            state.page = 2;
            state.cursors_gone = 1;
            state.put_off = vec![1];
        }
        let disk = on_a_bad_disk(&mut tablet).await;
        disk.fail(Fault::Death, place);

        let ended = tablet.syncs().await;

        if !disk.struck() {
            assert_eq!(ended.unwrap().feeds_restarted, 1);
            break;
        }
        let asked_anew = hub.state().cursors_gone == 0;
        anew += u32::from(asked_anew);
        let Device { client, dir, .. } = tablet;
        drop(client);
        for kept in [
            Kept::Synced,
            Kept::All,
            Kept::Some(place),
            Kept::Some(!place),
        ] {
            println!("death at {place}, {kept:?}, anew: {asked_anew}");
            let found = tempfile::tempdir().unwrap();
            disk.leave(kept, found.path()).unwrap();
            let tablet = Device::on(found, &hub).await;

            let shown = tablet.cases().await;
            assert!(shown.iter().any(|row| row.id == own), "unsent work");
            assert!(
                (6..=7).contains(&shown.len()),
                "what was there, or what is there now: {}",
                shown.len()
            );
            hub.state().put_off.clear();
            let report = tablet.syncs().await.unwrap();
            assert!(report.is_complete(), "{report:?}");
            assert_eq!(tablet.cases().await.len(), 6, "without the one that went");
            ends_sound(tablet);
        }
        drop(dir);
    }
    assert!(anew > 3, "it died while the feed was pulled anew: {anew}");
}
