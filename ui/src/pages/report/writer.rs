//! The hand that saves: one draft, one thing at a time. Every change is saved at once, a change
//! made meanwhile follows; photos go over piece by piece between saves. Saves and photos never
//! overlap, because a save that does not know a photo yet would take it out of the draft.
//!
//! A writer outlives its page: leaving loses nothing, coming back finds it at work.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    CaseId, CategoryCode, DraftId, PhotoError, PhotoKind, Place, Timestamp,
    ipc::{
        AddDraftToCase, AddressHit, Choice, Code, DiscardDraft, FindSimilar, GridName, IpcError,
        KnownPlace, OpenDraft, PhotoUpload, PlaceView, ReportDraft, Reported, ResolvePlace,
        SaveDraft, SimilarCase,
    },
};
use web_sys::File;

use crate::{
    drafts::{Change, Writing},
    ipc,
    uploads::Upload,
};

/// After a failed save the next attempt comes by itself after this long.
const TRY_AGAIN: Duration = Duration::from_secs(5);

thread_local! {
    /// Reports in hand since the app started. This is the one thing kept outside pages and the
    /// core: what was typed but is not saved yet must not go with the page.
    static WRITERS: RefCell<Vec<Writer>> = const { RefCell::new(Vec::new()) };
    static COUNT: RefCell<u32> = const { RefCell::new(0) };
}

/// One report in hand.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    /// What stands on the sheet.
    pub(super) writing: RwSignal<Writing>,
    /// Photos on their way, or refused.
    pub(super) coming: RwSignal<Vec<Coming>>,
    /// Open cases that are likely the same thing.
    pub(super) similar: RwSignal<Vec<SimilarCase>>,
    /// How the search for the place stands.
    pub(super) finding: RwSignal<Finding>,
    /// What the core said about the place beside the place itself.
    pub(super) near: RwSignal<Option<Near>>,
    /// Why the last save failed.
    pub(super) trouble: RwSignal<Option<IpcError>>,
    /// Why the core would not send.
    pub(super) refused: RwSignal<Option<IpcError>>,
    /// What shall happen once everything is saved.
    pub(super) wish: RwSignal<Option<Wish>>,
    /// How it ended.
    pub(super) ended: RwSignal<Option<Ended>>,
    files: StoredValue<BTreeMap<u32, Upload>, LocalStorage>,
    looked_for: StoredValue<Option<(CategoryCode, Place)>>,
    working: StoredValue<bool>,
}

/// A photo that is not in the report yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Coming {
    /// Tells it from the others.
    pub(super) number: u32,
    /// What it shall be said to show.
    pub(super) kind: PhotoKind,
    /// How much the core has, in hundredths.
    pub(super) percent: u64,
    /// Why it could not be taken.
    pub(super) failed: Option<Code>,
}

/// How the search for the place stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finding {
    /// Nobody searches.
    Rest,
    /// The device or the core is searching.
    Searching,
    /// The device does not know where it is.
    NoFix,
    /// The core failed.
    Failed(IpcError),
}

/// What the core said about a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Near {
    /// The grid.
    pub(super) grid: Option<GridName>,
    /// The nearest address.
    pub(super) address: Option<AddressHit>,
}

/// What shall happen once everything is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// 发送.
    Report,
    /// +1 to a case that is there already.
    AddTo(CaseId),
    /// Into the bin.
    Discard,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// A case of its own.
    Reported(Reported),
    /// Added to a case.
    Added(Reported),
    /// In the bin; `None` when there was nothing on disk.
    Discarded(Option<DraftId>),
}

/// Whether a place was chosen by the person, or is only likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Chosen,
    Guessed,
}

impl Writer {
    /// A clean sheet: one that is still clean, or a new one.
    pub(super) fn clean(now: Timestamp) -> Self {
        let is_clean = |writer: &Self| {
            writer.writing.with_untracked(Writing::is_empty)
                && writer.coming.with_untracked(Vec::is_empty)
                && writer.wish.get_untracked().is_none()
        };
        let found = in_hand().into_iter().rev().find(is_clean);
        found.unwrap_or_else(|| Self::take(Writing::blank(now)))
    }

    /// The report in hand with this draft, if one is.
    pub(super) fn with_draft(id: DraftId) -> Option<Self> {
        in_hand().into_iter().find(|writer| writer.id() == Some(id))
    }

    /// Takes a report in hand.
    pub(super) fn take(writing: Writing) -> Self {
        let writer = app_lived(|| Self {
            writing: RwSignal::new(writing),
            coming: RwSignal::new(Vec::new()),
            similar: RwSignal::new(Vec::new()),
            finding: RwSignal::new(Finding::Rest),
            near: RwSignal::new(None),
            trouble: RwSignal::new(None),
            refused: RwSignal::new(None),
            wish: RwSignal::new(None),
            ended: RwSignal::new(None),
            files: StoredValue::new_local(BTreeMap::new()),
            looked_for: StoredValue::new(None),
            working: StoredValue::new(false),
        });
        WRITERS.with_borrow_mut(|writers| {
            writers.retain(|writer| writer.ended.with_untracked(Option::is_none));
            writers.push(writer);
        });
        writer.work();
        writer
    }

    /// The draft's id, once there is one.
    pub(super) fn id(self) -> Option<DraftId> {
        self.writing.with_untracked(Writing::id)
    }

    /// Whether everything the person did is on disk. Follows.
    pub(super) fn is_saved(self) -> bool {
        let waiting = |coming: &Coming| coming.failed.is_none();
        self.writing.with(Writing::is_saved)
            && !self.coming.with(|coming| coming.iter().any(waiting))
    }

    /// Does what the person did, and saves.
    pub(super) fn change(self, change: Change) {
        self.writing.update(|writing| writing.change(change));
        self.refused.set(None);
        self.work();
    }

    /// Does something to the sheet, and saves.
    pub(super) fn edit(self, edit: impl FnOnce(&mut Writing)) {
        self.writing.update(edit);
        self.work();
    }

    /// Takes the files a person chose.
    pub(super) fn add_photos(self, files: Vec<File>, kind: PhotoKind) {
        if files.is_empty() {
            return;
        }
        let on_the_way = self.coming.with_untracked(|coming| {
            coming
                .iter()
                .filter(|coming| coming.failed.is_none())
                .count()
        });
        let room = self
            .writing
            .with_untracked(Writing::photos_left)
            .saturating_sub(on_the_way);
        let surplus = files.len() > room;
        self.writing.update(|writing| {
            writing.begin();
            writing.empty_bin();
        });
        for file in files.into_iter().take(room) {
            let number = next_number();
            self.files.update_value(|files| {
                files.insert(number, Upload::new(file, format!("report-{number}")));
            });
            self.coming
                .update(|coming| coming.push(Coming::new(number, kind, None)));
        }
        if surplus {
            let failed = Some(Code::Photo {
                why: PhotoError::TooMany,
            });
            self.coming.update(|coming| {
                coming.retain(|it| it.failed != failed);
                coming.push(Coming::new(next_number(), kind, failed.clone()));
            });
        }
        self.work();
    }

    /// Takes away the sign of a photo that was refused.
    pub(super) fn forget(self, number: u32) {
        self.files.update_value(|files| drop(files.remove(&number)));
        self.coming
            .update(|coming| coming.retain(|it| it.number != number));
    }

    /// Tries once more with a photo that failed.
    pub(super) fn retry(self, number: u32) {
        self.files.update_value(|files| {
            if let Some(upload) = files.get_mut(&number) {
                upload.again(format!("report-{}", next_number()));
            }
        });
        self.mark(number, |it| {
            it.failed = None;
            it.percent = 0;
        });
        self.work();
    }

    /// Whether the file of a failed photo is still in hand.
    pub(super) fn can_retry(self, coming: &Coming) -> bool {
        let ours = matches!(
            coming.failed,
            Some(Code::DiskFull | Code::Storage | Code::Internal)
        );
        ours && self
            .files
            .with_value(|files| files.contains_key(&coming.number))
    }

    /// Wishes for an end; it comes once everything is saved.
    pub(super) fn wish_for(self, wish: Wish) {
        self.refused.set(None);
        self.wish.set(Some(wish));
        if wish != Wish::Discard {
            self.writing.update(Writing::empty_bin);
        }
        self.work();
    }

    /// Looks the place up, and puts it on the sheet.
    pub(super) fn resolve(self, known: KnownPlace, word: Word) {
        self.finding.set(Finding::Searching);
        spawn_local(async move {
            match ipc::call(ResolvePlace { known }).await {
                Ok(PlaceView::Found {
                    place,
                    grid_name,
                    near,
                }) => {
                    self.finding.set(Finding::Rest);
                    let free = self.writing.with_untracked(|it| it.sheet().place.is_none());
                    if word == Word::Guessed && !free {
                        return;
                    }
                    self.near.set(Some(Near {
                        grid: grid_name,
                        address: near.map(|hit| *hit),
                    }));
                    match word {
                        Word::Chosen => self.change(Change::Place(place)),
                        Word::Guessed => self.edit(|writing| writing.guess_place(*place)),
                    }
                }
                Ok(PlaceView::NoFix) => self.finding.set(Finding::NoFix),
                Err(error) => self.finding.set(Finding::Failed(error)),
            }
        });
    }

    /// Works until nothing is left to do.
    pub(super) fn work(self) {
        if self.working.get_value() {
            return;
        }
        self.working.set_value(true);
        spawn_local(async move {
            while self.step().await {}
            self.working.set_value(false);
        });
    }

    /// Does the most urgent thing; whether to go on.
    async fn step(self) -> bool {
        if self.ended.with_untracked(Option::is_some) {
            return false;
        }
        if self.wish.get_untracked() == Some(Wish::Discard) {
            return self.discard().await;
        }
        let (begun, id) = self.writing.with_untracked(|it| (it.is_begun(), it.id()));
        if begun && id.is_none() {
            return self.open().await;
        }
        if self.writing.with_untracked(|it| it.to_save().is_some()) {
            return self.save().await;
        }
        if let Some(number) = self.next_photo() {
            self.hand_over(number).await;
            return true;
        }
        // A photo that could not be taken is looked at first: nobody sends without noticing.
        if self.coming.with_untracked(|coming| !coming.is_empty()) {
            self.wish.set(None);
        }
        match (self.wish.get_untracked(), id) {
            (Some(wish), Some(id)) => self.end(wish, id).await,
            (_, Some(id)) => self.look_for_similar(id).await,
            (_, None) => false,
        }
    }

    async fn open(self) -> bool {
        match ipc::call(OpenDraft { draft: None }).await {
            Ok(new) => {
                self.trouble.set(None);
                self.writing.update(|writing| writing.opened(&new));
                true
            }
            Err(error) => self.stop(error),
        }
    }

    async fn save(self) -> bool {
        let Some((revision, draft)) = self.writing.with_untracked(Writing::to_save) else {
            return false;
        };
        match ipc::call(SaveDraft { draft }).await {
            Ok(_) => {
                self.trouble.set(None);
                self.writing.update(|writing| writing.was_saved(revision));
                true
            }
            Err(error) => self.stop(error),
        }
    }

    /// What was typed stays on the sheet; saving is tried again by itself.
    fn stop(self, error: IpcError) -> bool {
        self.trouble.set(Some(error));
        self.wish.set(None);
        set_timeout(move || self.work(), TRY_AGAIN);
        false
    }

    fn next_photo(self) -> Option<u32> {
        self.coming.with_untracked(|coming| {
            coming
                .iter()
                .find(|it| it.failed.is_none())
                .map(|it| it.number)
        })
    }

    async fn hand_over(self, number: u32) {
        let Some(mut upload) = self.files.with_value(|files| files.get(&number).cloned()) else {
            return self.forget(number);
        };
        match upload.next(self.id()).await {
            Ok(PhotoUpload::Receiving { .. }) => {
                let percent = upload.percent();
                self.files
                    .update_value(|files| drop(files.insert(number, upload)));
                self.mark(number, |it| it.percent = percent);
            }
            Ok(PhotoUpload::Stored { photo, .. }) => {
                let kind = self.coming.with_untracked(|coming| {
                    coming
                        .iter()
                        .find(|it| it.number == number)
                        .map(|it| it.kind)
                });
                self.forget(number);
                let mut photo = *photo;
                photo.kind = kind.unwrap_or_default();
                if let Some(position) = photo.position {
                    self.guess_from(position);
                }
                self.change(Change::PhotoAdded(Box::new(photo)));
            }
            Err(error) => self.mark(number, |it| it.failed = Some(error.code)),
        }
    }

    /// Where nothing better is known, the report is where its photo was taken.
    fn guess_from(self, position: shared::Position) {
        if self.writing.with_untracked(|it| it.sheet().place.is_none()) {
            self.resolve(KnownPlace::Photo { position }, Word::Guessed);
        }
    }

    fn mark(self, number: u32, mark: impl FnOnce(&mut Coming)) {
        self.coming.update(|coming| {
            if let Some(it) = coming.iter_mut().find(|it| it.number == number) {
                mark(it);
            }
        });
    }

    async fn end(self, wish: Wish, draft: DraftId) -> bool {
        let answer = match wish {
            Wish::AddTo(case) => ipc::call(AddDraftToCase { draft, case })
                .await
                .map(Ended::Added),
            Wish::Report | Wish::Discard => {
                ipc::call(ReportDraft { draft }).await.map(Ended::Reported)
            }
        };
        self.wish.set(None);
        match answer {
            Ok(ended) => {
                self.ended.set(Some(ended));
                false
            }
            Err(error) => {
                self.refused.set(Some(error));
                // What was typed meanwhile is saved all the same.
                true
            }
        }
    }

    async fn discard(self) -> bool {
        self.wish.set(None);
        let Some(draft) = self.id() else {
            self.ended.set(Some(Ended::Discarded(None)));
            return false;
        };
        match ipc::call(DiscardDraft { draft }).await {
            Ok(_) => self.ended.set(Some(Ended::Discarded(Some(draft)))),
            Err(error) => self.refused.set(Some(error)),
        }
        false
    }

    async fn look_for_similar(self, draft: DraftId) -> bool {
        let wanted = self.writing.with_untracked(|it| {
            let sheet = it.sheet();
            match (&sheet.category, &sheet.place) {
                (Choice::Category { code }, Some(place)) => Some((code.clone(), place.clone())),
                _ => None,
            }
        });
        if self
            .looked_for
            .with_value(|looked_for| *looked_for == wanted)
        {
            return false;
        }
        let known = wanted.is_some();
        self.looked_for.set_value(wanted);
        // A search that fails hides nothing of the person's; the report can be sent all the same.
        let found = if known {
            ipc::call(FindSimilar { draft }).await.unwrap_or_default()
        } else {
            Vec::new()
        };
        self.similar.set(found);
        true
    }
}

impl Coming {
    const fn new(number: u32, kind: PhotoKind, failed: Option<Code>) -> Self {
        Self {
            number,
            kind,
            percent: 0,
            failed,
        }
    }
}

fn in_hand() -> Vec<Writer> {
    WRITERS.with_borrow(|writers| {
        let open = |writer: &&Writer| writer.ended.with_untracked(Option::is_none);
        writers.iter().filter(open).copied().collect()
    })
}

fn next_number() -> u32 {
    COUNT.with_borrow_mut(|count| {
        *count = count.wrapping_add(1);
        *count
    })
}

/// Makes signals that live as long as the app, not as long as the page that asks for them.
fn app_lived<T>(make: impl FnOnce() -> T) -> T {
    let mut owner = Owner::current();
    while let Some(parent) = owner.as_ref().and_then(Owner::parent) {
        owner = Some(parent);
    }
    match owner {
        Some(root) => root.with(make),
        None => make(),
    }
}
