//! A tablet in a test: a folder, a clock, and the short sentences that tests are made of.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::{Client, Clock, FileKeys, Keys, Options, testing};
use jpeg_encoder::{ColorType, Encoder};
use shared::{
    CaseId, Doc, DocRef, DraftId, PhotoRef, Place, Scope, Timestamp,
    hub_api::StaffCard,
    ipc::{
        CaseFilter, CasePage, CaseSort, CaseView, Choice, Code, Draft, DraftView, GetCase,
        GetSession, IpcError, KnownPlace, ListCases, OpenDraft, PhotoUpload, PlaceView,
        PutPhotoChunk, ReportDraft, Reported, ResolvePlace, SaveDraft, Session, Whose,
    },
};
use tempfile::TempDir;

use super::city;

/// Friday, 25 September 2026, 10:00 in China.
pub(super) const FRIDAY_TEN: i64 = 1_790_301_600_000;
pub(super) const HOUR: i64 = 3_600_000;

/// Bytes of a piece of a photo: small, so that small photos come in several.
const PIECE: usize = 1_000;

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub(super) struct HandClock(AtomicI64);

impl HandClock {
    pub(super) fn turn(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::Relaxed))
    }

    fn mono_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed) - FRIDAY_TEN
    }

    fn boot(&self) -> &'static str {
        "boot-1"
    }
}

pub(super) struct Tablet {
    pub(super) folder: Arc<TempDir>,
    pub(super) clock: Arc<HandClock>,
    pub(super) client: Client,
}

impl Tablet {
    /// New out of the box.
    pub(super) async fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::on(folder).await
    }

    /// In somebody's hands, with the city on it.
    pub(super) async fn of(person: StaffCard) -> Self {
        let tablet = Self::new().await;
        testing::enrol(&tablet.client, person).await.unwrap();
        testing::load_pack(&tablet.client, city::pack())
            .await
            .unwrap();
        tablet
    }

    pub(super) async fn on(folder: Arc<TempDir>) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(FRIDAY_TEN)));
        let client = open(folder.path(), &clock).await;
        Self {
            folder,
            clock,
            client,
        }
    }

    /// The app started on this folder, with its key kept by `keys`.
    pub(super) async fn with_keys(folder: Arc<TempDir>, keys: Arc<dyn Keys>) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(FRIDAY_TEN)));
        let options = Options {
            keys,
            ..options(folder.path(), &clock)
        };
        let client = Client::open(options).await;
        Self {
            folder,
            clock,
            client,
        }
    }

    /// Ends the app and starts it again.
    pub(super) async fn restart(self) -> Self {
        let Self {
            folder,
            clock,
            client,
        } = self;
        drop(client);
        let client = open(folder.path(), &clock).await;
        Self {
            folder,
            clock,
            client,
        }
    }

    /// Ends the app and gives back its folder.
    pub(super) fn shut(self) -> Arc<TempDir> {
        self.folder
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_ms()
    }

    pub(super) async fn session(&self) -> Session {
        self.client.get_session(GetSession {}).await.unwrap()
    }

    pub(super) async fn begin(&self) -> Draft {
        self.client
            .open_draft(OpenDraft { draft: None })
            .await
            .unwrap()
    }

    pub(super) async fn draft(&self, id: DraftId) -> Result<Draft, IpcError> {
        self.client.open_draft(OpenDraft { draft: Some(id) }).await
    }

    pub(super) async fn save(&self, draft: &Draft) -> DraftView {
        self.client
            .save_draft(SaveDraft {
                draft: draft.clone(),
                removed: Vec::new(),
            })
            .await
            .unwrap()
    }

    /// A draft with category, place and words, saved.
    pub(super) async fn write(&self, category: &str, words: &str) -> Draft {
        self.write_at(category, words, 120.003, 31.005).await
    }

    pub(super) async fn write_at(&self, category: &str, words: &str, lng: f64, lat: f64) -> Draft {
        let mut draft = self.begin().await;
        draft.category = Choice::Category {
            code: category.into(),
        };
        draft.description = words.to_owned();
        draft.place = Some(self.place(lng, lat).await);
        self.save(&draft).await;
        draft
    }

    pub(super) async fn place(&self, lng: f64, lat: f64) -> Place {
        let known = KnownPlace::Device {
            lng: Some(lng),
            lat: Some(lat),
            accuracy_m: Some(8.0),
        };
        match self
            .client
            .resolve_place(ResolvePlace { known })
            .await
            .unwrap()
        {
            PlaceView::Found { place, .. } => *place,
            PlaceView::NoFix => panic!("({lng}, {lat}) is a place"),
        }
    }

    pub(super) async fn send(&self, draft: &Draft) -> Result<Reported, IpcError> {
        self.client
            .report_draft(ReportDraft { draft: draft.id })
            .await
    }

    pub(super) async fn report(&self, category: &str, words: &str) -> CaseId {
        let draft = self.write(category, words).await;
        self.send(&draft).await.unwrap().case
    }

    pub(super) async fn case(&self, case: CaseId) -> CaseView {
        self.client.get_case(GetCase { case }).await.unwrap()
    }

    /// All cases on the tablet that fit, newest first.
    pub(super) async fn search(&self, query: &str) -> CasePage {
        self.list(
            CaseFilter {
                whose: Whose::All,
                ..CaseFilter::default()
            },
            query,
        )
        .await
    }

    pub(super) async fn list(&self, filter: CaseFilter, query: &str) -> CasePage {
        let list = ListCases {
            filter,
            query: query.to_owned(),
            sort: CaseSort::default(),
            offset: 0,
            limit: 100,
        };
        self.client.list_cases(list).await.unwrap()
    }

    /// Hands in a file in small pieces.
    pub(super) async fn hand_in(
        &self,
        draft: Option<DraftId>,
        file: &[u8],
    ) -> Result<PhotoRef, IpcError> {
        // Of an empty file one empty piece is handed in, as the page does.
        let pieces = file.chunks(PIECE).chain(file.is_empty().then_some(file));
        for (nth, piece) in pieces.enumerate() {
            let chunk = PutPhotoChunk {
                draft,
                upload: "upload".to_owned(),
                offset: (nth * PIECE) as u64,
                total: file.len() as u64,
                data: BASE64_STANDARD.encode(piece),
            };
            if let PhotoUpload::Stored { photo, .. } = self.client.put_photo_chunk(chunk).await? {
                return Ok(*photo);
            }
        }
        panic!("the last piece makes the photo");
    }

    /// What another device reported, as the hub tells it.
    pub(super) async fn pull_case(&self, from: &Tablet, case: CaseId) {
        let ops = testing::queued(&from.client).await.unwrap();
        let ops = ops.iter().filter(|op| op.target == DocRef::case(case));
        let doc = ops.fold(None::<Doc>, |doc, op| {
            shared::apply(doc.as_ref(), op, &shared::apply::Stamp::Device)
                .doc
                .or(doc)
        });
        testing::pull(&self.client, Scope::grid(&city::HOME.into()), doc.unwrap())
            .await
            .unwrap();
    }
}

pub(super) async fn open(folder: &Path, clock: &Arc<HandClock>) -> Client {
    Client::open(options(folder, clock)).await
}

pub(super) fn options(folder: &Path, clock: &Arc<HandClock>) -> Options {
    Options {
        data_dir: folder.to_owned(),
        keys: Arc::new(FileKeys::new(folder)),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        device_name: "test".to_owned(),
        app_version: "0.1.0".to_owned(),
    }
}

/// A small picture, another one for each `shade`.
pub(super) fn jpeg(shade: u8) -> Vec<u8> {
    let pixels: Vec<u8> = (0..400_u32 * 300)
        .flat_map(|n| [shade, u8::try_from(n % 251).unwrap(), 80])
        .collect();
    let mut file = Vec::new();
    Encoder::new(&mut file, 90)
        .encode(&pixels, 400, 300, ColorType::Rgb)
        .unwrap();
    file
}

/// Every file under a folder.
pub(super) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, IpcError>) -> Code {
    result.unwrap_err().code
}
