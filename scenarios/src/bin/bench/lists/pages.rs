//! What pages ask for when they are opened.

use std::time::Duration;

use anyhow::Result;
use client::Client;
use scenarios::dice::Dice;
use shared::{
    DocRef,
    ipc::{
        CaseFilter, CaseSort, GetAnswers, GetBuilding, GetCampaign, GetDelivery, GetDoor, GetRound,
        GetToday, ListBuildings, ListCampaigns, ListCases, ListConflicts, ListDisputes,
        ListDuplicates, ListForms, ListMissing, ListPlaces, ListRecords,
    },
    register::EntryKind,
};

use super::town::{self, Town};
use crate::save::now;

/// Rows that a list asks for at once.
const ROWS: u32 = 50;

macro_rules! asked {
    ($client:ident.$command:ident($args:expr)) => {{
        let args = $args;
        let started = now();
        let answer = $client.$command(args).await?;
        let took = started.elapsed();
        Ok((took, serde_json::to_vec(&answer)?.len()))
    }};
}

macro_rules! pages {
    ($($page:ident $name:literal,)*) => {
        /// A question of a page.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Page { $($page,)* }

        /// All of them.
        pub(super) const PAGES: [Page; [$($name),*].len()] = [$(Page::$page),*];

        impl Page {
            /// What it is called.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$page => $name,)* }
            }
        }
    };
}

pages! {
    Today "today",
    Round "round",
    RoundNear "round_near",
    Buildings "buildings",
    Building "building",
    Door "door",
    RecordsOfOne "records_of_one",
    Places "places",
    PlacesFound "places_found",
    Campaigns "campaigns",
    Campaign "campaign",
    Missing "missing",
    Answers "answers",
    Duplicates "duplicates",
    Disputes "disputes",
    Conflicts "conflicts",
    Delivery "delivery",
    Forms "forms",
    Records "records",
    Cases "cases",
}

impl Page {
    /// Asks. Gives how long it took, and how much was answered.
    pub(super) async fn ask(
        self,
        client: &Client,
        town: &Town,
        dice: &mut Dice,
    ) -> Result<(Duration, usize)> {
        let campaign = town.campaign;
        match self {
            Self::Today => asked!(client.get_today(GetToday {})),
            Self::Round => asked!(client.get_round(GetRound {
                near: None,
                doors: 60
            })),
            Self::RoundNear => asked!(client.get_round(GetRound {
                near: Some(Town::near()?),
                doors: 60
            })),
            Self::Buildings => asked!(client.list_buildings(ListBuildings::default())),
            Self::Building => asked!(client.get_building(GetBuilding {
                building: town.building(dice)?
            })),
            Self::Door => asked!(client.get_door(GetDoor {
                dwelling: town.door(dice)?
            })),
            Self::RecordsOfOne => asked!(client.list_records(ListRecords {
                subject: Some(DocRef::entry(EntryKind::Resident, town.resident(dice)?)),
                offset: 0,
                limit: ROWS,
            })),
            Self::Places => asked!(client.list_places(ListPlaces {
                limit: ROWS,
                ..ListPlaces::default()
            })),
            Self::PlacesFound => asked!(client.list_places(ListPlaces {
                text: town::typed(dice),
                limit: ROWS,
                ..ListPlaces::default()
            })),
            Self::Campaigns => asked!(client.list_campaigns(ListCampaigns {})),
            Self::Campaign => asked!(client.get_campaign(GetCampaign {
                campaign,
                buildings: 100
            })),
            Self::Missing => asked!(client.list_missing(ListMissing {
                campaign,
                offset: dice.few(1_000)
            })),
            Self::Answers => asked!(client.get_answers(GetAnswers { campaign })),
            Self::Duplicates => asked!(client.list_duplicates(ListDuplicates {})),
            Self::Disputes => asked!(client.list_disputes(ListDisputes {})),
            Self::Conflicts => asked!(client.list_conflicts(ListConflicts {})),
            Self::Delivery => asked!(client.get_delivery(GetDelivery {})),
            Self::Forms => asked!(client.list_forms(ListForms {})),
            Self::Records => asked!(client.list_records(ListRecords {
                subject: None,
                offset: 0,
                limit: ROWS,
            })),
            Self::Cases => asked!(client.list_cases(ListCases {
                filter: CaseFilter::default(),
                query: String::new(),
                sort: CaseSort::default(),
                offset: 0,
                limit: ROWS,
            })),
        }
    }
}
