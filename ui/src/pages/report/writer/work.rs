//! What a writer does, one thing at a time, the most urgent first.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    DraftId, Position,
    ipc::{
        AddDraftToCase, Choice, Code, DiscardDraft, FindSimilar, IpcError, KnownPlace, OpenDraft,
        PhotoUpload, ReportDraft,
    },
};

use super::{Coming, Ended, Wish, Word, Writer};
use crate::{
    drafts::{Change, Writing},
    ipc,
    look::Look,
};

/// After a failed save the next attempt comes by itself after this long.
const TRY_AGAIN: Duration = Duration::from_secs(5);

impl Writer {
    /// Works until nothing is left to do.
    pub(in crate::pages::report) fn work(self) {
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
        if self.ended.peek(Option::is_some) {
            return false;
        }
        if self.wish.get_untracked() == Some(Wish::Discard) {
            return self.discard().await;
        }
        let (begun, id) = self.writing.peek(|it| (it.is_begun(), it.id()));
        if begun && id.is_none() {
            return self.open().await;
        }
        if self.writing.peek(|it| it.to_save().is_some()) {
            return self.save().await;
        }
        if let Some(number) = self.next_photo() {
            self.hand_over(number).await;
            return true;
        }
        // A photo that could not be taken is looked at first: nobody sends without noticing.
        if self.coming.peek(|coming| !coming.is_empty()) {
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
        let Some((revision, save)) = self.writing.peek(Writing::to_save) else {
            return false;
        };
        match ipc::call(save).await {
            Ok(_) => {
                self.trouble.set(None);
                self.writing.update(|writing| writing.was_saved(revision));
                true
            }
            Err(error) => {
                // Somebody threw the draft away meanwhile: what stands here gets a new one.
                if error.code == Code::NotFound {
                    self.writing.update(Writing::lost);
                }
                self.stop(error)
            }
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
        self.coming.peek(|coming| {
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
                let kind = self.coming.peek(|coming| {
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
    fn guess_from(self, position: Position) {
        if self.writing.peek(|it| it.sheet().place.is_none()) {
            self.resolve(KnownPlace::Photo { position }, Word::Guessed);
        }
    }

    pub(super) fn mark(self, number: u32, mark: impl FnOnce(&mut Coming)) {
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
        let wanted = self.writing.peek(|it| {
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
