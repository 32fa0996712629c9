//! The database is damaged at random: a flipped bit, a sector or a page of zeros, a tail cut off, pages
//! swapped, several pages at once. It is always noticed, kept whole and told; what can be read goes on,
//! and what the hub has comes back. `GRIDWALKER_DAMAGES` tries more, `GRIDWALKER_DAMAGE_SEED` begins
//! elsewhere.

use std::{collections::BTreeSet, fs, path::Path};

use client::testing;
use shared::ipc::{GetSession, Problem};

use crate::{device::Device, fake_hub::FakeHub};

const DATABASE: &str = "device.db";
const PAGE: usize = 4_096;
const SECTOR: usize = 512;
/// What was delivered before, and what was not.
const DELIVERED: usize = 24;
const WAITING: usize = 16;
/// A page holds a few operations at most.
const ON_A_PAGE: usize = 8;
/// As many as CI has time for.
const USUAL: u64 = 200;

/// Chance from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// Damages these bytes. Says how, and which pages.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> (&'static str, BTreeSet<usize>) {
    let pages = bytes.len() / PAGE;
    let page = dice.below(pages);
    let whole = page * PAGE..(page + 1) * PAGE;
    match dice.below(6) {
        0 => {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            ("a flipped bit", [at / PAGE].into())
        }
        1 => {
            let at = dice.below(bytes.len() / SECTOR) * SECTOR;
            bytes[at..at + SECTOR].fill(0);
            ("a sector of zeros", [at / PAGE].into())
        }
        2 => {
            bytes[whole].fill(0);
            ("a page of zeros", [page].into())
        }
        3 => {
            // Not in the middle of everything: what is left is a database.
            let from = bytes.len() - 1 - dice.below(8 * PAGE);
            bytes.truncate(from);
            ("a tail cut off", (from / PAGE..pages).collect())
        }
        4 => {
            let other = (page + 1 + dice.below(pages - 1)) % pages;
            let kept = bytes[whole.clone()].to_vec();
            bytes.copy_within(other * PAGE..(other + 1) * PAGE, page * PAGE);
            bytes[other * PAGE..(other + 1) * PAGE].copy_from_slice(&kept);
            ("two pages swapped", [page, other].into())
        }
        _ => {
            let bad: BTreeSet<_> = (0..2 + dice.below(4)).map(|_| dice.below(pages)).collect();
            for page in &bad {
                let noise = u8::try_from(dice.below(256)).unwrap();
                bytes[page * PAGE..(page + 1) * PAGE].fill(noise);
            }
            ("several pages", bad)
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn queued(tablet: &Device) -> BTreeSet<shared::OpId> {
    let ops = testing::queued(&tablet.client).await.unwrap();
    ops.iter().map(|op| op.op_id).collect()
}

fn setting(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok().and_then(|text| text.parse().ok());
    value.unwrap_or(otherwise)
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
    let first = setting("GRIDWALKER_DAMAGE_SEED", 1);
    for seed in first..first + setting("GRIDWALKER_DAMAGES", USUAL) {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut bytes = sound.clone();
        let (how, pages) = damage(&mut bytes, &mut dice);
        let context = format!("GRIDWALKER_DAMAGE_SEED={seed}: {how}, pages {pages:?}");
        if bytes == sound {
            continue;
        }
        tally.damaged += 1;
        hub.put_back(&at_the_hub);
        let trial = tempfile::tempdir().unwrap();
        copy(dir.path(), trial.path());
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
        copy(dir.path(), trial.path());
        let mut bytes = sound.to_vec();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
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
