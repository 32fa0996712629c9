//! One file (or folder) a route.

pub(crate) mod campaigns;
mod case;
mod cases;
mod closed;
mod conflicts;
mod delivery;
mod desk;
mod enrol;
pub(crate) mod erasing;
mod fill;
pub(crate) mod forms;
mod history;
mod import;
mod me;
mod publish;
mod query;
mod record;
mod report;
pub(crate) mod residents;
pub(crate) mod round;
mod today;

pub(crate) use campaigns::{CampaignPage, CampaignsPage};
pub(crate) use cases::Cases;
pub(crate) use closed::Closed;
pub(crate) use conflicts::ConflictsPage;
pub(crate) use delivery::DeliveryPage;
pub(crate) use desk::Desk;
pub(crate) use enrol::EnrolPage;
pub(crate) use fill::FillPage;
pub(crate) use forms::FormsPage;
pub(crate) use history::HistoryPage;
pub(crate) use import::ImportPage;
pub(crate) use me::Me;
pub(crate) use publish::PublishPage;
pub(crate) use record::RecordPage;
pub(crate) use report::Report;
pub(crate) use residents::{
    BuildingPage, DoorPage, DuplicatesPage, EntryHistoryPage, PlacePage, PlacesPage, ResidentsPage,
};
pub(crate) use round::RoundPage;
pub(crate) use today::TodayPage;
