//! The hand that saves: one draft, one thing at a time. Every change is saved at once, a change
//! made meanwhile follows; photos go over piece by piece between saves. Saves and photos never
//! overlap, because a save that does not know a photo yet would take it out of the draft.
//!
//! A writer outlives its page: leaving loses nothing, coming back finds it at work.

mod kinds;
mod work;

use std::{cell::RefCell, collections::BTreeMap};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    CategoryCode, DraftId, PhotoError, PhotoKind, Place, Timestamp,
    ipc::{Code, IpcError, KnownPlace, PlaceView, ResolvePlace, SimilarCase},
};
use web_sys::File;

pub(in crate::pages::report) use self::kinds::{Coming, Ended, Finding, Near, Wish, Word};
use crate::{
    drafts::{Change, Writing},
    ipc,
    look::Look,
    uploads::Upload,
};

thread_local! {
    /// Reports in hand since the app started. This is the one thing kept outside pages and the
    /// core: what was typed but is not saved yet must not go with the page.
    static WRITERS: RefCell<Vec<Writer>> = const { RefCell::new(Vec::new()) };
    static COUNT: RefCell<u32> = const { RefCell::new(0) };
}

/// One report in hand.
#[derive(Clone, Copy)]
pub(in crate::pages::report) struct Writer {
    /// What stands on the sheet.
    pub(in crate::pages::report) writing: RwSignal<Writing>,
    /// Photos on their way, or refused.
    pub(in crate::pages::report) coming: RwSignal<Vec<Coming>>,
    /// Open cases that are likely the same thing.
    pub(in crate::pages::report) similar: RwSignal<Vec<SimilarCase>>,
    /// How the search for the place stands.
    pub(in crate::pages::report) finding: RwSignal<Finding>,
    /// What the core said about the place beside the place itself.
    pub(in crate::pages::report) near: RwSignal<Option<Near>>,
    /// Why the last save failed.
    pub(in crate::pages::report) trouble: RwSignal<Option<IpcError>>,
    /// Why the core would not send.
    pub(in crate::pages::report) refused: RwSignal<Option<IpcError>>,
    /// What shall happen once everything is saved.
    pub(in crate::pages::report) wish: RwSignal<Option<Wish>>,
    /// How it ended.
    pub(in crate::pages::report) ended: RwSignal<Option<Ended>>,
    files: StoredValue<BTreeMap<u32, Upload>, LocalStorage>,
    looked_for: StoredValue<Option<(CategoryCode, Place)>>,
    working: StoredValue<bool>,
}

impl Writer {
    /// A clean sheet: one that is still clean, or a new one.
    pub(in crate::pages::report) fn clean(now: Timestamp) -> Self {
        let is_clean = |writer: &Self| {
            writer.writing.peek(Writing::is_empty)
                && writer.coming.peek(Vec::is_empty)
                && writer.wish.get_untracked().is_none()
        };
        let found = in_hand().into_iter().rev().find(is_clean);
        found.unwrap_or_else(|| Self::take(Writing::blank(now)))
    }

    /// The report in hand with this draft, if one is.
    pub(in crate::pages::report) fn with_draft(id: DraftId) -> Option<Self> {
        in_hand().into_iter().find(|writer| writer.id() == Some(id))
    }

    /// Takes a report in hand.
    pub(in crate::pages::report) fn take(writing: Writing) -> Self {
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
            writers.retain(|writer| writer.ended.peek(Option::is_none));
            writers.push(writer);
        });
        writer.work();
        writer
    }

    /// The draft's id, once there is one.
    pub(in crate::pages::report) fn id(self) -> Option<DraftId> {
        self.writing.peek(Writing::id)
    }

    /// Whether everything the person did is on disk. Follows.
    pub(in crate::pages::report) fn is_saved(self) -> bool {
        let waiting = |coming: &Coming| coming.failed.is_none();
        self.writing.look(Writing::is_saved)
            && !self.coming.look(|coming| coming.iter().any(waiting))
    }

    /// Does what the person did, and saves.
    pub(in crate::pages::report) fn change(self, change: Change) {
        self.writing.update(|writing| writing.change(change));
        self.refused.set(None);
        self.work();
    }

    /// Does something to the sheet, and saves.
    pub(in crate::pages::report) fn edit(self, edit: impl FnOnce(&mut Writing)) {
        self.writing.update(edit);
        self.work();
    }

    /// Takes the files a person chose.
    pub(in crate::pages::report) fn add_photos(self, files: Vec<File>, kind: PhotoKind) {
        if files.is_empty() {
            return;
        }
        let on_the_way = self.coming.peek(|coming| {
            coming
                .iter()
                .filter(|coming| coming.failed.is_none())
                .count()
        });
        let room = self
            .writing
            .peek(Writing::photos_left)
            .saturating_sub(on_the_way);
        let surplus = files.len() > room;
        self.writing.update(Writing::begin);
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
    pub(in crate::pages::report) fn forget(self, number: u32) {
        self.files.update_value(|files| drop(files.remove(&number)));
        self.coming
            .update(|coming| coming.retain(|it| it.number != number));
    }

    /// Tries once more with a photo that failed.
    pub(in crate::pages::report) fn retry(self, number: u32) {
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
    pub(in crate::pages::report) fn can_retry(self, coming: &Coming) -> bool {
        let ours = matches!(
            coming.failed,
            Some(Code::DiskFull | Code::Storage | Code::Internal)
        );
        ours && self
            .files
            .with_value(|files| files.contains_key(&coming.number))
    }

    /// Wishes for an end; it comes once everything is saved.
    pub(in crate::pages::report) fn wish_for(self, wish: Wish) {
        self.refused.set(None);
        self.wish.set(Some(wish));
        self.work();
    }

    /// Looks the place up, and puts it on the sheet.
    pub(in crate::pages::report) fn resolve(self, known: KnownPlace, word: Word) {
        self.finding.set(Finding::Searching);
        spawn_local(async move {
            match ipc::call(ResolvePlace { known }).await {
                Ok(PlaceView::Found {
                    place,
                    grid_name,
                    near,
                }) => {
                    self.finding.set(Finding::Rest);
                    let free = self.writing.peek(|it| it.sheet().place.is_none());
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
}

fn in_hand() -> Vec<Writer> {
    WRITERS.with_borrow(|writers| {
        let open = |writer: &&Writer| writer.ended.peek(Option::is_none);
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
