//! 门牌码: door plates printed, and read from a photo.

use serde::{Deserialize, Serialize};

use crate::EntryId;

/// Makes a sheet of the plates of all doors of a building.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintPlates {
    /// Which.
    pub building: EntryId,
    /// What each plate says to those who pass by, in the language of the page.
    pub notice: String,
}

/// A sheet of plates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedPlates {
    /// Where it is.
    pub path: String,
    /// How many plates it has.
    pub plates: u32,
}

/// Hands in a piece of a photo in which a plate is looked for. The photo is not kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct PutPlateChunk {
    /// Names this attempt; chosen by the page.
    pub upload: String,
    /// Where the piece belongs, in bytes. 0 begins anew.
    pub offset: u64,
    /// Size of the whole file in bytes.
    pub total: u64,
    /// The piece, base 64.
    pub data: String,
}

impl std::fmt::Debug for PutPlateChunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutPlateChunk")
            .field("offset", &self.offset)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// How far the photo is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlateUpload {
    /// More is expected.
    Receiving {
        /// Bytes received.
        received: u64,
    },
    /// The door whose plate it shows.
    Read {
        /// The dwelling.
        dwelling: EntryId,
    },
}

/// Why a photo opens no door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlateTrouble {
    /// No code was found in it.
    NoCode,
    /// What was found is no door's.
    NotADoor,
    /// It is the plate of a door that is not on this device: of another grid.
    NotHere,
    /// It leads to several doors.
    Several,
}
