//! A tablet for the sync's tests: a real client, enrolled at a fake hub.

use std::path::Path;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use client::{
    Client, Clock, FileKeys, Options,
    sync::{RoundReport, SyncError},
};
use shared::{
    CaseId, Extra, GridCode, PhotoRef, Place, PlaceSource, Timestamp,
    ipc::{
        CaseFilter, CaseRow, CaseSort, Choice, Delivery, DeliveryItem, GetCase, GetDelivery,
        ListCases, OpenDraft, PhotoUpload, PutPhotoChunk, ReportDraft, SaveDraft, StateFilter,
        SupplementCase, Whose,
    },
};

use crate::fake_hub::FakeHub;

/// A clock that only a test turns.
#[derive(Debug)]
pub(crate) struct TestClock {
    now_ms: AtomicI64,
    each_look_ms: AtomicI64,
}

impl TestClock {
    fn new() -> Self {
        Self {
            now_ms: AtomicI64::new(1_000),
            each_look_ms: AtomicI64::new(0),
        }
    }

    pub(crate) fn turn_ms(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn turn_on_every_look(&self, ms: i64) {
        self.each_look_ms.store(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(1_790_000_000_000 + self.now_ms.load(Ordering::SeqCst))
    }

    fn mono_ms(&self) -> i64 {
        self.turn_ms(self.each_look_ms.load(Ordering::SeqCst));
        self.now_ms.load(Ordering::SeqCst)
    }

    fn boot(&self) -> &'static str {
        "boot"
    }
}

pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) hub: FakeHub,
    pub(crate) dir: tempfile::TempDir,
}

fn options(dir: &Path, clock: &Arc<TestClock>) -> Options {
    Options {
        data_dir: dir.to_owned(),
        keys: Arc::new(FileKeys::new(dir)),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        device_name: "test tablet".to_owned(),
        app_version: "0".to_owned(),
    }
}

impl Device {
    /// A tablet that has never seen a hub.
    pub(crate) async fn new(hub: &FakeHub) -> Self {
        Self::on(tempfile::tempdir().unwrap(), hub).await
    }

    /// A tablet with what is in this folder.
    pub(crate) async fn on(dir: tempfile::TempDir, hub: &FakeHub) -> Self {
        let clock = Arc::new(TestClock::new());
        let client = Client::open(options(dir.path(), &clock)).await;
        Self {
            client,
            clock,
            hub: hub.clone(),
            dir,
        }
    }

    /// A tablet that is enrolled at `hub`.
    pub(crate) async fn enrolled(hub: &FakeHub) -> Self {
        let device = Self::new(hub).await;
        device
            .client
            .enrol_with(hub, "127.0.0.1:1", "GOOD")
            .await
            .unwrap();
        device
    }

    /// The app is closed and opened again.
    pub(crate) async fn restarts(&mut self) {
        let nowhere = self.dir.path().join("nowhere");
        // The old core must let go of the database before the new one opens it.
        self.client = Client::open(options(&nowhere, &self.clock)).await;
        self.client = Client::open(options(self.dir.path(), &self.clock)).await;
    }

    /// The app is closed; gives the folder.
    pub(crate) async fn shut(self) -> tempfile::TempDir {
        let Self {
            client, clock, dir, ..
        } = self;
        drop(client);
        // The old core lets go of the database before anybody looks at it.
        drop(Client::open(options(&dir.path().join("nowhere"), &clock)).await);
        dir
    }

    pub(crate) async fn syncs(&self) -> Result<RoundReport, SyncError> {
        self.client.sync_once_with(&self.hub).await
    }

    pub(crate) async fn reports(&self, words: &str) -> CaseId {
        self.reports_with(words, &[]).await
    }

    /// Reports with photos, given as files a camera would make.
    pub(crate) async fn reports_with(&self, words: &str, files: &[Vec<u8>]) -> CaseId {
        let mut draft = self
            .client
            .open_draft(OpenDraft { draft: None })
            .await
            .unwrap();
        for file in files {
            draft.photos.push(self.stores_photo(file).await);
        }
        draft.category = Choice::Unsure;
        words.clone_into(&mut draft.description);
        draft.place = Some(Place {
            position: None,
            accuracy_m: None,
            source: PlaceSource::Typed,
            address: "东门口".to_owned(),
            grid: GridCode::from("G1"),
            in_own_grid: true,
            extra: Extra::default(),
        });
        let id = draft.id;
        self.client
            .save_draft(SaveDraft {
                draft,
                removed: Vec::new(),
            })
            .await
            .unwrap();
        self.client
            .report_draft(ReportDraft { draft: id })
            .await
            .unwrap()
            .case
    }

    async fn stores_photo(&self, file: &[u8]) -> PhotoRef {
        let chunk = PutPhotoChunk {
            draft: None,
            upload: "u".to_owned(),
            offset: 0,
            total: file.len() as u64,
            data: BASE64.encode(file),
        };
        match self.client.put_photo_chunk(chunk).await.unwrap() {
            PhotoUpload::Stored { photo, .. } => *photo,
            PhotoUpload::Receiving { .. } => panic!("the whole file was handed in"),
        }
    }

    pub(crate) async fn adds_words(&self, case: CaseId, words: &str) {
        let supplement = SupplementCase {
            case,
            note: words.to_owned(),
            photos: Vec::new(),
            plus_one: false,
        };
        self.client.supplement_case(supplement).await.unwrap();
    }

    pub(crate) async fn delivery(&self) -> Delivery {
        self.client.get_delivery(GetDelivery {}).await.unwrap()
    }

    /// What the delivery page says of a case.
    pub(crate) async fn delivery_of(&self, case: CaseId) -> DeliveryItem {
        let items = self.delivery().await.items;
        items
            .into_iter()
            .find(|item| item.what.case() == Some(case))
            .unwrap()
    }

    pub(crate) async fn ops_waiting(&self) -> u32 {
        self.delivery().await.status.ops_waiting
    }

    pub(crate) async fn cases(&self) -> Vec<CaseRow> {
        let all = ListCases {
            filter: CaseFilter {
                whose: Whose::All,
                states: StateFilter::Any,
            },
            query: String::new(),
            sort: CaseSort::default(),
            offset: 0,
            limit: 200,
        };
        self.client.list_cases(all).await.unwrap().rows
    }

    pub(crate) async fn case_no(&self, case: CaseId) -> Option<String> {
        self.client
            .get_case(GetCase { case })
            .await
            .unwrap()
            .row
            .case_no
    }
}

/// A JPEG of noise, so that its size survives compression; `seed` makes it another one.
pub(crate) fn picture(side: u32, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let noise: Vec<u8> = (0..side * side * 3)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect();
    let side = u16::try_from(side).unwrap();
    let mut file = Vec::new();
    let jpeg = jpeg_encoder::Encoder::new(&mut file, 85);
    jpeg.encode(&noise, side, side, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    file
}
