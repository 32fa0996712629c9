//! Capture: drafts, photos, places, categories, "already reported?", and sending.

use serde::{Deserialize, Serialize};

use crate::{
    CaseId, CategoryCode, Digest, DraftId, GridCode, PhotoRef, Place, Position, Timestamp,
    case::{State, Urgency},
    pack::Category,
};

/// Asks for all categories, and the ones likely here and now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCatalogue {}

/// All categories, and the ones likely here and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogueView {
    /// All categories in the catalogue's order.
    pub categories: Vec<Category>,
    /// Six likely ones: what this person used lately, then what is common at this hour and in
    /// this grid.
    pub likely: Vec<CategoryCode>,
}

/// A report being written. Saved on every change; lives on this device only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// What it is.
    pub category: Choice,
    /// Words.
    pub description: String,
    /// Where; `None` until a place is known.
    pub place: Option<Place>,
    /// How urgent.
    pub urgency: Urgency,
    /// Photos, in the person's order.
    pub photos: Vec<PhotoRef>,
    /// 自行处置: handled on the spot.
    pub self_handled: bool,
    /// What was done, when handled on the spot.
    pub handled_note: String,
}

impl Draft {
    /// A clean sheet, begun now.
    pub fn blank(id: DraftId, now: Timestamp) -> Self {
        Self {
            id,
            begun_at: now,
            changed_at: now,
            category: Choice::Open,
            description: String::new(),
            place: None,
            urgency: Urgency::Normal,
            photos: Vec::new(),
            self_handled: false,
            handled_note: String::new(),
        }
    }
}

/// The category of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum Choice {
    /// Nothing chosen yet.
    #[default]
    Open,
    /// 不确定: the clerk will choose.
    Unsure,
    /// This one.
    Category {
        /// Its code.
        code: CategoryCode,
    },
}

/// Opens a draft: the given one, or a new one (which is on disk before the answer comes).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenDraft {
    /// The one to continue; `None` begins a new one.
    pub draft: Option<DraftId>,
}

/// Saves a draft as it stands. The photo list says order and kind of photos that were added with
/// [`PutPhotoChunk`]. One that is left out stays, behind the others: the page may not know of it
/// yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaveDraft {
    /// The draft.
    pub draft: Draft,
    /// Photos the person took out. One that stands in the list as well stays.
    #[serde(default)]
    pub removed: Vec<Digest>,
}

/// A draft as saved, and what the core makes of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftView {
    /// When it was saved.
    pub changed_at: Timestamp,
    /// What it still needs before it can be sent.
    pub missing: Vec<super::Missing>,
}

/// Puts a draft into the bin; it can be restored for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiscardDraft {
    /// Which.
    pub draft: DraftId,
}

/// Takes a draft out of the bin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreDraft {
    /// Which.
    pub draft: DraftId,
}

/// A piece of a file the person chose. Pieces arrive in order; with the last one the photo is
/// prepared and stored. Base 64, because not every webview passes raw bodies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutPhotoChunk {
    /// The draft it is for; `None` for a photo that will go with an addition to a case.
    pub draft: Option<DraftId>,
    /// Names this upload; chosen by the page, any text.
    pub upload: String,
    /// Bytes before this piece.
    pub offset: u64,
    /// Bytes of the whole file.
    pub total: u64,
    /// The piece, base 64.
    pub data: String,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoUpload {
    /// More is expected.
    Receiving {
        /// Bytes received.
        received: u64,
    },
    /// The photo is stored on this device (and in the draft, where one was named).
    Stored {
        /// The photo.
        photo: Box<PhotoRef>,
        /// The photo says it was taken somewhere else than the draft's place: metres between.
        far_from_place_m: Option<f64>,
    },
}

/// Makes a place out of what is known: finds the grid, warns outside one's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResolvePlace {
    /// What is known.
    pub known: KnownPlace,
}

/// What a person or device knows of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownPlace {
    /// The device's position. Numbers as the webview gave them, checked by the core.
    Device {
        /// Longitude, degrees.
        lng: Option<f64>,
        /// Latitude, degrees.
        lat: Option<f64>,
        /// Accuracy, metres.
        accuracy_m: Option<f64>,
    },
    /// An address of a grid, chosen from [`FindAddresses`].
    Address {
        /// The grid.
        grid: GridCode,
        /// The address as listed.
        text: String,
    },
    /// Words the person typed.
    Typed {
        /// The words.
        text: String,
    },
    /// A photo's own position.
    Photo {
        /// Where.
        position: Position,
    },
}

/// A place, and what to say about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceView {
    /// Found.
    Found {
        /// The place.
        place: Box<Place>,
        /// The grid's name, where the grid is known.
        grid_name: Option<super::GridName>,
        /// The nearest address, with its distance, when the place came from a position; the address
        /// itself when it is one of the city's.
        near: Option<Box<AddressHit>>,
    },
    /// The device's position was NaN, out of range, (0,0) or missing.
    NoFix,
}

/// Looks for addresses: the own grids first. Words, pinyin or initials; empty lists the streets
/// and buildings of the own grids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindAddresses {
    /// What was typed.
    pub query: String,
}

/// An address that fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressHit {
    /// The grid.
    pub grid: super::GridName,
    /// The road or estate.
    pub street: String,
    /// The address.
    pub text: String,
    /// The address in English.
    pub text_en: String,
    /// Whether it is in one of the own grids.
    pub own: bool,
    /// Metres from the position asked about, where there was one.
    pub distance_m: Option<f64>,
}

/// Looks for open cases that are likely the same thing as the draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindSimilar {
    /// The draft.
    pub draft: DraftId,
}

/// A case that is likely the same thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilarCase {
    /// The case.
    pub case: CaseId,
    /// Its number; before it has one its 回执码.
    pub number: String,
    /// The first words.
    pub summary: String,
    /// Its category.
    pub category: CategoryCode,
    /// Its address.
    pub address: String,
    /// The address in English, where it is one of the city's; else empty. Looked up, never stored.
    #[serde(default)]
    pub address_en: String,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Metres away.
    pub distance_m: f64,
    /// Its first photo, if any.
    pub photo: Option<PhotoRef>,
    /// Whether this person already takes part in it.
    pub mine: bool,
    /// How many others confirmed it.
    pub plus_ones: usize,
}

/// 发送: makes a case of the draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportDraft {
    /// Which.
    pub draft: DraftId,
}

/// Adds the draft (its words and photos) to an existing case as a +1 instead of reporting anew;
/// as a supplement when the person already takes part in that case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddDraftToCase {
    /// Which draft.
    pub draft: DraftId,
    /// The existing case.
    pub case: CaseId,
}

/// The report is on this device, and will go to the hub by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The case.
    pub case: CaseId,
    /// 回执码, to read aloud to a resident.
    pub receipt_code: String,
}
