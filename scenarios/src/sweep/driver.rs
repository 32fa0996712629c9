//! A device that plays the scripted day on the real core over real HTTP, and goes on where it
//! stopped when it is started again: as a person does, who looks whether what they were doing is
//! there before they do it once more.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::{Client, FileKeys, Options, SystemClock, photo::digest_of};
use shared::{
    CaseId, CategoryCode, DocRef, DraftId, Extra, PhotoRef, Place, PlaceSource,
    ipc::{
        Choice, Draft, GetCase, OpenDraft, PhotoUpload, PutPhotoChunk, ReportDraft, SaveDraft,
        SelfHandleCase, SupplementCase, WithdrawCase,
    },
};

use super::{
    journal::Journal,
    script::{DAY, Step, words},
};
use crate::world::{Device, street_photo};

/// How often a round is tried before the day counts as stuck.
const TRIES: u32 = 400;

/// Between two tries; the app waits longer, but a sweep plays hundreds of days.
const BETWEEN: Duration = Duration::from_millis(15);

/// Where the device is and to whom it belongs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The device's folder.
    pub home: PathBuf,
    /// Where its person's memory is kept.
    pub journal: PathBuf,
    /// The hub's address.
    pub hub: String,
    /// The code to enrol with.
    pub code: String,
}

/// Plays the day from where it stopped, and looks at its end whether the device has everything.
pub async fn play(setup: &Setup) -> Result<()> {
    let mut journal = Journal::open(&setup.journal)?;
    let client = Client::open(Options {
        data_dir: setup.home.clone(),
        keys: Arc::new(FileKeys::new(&setup.home)),
        clock: Arc::new(SystemClock::new()),
        device_name: "swept".to_owned(),
        app_version: "0".to_owned(),
    })
    .await;
    let session = client.get_session(shared::ipc::GetSession {}).await?;
    ensure!(
        session.problem.is_none(),
        "opens with {:?}",
        session.problem
    );
    if !journal.enrolled {
        enrol(&client, setup).await?;
        journal.is_enrolled()?;
    }
    let mut day = Day { client, journal };
    for (at, step) in DAY.into_iter().enumerate() {
        if day.journal.told.contains(&at) {
            continue;
        }
        let in_doubt = day.journal.begun.contains(&at);
        day.journal.begins(at)?;
        day.plays(at, step, in_doubt)
            .await
            .with_context(|| format!("step {at}, {step:?}"))?;
        day.journal.is_told(at)?;
    }
    day.has_everything().await
}

async fn enrol(client: &Client, setup: &Setup) -> Result<()> {
    let mut last = None;
    for _ in 0..TRIES {
        match client.enrol_at(&setup.hub, &setup.code).await {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(BETWEEN).await;
    }
    bail!("could not enrol: {last:?}")
}

pub(super) struct Day {
    pub(super) client: Client,
    pub(super) journal: Journal,
}

impl Day {
    async fn plays(&mut self, at: usize, step: Step, in_doubt: bool) -> Result<()> {
        match step {
            Step::Sync => self.syncs().await,
            Step::Draft => {
                let draft = self.draft(at).await?;
                self.writes(at, draft).await
            }
            Step::Report { photos, .. } => self.reports(at, photos, in_doubt).await,
            Step::Supplement { case } | Step::Handle { case } | Step::Withdraw { case } => {
                let case = self.case(case).await?;
                if in_doubt && self.is_there(case, at).await? {
                    return Ok(());
                }
                self.acts(step, case, words(at)).await
            }
            Step::Fill { entry, photo } => self.fills(at, entry, photo).await,
            Step::Enter { .. }
            | Step::Change { .. }
            | Step::Visit { .. }
            | Step::Confirm { .. }
            | Step::Reveal { .. } => {
                if in_doubt && self.was_done(at).await? {
                    return Ok(());
                }
                self.is_at_the_doors(at, step).await
            }
        }
    }

    async fn acts(&self, step: Step, case: CaseId, note: String) -> Result<()> {
        match step {
            Step::Handle { .. } => {
                let args = SelfHandleCase {
                    case,
                    note,
                    photos: Vec::new(),
                };
                self.client.self_handle_case(args).await?;
            }
            Step::Withdraw { .. } => {
                let args = WithdrawCase { case, reason: note };
                self.client.withdraw_case(args).await?;
            }
            _ => {
                let args = SupplementCase {
                    case,
                    note,
                    photos: Vec::new(),
                    plus_one: false,
                };
                self.client.supplement_case(args).await?;
            }
        }
        Ok(())
    }

    async fn reports(&mut self, at: usize, photos: u32, in_doubt: bool) -> Result<()> {
        let draft = self.draft(at).await?;
        // Sent before the crash: it became a case, and there is no draft.
        if in_doubt && self.became(draft).await?.is_some() {
            return Ok(());
        }
        for number in 0..photos {
            let picture = u32::try_from(at)? * 10 + number;
            self.takes_photo(Some(draft), picture).await?;
        }
        self.writes(at, draft).await?;
        self.client.report_draft(ReportDraft { draft }).await?;
        Ok(())
    }

    /// The draft of a step: the one from before the crash, else a new one.
    async fn draft(&mut self, at: usize) -> Result<DraftId> {
        if let Some(draft) = self.journal.drafts.get(&at) {
            return Ok(*draft);
        }
        let draft = self.client.open_draft(OpenDraft { draft: None }).await?;
        self.journal.has_draft(at, draft.id)?;
        Ok(draft.id)
    }

    async fn writes(&self, at: usize, draft: DraftId) -> Result<()> {
        let opened = self
            .client
            .open_draft(OpenDraft { draft: Some(draft) })
            .await?;
        let draft = Draft {
            category: Choice::Category {
                code: CategoryCode::from("E0110"),
            },
            description: words(at),
            place: Some(Place {
                position: None,
                accuracy_m: None,
                source: PlaceSource::Typed,
                address: "东门口".to_owned(),
                grid: Device::grid(),
                in_own_grid: true,
                extra: Extra::default(),
            }),
            ..opened
        };
        let args = SaveDraft {
            draft,
            removed: Vec::new(),
        };
        self.client.save_draft(args).await?;
        Ok(())
    }

    pub(super) async fn takes_photo(
        &mut self,
        draft: Option<DraftId>,
        picture: u32,
    ) -> Result<PhotoRef> {
        let file = street_photo(picture, 640, 480);
        let chunk = PutPhotoChunk {
            draft,
            upload: format!("picture-{picture}"),
            offset: 0,
            total: u64::try_from(file.len())?,
            data: BASE64_STANDARD.encode(file),
        };
        let photo = match self.client.put_photo_chunk(chunk).await? {
            PhotoUpload::Stored { photo, .. } => *photo,
            PhotoUpload::Receiving { .. } => bail!("the whole photo was handed in"),
        };
        self.journal.has_photo(photo.digest)?;
        self.journal.has_photo(photo.thumb)?;
        Ok(photo)
    }

    pub(super) async fn became(&self, draft: DraftId) -> Result<Option<DocRef>> {
        Ok(client::audit::became(&self.client, draft).await?)
    }

    async fn case(&self, number: usize) -> Result<CaseId> {
        let step = DAY
            .iter()
            .position(|step| matches!(step, Step::Report { case, .. } if *case == number))
            .context("the case is reported in the script")?;
        let draft = self.journal.drafts.get(&step);
        let draft = *draft.context("the report was begun")?;
        let case = self.became(draft).await?.context("it was sent")?;
        Ok(CaseId(case.id))
    }

    /// Whether the case's timeline has the words of a step.
    async fn is_there(&self, case: CaseId, step: usize) -> Result<bool> {
        let view = self.client.get_case(GetCase { case }).await?;
        let words = words(step);
        Ok(view.timeline.iter().any(|entry| entry.text == words))
    }

    async fn syncs(&self) -> Result<()> {
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.client.sync_once().await {
                Ok(report) if report.is_complete() => return Ok(()),
                Ok(report) => {
                    last = format!("{report:?}");
                    // What a dying hub refused waits longer than a sweep does.
                    self.client.sync_again().await?;
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(BETWEEN).await;
        }
        bail!("not in step after {TRIES} rounds: {last}")
    }

    async fn has_everything(&self) -> Result<()> {
        ensure!(
            client::audit::is_sound(&self.client).await?,
            "the device's database is damaged"
        );
        for digest in &self.journal.photos {
            let bytes = client::audit::photo(&self.client, *digest).await?;
            ensure!(digest_of(&bytes) == *digest, "photo {digest} is not whole");
        }
        for (at, step) in DAY.into_iter().enumerate() {
            let draft = self.journal.drafts.get(&at).copied();
            if let (Step::Draft, Some(draft)) = (step, draft) {
                let found = self.client.open_draft(OpenDraft { draft: Some(draft) });
                ensure!(
                    found.await?.description == words(at),
                    "a draft lost its words"
                );
            }
        }
        Ok(())
    }
}
