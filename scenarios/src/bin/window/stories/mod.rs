//! The stories: what a person does, and what must be true afterwards. One story is one file.

mod at_the_door;
mod bad_input;
mod building;
mod burden;
mod corrections;
mod deleting;
mod erasing;
mod every_page;
mod finding;
mod first_start;
mod forms;
mod history;
mod households;
mod import;
mod keystore;
mod listed;
mod merging;
mod places;
mod plates;
mod publish;
mod residents;
mod rounds;
mod steps;
mod touch;
mod working_day;

use anyhow::{Result, bail};

use crate::stage::Stage;
pub(crate) use working_day::working_day;

/// All stories, in the order they are told.
pub(crate) const NAMES: &[&str] = &[
    "working_day",
    "first_start",
    "every_page",
    "touch",
    "corrections",
    "deleting",
    "erasing",
    "merging",
    "residents",
    "places",
    "plates",
    "rounds",
    "at_the_door",
    "burden",
    "import",
    "households",
    "history",
    "forms",
    "publish",
    "keystore",
    "bad_input",
];

/// Tells one story.
pub(crate) async fn run(name: &str, stage: &mut Stage) -> Result<()> {
    match name {
        "working_day" => working_day(stage).await,
        "first_start" => first_start::first_start(stage).await,
        "every_page" => every_page::every_page(stage).await,
        "corrections" => corrections::corrections(stage).await,
        "deleting" => deleting::deleting(stage).await,
        "erasing" => erasing::erasing(stage).await,
        "merging" => merging::merging(stage).await,
        "residents" => residents::residents(stage).await,
        "places" => places::places(stage).await,
        "plates" => plates::plates(stage).await,
        "rounds" => rounds::rounds(stage).await,
        "at_the_door" => at_the_door::at_the_door(stage).await,
        "burden" => burden::burden(stage).await,
        "import" => import::import(stage).await,
        "households" => households::households(stage).await,
        "history" => history::history(stage).await,
        "forms" => forms::forms(stage).await,
        "publish" => publish::publish(stage).await,
        "touch" => touch::touch(stage).await,
        "bad_input" => bad_input::bad_input(stage).await,
        "keystore" => keystore::keystore(stage).await,
        _ => bail!("there is no story {name}"),
    }
}
