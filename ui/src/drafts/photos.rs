//! Photos of a report: their order, what they show, and taking one out and back.

use shared::{
    PhotoKind, PhotoRef, Position,
    photo::{PHOTOS_MAX, far_from_place_m},
};

use super::Writing;

/// A photo that says it was taken somewhere else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FarPhoto {
    /// Metres between.
    pub(crate) metres: f64,
    /// Where it was taken.
    pub(crate) position: Position,
}

/// Which way a photo moves in the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Towards the first.
    Earlier,
    /// Towards the last.
    Later,
}

impl Way {
    /// The place next to `at` in a row of `len`, if there is one.
    pub(crate) fn from(self, at: usize, len: usize) -> Option<usize> {
        match self {
            Self::Earlier => at.checked_sub(1),
            Self::Later => Some(at + 1).filter(|to| *to < len),
        }
    }
}

impl Writing {
    /// How many more photos fit.
    pub(crate) fn photos_left(&self) -> usize {
        PHOTOS_MAX.saturating_sub(self.draft.photos.len())
    }

    /// The photo farthest from the place of the report, when that is far. A place chosen by
    /// address has a position too; one that was only typed has none and says nothing.
    pub(crate) fn far_photo(&self) -> Option<FarPhoto> {
        let here = self.draft.place.as_ref()?.position?;
        self.draft
            .photos
            .iter()
            .filter_map(|photo| photo.position)
            .filter_map(|position| {
                let metres = far_from_place_m(here, position)?;
                Some(FarPhoto { metres, position })
            })
            .max_by(|a, b| a.metres.total_cmp(&b.metres))
    }

    pub(super) fn add_photo(&mut self, photo: PhotoRef) {
        self.bin.retain(|(_, binned)| binned.digest != photo.digest);
        // The same file chosen twice is one photo.
        if !self
            .draft
            .photos
            .iter()
            .any(|there| there.digest == photo.digest)
        {
            self.draft.photos.push(photo);
        }
    }

    pub(super) fn remove_photo(&mut self, at: usize) {
        if at < self.draft.photos.len() {
            let photo = self.draft.photos.remove(at);
            self.bin.push((at, photo));
        }
    }

    pub(super) fn restore_photo(&mut self) {
        let full = self.photos_left() == 0;
        if let Some((at, photo)) = self.bin.pop_if(|_| !full) {
            let at = at.min(self.draft.photos.len());
            self.draft.photos.insert(at, photo);
        }
    }

    pub(super) fn set_photo_kind(&mut self, at: usize, kind: PhotoKind) {
        if let Some(photo) = self.draft.photos.get_mut(at) {
            photo.kind = kind;
        }
    }

    pub(super) fn move_photo(&mut self, from: usize, to: usize) {
        let len = self.draft.photos.len();
        if from < len && to < len {
            let photo = self.draft.photos.remove(from);
            self.draft.photos.insert(to, photo);
        }
    }
}
