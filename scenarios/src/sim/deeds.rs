//! What people do on their devices, by the commands the pages call. Whatever a command answers with
//! success is written into the book.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::Client;
use shared::{
    CaseId, CategoryCode, DraftId, Extra, GridCode, PhotoRef, Place, PlaceSource,
    ipc::{
        AcknowledgeCase, AddDraftToCase, Choice, Code, Draft, IpcError, OpenDraft, PhotoUpload,
        PutPhotoChunk, RegisterCase, RejectCase, ReportDraft, SaveDraft, SelfHandleCase,
        SupplementCase, WithdrawCase,
    },
};

use super::{city::CATEGORY, tablet::Ended, world::World};

/// Few words, so that people often say the same as before: that must never count as the same deed.
const WORDS: [&str; 5] = ["还在", "更多了", "没有人来过", "已经看过", "还是老样子"];

/// What one command means for the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adds {
    /// So many operations.
    Just(usize),
    /// So many, or none when it stands so already.
    NoneOr(usize),
}

impl Adds {
    fn fits(self, new: usize) -> bool {
        match self {
            Self::Just(count) => new == count,
            Self::NoneOr(count) => new == 0 || new == count,
        }
    }
}

/// What a command told the person.
pub(super) type Told<T> = Result<T, IpcError>;

impl World<'_> {
    /// Somebody does something.
    pub(super) async fn does_something(&mut self, who: usize) -> Result<()> {
        let (what, case) = self.roll(|dice| (dice.below(58), dice.below(14)));
        if let Some(what) = what.checked_sub(37) {
            return self.does_something_at_the_doors(who, what).await;
        }
        // Recent cases are talked about most.
        let cases = &self.book.cases;
        let case = cases.iter().rev().nth(case).or(cases.last()).copied();
        match (what, case) {
            (0..=4, _) | (_, None) => self.reports(who).await,
            (5 | 6, _) => self.begins_a_draft(who).await,
            (7, _) => self.changes_a_draft(who).await,
            (8 | 9, _) => self.takes_a_photo(who).await,
            (10, _) => self.sends_a_draft(who).await,
            (11..=14, Some(case)) => self.supplements(who, case, false).await,
            (15, Some(case)) => self.supplements(who, case, true).await,
            (16, Some(case)) => self.withdraws(who, case).await,
            (17, Some(case)) => self.handles(who, case).await,
            (18 | 19, Some(case)) => self.registers(who, case).await,
            (20, Some(case)) => self.rejects(who, case).await,
            (23..=26, Some(case)) => self.corrects(who, case).await,
            (28 | 29, Some(case)) => self.deletes(who, case).await,
            (30, Some(case)) => self.restores(who, case).await,
            (32..=34, Some(case)) => self.merges(who, case).await,
            (35 | 36, Some(case)) => self.splits(who, case).await,
            (21 | 22, Some(case)) => self.adds_a_draft(who, case).await,
            (_, Some(case)) => self.acknowledges(who, case).await,
        }
    }

    async fn reports(&mut self, who: usize) -> Result<()> {
        let (words, grid, photo) = (self.words(), self.grid()?, self.photo(25));
        let told = self
            .commands(who, "reports", Adds::Just(1), async |client| {
                let draft = client.open_draft(OpenDraft { draft: None }).await?;
                let id = draft.id;
                if let Some(file) = photo {
                    put_photo(&client, Some(id), &file).await?;
                }
                save(&client, draft, &words, &grid).await?;
                client.report_draft(ReportDraft { draft: id }).await
            })
            .await?;
        if let Some(reported) = told {
            let number = self.book.number(reported.case);
            self.say(format!("  it is case {number}"));
        }
        Ok(())
    }

    async fn begins_a_draft(&mut self, who: usize) -> Result<()> {
        let (words, grid) = (self.words(), self.grid()?);
        let kept = words.clone();
        let told = self
            .commands(who, "begins a draft", Adds::Just(0), async |client| {
                let draft = client.open_draft(OpenDraft { draft: None }).await?;
                let id = draft.id;
                save(&client, draft, &words, &grid).await?;
                Ok(id)
            })
            .await?;
        if let Some(id) = told {
            self.book_draft(who, id, kept, true);
        }
        Ok(())
    }

    async fn changes_a_draft(&mut self, who: usize) -> Result<()> {
        let Some(id) = self.some_draft(who) else {
            return self.begins_a_draft(who).await;
        };
        let (words, grid) = (self.words(), self.grid()?);
        let kept = words.clone();
        // Until somebody is told, the old words are as good as the new ones.
        self.book_draft(who, id, kept.clone(), false);
        let told = self
            .commands(who, "changes a draft", Adds::Just(0), async |client| {
                let draft = client.open_draft(OpenDraft { draft: Some(id) }).await?;
                save(&client, draft, &words, &grid).await
            })
            .await?;
        if told.is_some() {
            self.book_draft(who, id, kept, true);
        }
        Ok(())
    }

    async fn takes_a_photo(&mut self, who: usize) -> Result<()> {
        let draft = self.some_draft(who);
        let Some(file) = self.photo(100) else {
            return Ok(());
        };
        let told = self
            .commands(who, "takes a photo", Adds::Just(0), async |client| {
                put_photo(&client, draft, &file).await
            })
            .await?;
        if let (Some(photo), Some(desk)) = (told, self.book.desks.get_mut(who)) {
            desk.captured.push(photo);
        }
        Ok(())
    }

    async fn sends_a_draft(&mut self, who: usize) -> Result<()> {
        let Some(draft) = self.some_draft(who) else {
            return self.reports(who).await;
        };
        let told = self
            .commands(who, "sends a draft", Adds::Just(1), async |client| {
                client.report_draft(ReportDraft { draft }).await
            })
            .await?;
        if told.is_some() {
            self.draft_is_gone(who, draft);
        }
        Ok(())
    }

    async fn supplements(&mut self, who: usize, case: CaseId, plus_one: bool) -> Result<()> {
        let photos = self.captured(who);
        let args = SupplementCase {
            case,
            note: self.words(),
            photos,
            plus_one,
        };
        let what = if plus_one {
            "adds a +1"
        } else {
            "adds to a case"
        };
        self.on_case(who, case, what, async |client| {
            client.supplement_case(args).await
        })
        .await
    }

    async fn withdraws(&mut self, who: usize, case: CaseId) -> Result<()> {
        let args = WithdrawCase {
            case,
            reason: self.words(),
        };
        self.on_case(who, case, "takes back a case", async |client| {
            client.withdraw_case(args).await
        })
        .await
    }

    async fn handles(&mut self, who: usize, case: CaseId) -> Result<()> {
        let args = SelfHandleCase {
            case,
            note: self.words(),
            photos: self.captured(who),
        };
        self.on_case(who, case, "handles a case", async |client| {
            client.self_handle_case(args).await
        })
        .await
    }

    async fn registers(&mut self, who: usize, case: CaseId) -> Result<()> {
        let args = RegisterCase {
            case,
            category: CategoryCode::from(CATEGORY),
            condition: "1".to_owned(),
            opinion: String::new(),
        };
        self.on_case(who, case, "registers a case", async |client| {
            client.register_case(args).await
        })
        .await
    }

    async fn rejects(&mut self, who: usize, case: CaseId) -> Result<()> {
        let args = RejectCase {
            case,
            reason: self.words(),
        };
        self.on_case(who, case, "rejects a case", async |client| {
            client.reject_case(args).await
        })
        .await
    }

    async fn adds_a_draft(&mut self, who: usize, case: CaseId) -> Result<()> {
        let Some(draft) = self.some_draft(who) else {
            return self.begins_a_draft(who).await;
        };
        let args = AddDraftToCase { draft, case };
        let told = self
            .commands(
                who,
                "adds a draft to a case",
                Adds::Just(1),
                async |client| client.add_draft_to_case(args).await,
            )
            .await?;
        if told.is_some() {
            self.draft_is_gone(who, draft);
        }
        Ok(())
    }

    async fn acknowledges(&mut self, who: usize, case: CaseId) -> Result<()> {
        self.commands(who, "has seen a case", Adds::Just(0), async |client| {
            client.acknowledge_case(AcknowledgeCase { case }).await
        })
        .await?;
        Ok(())
    }

    async fn on_case<T>(
        &mut self,
        who: usize,
        case: CaseId,
        what: &str,
        work: impl AsyncFnOnce(Client) -> Told<T>,
    ) -> Result<()> {
        let number = self.book.number(case);
        self.commands(who, &format!("{what} ({number})"), Adds::Just(1), work)
            .await?;
        Ok(())
    }

    /// A person gives a command that may find nothing to do.
    pub(super) async fn may_command<T>(
        &mut self,
        who: usize,
        what: &str,
        work: impl AsyncFnOnce(Client) -> Told<T>,
    ) -> Result<()> {
        self.commands(who, what, Adds::NoneOr(1), work).await?;
        Ok(())
    }

    /// A person gives commands; `None`: refused, or the device crashed.
    pub(super) async fn commands<T>(
        &mut self,
        who: usize,
        what: &str,
        adds: Adds,
        work: impl AsyncFnOnce(Client) -> Told<T>,
    ) -> Result<Option<T>> {
        self.say(format!("d{who} {what}"));
        let client = self.tablet(who)?.client()?;
        let told = match self.tablet(who)?.does(work(client)).await {
            Ended::Done(told) => told,
            Ended::Waiting => bail!("a command waits for the network"),
            Ended::Crashed(at) => {
                self.crashes(who, at).await?;
                if self.tablet(who)?.is_open() {
                    let new = self.holds_outbox(who).await?;
                    ensure!(
                        new == 0 || adds.fits(new),
                        "I1: d{who} {what}: half of it is there after a crash, {new} operations"
                    );
                }
                return Ok(None);
            }
        };
        let new = self.holds_outbox(who).await?;
        match told {
            Ok(told) => {
                ensure!(
                    adds.fits(new),
                    "I1: d{who} {what}: told it is saved, {new} operations"
                );
                Ok(Some(told))
            }
            Err(error) => {
                ensure!(new == 0, "d{who} {what}: refused, and queued all the same");
                self.say(format!("  refused: {:?}", error.code));
                may_be_refused(&error)?;
                Ok(None)
            }
        }
    }

    pub(super) fn words(&self) -> String {
        self.roll(|dice| dice.pick(&WORDS).copied().unwrap_or_default().to_owned())
    }

    pub(super) fn grid(&self) -> Result<GridCode> {
        let grids = self.city.grids();
        match self.roll(|dice| dice.pick(&grids).cloned()) {
            Some(grid) => Ok(grid),
            None => bail!("a city without grids"),
        }
    }

    fn photo(&self, percent: u64) -> Option<Vec<u8>> {
        let photos = &self.template.photos;
        self.roll(|dice| {
            let taken = dice.chance(percent);
            dice.pick(photos).filter(|_| taken).cloned()
        })
    }

    /// Sometimes a photo taken before.
    pub(super) fn captured(&self, who: usize) -> Vec<PhotoRef> {
        let Some(desk) = self.book.desks.get(who) else {
            return Vec::new();
        };
        self.roll(|dice| {
            let shown = dice.chance(30);
            let photo = dice.pick(&desk.captured).filter(|_| shown);
            photo.cloned().into_iter().collect()
        })
    }

    fn some_draft(&self, who: usize) -> Option<DraftId> {
        let drafts: Vec<DraftId> = self.book.desks.get(who)?.drafts.keys().copied().collect();
        self.roll(|dice| dice.pick(&drafts).copied())
    }

    fn book_draft(&mut self, who: usize, id: DraftId, words: String, only: bool) {
        let Some(desk) = self.book.desks.get_mut(who) else {
            return;
        };
        let known = desk.drafts.entry(id).or_default();
        if only {
            *known = BTreeSet::new();
        }
        known.insert(words);
    }

    fn draft_is_gone(&mut self, who: usize, id: DraftId) {
        if let Some(desk) = self.book.desks.get_mut(who) {
            desk.drafts.remove(&id);
        }
    }
}

/// What the rules say no to is no failure; what the device could not do is.
fn may_be_refused(error: &IpcError) -> Result<()> {
    match error.code {
        Code::Storage | Code::Internal | Code::NoDatabase | Code::DiskFull | Code::PhotoFile => {
            bail!("a command failed: {error:?}")
        }
        _ => Ok(()),
    }
}

async fn save(client: &Client, draft: Draft, words: &str, grid: &GridCode) -> Told<()> {
    let draft = Draft {
        category: Choice::Category {
            code: CategoryCode::from(CATEGORY),
        },
        description: words.to_owned(),
        place: Some(Place {
            position: None,
            accuracy_m: None,
            source: PlaceSource::Typed,
            address: "东门口".to_owned(),
            grid: grid.clone(),
            in_own_grid: true,
            extra: Extra::default(),
        }),
        ..draft
    };
    let args = SaveDraft {
        draft,
        removed: Vec::new(),
    };
    client.save_draft(args).await?;
    Ok(())
}

/// Hands in a photo in one piece.
async fn put_photo(client: &Client, draft: Option<DraftId>, file: &[u8]) -> Told<PhotoRef> {
    let chunk = PutPhotoChunk {
        draft,
        upload: "simulated".to_owned(),
        offset: 0,
        total: u64::try_from(file.len()).unwrap_or(0),
        data: BASE64_STANDARD.encode(file),
    };
    match client.put_photo_chunk(chunk).await? {
        PhotoUpload::Stored { photo, .. } => Ok(*photo),
        PhotoUpload::Receiving { .. } => Err(IpcError {
            code: Code::Internal,
            detail: "the whole file was handed in".to_owned(),
        }),
    }
}
