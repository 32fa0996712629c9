//! A device in somebody's hands: the real core on a folder of its own, behind a link. Steps are
//! what a person does on the pages, through the same commands the pages call.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use client::{
    Client, FileKeys, Options,
    sync::{RoundReport, SyncError},
};
use shared::{
    CaseId, CategoryCode, DraftId, GridCode,
    ipc::{
        AddDraftToCase, AmendCase, CaseConflicts, CaseFilter, CasePage, CaseSort, CaseView, Choice,
        DeleteCase, Delivery, Draft, EnrolDevice, FindAlike, GetCase, GetDelivery, GetHistory,
        GetToday, History, KnownPlace, ListCases, ListConflicts, MergeCase, OpenDraft, PhotoUpload,
        PlaceView, PutPhotoChunk, RegisterCase, RejectCase, ReportDraft, ResolvePlace, RestoreCase,
        SaveDraft, Saved, SimilarCase, SplitCase, StateFilter, SupplementCase, Today, Whose,
        WithdrawCase,
    },
    op::Correction,
};

use super::{Fault, Link, WorldClock};
use crate::folders;

/// A device.
#[derive(Debug)]
pub struct Device {
    name: String,
    folder: PathBuf,
    clock: Arc<WorldClock>,
    link: Link,
    client: Client,
    /// How often the power went.
    deaths: u32,
}

/// Where in the sample city reports of stories are made: inside 文峰01网格 of worker `w-0101`.
pub const HERE: (f64, f64) = (120.8928, 32.0075);

impl Device {
    pub(super) async fn open(
        name: &str,
        folder: PathBuf,
        clock: Arc<WorldClock>,
        link: Link,
    ) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let client = open(&folder, &clock).await;
        Ok(Self {
            name: name.to_owned(),
            folder,
            clock,
            link,
            client,
            deaths: 0,
        })
    }

    /// The person got another code.
    pub async fn enrols_again(&self, code: &str) -> Result<()> {
        self.enrol(code).await
    }

    pub(super) async fn enrol(&self, code: &str) -> Result<()> {
        let args = EnrolDevice {
            hub_url: self.link.url(),
            code: code.to_owned(),
        };
        self.client.enrol_device(args).await?;
        self.syncs().await?;
        Ok(())
    }

    /// The core, for what has no step here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where it keeps everything.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The link to the hub.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// No signal.
    pub fn goes_offline(&self) {
        self.suffers(Fault::Down);
    }

    /// Signal again.
    pub fn goes_online(&self) {
        self.suffers(Fault::None);
    }

    /// Something is wrong with its link.
    pub fn suffers(&self, fault: Fault) {
        self.link.set(fault);
    }

    /// The app is closed and opened again.
    pub async fn restarts(&mut self) {
        self.lets_go().await;
        self.client = open(&self.folder, &self.clock).await;
    }

    /// The power goes: nothing is closed, and the app starts again with what is on the disk.
    pub async fn dies(&mut self) -> Result<()> {
        let found = self.folder.with_extension(format!("{}-found", self.deaths));
        self.deaths += 1;
        folders::copy(&self.folder, &found)?;
        let dead = std::mem::replace(&mut self.folder, found);
        self.client = open(&self.folder, &self.clock).await;
        std::fs::remove_dir_all(dead)?;
        Ok(())
    }

    /// The app is closed; gives the folder too.
    pub async fn closes(mut self) -> (Self, PathBuf) {
        self.lets_go().await;
        let folder = self.folder.clone();
        (self, folder)
    }

    /// The app is opened again.
    pub async fn opens(mut self) -> Self {
        self.client = open(&self.folder, &self.clock).await;
        self
    }

    /// The old core must let go of the database before another one opens it.
    async fn lets_go(&mut self) {
        let nowhere = self.folder.with_extension("closed");
        self.client = open(&nowhere, &self.clock).await;
    }

    /// Runs one round.
    pub async fn syncs(&self) -> Result<RoundReport, SyncError> {
        self.client.sync_once().await
    }

    /// Runs rounds until everything is delivered; at most `rounds`. Gives how many it took.
    pub async fn syncs_until_delivered(&self, rounds: u32) -> Result<u32> {
        let mut last = String::new();
        for round in 1..=rounds {
            match self.syncs().await {
                Ok(report) if report.is_complete() => return Ok(round),
                Ok(report) => last = format!("{report:?}"),
                Err(error) => last = error.to_string(),
            }
        }
        bail!(
            "{} has not delivered everything after {rounds} rounds: {last}",
            self.name
        )
    }

    /// Writes a report, as far as sending.
    pub async fn drafts(&self, words: &str, photos: &[Vec<u8>]) -> Result<DraftId> {
        draft(&self.client, words, photos).await
    }

    /// Chooses a file as a photo.
    pub async fn adds_photo(
        &self,
        draft: Option<DraftId>,
        bytes: &[u8],
    ) -> Result<shared::PhotoRef> {
        put_photo(&self.client, draft, bytes).await
    }

    /// 上报: writes a report and sends it.
    pub async fn reports(&self, words: &str, photos: &[Vec<u8>]) -> Result<CaseId> {
        let draft = self.drafts(words, photos).await?;
        Ok(self.client.report_draft(ReportDraft { draft }).await?.case)
    }

    /// 补充.
    pub async fn supplements(&self, case: CaseId, note: &str) -> Result<Saved> {
        let args = SupplementCase {
            case,
            note: note.to_owned(),
            photos: Vec::new(),
            plus_one: false,
        };
        Ok(self.client.supplement_case(args).await?)
    }

    /// "Already reported": adds a draft to an existing case.
    pub async fn adds_draft_to(&self, draft: DraftId, case: CaseId) -> Result<()> {
        self.client
            .add_draft_to_case(AddDraftToCase { draft, case })
            .await?;
        Ok(())
    }

    /// 撤回.
    pub async fn withdraws(&self, case: CaseId) -> Result<Saved> {
        let args = WithdrawCase {
            case,
            reason: "看错了地方".to_owned(),
        };
        Ok(self.client.withdraw_case(args).await?)
    }

    /// 立案 under the category's first condition.
    pub async fn registers(&self, case: CaseId) -> Result<Saved> {
        let args = RegisterCase {
            case,
            category: CategoryCode::from("E0110"),
            condition: "1".to_owned(),
            opinion: String::new(),
        };
        Ok(self.client.register_case(args).await?)
    }

    /// 不予立案.
    pub async fn rejects(&self, case: CaseId, reason: &str) -> Result<Saved> {
        Ok(self
            .client
            .reject_case(RejectCase {
                case,
                reason: reason.to_owned(),
            })
            .await?)
    }

    /// 删除.
    pub async fn deletes(&self, case: CaseId, reason: &str) -> Result<Saved> {
        let reason = reason.to_owned();
        Ok(self.client.delete_case(DeleteCase { case, reason }).await?)
    }

    /// 恢复.
    pub async fn restores(&self, case: CaseId) -> Result<Saved> {
        Ok(self.client.restore_case(RestoreCase { case }).await?)
    }

    /// 并案.
    pub async fn merges(&self, case: CaseId, into: CaseId) -> Result<Saved> {
        Ok(self.client.merge_case(MergeCase { case, into }).await?)
    }

    /// 撤销并案.
    pub async fn splits(&self, case: CaseId, reason: &str) -> Result<Saved> {
        let reason = reason.to_owned();
        Ok(self.client.split_case(SplitCase { case, reason }).await?)
    }

    /// What is likely the same as a case.
    pub async fn finds_alike(&self, case: CaseId) -> Result<Vec<SimilarCase>> {
        Ok(self.client.find_alike(FindAlike { case }).await?)
    }

    /// 更正.
    pub async fn amends(&self, case: CaseId, to: Vec<Correction>) -> Result<Saved> {
        Ok(self.client.amend_case(AmendCase { case, to }).await?)
    }

    /// 待决定.
    pub async fn decides_on(&self) -> Result<Vec<CaseConflicts>> {
        Ok(self.client.list_conflicts(ListConflicts {}).await?)
    }

    /// Everything this device knows was done with a case, the newest first.
    pub async fn tells(&self, case: CaseId) -> Result<History> {
        Ok(self.client.get_history(GetHistory { case }).await?)
    }

    /// The case page.
    pub async fn sees(&self, case: CaseId) -> Result<CaseView> {
        self.client
            .get_case(GetCase { case })
            .await
            .with_context(|| self.name.clone())
    }

    /// 今日.
    pub async fn today(&self) -> Result<Today> {
        Ok(self.client.get_today(GetToday {}).await?)
    }

    /// All cases on the device.
    pub async fn lists(&self) -> Result<CasePage> {
        self.searches("").await
    }

    /// The cases on the device that these words find.
    pub async fn searches(&self, query: &str) -> Result<CasePage> {
        let filter = CaseFilter {
            whose: Whose::All,
            states: StateFilter::Any,
        };
        let sort = CaseSort::default();
        let args = ListCases {
            filter,
            query: query.to_owned(),
            sort,
            offset: 0,
            limit: 200,
        };
        Ok(self.client.list_cases(args).await?)
    }

    /// 都送到了吗.
    pub async fn delivery(&self) -> Result<Delivery> {
        Ok(self.client.get_delivery(GetDelivery {}).await?)
    }

    /// The grid stories are told in.
    pub fn grid() -> GridCode {
        GridCode::from("329901001001001")
    }
}

/// Syncs until everybody has what the others did.
pub async fn meet(devices: &[&Device]) -> Result<()> {
    for device in devices.iter().chain(devices) {
        device.syncs().await?;
    }
    Ok(())
}

/// Writes a report on this device, as far as sending.
pub async fn draft(client: &Client, words: &str, photos: &[Vec<u8>]) -> Result<DraftId> {
    let begun = client.open_draft(OpenDraft { draft: None }).await?;
    for photo in photos {
        put_photo(client, Some(begun.id), photo).await?;
    }
    let draft = Some(begun.id);
    let draft = client.open_draft(OpenDraft { draft }).await?;
    let known = KnownPlace::Device {
        lng: Some(HERE.0),
        lat: Some(HERE.1),
        accuracy_m: Some(8.0),
    };
    let place = match client.resolve_place(ResolvePlace { known }).await? {
        PlaceView::Found { place, .. } => Some(*place),
        PlaceView::NoFix => None,
    };
    let category = Choice::Category {
        code: CategoryCode::from("E0110"),
    };
    let draft = Draft {
        category,
        description: words.to_owned(),
        place,
        ..draft
    };
    let id = draft.id;
    client
        .save_draft(SaveDraft {
            draft,
            removed: Vec::new(),
        })
        .await?;
    Ok(id)
}

/// Chooses a file on this device as a photo.
pub async fn put_photo(
    client: &Client,
    draft: Option<DraftId>,
    bytes: &[u8],
) -> Result<shared::PhotoRef> {
    let total = u64::try_from(bytes.len())?;
    let mut offset = 0;
    // An empty file is handed in, too, in one piece without bytes.
    let pieces = bytes.chunks(256 * 1024);
    for piece in pieces.chain(bytes.is_empty().then_some(bytes)) {
        let chunk = PutPhotoChunk {
            draft,
            upload: "story".to_owned(),
            offset,
            total,
            data: STANDARD.encode(piece),
        };
        offset += u64::try_from(piece.len())?;
        if let PhotoUpload::Stored { photo, .. } = client.put_photo_chunk(chunk).await? {
            return Ok(*photo);
        }
    }
    bail!("the photo was not stored")
}

async fn open(folder: &Path, clock: &Arc<WorldClock>) -> Client {
    Client::open(Options {
        data_dir: folder.to_owned(),
        keys: Arc::new(FileKeys::new(folder)),
        clock: Arc::<WorldClock>::clone(clock),
        device_name: "story".to_owned(),
        app_version: "0.1.0".to_owned(),
    })
    .await
}
