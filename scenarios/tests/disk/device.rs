//! The device: what a person does in some minutes, and what came from the hub.

use std::{fs, path::Path, sync::Arc};

use bad_disk::{Disk, Fault, Kept, is_sound};
use client::{Client, Clock, FileKeys, Options, testing};
use serde_json::json;
use shared::{
    CaseId, Doc, DocRef, DraftId, Extra, GridCode, Kind, Outcome, Place, PlaceSource, Role, Scope,
    StaffId, Timestamp,
    hub_api::StaffCard,
    ipc::{
        CaseFilter, CaseSort, Choice, GetCase, GetSession, IpcError, ListCases, OpenDraft,
        ReportDraft, SaveDraft, StateFilter, SupplementCase, Whose,
    },
};
use uuid::Uuid;

use crate::sweep::{after, copy_of, failing, places, ways};

const NOW: Timestamp = Timestamp::from_ms(1_790_301_600_000);

/// Documents of the page that comes.
const DOCS: u128 = 30;

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn mono_ms(&self) -> i64 {
        1
    }

    fn boot(&self) -> &'static str {
        "boot"
    }
}

async fn open(folder: &Path) -> Client {
    let options = Options {
        data_dir: folder.to_owned(),
        keys: Arc::new(FileKeys::new(folder)),
        clock: Arc::new(StandingClock),
        device_name: "test tablet".to_owned(),
        app_version: "0".to_owned(),
    };
    Client::open(options).await
}

async fn problem(client: &Client) -> Option<shared::ipc::Problem> {
    client.get_session(GetSession {}).await.unwrap().problem
}

fn worker() -> StaffCard {
    StaffCard {
        id: StaffId::from("S1"),
        name: "林小满".to_owned(),
        name_en: "Lin Xiaoman".to_owned(),
        badge_no: "0001".to_owned(),
        roles: vec![Role::Worker],
        grids: vec![GridCode::from("G1")],
        permissions: [].into(),
    }
}

fn doc(number: u128) -> Doc {
    Doc {
        target: DocRef {
            kind: Kind("notice".to_owned()),
            id: Uuid::from_u128(number),
        },
        rev: 1,
        body: json!({ "text": "通知".repeat(200) }),
    }
}

/// A report, from its first word on.
#[derive(Debug)]
struct Written {
    words: String,
    draft: DraftId,
    saved: bool,
    /// `None`: nobody tried to send it.
    sent: Option<Result<CaseId, IpcError>>,
}

/// What the device answered.
#[derive(Debug, Default)]
struct Said {
    written: Vec<Written>,
    supplemented: Option<bool>,
    pulled: Option<bool>,
    confirmed: Option<bool>,
}

async fn write(client: &Client, words: String, and_send: bool) -> Option<Written> {
    let draft = client.open_draft(OpenDraft { draft: None }).await;
    let mut draft = draft.ok()?;
    let id = draft.id;
    draft.category = Choice::Unsure;
    draft.description.clone_from(&words);
    draft.place = Some(Place {
        position: None,
        accuracy_m: None,
        source: PlaceSource::Typed,
        address: "东门口".to_owned(),
        grid: GridCode::from("G1"),
        in_own_grid: true,
        extra: Extra::default(),
    });
    let removed = Vec::new();
    let saved = client.save_draft(SaveDraft { draft, removed }).await;
    let saved = saved.is_ok();
    let sent = if and_send && saved {
        let sent = client.report_draft(ReportDraft { draft: id }).await;
        Some(sent.map(|reported| reported.case))
    } else {
        None
    };
    Some(Written {
        words,
        draft: id,
        saved,
        sent,
    })
}

/// The work.
async fn work(client: &Client) -> Said {
    let mut said = Said::default();
    said.written
        .extend(write(client, "甲号井盖缺失".to_owned(), true).await);
    let long = format!("乙号{}", "一段很长的话".repeat(600));
    said.written.extend(write(client, long, true).await);
    let first = said.written.first().and_then(|it| it.sent.as_ref());
    if let Some(Ok(case)) = first {
        let supplement = SupplementCase {
            case: *case,
            note: "还在".to_owned(),
            photos: Vec::new(),
            plus_one: false,
        };
        let done = client.supplement_case(supplement).await;
        said.supplemented = Some(done.is_ok());
    }
    let page = (1..=DOCS).map(doc).collect();
    let pulled = testing::pull_all(client, Scope::city(), page).await;
    said.pulled = Some(pulled.is_ok());
    let confirmed = testing::confirm_all(client, Outcome::Applied).await;
    said.confirmed = Some(confirmed.is_ok());
    said.written
        .extend(write(client, "丙号没写完".to_owned(), false).await);
    said
}

async fn found(client: &Client, words: &str) -> usize {
    let list = ListCases {
        filter: CaseFilter {
            whose: Whose::All,
            states: StateFilter::Any,
        },
        query: words.chars().take(2).collect(),
        sort: CaseSort::default(),
        offset: 0,
        limit: 10,
    };
    client.list_cases(list).await.unwrap().total as usize
}

/// Everything that was said is true, and nothing is there by half; `since` reports were sent after
/// that.
async fn is_true(client: &Client, said: &Said, since: usize) {
    let mut ops = 0;
    for (number, written) in said.written.iter().enumerate() {
        let cases = found(client, &written.words).await;
        let draft = OpenDraft {
            draft: Some(written.draft),
        };
        let draft = client.open_draft(draft).await.ok();
        let text = draft.as_ref().map(|draft| draft.description.as_str());
        assert!(cases <= 1, "once: {written:?}");
        match (&written.sent, cases) {
            (Some(Ok(_)), 1) => assert_eq!(text, None, "no draft of what was sent"),
            (Some(Ok(_)), _) => panic!("it was sent, and is gone: {written:?}"),
            (Some(Err(_)), 1) => assert_eq!(text, None, "sent, if not by half"),
            _ if written.saved => {
                assert_eq!(text, Some(written.words.as_str()), "it was saved");
            }
            // Half of a page of words would be another text.
            _ => assert!(text.is_none_or(|text| text.is_empty() || text == written.words)),
        }
        if let Some(Ok(case)) = &written.sent {
            let view = client.get_case(GetCase { case: *case }).await.unwrap();
            let notes = view.timeline.len() - 1;
            let added = if number == 0 { said.supplemented } else { None };
            match added {
                Some(true) => assert_eq!(notes, 1, "the words that were added"),
                Some(false) => assert!(notes <= 1, "once: {view:?}"),
                None => assert_eq!(notes, 0, "{view:?}"),
            }
            ops += notes;
        }
        ops += cases;
    }
    let mut docs = 0;
    for number in 1..=DOCS {
        let mirrored = testing::mirrored(client, doc(number).target).await.unwrap();
        if let Some(body) = mirrored {
            assert_eq!(body, doc(number).body);
            docs += 1;
        }
    }
    assert!(
        docs == 0 || docs == DOCS,
        "a page is taken in whole: {docs}"
    );
    assert!(docs == DOCS || said.pulled != Some(true), "the page");
    let queued = testing::queued(client).await.unwrap();
    let waiting = queued.len() - since;
    let confirmed = waiting == 0;
    if said.confirmed == Some(true) {
        assert!(confirmed, "what was confirmed");
    }
    assert!(confirmed || waiting == ops, "all {ops} or none: {queued:?}");
}

/// The next thing a person does works.
async fn goes_on(client: &Client, words: &str) {
    let before = testing::queued(client).await.unwrap().len();
    let written = write(client, words.to_owned(), true).await.unwrap();
    written.sent.unwrap().unwrap();
    let queued = testing::queued(client).await.unwrap();
    assert_eq!(queued.len(), before + 1);
    let seqs: Vec<_> = queued.iter().map(|op| op.dev_seq).collect();
    assert!(
        seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]),
        "dense: {seqs:?}"
    );
    assert_eq!(found(client, words).await, 1);
}

/// Opens what is left, after whatever happened to it.
async fn reopened(folder: &Path, said: &Said, since: usize) {
    let client = open(folder).await;
    assert_eq!(problem(&client).await, None, "it opens");
    is_true(&client, said, since).await;
    goes_on_to_the_end(client, folder).await;
}

async fn goes_on_to_the_end(client: Client, folder: &Path) {
    goes_on(&client, "丁号接着写").await;
    drop(client);
    assert!(!folder.join("set-aside").exists(), "nothing was given up");
    let key = hex::encode(fs::read(folder.join("device.key")).unwrap());
    is_sound(&folder.join("device.db"), Some(&key)).unwrap();
}

/// The same where nothing was done yet.
async fn begins(folder: &Path) {
    let client = open(folder).await;
    assert_eq!(problem(&client).await, None, "it opens");
    testing::enrol(&client, worker()).await.unwrap();
    goes_on_to_the_end(client, folder).await;
}

/// A device that is somebody's, and closed.
async fn enrolled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path()).await;
    testing::enrol(&client, worker()).await.unwrap();
    folder
}

/// How often the work changes the disk, from the start of the app to its end.
async fn changes(base: &Path) -> u64 {
    let folder = copy_of(base);
    let disk = Disk::under(folder.path()).unwrap();
    let client = open(folder.path()).await;
    let said = work(&client).await;
    drop(client);
    let all = disk.count();
    assert_eq!(said.written.len(), 3);
    assert_eq!((said.pulled, said.confirmed), (Some(true), Some(true)));
    reopened(after(&disk, Kept::Synced).path(), &said, 0).await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_any_write_loses_nothing_that_was_saved() {
    let base = enrolled().await;
    let all = changes(base.path()).await;
    let mut struck = 0;
    for place in places(all, 13) {
        let (folder, disk) = failing(base.path(), Fault::Death, place);
        let client = open(folder.path()).await;
        let said = work(&client).await;
        drop(client);
        struck += usize::from(disk.struck());
        for kept in ways(place) {
            println!("death at {place} of {all}, {kept:?}");
            reopened(after(&disk, kept).path(), &said, 0).await;
        }
    }
    assert!(struck > 10, "{struck}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_is_told_and_the_next_one_works() {
    let base = enrolled().await;
    let all = changes(base.path()).await;
    for fault in [Fault::Broken, Fault::StaysBroken, Fault::Full] {
        let mut told = 0;
        for place in places(all, 31) {
            println!("{fault:?} at {place} of {all}");
            let (folder, disk) = failing(base.path(), fault, place);
            let mut client = open(folder.path()).await;
            let said = work(&client).await;
            disk.mend();
            if problem(&client).await.is_some() {
                // It said so at the start, and is started again.
                drop(client);
                client = open(folder.path()).await;
            }
            assert_eq!(problem(&client).await, None);
            is_true(&client, &said, 0).await;
            goes_on(&client, "戊号又能写了").await;
            drop(client);
            let failed = said
                .written
                .iter()
                .any(|it| !matches!(it.sent, Some(Ok(_))));
            told += usize::from(failed);
            reopened(after(&disk, Kept::Synced).path(), &said, 1).await;
            reopened(folder.path(), &said, 1).await;
        }
        assert!(told > 0, "{fault:?} was noticed by the person");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_very_first_start_is_broken_off_starts_the_next_time() {
    let nothing = tempfile::tempdir().unwrap();
    let begin = async |fault: Option<(Fault, u64)>| {
        let folder = copy_of(nothing.path());
        let disk = Disk::under(folder.path()).unwrap();
        if let Some((fault, place)) = fault {
            disk.fail(fault, place);
        }
        drop(open(folder.path()).await);
        (disk, folder)
    };
    let all = begin(None).await.0.count();
    for place in places(all, 11) {
        let (disk, _folder) = begin(Some((Fault::Death, place))).await;
        for kept in ways(place) {
            println!("first start, death at {place} of {all}, {kept:?}");
            begins(after(&disk, kept).path()).await;
        }
        for fault in [Fault::Broken, Fault::StaysBroken, Fault::Full] {
            println!("first start, {fault:?} at {place} of {all}");
            let (disk, folder) = begin(Some((fault, place))).await;
            disk.mend();
            begins(folder.path()).await;
        }
    }
}

/// The control: what these tests look at must be able to show a loss.
#[tokio::test(flavor = "multi_thread")]
async fn without_syncs_a_death_loses_what_was_saved_and_that_is_seen() {
    let base = enrolled().await;
    let all = changes(base.path()).await;
    let mut lost = 0;
    let mut tried = 0;
    for place in places(all, 47) {
        let folder = copy_of(base.path());
        let disk = Disk::under(folder.path()).unwrap();
        disk.forget_syncs();
        disk.fail(Fault::Death, place);
        let client = open(folder.path()).await;
        let said = work(&client).await;
        drop(client);
        let found = after(&disk, Kept::Synced);
        let looks = tokio::spawn(async move { reopened(found.path(), &said, 0).await });
        lost += usize::from(looks.await.is_err());
        tried += 1;
    }
    assert!(lost * 2 > tried, "{lost} losses seen of {tried}");
}
