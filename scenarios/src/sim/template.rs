//! What every schedule begins with, made once: a hub with the city, devices enrolled and in step,
//! and a few photos. A schedule copies it instead of making it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fault::{Disk, Simulation};
use shared::{DeviceId, StaffId, ipc::ListForms};
use uuid::Uuid;

use crate::folders;

use super::{
    city::{City, OWNERS},
    clocks::{Clock, TrueTime},
    dice::Dice,
    files, form,
    network::Network,
    register,
    station::Station,
    tablet::{Ended, Tablet},
};

async fn in_step(tablet: &mut Tablet) -> Result<()> {
    let Ended::Done(round) = tablet.syncs().await? else {
        anyhow::bail!("nothing may fail before the schedule begins");
    };
    anyhow::ensure!(round?.is_complete(), "all comes down whole");
    Ok(())
}

/// Monday 2026-11-23, nine in the morning, in China.
const BEGINNING: i64 = 1_795_395_600_000;

/// How many different photos there are.
const PHOTOS: u32 = 5;

/// Few, for each is decoded and encoded a dozen times in a schedule; but more than a thumbnail has,
/// or photo and thumbnail would be the same file.
const PIXELS: (u16, u16) = (272, 96);

/// The beginnings of all schedules.
#[derive(Debug)]
pub struct Templates {
    as_for_people: Template,
    plain: Template,
}

impl Templates {
    /// Makes them.
    pub async fn new() -> Result<Self> {
        Ok(Self {
            as_for_people: Template::new(Disk::AsForPeople).await?,
            plain: Template::new(Disk::Plain).await?,
        })
    }

    /// What the schedule of this seed begins with: every tenth has databases as people
    /// have them.
    pub(super) fn of(&self, seed: u64) -> &Template {
        if seed.is_multiple_of(10) {
            &self.as_for_people
        } else {
            &self.plain
        }
    }
}

/// The beginning of a schedule.
#[derive(Debug)]
pub(super) struct Template {
    folder: tempfile::TempDir,
    /// The city as the hub has it.
    pub(super) city: City,
    /// The document of the form that people fill in.
    pub(super) form: Uuid,
    /// The devices.
    pub(super) devices: Vec<DeviceId>,
    /// Files as a camera makes them.
    pub(super) photos: Vec<Vec<u8>>,
    /// What time it is.
    pub(super) began_at: i64,
    /// How the devices' databases are written.
    pub(super) disk: Disk,
}

impl Template {
    async fn new(disk: Disk) -> Result<Self> {
        let _here = Simulation::begin(0, disk);
        let folder = tempfile::tempdir_in(files::playground())?;
        let time = TrueTime::at(BEGINNING);
        let network = Network::new(Dice::new(0), OWNERS.len(), &time);
        network.state().calm = true;
        let city = City::new()?;
        let data = folder.path().join("hub");
        let mut station = Station::new(data, network.clone(), Clock::booted(&time, 0, 0));
        station.start().await?;
        station.hub()?.load_pack(&city.to_json()?).await?;
        let book = form::workbook()?;
        let no_lists = |_: &str| Err(hub::Error::FormTooLarge);
        station.hub()?.load_form(&book, "door", no_lists).await?;
        let mut devices = Vec::new();
        let mut form = None;
        for (who, staff) in OWNERS.iter().enumerate() {
            let unknown = DeviceId::from_bytes([0; 16]);
            let home = folder.path().join(format!("d{who}"));
            let mut tablet = Tablet::new(who, (staff, unknown), home, &time, &network);
            tablet.open().await?;
            let code = station.hub()?.enrol(StaffId::from(*staff)).await?.code;
            let client = tablet.client()?;
            let link = tablet.link().clone();
            link.gate.set_open(true);
            client.enrol_with(&link, "127.0.0.1:1", &code).await?;
            in_step(&mut tablet).await?;
            if who == 0 {
                let forms = client.list_forms(ListForms {}).await?.forms;
                form = forms.first().map(|form| form.doc);
                register::first_door(&client, &city).await?;
                link.gate.set_open(true);
                in_step(&mut tablet).await?;
            }
            time.pass(60_000);
            drop(client);
            tablet.close();
            let known = station.hub()?.devices().await?;
            let new = known.into_iter().find(|line| !devices.contains(&line.id));
            devices.push(new.context("the device is known")?.id);
        }
        station.stop();
        Ok(Self {
            folder,
            city,
            form: form.context("the form is there")?,
            devices,
            photos: (1..=PHOTOS)
                .map(|number| crate::world::street_photo(number, PIXELS.0, PIXELS.1))
                .collect(),
            began_at: time.ms(),
            disk,
        })
    }

    /// Copies the hub's folder into `to`.
    pub(super) fn copy_hub(&self, to: &Path) -> Result<PathBuf> {
        let home = to.join("hub");
        folders::copy(&self.folder.path().join("hub"), &home)?;
        Ok(home)
    }

    /// Copies a device's folder into `to`.
    pub(super) fn copy_device(&self, who: usize, to: &Path) -> Result<PathBuf> {
        let name = format!("d{who}");
        let home = to.join(&name);
        folders::copy(&self.folder.path().join(name), &home)?;
        Ok(home)
    }
}
