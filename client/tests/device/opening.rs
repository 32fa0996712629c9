//! Opening: whatever is found in the folder, something usable comes up and nothing is lost.

use std::{fs, path::Path, sync::Arc};

use client::Client;
use shared::ipc::{Code, GetToday, OpenDraft, Problem};
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
    tablet.shut()
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

        let Some(Problem::SetAside { kept_at }) = tablet.session().await.problem else {
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
        assert_eq!(tablet.session().await.problem, None);
    }
}

#[tokio::test]
async fn a_database_of_another_key_is_set_aside_too() {
    let folder = used().await;
    let before = content(folder.path());
    fs::write(folder.path().join("device.key"), [7; 32]).unwrap();

    let tablet = Tablet::on(folder).await;

    let Some(Problem::SetAside { kept_at }) = tablet.session().await.problem else {
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
    // A copy of the folder of a running app is what a power cut leaves.
    let copy = Arc::new(tempfile::tempdir().unwrap());
    for file in ["device.key", "device.db", "device.db-wal"] {
        let from = folder.path().join(file);
        if from.exists() {
            fs::copy(from, copy.path().join(file)).unwrap();
        }
    }
    let second = Tablet::on(copy).await;

    assert_eq!(second.session().await.problem, None);
    assert_eq!(second.search("").await.total, first.search("").await.total);
}

fn raise_version(folder: &Path) {
    let key = hex::encode(fs::read(folder.join("device.key")).unwrap());
    client::testing::set_schema_version(&folder.join(DATABASE), &key, 99).unwrap();
}
