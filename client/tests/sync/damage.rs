//! The database is damaged at random: a flipped bit, a sector or a page of zeros, a tail cut off, pages
//! swapped, several pages at once. It is always noticed, kept whole and told; what can be read goes on,
//! and what the hub has comes back. `GRIDWALKER_DAMAGES` tries more, `GRIDWALKER_DAMAGE_SEED` begins
//! elsewhere.

use std::{collections::BTreeSet, fs, path::Path};

use bad_disk::damage::{Damage, PAGE, copy, damage, place, seeds};
use client::testing;
use shared::ipc::{GetSession, Problem};

use crate::{device::Device, fake_hub::FakeHub};

const DATABASE: &str = "device.db";
/// What was delivered before, and what was not.
const DELIVERED: usize = 24;
const WAITING: usize = 16;
/// A page holds a few operations at most.
const ON_A_PAGE: usize = 8;
/// As many as CI has time for.
const USUAL: u64 = 200;

async fn queued(tablet: &Device) -> BTreeSet<shared::OpId> {
    let ops = testing::queued(&tablet.client).await.unwrap();
    ops.iter().map(|op| op.op_id).collect()
}

/// What became of many.
#[derive(Debug, Default)]
struct Tally {
    damaged: usize,
    unseen: usize,
    whole: usize,
    waiting: usize,
    nothing: Vec<u64>,
}

#[tokio::test]
async fn whatever_is_damaged_is_noticed_kept_and_told_and_goes_on() {
    let hub = FakeHub::default();
    let tablet = Device::enrolled(&hub).await;
    for nth in 0..DELIVERED {
        tablet.reports(&format!("送到的第{nth}件，井盖松动")).await;
    }
    tablet.syncs().await.unwrap();
    tablet.syncs().await.unwrap();
    for nth in 0..WAITING {
        tablet
            .reports(&format!("没送到的第{nth}件，路灯不亮"))
            .await;
    }
    let waiting = queued(&tablet).await;
    assert_eq!(waiting.len(), WAITING);
    let dir = tablet.shut().await;
    let sound = fs::read(dir.path().join(DATABASE)).unwrap();
    let at_the_hub = hub.kept();
    let needed = needed(&dir, &sound, &hub).await;

    let mut tally = Tally::default();
    for seed in seeds(USUAL) {
        let mut bytes = sound.clone();
        let Damage { way, pages } = damage(&mut bytes, seed);
        let context = format!("GRIDWALKER_DAMAGE_SEED={seed}: {way:?}, pages {pages:?}");
        if bytes == sound {
            continue;
        }
        tally.damaged += 1;
        hub.put_back(&at_the_hub);
        let trial = tempfile::tempdir().unwrap();
        copy(dir.path(), trial.path()).unwrap();
        fs::write(trial.path().join(DATABASE), &bytes).unwrap();

        let tablet = Device::on(trial, &hub).await;

        let session = tablet.client.get_session(GetSession {}).await.unwrap();
        let brought = queued(&tablet).await;
        let Some(Problem::SetAside { kept_at, .. }) = session.problem else {
            // Of a page that nothing stands on.
            assert_eq!(session.problem, None, "{context}");
            assert_eq!(brought, waiting, "{context}: unseen, but nothing is lost");
            tally.unseen += 1;
            continue;
        };
        let kept = fs::read(Path::new(&kept_at).join(DATABASE)).unwrap();
        assert!(kept == bytes, "{context}: kept as it was");
        let read = waiting.intersection(&brought).count();
        tally.waiting += read;
        if brought.is_empty() {
            let by_one = pages.intersection(&needed).next();
            assert!(by_one.is_some(), "{context}: nothing was read");
            tally.nothing.push(seed);
        } else {
            let lost = WAITING - read;
            assert!(lost <= pages.len() * ON_A_PAGE, "{context}: {lost} lost");
        }
        tally.whole += usize::from(read == WAITING);

        enrol_if_needed(&tablet, &hub).await;
        for _ in 0..4 {
            tablet.syncs().await.unwrap();
        }
        assert_eq!(queued(&tablet).await.len(), 0, "{context}: all is sent");
        let arrived = hub
            .state()
            .arrivals
            .keys()
            .copied()
            .collect::<BTreeSet<_>>();
        assert!(
            brought.is_subset(&arrived),
            "{context}: what was read arrives"
        );
        let shown = tablet.cases().await.len();
        assert_eq!(
            shown,
            DELIVERED + read,
            "{context}: what the hub has comes back, and each once"
        );
    }
    println!("{tally:?}");
    // The device above has little on it; of a used one these pages are one in a hundred.
    assert!(needed.len() <= 9, "{needed:?}");
}

/// The pages that say what tables there are and where: without one of them nothing is found.
async fn needed(dir: &tempfile::TempDir, sound: &[u8], hub: &FakeHub) -> BTreeSet<usize> {
    let mut needed = BTreeSet::new();
    for page in 0..sound.len() / PAGE {
        let trial = tempfile::tempdir().unwrap();
        copy(dir.path(), trial.path()).unwrap();
        let mut bytes = sound.to_vec();
        bytes[place(page)].fill(0);
        fs::write(trial.path().join(DATABASE), &bytes).unwrap();
        let tablet = Device::on(trial, hub).await;
        if queued(&tablet).await.is_empty() {
            needed.insert(page);
        }
    }
    needed
}

/// What says where the hub is may be what was damaged; then the person gets a code.
async fn enrol_if_needed(tablet: &Device, hub: &FakeHub) {
    let session = tablet.client.get_session(GetSession {}).await.unwrap();
    if session.enrolment.is_none() {
        let client = &tablet.client;
        client.enrol_with(hub, "127.0.0.1:1", "GOOD").await.unwrap();
    }
}
