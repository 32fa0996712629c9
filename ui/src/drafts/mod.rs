//! A report while it is being written: a plain struct, and what a person can do to it. Pure: the
//! page shows it, [`crate::pages::report`] saves it, nothing here knows of either.

mod photos;
#[cfg(test)]
mod tests;

use shared::{
    DraftId, PhotoKind, PhotoRef, Place, PlaceSource, Timestamp,
    case::Urgency,
    ipc::{Choice, Draft, Missing, SaveDraft},
    op::TEXT_MAX,
    pack::Category,
};

pub(crate) use photos::Way;

/// From here on the counter under a text shows how much room is left.
const COUNT_FROM: usize = TEXT_MAX - 500;

/// A report being written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Writing {
    /// The draft as the person sees it. Its id means nothing before [`Self::opened`].
    draft: Draft,
    /// Whether the core has this draft.
    opened: bool,
    /// Whether the person did anything; a report nobody began leaves no draft behind.
    begun: bool,
    /// Photos taken out that can still be put back, with the place they had.
    bin: Vec<(usize, PhotoRef)>,
    /// Counts the changes.
    revision: u64,
    /// The last revision that is on disk.
    saved: u64,
}

/// One thing a person does to a report.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// Chooses what it is.
    Category(Choice),
    /// Types.
    Description(String),
    /// Chooses where it is.
    Place(Box<Place>),
    /// Says how urgent it is.
    Urgency(Urgency),
    /// Says whether it was handled on the spot.
    SelfHandled(bool),
    /// Types what was done.
    HandledNote(String),
    /// Adds a photo the core has stored.
    PhotoAdded(Box<PhotoRef>),
    /// Takes the photo at this place out.
    PhotoRemoved(usize),
    /// Puts the photo that was taken out last back.
    PhotoRestored,
    /// Says what the photo at this place shows.
    PhotoKind(usize, PhotoKind),
    /// Moves a photo to another place in the row.
    PhotoMoved {
        /// Where it stands.
        from: usize,
        /// Where it shall stand.
        to: usize,
    },
}

impl Writing {
    /// A clean sheet.
    pub(crate) fn blank(now: Timestamp) -> Self {
        Self {
            opened: false,
            begun: false,
            ..Self::of(Draft::blank(DraftId::new(now, [0; 10]), now))
        }
    }

    /// A draft that is continued.
    pub(crate) fn of(draft: Draft) -> Self {
        Self {
            draft,
            opened: true,
            begun: true,
            bin: Vec::new(),
            revision: 0,
            saved: 0,
        }
    }

    /// What stands on the sheet.
    pub(crate) const fn sheet(&self) -> &Draft {
        &self.draft
    }

    /// The draft's id, once the core has it.
    pub(crate) fn id(&self) -> Option<DraftId> {
        self.opened.then_some(self.draft.id)
    }

    /// Whether the person did anything.
    pub(crate) const fn is_begun(&self) -> bool {
        self.begun
    }

    /// The person begins: a draft is needed, even before there is anything to save.
    pub(crate) const fn begin(&mut self) {
        self.begun = true;
    }

    /// The core has made a draft for what stands here.
    pub(crate) const fn opened(&mut self, new: &Draft) {
        self.draft.id = new.id;
        self.draft.begun_at = new.begun_at;
        self.opened = true;
        // Whatever stands on the sheet already is not in it yet.
        self.revision += 1;
    }

    /// The core's draft is gone; what stands here will get another.
    pub(crate) const fn lost(&mut self) {
        self.opened = false;
    }

    /// Does what the person did.
    pub(crate) fn change(&mut self, change: Change) {
        self.begun = true;
        self.revision += 1;
        let draft = &mut self.draft;
        match change {
            Change::Category(choice) => draft.category = choice,
            Change::Description(text) => draft.description = text,
            Change::HandledNote(text) => draft.handled_note = text,
            Change::Place(place) => draft.place = Some(*place),
            Change::Urgency(urgency) => draft.urgency = urgency,
            Change::SelfHandled(yes) => draft.self_handled = yes,
            Change::PhotoAdded(photo) => self.add_photo(*photo),
            Change::PhotoRemoved(at) => self.remove_photo(at),
            Change::PhotoRestored => self.restore_photo(),
            Change::PhotoKind(at, kind) => self.set_photo_kind(at, kind),
            Change::PhotoMoved { from, to } => self.move_photo(from, to),
        }
    }

    /// A place that was guessed, not chosen: it fills an empty line only, and begins nothing.
    pub(crate) fn guess_place(&mut self, place: Place) {
        if self.draft.place.is_none() {
            self.draft.place = Some(place);
            self.revision += 1;
        }
    }

    /// A sheet that nobody began may have lain for hours: where it was then says nothing of now.
    pub(crate) fn forget_guess(&mut self) {
        if !self.begun && self.draft.place.take().is_some() {
            self.revision += 1;
        }
    }

    /// Handling on the spot can't go with every category: the switch goes off, the words stay.
    pub(crate) fn fit_category(&mut self, category: Option<&Category>) {
        if self.draft.self_handled && !may_self_handle(&self.draft.category, category) {
            self.draft.self_handled = false;
            self.revision += 1;
        }
    }

    /// What has to be saved, and which revision that is; `None` when everything is on disk. Texts
    /// are saved however long they are: only sending has limits.
    pub(crate) fn to_save(&self) -> Option<(u64, SaveDraft)> {
        let waits = self.begun && self.opened && self.revision > self.saved;
        waits.then(|| {
            let save = SaveDraft {
                draft: self.draft.clone(),
                removed: self.bin.iter().map(|(_, photo)| photo.digest).collect(),
            };
            (self.revision, save)
        })
    }

    /// This revision is on disk; later changes stay unsaved.
    pub(crate) fn was_saved(&mut self, revision: u64) {
        self.saved = self.saved.max(revision);
    }

    /// Whether everything the person did is on disk.
    pub(crate) const fn is_saved(&self) -> bool {
        !self.begun || (self.saved >= self.revision && self.opened)
    }

    /// Whether nothing of the person's is on the sheet. A guessed place is not theirs.
    pub(crate) fn is_empty(&self) -> bool {
        let draft = &self.draft;
        let guessed =
            |place: &Place| matches!(place.source, PlaceSource::Device | PlaceSource::Photo);
        draft.photos.is_empty()
            && draft.description.trim().is_empty()
            && draft.handled_note.trim().is_empty()
            && draft.category == Choice::Open
            && draft.urgency == Urgency::Normal
            && !draft.self_handled
            && draft.place.as_ref().is_none_or(guessed)
    }

    /// What it still needs before it can be sent, from the top of the page to the bottom.
    pub(crate) fn missing(&self) -> Vec<Missing> {
        let draft = &self.draft;
        let no_words = |text: &str| text.trim().is_empty();
        let after = |photo: &PhotoRef| photo.kind == PhotoKind::After;
        let wants = [
            (
                Missing::Content,
                draft.photos.is_empty() && no_words(&draft.description),
            ),
            (Missing::Place, draft.place.is_none()),
            (Missing::Category, draft.category == Choice::Open),
            (
                Missing::Handled,
                draft.self_handled
                    && no_words(&draft.handled_note)
                    && !draft.photos.iter().any(after),
            ),
        ];
        wants
            .into_iter()
            .filter_map(|(what, wanted)| wanted.then_some(what))
            .collect()
    }
}

/// Whether 自行处置 may be said of what was chosen. While nothing is chosen it may; whoever is unsure
/// leaves it to the clerk.
pub(crate) fn may_self_handle(choice: &Choice, category: Option<&Category>) -> bool {
    match choice {
        Choice::Open => true,
        Choice::Unsure => false,
        Choice::Category { .. } => category.is_some_and(|category| category.self_handle),
    }
}

/// How a text stands to the longest one allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Far from it; nothing need be said.
    Plenty,
    /// Near it: this many characters are left.
    Left(usize),
    /// Beyond it by this many.
    Over(usize),
}

/// How a text stands to the longest one allowed.
pub(crate) fn room(text: &str) -> Room {
    // Bytes are never fewer than characters, and cheap to count.
    if text.len() < COUNT_FROM {
        return Room::Plenty;
    }
    match text.chars().count() {
        0..COUNT_FROM => Room::Plenty,
        count if count <= TEXT_MAX => Room::Left(TEXT_MAX - count),
        count => Room::Over(count - TEXT_MAX),
    }
}
