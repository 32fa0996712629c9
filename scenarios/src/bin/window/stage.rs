//! Where a story plays: a fresh folder under target/, a hub, devices, numbered pictures, a log.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on the terminal"
)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{app::Device, hub::Hub};

/// The stage of one story.
#[derive(Debug)]
pub(crate) struct Stage {
    folder: PathBuf,
    pictures: PathBuf,
    taken: u32,
    /// The hub.
    pub(crate) hub: Hub,
    devices: Vec<Device>,
}

/// Names a device of a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeviceNo(usize);

/// A tablet held upright.
pub(crate) const TABLET: (u32, u32) = (800, 1_280);

/// A desktop screen.
pub(crate) const DESKTOP: (u32, u32) = (1_440, 900);

impl Stage {
    /// A fresh stage in `target/<area>/<story>`; pictures go to `target/<area>/<story>/`.
    pub(crate) fn new(area: &str, story: &str) -> Result<Self> {
        let pictures = Path::new("target").join(area).join(story);
        if pictures.exists() {
            fs::remove_dir_all(&pictures)?;
        }
        let folder = std::path::absolute(&pictures)?.join("run");
        fs::create_dir_all(&folder)?;
        let hub = Hub::with_sample_city(&folder)?;
        Ok(Self {
            folder,
            pictures,
            taken: 0,
            hub,
            devices: Vec::new(),
        })
    }

    /// Brings a new device with the app open.
    pub(crate) async fn device(&mut self, name: &str, size: (u32, u32)) -> Result<DeviceNo> {
        let number = self.closed_device(name, size).await?;
        self.on(number)?.open().await?;
        Ok(number)
    }

    /// Brings a new device; the app was never started on it.
    pub(crate) async fn closed_device(&mut self, name: &str, size: (u32, u32)) -> Result<DeviceNo> {
        self.devices
            .push(Device::new(name, size, &self.folder).await?);
        Ok(DeviceNo(self.devices.len() - 1))
    }

    /// The device.
    pub(crate) fn on(&mut self, number: DeviceNo) -> Result<&mut Device> {
        self.devices
            .get_mut(number.0)
            .context("the device is on the stage")
    }

    /// The folder for files of the story.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says what happens.
    pub(crate) fn say(&self, words: &str) {
        let story = self.pictures.file_name().unwrap_or_default();
        println!("  {}: {words}", story.display());
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.pictures.join("log.txt"));
        if let Ok(mut log) = log {
            // The log is a convenience; the story does not depend on it.
            drop(writeln!(log, "{words}"));
        }
    }

    /// Takes a numbered picture and says what it shows.
    pub(crate) async fn picture(
        &mut self,
        number: DeviceNo,
        name: &str,
        words: &str,
    ) -> Result<()> {
        self.taken += 1;
        let file = self.pictures.join(format!("{:02}-{name}.png", self.taken));
        self.on(number)?.picture(&file).await?;
        self.say(&format!("{:02} {words}", self.taken));
        Ok(())
    }

    /// Pictures of all screens, after a failure.
    pub(crate) async fn picture_of_failure(&self) {
        for device in &self.devices {
            let file = self.pictures.join(format!("failed-{}.png", device.name));
            if let Err(error) = device.picture(&file).await {
                println!("  no picture of {}: {error}", device.name);
            }
        }
    }

    /// Ends everything.
    pub(crate) async fn strike(mut self) {
        for device in &mut self.devices {
            // A device that was killed by the story has nothing to close.
            drop(device.close().await);
        }
    }
}
