//! Who uses this device, how it looks, and what is wrong with it.

use serde::{Deserialize, Serialize};

use crate::{GridCode, Role, Timestamp, hub_api::StaffCard};

/// Asks who is enrolled and how the app should look.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSession {}

/// What the UI needs before it draws anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The enrolment, if there is one.
    pub enrolment: Option<Enrolment>,
    /// Language, theme, text size.
    pub settings: Settings,
    /// Something the person must know before working on.
    pub problem: Option<Problem>,
    /// Prefix of photo addresses; a digest and `?size=thumb` or `?size=full` follow.
    pub photo_base: String,
    /// Minutes that local time is ahead of UTC.
    pub utc_offset_minutes: i32,
}

/// The hub this device belongs to, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Address of the hub.
    pub hub_url: String,
    /// Name of the hub.
    pub hub_name: String,
    /// The person.
    pub staff: StaffCard,
    /// The role they act in.
    pub role: Role,
    /// Their grids with names; empty until the packs are there.
    pub grids: Vec<GridName>,
    /// The hub has revoked this device: work stays here and can go on, but is not delivered.
    pub revoked: bool,
}

/// A grid's code and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridName {
    /// Its code.
    pub code: GridCode,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
}

/// Something wrong with the local database, found at start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The database was damaged and has been set aside, whole; a new one was begun. Told at every
    /// start until [`DismissSetAside`].
    SetAside {
        /// Where the old one is.
        kept_at: String,
        /// Things done on the device that could be read of it and are in the new one.
        operations: u32,
        /// Drafts likewise.
        drafts: u32,
    },
    /// A newer version of the app wrote the database; it was not touched. Update the app.
    Newer,
    /// The database is there but its key is not; it was not touched.
    KeyMissing,
    /// The folder can't be written to.
    Unwritable,
}

/// What the person set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Settings {
    /// Language of the interface.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Size of type.
    pub text_size: TextSize,
    /// Room for photos that the hub has too.
    #[serde(default)]
    pub photo_room: PhotoRoom,
}

/// How much room photos may take on this device that the hub has too; those it doesn't have yet
/// always find room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum PhotoRoom {
    /// 200 MB.
    Small,
    /// 1 GB.
    #[default]
    Medium,
    /// 5 GB.
    Large,
}

impl PhotoRoom {
    /// In bytes.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Small => 200_000_000,
            Self::Medium => 1_000_000_000,
            Self::Large => 5_000_000_000,
        }
    }
}

/// Language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Size of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As designed.
    #[default]
    Normal,
    /// 1.3 times.
    Large,
}

/// Trades a one-time code for the device's place at a hub.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolDevice {
    /// Address of the hub, with or without `http(s)://`.
    pub hub_url: String,
    /// The one-time code.
    pub code: String,
}

/// Saves what the person set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveSettings {
    /// The new settings.
    pub settings: Settings,
}

/// The person has read that a database was set aside ([`Problem::SetAside`]), and need not be told
/// again. The old database stays where it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DismissSetAside {}

/// Asks for what 我的 shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetAbout {}

/// What 我的 shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Version of the app.
    pub app_version: String,
    /// Version of the database's schema.
    pub schema_version: u32,
    /// Id of this device.
    pub device_id: String,
    /// Where the key of the database is kept.
    pub key_store: KeyStore,
    /// Bytes of the database.
    pub database_bytes: u64,
    /// Bytes of the photos.
    pub photo_bytes: u64,
    /// Photos on this device.
    pub photos: u64,
    /// Free bytes on the disk, where known.
    pub free_bytes: Option<u64>,
    /// Version of the city pack.
    pub pack_version: Option<String>,
    /// The last time everything was in step with the hub.
    pub last_sync_at: Option<Timestamp>,
    /// The catalogue's edition.
    pub catalogue_version: Option<String>,
}

/// Where the key of the database is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStore {
    /// The operating system's keystore.
    System,
    /// A file only this user can read.
    File,
}
