//! 今日: what is due, what was begun, what came back.

use serde::{Deserialize, Serialize};

use super::{CampaignRow, CaseRow, FormDraftRow, SyncStatus};
use crate::{CategoryCode, DraftId, PhotoRef, Timestamp};

/// Asks for the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetToday {}

/// The page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Now, by the device's clock.
    pub now: Timestamp,
    /// Drafts, newest first.
    pub drafts: Vec<DraftRow>,
    /// Forms that were begun, the last one first.
    pub form_drafts: Vec<FormDraftRow>,
    /// Cases with something due: for a clerk those waiting for a decision, for others the
    /// registered ones they take part in, by deadline.
    pub due: Vec<CaseRow>,
    /// How many are due in all.
    pub due_total: u32,
    /// Cases of this person that were answered lately (registered, rejected, deleted), newest first.
    pub answered: Vec<CaseRow>,
    /// Cases this person reported today.
    pub reported_today: u32,
    /// Of this person's cases, how many are open.
    pub open: u32,
    /// Of this person's cases, how many are closed.
    pub closed: u32,
    /// Cases, records and what was written into the register, not complete at the hub; as in
    /// [`Delivery::unfinished`](super::Delivery::unfinished).
    pub unfinished: u32,
    /// Cases in which something this person did had no effect, and which they have not
    /// acknowledged.
    #[serde(default)]
    pub attention: u32,
    /// Cases with something this person may decide: a field that two people corrected differently, a
    /// deletion that met something unseen.
    #[serde(default)]
    pub conflicts: u32,
    /// Doors of this person's round that are due.
    #[serde(default)]
    pub doors_due: u32,
    /// 未遇: doors where nobody opened, to be tried again.
    #[serde(default)]
    pub doors_again: u32,
    /// Some doors are yet to be counted: there may be more, or fewer.
    #[serde(default)]
    pub counting: bool,
    /// Campaigns that run, the one that ends first before the others.
    #[serde(default)]
    pub campaigns: Vec<CampaignRow>,
    /// How the sync stands.
    pub status: SyncStatus,
}

/// A draft, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Which.
    pub id: DraftId,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// What it is, if chosen.
    pub category: Option<CategoryCode>,
    /// The first words.
    pub summary: String,
    /// The address, if known.
    pub address: String,
    /// The address in English, where it is one of the city's; else empty. Looked up, never stored.
    #[serde(default)]
    pub address_en: String,
    /// Its photos.
    pub photos: u32,
    /// Its first photo.
    pub photo: Option<PhotoRef>,
}
