//! A device of the sample city, without a hub.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result};
use client::{Client, FileKeys, Options, SystemClock};
use scenarios::sample_city;
use shared::hub_api::StaffCard;

/// The data of a grid worker's device in `folder`, enrolled, with the city's packs.
pub(crate) async fn worker(folder: &Path) -> Result<Client> {
    of(folder, "w-0101").await
}

/// The same of any member of staff.
pub(crate) async fn of(folder: &Path, staff: &str) -> Result<Client> {
    let client = again(folder).await;
    client::testing::enrol(&client, card(staff)?).await?;
    client::testing::load_pack(&client, sample_city::sample_city()?).await?;
    Ok(client)
}

/// A device that is in `folder` already.
pub(crate) async fn again(folder: &Path) -> Client {
    Client::open(Options {
        keys: Arc::new(FileKeys::new(folder)),
        data_dir: folder.to_owned(),
        clock: Arc::new(SystemClock::new()),
        device_name: "bench".to_owned(),
        app_version: "0".to_owned(),
    })
    .await
}

fn card(staff: &str) -> Result<StaffCard> {
    let city = sample_city::sample_city()?;
    let worker = city
        .staff
        .iter()
        .find(|it| it.id.as_str() == staff)
        .context("the sample city has nobody of this id")?;
    Ok(StaffCard {
        id: worker.id.clone(),
        name: worker.name.clone(),
        name_en: worker.name_en.clone(),
        badge_no: worker.badge_no.clone(),
        roles: worker.roles.clone(),
        grids: city.grids_of(worker),
        permissions: [].into(),
    })
}
