//! Storage that was wiped, full or damaged, and apps that began empty or went on with rubbish.

use std::{collections::BTreeSet, fs, path::Path};

use bad_disk::{Disk, Fault as DiskFault};
use scenarios::{
    dice::Dice,
    folders,
    world::{Device, World, meet, street_photo},
};
use shared::{
    CaseId,
    ipc::{Code, GetSession, GetToday, Link, Problem},
};

/// What the app says is wrong when it starts.
async fn problem(device: &Device) -> Option<Problem> {
    let session = device.client().get_session(GetSession {}).await;
    session.unwrap().problem
}

async fn is_enrolled(device: &Device) -> bool {
    let session = device.client().get_session(GetSession {}).await;
    session.unwrap().enrolment.is_some()
}

/// A worker with a case that is delivered, one that is not, and a draft.
async fn in_the_field(world: &World) -> (Device, [CaseId; 2]) {
    let worker = world.device("w-0101").await.unwrap();
    let photo = street_photo(1, 320, 240);
    let sent = worker.reports("已送到", &[photo]).await.unwrap();
    worker.syncs_until_delivered(3).await.unwrap();
    let unsent = worker.reports("没送出", &[]).await.unwrap();
    worker.drafts("没写完", &[]).await.unwrap();
    (worker, [sent, unsent])
}

/// I3: the system cleared the app's storage, and the app began empty as if nothing had been.
#[tokio::test]
async fn a_tablet_whose_storage_was_cleared_asks_who_it_is_and_gets_back_what_was_delivered() {
    let world = World::new().await.unwrap();
    let (worker, [sent, unsent]) = in_the_field(&world).await;
    let (closed, folder) = worker.closes().await;
    fs::remove_dir_all(&folder).unwrap();

    let worker = closed.opens().await;

    assert!(!is_enrolled(&worker).await, "the app shows no empty day");
    assert!(worker.syncs().await.is_err(), "and does nothing for nobody");
    let before = world.hub().devices().await.unwrap();
    assert_eq!(before[0].last_dev_seq, 1, "the hub knows how far it was");
    let (closed, folder) = worker.closes().await;
    fs::remove_dir_all(&folder).unwrap();
    drop(closed);
    let worker = world.device("w-0101").await.unwrap();
    let seen = worker.sees(sent).await.unwrap();
    assert_eq!(seen.description, "已送到");
    let digest = seen.photos[0].photo.digest;
    assert!(worker.client().photo_bytes(digest).await.is_ok());
    assert!(worker.sees(unsent).await.is_err(), "what nobody else had");
}

/// I3: part of the storage is not there to be had, as after a move to a card that is not in.
#[tokio::test]
async fn a_tablet_whose_key_or_folder_is_away_says_so_and_has_everything_when_it_is_back() {
    let world = World::new().await.unwrap();
    let (worker, cases) = in_the_field(&world).await;
    let key = worker.folder().join("device.key");
    let away = key.with_extension("away");
    let (closed, folder) = worker.closes().await;
    let before = fs::read(folder.join("device.db")).unwrap();
    fs::rename(&key, &away).unwrap();

    let worker = closed.opens().await;

    assert_eq!(problem(&worker).await, Some(Problem::KeyMissing));
    let today = worker.client().get_today(GetToday {}).await;
    let code = today.unwrap_err().code;
    assert_eq!(code, Code::NoDatabase, "no empty day is shown");
    let (closed, folder) = worker.closes().await;
    assert_eq!(fs::read(folder.join("device.db")).unwrap(), before);
    fs::rename(&away, &key).unwrap();
    // The card is out: something else is where the folder was.
    let card = folder.with_extension("card");
    fs::rename(&folder, &card).unwrap();
    fs::write(&folder, b"").unwrap();

    let worker = closed.opens().await;

    assert_eq!(problem(&worker).await, Some(Problem::Unwritable));
    let (closed, folder) = worker.closes().await;
    fs::remove_file(&folder).unwrap();
    fs::rename(&card, &folder).unwrap();
    let worker = closed.opens().await;
    assert_eq!(problem(&worker).await, None);
    for case in cases {
        assert!(worker.sees(case).await.is_ok());
    }
    assert_eq!(worker.today().await.unwrap().drafts.len(), 1);
    worker.syncs_until_delivered(3).await.unwrap();
}

/// I7: no room while receiving, and the sync went on: an empty file replaced the data and was sent
/// to the server.
#[tokio::test]
async fn a_disk_that_fills_up_while_receiving_empties_nothing_here_or_at_the_hub() {
    let world = World::new().await.unwrap();
    let mut worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let own = worker.reports("自己的", &[]).await.unwrap();
    meet(&[&worker]).await.unwrap();
    let disk = Disk::under(worker.folder()).unwrap();
    worker.restarts().await;
    let mut cases = vec![own];
    let mut full = 0;
    for place in (0..).step_by(7) {
        world.minutes_pass(60);
        for nth in 0..4 {
            let words = format!("{place}第{nth}件");
            cases.push(clerk.reports(&words, &[]).await.unwrap());
        }
        clerk.syncs_until_delivered(3).await.unwrap();
        let before = worker.lists().await.unwrap().total;
        disk.fail(DiskFault::Full, place);

        let round = worker.syncs().await;

        let shown = worker.lists().await.unwrap().total;
        assert!(shown >= before, "{place}: {shown} of {before}");
        if !disk.struck() {
            disk.mend();
            break;
        }
        full += 1;
        assert!(!round.is_ok_and(|it| it.is_complete()), "{place}");
        let link = worker.delivery().await.unwrap().status.link;
        assert_eq!(link, Link::Local, "{place}: it is told what it is");
        disk.mend();
    }
    assert!(full > 2, "it was full {full} times");
    world.minutes_pass(60);
    worker.syncs_until_delivered(3).await.unwrap();
    clerk.syncs().await.unwrap();

    for device in [&worker, &clerk] {
        for case in &cases {
            let seen = device.sees(*case).await.unwrap();
            assert_eq!(seen.timeline.len(), 1);
            assert!(!seen.description.is_empty(), "nothing was emptied");
        }
    }
}

/// I10: the app kept the handle of a database that had been renamed, and wrote into that.
#[tokio::test]
async fn after_a_database_was_set_aside_work_goes_into_the_new_one_and_nothing_is_there_twice() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    for nth in 0..8 {
        worker.reports(&format!("第{nth}件"), &[]).await.unwrap();
    }
    worker.syncs_until_delivered(3).await.unwrap();
    let mut worker = world.damages(worker, |_| true).await.unwrap();
    let Some(Problem::SetAside { kept_at, .. }) = problem(&worker).await else {
        panic!("it is told");
    };
    let kept = Path::new(&kept_at).join("device.db");
    let before = fs::read(&kept).unwrap();

    let after = worker.reports("换库之后", &[]).await.unwrap();
    worker.syncs_until_delivered(8).await.unwrap();
    worker.restarts().await;
    worker.syncs_until_delivered(8).await.unwrap();
    worker.syncs().await.unwrap();

    assert!(worker.sees(after).await.is_ok());
    assert_eq!(fs::read(&kept).unwrap(), before, "nobody wrote there");
    let clerk = world.device("c-01").await.unwrap();
    for device in [&worker, &clerk] {
        let rows = device.lists().await.unwrap().rows;
        assert_eq!(rows.len(), 9, "each once, and no copies");
        for row in rows {
            let seen = device.sees(row.id).await.unwrap();
            assert_eq!(seen.timeline.len(), 1, "{seen:?}");
        }
    }
}

/// What a person finds on the pages.
async fn found(device: &Device) -> BTreeSet<String> {
    let rows = device.lists().await.unwrap().rows;
    let mut found = BTreeSet::new();
    for row in rows {
        let seen = device.sees(row.id).await.unwrap();
        found.insert(format!("{} {:?}", seen.description, seen.row.state));
    }
    for draft in device.today().await.unwrap().drafts {
        found.insert(draft.summary);
    }
    found
}

/// I24: a database was damaged though nothing had crashed, and wrong data was shown, or none.
#[tokio::test]
async fn a_bit_that_flips_on_the_tablet_shows_nothing_wrong_and_loses_nothing_that_was_delivered() {
    let world = World::new().await.unwrap();
    let worker = world.device("w-0101").await.unwrap();
    for nth in 0..10 {
        let words = format!("送到的第{nth}件");
        worker.reports(&words, &[]).await.unwrap();
    }
    worker.syncs_until_delivered(3).await.unwrap();
    worker.reports("没送出", &[]).await.unwrap();
    worker.drafts("没写完", &[]).await.unwrap();
    let right = found(&worker).await;
    let (worker, folder) = worker.closes().await;
    let whole = fs::read(folder.join("device.db")).unwrap();
    let mut dice = Dice::new(24);
    let mut told = 0;
    for nth in 0..16 {
        let copy = folder.with_extension(format!("flipped-{nth}"));
        folders::copy(&folder, &copy).unwrap();
        let mut bad = whole.clone();
        let at = dice.below(bad.len());
        bad[at] ^= 1 << dice.few(8);
        fs::write(copy.join("device.db"), &bad).unwrap();

        let tablet = world.device_in("flipped", copy).await.unwrap();

        if let Some(problem) = problem(&tablet).await {
            assert!(matches!(problem, Problem::SetAside { .. }), "{problem:?}");
            let kept = found(&tablet).await;
            assert!(kept.is_subset(&right), "{at}: nothing wrong: {kept:?}");
            told += 1;
        } else {
            assert_eq!(found(&tablet).await, right, "{at}: all of it");
        }
    }
    assert!(told > 8, "{told} of 16 hit something");

    let worker = worker.opens().await;
    assert_eq!(found(&worker).await, right, "the whole one is as it was");
}
