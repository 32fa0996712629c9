//! Opening: whatever is found in the folder, something usable comes up and nothing is lost.

use std::{
    env, fs,
    path::Path,
    process::Command,
    sync::{Arc, Barrier},
    thread,
};

use client::Client;
use shared::ipc::{Code, DismissSetAside, GetToday, OpenDraft, Problem, Session};
use tempfile::TempDir;

use super::{
    city,
    tablet::{Tablet, code, files_under, options},
};

const DATABASE: &str = "device.db";

/// A tablet with some work on it, switched off.
async fn used() -> Arc<TempDir> {
    let tablet = Tablet::of(city::worker()).await;
    for words in ["一", "二", "三"] {
        tablet.report("E01", words).await;
    }
    let folder = tablet.shut();
    let log = folder.path().join("device.db-wal");
    assert!(!log.exists(), "an orderly end works the log into the file");
    folder
}

fn content(folder: &Path) -> Vec<u8> {
    fs::read(folder.join(DATABASE)).unwrap()
}

async fn is_refused_untouched(folder: Arc<TempDir>, problem: Problem) {
    let before = content(folder.path());

    let tablet = Tablet::on(Arc::clone(&folder)).await;

    assert_eq!(tablet.session().await.problem, Some(problem.clone()));
    let today = tablet.client.get_today(GetToday {}).await;
    assert_eq!(code(today), Code::NoDatabase, "{problem:?}");
    let draft = tablet.client.open_draft(OpenDraft { draft: None }).await;
    assert_eq!(code(draft), Code::NoDatabase, "{problem:?}");
    drop(tablet);
    assert_eq!(
        content(folder.path()),
        before,
        "it was not touched: {problem:?}"
    );
}

#[tokio::test]
async fn a_damaged_database_is_set_aside_whole_and_a_new_one_begun() {
    let whole = content(used().await.path());
    // The header, the first table's pages, the middle, the last page.
    for at in [0, 20, 4_200, whole.len() / 2, whole.len() - 100] {
        let folder = used().await;
        let mut damaged = content(folder.path());
        damaged[at..at + 16]
            .iter_mut()
            .for_each(|byte| *byte ^= 0xFF);
        fs::write(folder.path().join(DATABASE), &damaged).unwrap();

        let tablet = Tablet::on(folder).await;

        let Some(Problem::SetAside { kept_at, .. }) = tablet.session().await.problem else {
            panic!("damage at byte {at} is noticed");
        };
        let kept = fs::read(Path::new(&kept_at).join(DATABASE)).unwrap();
        assert_eq!(
            kept, damaged,
            "every byte of the old one is kept (damage at {at})"
        );
        let draft = tablet.begin().await;
        let tablet = tablet.restart().await;
        assert!(
            tablet.draft(draft.id).await.is_ok(),
            "the new one works (damage at {at})"
        );
    }
}

#[tokio::test]
async fn a_database_that_is_empty_or_gone_is_told_and_not_begun_anew_in_silence() {
    for is_gone in [false, true] {
        let folder = used().await;
        let database = folder.path().join(DATABASE);
        if is_gone {
            fs::remove_file(&database).unwrap();
        } else {
            fs::write(&database, b"").unwrap();
        }

        let tablet = Tablet::on(folder).await;

        let problem = tablet.session().await.problem;
        let told = matches!(problem, Some(Problem::SetAside { operations: 0, .. }));
        assert!(told, "gone: {is_gone}: {problem:?}");
        let draft = tablet.begin().await;
        let tablet = tablet.restart().await;
        assert!(tablet.draft(draft.id).await.is_ok(), "the new one works");
        assert!(
            tablet.session().await.problem.is_some(),
            "told until it is read"
        );
    }
}

#[tokio::test]
async fn a_database_damaged_after_a_power_cut_is_set_aside_with_its_log_unchanged() {
    for damaged in [0..16_384, 0..16, 4_096..8_192] {
        let running = Tablet::on(used().await).await;
        running.report("E01", "四").await;
        let folder = copy_of(running.folder.path());
        let database = folder.path().join(DATABASE);
        let log = fs::read(folder.path().join("device.db-wal")).unwrap();
        assert!(!log.is_empty(), "work stands in the log only");
        let mut bytes = fs::read(&database).unwrap();
        bytes[damaged.clone()].fill(0x5A);
        fs::write(&database, &bytes).unwrap();

        let tablet = Tablet::on(folder).await;

        let Some(Problem::SetAside { kept_at, .. }) = tablet.session().await.problem else {
            // The log may have had every damaged page whole; then nothing was lost.
            assert_eq!(tablet.search("").await.total, 4, "{damaged:?}");
            continue;
        };
        let kept = |name: &str| fs::read(Path::new(&kept_at).join(name)).unwrap();
        assert!(
            kept(DATABASE) == bytes,
            "the database as it was: {damaged:?}"
        );
        assert!(
            kept("device.db-wal") == log,
            "and its log, not worked into a damaged file: {damaged:?}"
        );
    }
}

#[tokio::test]
async fn a_database_of_another_key_is_set_aside_too() {
    let folder = used().await;
    let before = content(folder.path());
    fs::write(folder.path().join("device.key"), [7; 32]).unwrap();

    let tablet = Tablet::on(folder).await;

    let Some(Problem::SetAside { kept_at, .. }) = tablet.session().await.problem else {
        panic!("it can't be read");
    };
    assert_eq!(
        fs::read(Path::new(&kept_at).join(DATABASE)).unwrap(),
        before
    );
}

#[tokio::test]
async fn set_aside_twice_in_one_second_keeps_both() {
    let folder = used().await;
    let database = folder.path().join(DATABASE);
    for _ in 0..2 {
        fs::write(&database, [0x5A; 8_192]).unwrap();
        let tablet = Tablet::on(Arc::clone(&folder)).await;
        assert!(matches!(
            tablet.session().await.problem,
            Some(Problem::SetAside { .. })
        ));
    }

    let kept = files_under(&folder.path().join("set-aside"));
    let kept = kept.iter().filter(|path| path.ends_with(DATABASE)).count();
    assert_eq!(kept, 2, "nothing is ever written over");
}

#[tokio::test]
async fn a_database_that_was_set_aside_is_told_of_at_every_start_until_it_was_read() {
    let folder = used().await;
    let database = folder.path().join(DATABASE);
    let mut told = Vec::new();
    for _ in 0..2 {
        fs::write(&database, [0x5A; 8_192]).unwrap();
        let tablet = Tablet::on(Arc::clone(&folder)).await;
        told.push(tablet.session().await.problem);
    }

    let tablet = Tablet::on(Arc::clone(&folder)).await;
    assert_eq!(
        tablet.session().await.problem,
        told[1],
        "the next start says it again"
    );
    let session = dismiss(&tablet).await;
    assert_eq!(session.problem, told[0], "then the one before");
    let session = dismiss(&tablet).await;
    assert_eq!(session.problem, None, "then nothing more");
    let tablet = tablet.restart().await;
    assert_eq!(tablet.session().await.problem, None, "nor ever again");

    let kept = files_under(&folder.path().join("set-aside"));
    let kept = kept.iter().filter(|path| path.ends_with(DATABASE)).count();
    assert_eq!(kept, 2, "both are still there");
}

#[tokio::test]
async fn another_problem_is_not_dismissed() {
    let folder = used().await;
    raise_version(folder.path());
    let tablet = Tablet::on(folder).await;

    let refused = tablet.client.dismiss_set_aside(DismissSetAside {}).await;

    assert_eq!(code(refused), Code::NoDatabase);
    assert_eq!(tablet.session().await.problem, Some(Problem::Newer));
}

async fn dismiss(tablet: &Tablet) -> Session {
    let dismissed = tablet.client.dismiss_set_aside(DismissSetAside {}).await;
    dismissed.unwrap()
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let folder = used().await;
    raise_version(folder.path());

    is_refused_untouched(folder, Problem::Newer).await;
}

#[tokio::test]
async fn a_database_without_its_key_is_refused_untouched_and_no_key_is_made() {
    let folder = used().await;
    let key = folder.path().join("device.key");
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();

    is_refused_untouched(Arc::clone(&folder), Problem::KeyMissing).await;

    assert!(
        !key.exists(),
        "a new key would make the old database unreadable for ever"
    );
    fs::write(&key, kept).unwrap();
    let tablet = Tablet::on(folder).await;
    assert_eq!(
        tablet.search("").await.total,
        3,
        "with the key back, all is back"
    );
}

#[tokio::test]
async fn a_key_that_is_no_key_is_treated_as_missing() {
    let folder = used().await;
    fs::write(folder.path().join("device.key"), b"short").unwrap();

    is_refused_untouched(folder, Problem::KeyMissing).await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told() {
    let tablet = Tablet::new().await;
    let file = tablet.folder.path().join("a-file");
    fs::write(&file, b"not a folder").unwrap();

    let client = Client::open(options(&file.join("data"), &tablet.clock)).await;

    let session = client
        .get_session(shared::ipc::GetSession {})
        .await
        .unwrap();
    assert_eq!(session.problem, Some(Problem::Unwritable));
}

#[tokio::test]
async fn a_tablet_switched_off_at_any_moment_comes_up_with_everything() {
    let folder = used().await;

    let first = Tablet::on(Arc::clone(&folder)).await;
    let second = Tablet::on(copy_of(folder.path())).await;

    assert_eq!(second.session().await.problem, None);
    assert_eq!(second.search("").await.total, first.search("").await.total);
}

/// Set for the processes that the test below starts.
const FIRST: &str = "GRIDWALKER_TEST_FIRST_OPENING";

/// `SQLite` says that it is ready before the encryption is: who comes second found no database, and
/// with something in the file would have set a sound one aside.
#[test]
fn many_that_open_at_once_in_a_new_process_all_find_their_databases() {
    if env::var_os(FIRST).is_some() {
        return open_eight_at_once();
    }
    for _ in 0..25 {
        let output = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg(
                "device::opening::many_that_open_at_once_in_a_new_process_all_find_their_databases",
            )
            .env(FIRST, "1")
            .output()
            .unwrap();

        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("1 passed"), "{said}");
        assert!(output.status.success(), "{said}");
    }
}

fn open_eight_at_once() {
    let start = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let start = Arc::clone(&start);
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                let folder = Arc::new(tempfile::tempdir().unwrap());
                start.wait();
                runtime.block_on(async { Tablet::on(folder).await.session().await.problem })
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), None);
    }
}

/// What a power cut leaves of the folder of a running app.
fn copy_of(folder: &Path) -> Arc<TempDir> {
    let copy = Arc::new(tempfile::tempdir().unwrap());
    for file in ["device.key", DATABASE, "device.db-wal"] {
        let from = folder.join(file);
        if from.exists() {
            fs::copy(from, copy.path().join(file)).unwrap();
        }
    }
    copy
}

fn raise_version(folder: &Path) {
    let key = hex::encode(fs::read(folder.join("device.key")).unwrap());
    client::testing::set_schema_version(&folder.join(DATABASE), &key, 99).unwrap();
}
