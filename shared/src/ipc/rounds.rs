//! 走访 and 专项: which doors ask for a visit today, and how far a campaign is.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormChoice, LastTime};
use crate::{DocRef, EntryId, Position, Timestamp, register::Fields};

/// Why a door asks for a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueReason {
    /// Nobody was ever met there.
    First,
    /// The usual time has passed since somebody was met.
    Usual {
        /// The interval.
        days: u16,
    },
    /// Somebody there needs to be looked after more often.
    Care {
        /// The care tag that says so.
        tag: String,
        /// The interval.
        days: u16,
    },
    /// A campaign asks about somebody there.
    Campaign {
        /// Which.
        campaign: EntryId,
        /// What it is called.
        title: String,
        /// How many there are still to be asked.
        missing: u32,
    },
}

/// What a campaign still asks for behind a door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Which campaign.
    pub campaign: EntryId,
    /// What it is called.
    pub title: String,
    /// The version of its form that is to be filled in; `None`: this device has none.
    pub form: Option<Uuid>,
    /// About whom or what.
    pub subject: DocRef,
    /// What that is called.
    pub name: String,
    /// The last time it was filled in, where it may be filed again as it was.
    pub last: Option<LastTime>,
}

/// Asks for today's round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetRound {
    /// Where the person is, to begin with what is near; `None`: by door.
    pub near: Option<Position>,
    /// So many doors of each list, at most [`ROUND_DOORS_MAX`].
    pub doors: u32,
}

/// So many doors of each list of a round are given at most.
pub const ROUND_DOORS_MAX: u32 = 2_000;

/// Today's round: each door once, whoever asks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Nobody knocks now: from when to when, in minutes since midnight.
    pub quiet: Option<[u16; 2]>,
    /// Doors that are due, by building, the near ones first or in order; as many as were asked for.
    pub due: Vec<RoundBuilding>,
    /// How many are due.
    pub due_total: u32,
    /// 未遇: doors where nobody opened, to be tried again; as many as were asked for.
    pub revisit: Vec<RoundBuilding>,
    /// How many are to be tried again.
    pub revisit_total: u32,
    /// Some doors are yet to be counted: there may be more, or fewer.
    pub counting: bool,
    /// Doors that become due within a week.
    pub soon: u32,
    /// Doors that are left alone because somebody refused.
    pub refused: u32,
    /// Doors where somebody was met today.
    pub met_today: u32,
    /// The order is by distance.
    pub by_distance: bool,
    /// Some buildings have no position: they come last when the order is by distance.
    pub without_position: u32,
}

/// The doors of one building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundBuilding {
    /// The building; `None`: the doors are in none that is registered.
    pub building: Option<EntryId>,
    /// 小区.
    pub compound: String,
    /// 楼号.
    pub name: String,
    /// How far it is, in metres, where both places are known.
    pub distance_m: Option<u32>,
    /// Its doors, by unit, floor and room.
    pub doors: Vec<RoundDoor>,
}

/// A door of the round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundDoor {
    /// The dwelling.
    pub dwelling: EntryId,
    /// The door as people say it, for example `3-2-501`.
    pub door: String,
    /// Who lives there.
    pub residents: u32,
    /// They asked to be called first.
    pub call_first: bool,
    /// Somebody there has a care tag.
    pub care: bool,
    /// Why it is due.
    pub reasons: Vec<DueReason>,
    /// Since when nobody opens.
    pub not_home_at: Option<Timestamp>,
}

/// Asks for the campaigns.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListCampaigns {}

/// The campaigns of this person's grids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaigns {
    /// Those that run first, the one that ends first before the others.
    pub campaigns: Vec<CampaignRow>,
    /// This person may launch one.
    pub may_launch: bool,
    /// Some doors are yet to be counted: there may be more, or fewer.
    pub counting: bool,
}

/// How far a campaign is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStage {
    /// It runs.
    Running,
    /// Its first day is yet to come.
    Planned,
    /// Its last day has passed, or somebody ended it.
    Over,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignRow {
    /// Which.
    pub id: EntryId,
    /// What it is called.
    pub title: String,
    /// What its form is called; its author's name while the form is not here.
    pub form: String,
    /// In English.
    pub form_en: String,
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day, `YYYY-MM-DD`.
    pub until: String,
    /// How far it is in time.
    pub stage: CampaignStage,
    /// Who is meant, of those this device knows.
    pub meant: u32,
    /// Of whom there is a record that counts.
    pub recorded: u32,
    /// What counts, in the form's words, for example `接种状态：已接种`; `None`: any record does.
    pub counts: Option<String>,
    /// Two people changed it differently.
    pub conflicts: u32,
    /// Operations the hub doesn't have.
    pub unsent: u32,
}

/// Asks for one campaign.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCampaign {
    /// Which.
    pub campaign: EntryId,
    /// So many buildings.
    pub buildings: u32,
}

/// A campaign, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignView {
    /// The campaign.
    pub row: CampaignRow,
    /// The campaign as an entry, to be changed.
    pub entry: super::EntryView,
    /// Words to those who carry it out.
    pub note: String,
    /// Who is meant.
    pub fields: Fields,
    /// Community by community.
    pub communities: Vec<Covered>,
    /// Grid by grid.
    pub grids: Vec<Covered>,
    /// Building by building; as many as were asked for.
    pub buildings: Vec<Covered>,
    /// How many buildings there are in which somebody is meant.
    pub buildings_total: u32,
    /// Who is missing, door by door; where there are many, the first of them.
    pub missing: Vec<StillMissing>,
    /// How many are missing. [`ListMissing`] gives the others.
    pub missing_total: u32,
    /// Some doors are yet to be counted: there may be more, or fewer.
    pub counting: bool,
    /// This person may change it.
    pub may_change: bool,
}

/// How far a campaign is somewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Covered {
    /// The building; `None` for a grid or a community.
    pub building: Option<EntryId>,
    /// What it is called.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Who is meant there.
    pub meant: u32,
    /// Of whom there is a record that counts.
    pub recorded: u32,
}

/// Asks who else is missing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListMissing {
    /// Which campaign.
    pub campaign: EntryId,
    /// So many of them are known already.
    pub offset: u32,
}

/// Somebody of whom there is no record yet, or none that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StillMissing {
    /// Their door.
    pub dwelling: EntryId,
    /// The door as people say it, with its compound.
    pub door: String,
    /// What they are called.
    pub name: String,
    /// Somebody refused there, and is left alone.
    pub refused: bool,
    /// What was answered instead of what counts.
    pub otherwise: Option<Otherwise>,
}

/// An answer that does not count, for example 未接种 · 暂缓.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Otherwise {
    /// What, and why if the form asks that, in its words.
    pub said: Vec<String>,
    /// The day it was answered, `YYYY-MM-DD`.
    pub on: String,
    /// The day until which it is put off, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// The door asks for it again.
    pub again: bool,
}

/// Asks which answers to a form may count in a campaign.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListCountable {
    /// The form, by its author's name.
    pub form: String,
}

/// A question of a few choices, by its author's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Countable {
    /// Its name.
    pub question: String,
    /// What is asked.
    pub label: String,
    /// What may be answered.
    pub choices: Vec<FormChoice>,
}

/// Asks what was answered in a campaign.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetAnswers {
    /// Which.
    pub campaign: EntryId,
}

/// What was answered to one question of a campaign, for example 未接种原因.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// The question.
    pub question: String,
    /// Answers, the most frequent first.
    pub answers: Vec<Answered>,
}

/// How often something was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// What, in the form's words.
    pub answer: String,
    /// How often.
    pub count: u32,
}
