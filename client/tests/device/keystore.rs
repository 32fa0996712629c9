//! Who keeps the key: chosen once for a new database, and from then on asked alone, whatever the
//! system's keystore does.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use client::{Keys as _, Keystore, KeystoreError, KeystoreOrFile};
use shared::ipc::{Code, GetAbout, GetToday, KeyStore, Problem};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{
    city,
    tablet::{Tablet, code, files_under},
};

/// A keystore that answers is never late.
const LONG: Duration = Duration::from_mins(10);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Answers,
    Fails(KeystoreError),
    Hangs,
    Garbles,
}

/// All the ways in which a keystore is of no use to a new database.
const USELESS: [Mood; 5] = [
    Mood::Fails(KeystoreError::Absent),
    Mood::Fails(KeystoreError::Locked),
    Mood::Fails(KeystoreError::Failed),
    Mood::Hangs,
    Mood::Garbles,
];

/// A person's keystore, shared by all apps of that person.
#[derive(Debug)]
struct Drawer {
    mood: Mutex<Mood>,
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    asked: AtomicU32,
}

impl Drawer {
    fn new(mood: Mood) -> Arc<Self> {
        Arc::new(Self {
            mood: Mutex::new(mood),
            entries: Mutex::default(),
            asked: AtomicU32::new(0),
        })
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn entries(&self) -> BTreeMap<String, Vec<u8>> {
        self.entries.lock().unwrap().clone()
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    fn keys(self: &Arc<Self>, folder: &Path) -> Arc<KeystoreOrFile> {
        let limit = match *self.mood.lock().unwrap() {
            Mood::Hangs => Duration::from_millis(1),
            Mood::Answers | Mood::Fails(_) | Mood::Garbles => LONG,
        };
        let drawer = Arc::clone(self) as Arc<dyn Keystore>;
        Arc::new(KeystoreOrFile::new(folder, drawer, limit))
    }

    /// The app started on this folder.
    async fn start(self: &Arc<Self>, folder: Arc<TempDir>) -> Tablet {
        let keys = self.keys(folder.path());
        Tablet::with_keys(folder, keys).await
    }

    /// A folder with a draft in its database, the app ended; and the draft's words.
    async fn used(self: &Arc<Self>) -> Arc<TempDir> {
        let tablet = self.start(Arc::new(tempfile::tempdir().unwrap())).await;
        client::testing::enrol(&tablet.client, city::worker())
            .await
            .unwrap();
        let mut draft = tablet.begin().await;
        "井盖松动".clone_into(&mut draft.description);
        tablet.save(&draft).await;
        tablet.shut()
    }

    fn answer(&self) -> Result<Mood, KeystoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Fails(error) => Err(error),
            Mood::Hangs => loop {
                thread::park();
            },
            Mood::Answers | Mood::Garbles => Ok(mood),
        }
    }
}

impl Keystore for Drawer {
    fn find(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
        self.answer()?;
        Ok(self.entries().remove(name).map(Zeroizing::new))
    }

    fn put(&self, name: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        let mut kept = secret.to_vec();
        if self.answer()? == Mood::Garbles {
            kept.reverse();
        }
        self.entries.lock().unwrap().insert(name.to_owned(), kept);
        Ok(())
    }
}

/// Every file of a folder with its bytes.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files_under(folder)
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn has(folder: &Path, file: &str) -> bool {
    folder.join(file).exists()
}

async fn says_key_missing(tablet: &Tablet, when: &str) {
    assert_eq!(
        tablet.session().await.problem,
        Some(Problem::KeyMissing),
        "{when}"
    );
    let today = tablet.client.get_today(GetToday {}).await;
    assert_eq!(code(today), Code::NoDatabase, "{when}");
}

async fn has_all(tablet: &Tablet, when: &str) {
    assert_eq!(tablet.session().await.problem, None, "{when}");
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    let words: Vec<_> = today
        .drafts
        .iter()
        .map(|row| row.summary.as_str())
        .collect();
    assert_eq!(words, ["井盖松动"], "{when}");
}

async fn key_store(tablet: &Tablet) -> KeyStore {
    tablet
        .client
        .get_about(GetAbout {})
        .await
        .unwrap()
        .key_store
}

#[tokio::test]
async fn a_new_database_has_its_key_in_the_keystore() {
    let drawer = Drawer::new(Mood::Answers);

    let folder = drawer.used().await;

    assert!(!has(folder.path(), "device.key"), "no second copy of it");
    let entries = drawer.entries();
    let key = entries.values().next().unwrap();
    assert_eq!((entries.len(), key.len()), (1, 32));
    for (path, bytes) in snapshot(folder.path()) {
        assert!(
            !bytes.windows(32).any(|part| part == key),
            "the key stands nowhere in the folder, not in {path:?}"
        );
    }
    let tablet = drawer.start(folder).await;
    has_all(&tablet, "it opens with it").await;
    assert_eq!(key_store(&tablet).await, KeyStore::System);
}

#[tokio::test]
async fn the_entry_is_named_by_chance_and_no_two_folders_share_one() {
    let drawer = Drawer::new(Mood::Answers);

    let folders = [drawer.used().await, drawer.used().await];

    let entries = drawer.entries();
    assert_eq!(entries.len(), 2);
    for folder in &folders {
        let marker = fs::read_to_string(folder.path().join("device.keystore")).unwrap();
        assert!(entries.contains_key(marker.trim()), "{marker:?}");
        assert_eq!(marker.trim().len(), 32, "nothing but a random name");
        assert!(marker.trim().bytes().all(|b| b.is_ascii_hexdigit()));
    }
    let keys: Vec<_> = entries.values().collect();
    assert_ne!(keys[0], keys[1]);
}

#[tokio::test]
async fn a_new_database_without_a_usable_keystore_has_its_key_in_a_file_for_ever() {
    for mood in USELESS {
        let when = format!("{mood:?}");
        let drawer = Drawer::new(mood);

        let folder = drawer.used().await;

        assert!(has(folder.path(), "device.key"), "{when}");
        assert!(!has(folder.path(), "device.keystore"), "{when}");
        drawer.becomes(Mood::Answers);
        let (asked, entries) = (drawer.asked(), drawer.entries());
        let tablet = drawer.start(folder).await;
        has_all(&tablet, &when).await;
        assert_eq!(key_store(&tablet).await, KeyStore::File, "{when}");
        assert_eq!(
            (drawer.asked(), drawer.entries()),
            (asked, entries),
            "a keystore that appears later is not even asked: {when}"
        );
    }
}

#[tokio::test]
async fn a_database_whose_keystore_is_silent_waits_untouched_until_it_answers() {
    for mood in [
        Mood::Fails(KeystoreError::Absent),
        Mood::Fails(KeystoreError::Locked),
        Mood::Fails(KeystoreError::Failed),
        Mood::Hangs,
    ] {
        let when = format!("{mood:?}");
        let drawer = Drawer::new(Mood::Answers);
        let folder = drawer.used().await;
        let (files, entries) = (snapshot(folder.path()), drawer.entries());

        drawer.becomes(mood);
        let tablet = drawer.start(Arc::clone(&folder)).await;

        says_key_missing(&tablet, &when).await;
        drop(tablet);
        assert_eq!(
            snapshot(folder.path()),
            files,
            "nothing was touched: {when}"
        );
        assert_eq!(drawer.entries(), entries, "nor in the keystore: {when}");
        drawer.becomes(Mood::Answers);
        has_all(&drawer.start(folder).await, &when).await;
    }
}

#[tokio::test]
async fn a_database_whose_entry_is_lost_is_not_given_a_new_key() {
    let drawer = Drawer::new(Mood::Answers);
    let folder = drawer.used().await;
    let files = snapshot(folder.path());
    let entries = std::mem::take(&mut *drawer.entries.lock().unwrap());

    let tablet = drawer.start(Arc::clone(&folder)).await;

    says_key_missing(&tablet, "the entry is lost").await;
    drop(tablet);
    assert_eq!(snapshot(folder.path()), files, "nothing was touched");
    assert_eq!(drawer.entries(), BTreeMap::new(), "no new key was made");
    *drawer.entries.lock().unwrap() = entries;
    has_all(&drawer.start(folder).await, "the entry is back").await;
}

#[tokio::test]
async fn an_entry_that_is_no_key_is_treated_as_missing() {
    let drawer = Drawer::new(Mood::Answers);
    let folder = drawer.used().await;
    let files = snapshot(folder.path());
    for secret in drawer.entries.lock().unwrap().values_mut() {
        secret.truncate(5);
    }

    let tablet = drawer.start(Arc::clone(&folder)).await;

    says_key_missing(&tablet, "five bytes").await;
    drop(tablet);
    assert_eq!(snapshot(folder.path()), files);
}

#[tokio::test]
async fn a_database_whose_marker_is_damaged_or_gone_is_left_alone() {
    for damaged in [Some("../../etc/passwd"), Some(""), None] {
        let drawer = Drawer::new(Mood::Answers);
        let folder = drawer.used().await;
        let marker = folder.path().join("device.keystore");
        let whole = fs::read(&marker).unwrap();
        match damaged {
            Some(text) => fs::write(&marker, text).unwrap(),
            None => fs::remove_file(&marker).unwrap(),
        }
        let files = snapshot(folder.path());

        let tablet = drawer.start(Arc::clone(&folder)).await;

        says_key_missing(&tablet, &format!("{damaged:?}")).await;
        drop(tablet);
        assert_eq!(snapshot(folder.path()), files, "{damaged:?}");
        fs::write(&marker, whole).unwrap();
        has_all(&drawer.start(folder).await, "the marker is back").await;
    }
}

#[tokio::test]
async fn a_power_cut_between_the_key_and_the_database_leaves_that_key_in_use() {
    let drawer = Drawer::new(Mood::Answers);
    let folder = Arc::new(tempfile::tempdir().unwrap());
    drawer.keys(folder.path()).create().unwrap();
    let (files, entries) = (snapshot(folder.path()), drawer.entries());
    assert_eq!(files.len(), 1, "only the marker");

    let tablet = drawer.start(folder).await;

    assert_eq!(tablet.session().await.problem, None);
    assert_eq!(drawer.entries(), entries, "the key that was made is used");
}

#[tokio::test]
async fn a_power_cut_before_the_database_and_then_no_keystore_means_a_file() {
    for mood in [Mood::Fails(KeystoreError::Absent), Mood::Hangs] {
        let when = format!("{mood:?}");
        let drawer = Drawer::new(Mood::Answers);
        let folder = Arc::new(tempfile::tempdir().unwrap());
        drawer.keys(folder.path()).create().unwrap();

        drawer.becomes(mood);
        let tablet = drawer.start(Arc::clone(&folder)).await;

        assert_eq!(
            tablet.session().await.problem,
            None,
            "nothing is lost: {when}"
        );
        assert_eq!(key_store(&tablet).await, KeyStore::File, "{when}");
        let draft = tablet.begin().await;
        drop(tablet);
        drawer.becomes(Mood::Answers);
        let tablet = drawer.start(folder).await;
        assert!(
            tablet.draft(draft.id).await.is_ok(),
            "the file stays, though the keystore is back: {when}"
        );
    }
}

#[tokio::test]
async fn a_power_cut_before_the_database_and_then_a_lost_entry_means_a_new_one() {
    let drawer = Drawer::new(Mood::Answers);
    let folder = Arc::new(tempfile::tempdir().unwrap());
    drawer.keys(folder.path()).create().unwrap();
    drawer.entries.lock().unwrap().clear();

    let tablet = drawer.start(folder).await;

    assert_eq!(tablet.session().await.problem, None);
    assert_eq!(key_store(&tablet).await, KeyStore::System);
    assert_eq!(drawer.entries().len(), 1);
}
