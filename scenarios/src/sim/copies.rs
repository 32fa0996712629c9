//! Tablets that are copied, as a careless administrator does, or put back from a backup: two devices
//! with one identity, and a device that knows less than the hub has of it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use shared::DeviceId;

use super::{book::Page, world::World};

/// As many devices as a schedule has at most, copies included.
const DEVICES_MAX: usize = 6;

/// A copy of a device's folder, and what was known of the device then.
#[derive(Debug)]
pub(super) struct Saved {
    who: usize,
    folder: PathBuf,
    device: DeviceId,
    page: Page,
}

impl World<'_> {
    /// A device's folder is copied, and both go on.
    pub(super) async fn is_copied(&mut self, who: usize) -> Result<()> {
        let happens = self.roll(|dice| dice.chance(60));
        if !happens || self.tablets.len() >= DEVICES_MAX || !self.is_known_whole(who).await? {
            return Ok(());
        }
        let copy = self.book.device_was_copied(who);
        self.say(format!("d{copy} is made of a copy of d{who}"));
        let folder = self.folder.path().join(format!("d{copy}"));
        let network = self.network.clone();
        let tablet = self.tablet(who)?;
        tablet.copy_to(&folder)?;
        let tablet = tablet.copied(copy, folder, &network);
        self.tablets.push(tablet);
        self.network.state().one_more_like(who);
        self.opens(copy).await
    }

    /// A device's folder is copied, for later.
    pub(super) async fn is_backed_up(&mut self, who: usize) -> Result<()> {
        if !self.is_known_whole(who).await? {
            return Ok(());
        }
        self.say(format!("d{who} is backed up"));
        let folder = self.folder.path().join(format!("d{who}-backup"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let device = self.tablet_mut(who)?.tells_identity().await?;
        self.tablet(who)?.copy_to(&folder)?;
        let page = self.book.page(who);
        self.copies.retain(|copy| copy.who != who);
        self.copies.push(Saved {
            who,
            folder,
            device,
            page,
        });
        Ok(())
    }

    /// A device is put back as it was, `who` if there is a copy of it: what it did since is gone
    /// from it.
    pub(super) async fn is_put_back(&mut self, who: usize) -> Result<()> {
        let of_it = self.copies.iter().position(|copy| copy.who == who);
        let Some(at) = of_it.or(self.copies.len().checked_sub(1)) else {
            return Ok(());
        };
        let who = self.copies.get(at).context("there is such a copy")?.who;
        // What it has now is written down, so that it is known what goes.
        if self.tablet(who)?.is_open() {
            self.holds_outbox(who).await?;
        }
        let copy = self.copies.get(at).context("there is such a copy")?;
        let (folder, device) = (copy.folder.clone(), copy.device);
        let gone = self.book.device_was_put_back(who, &copy.page);
        self.say(format!(
            "d{who} is put back as it was at a backup; {gone} operations are gone"
        ));
        self.network.state().is_as_it_was(who);
        let tablet = self.tablet_mut(who)?;
        tablet.becomes(&folder)?;
        tablet.device = device;
        self.opens(who).await
    }

    /// Whether the device is on, and all it has is in the book. One that is off may have an
    /// operation that nobody was told of.
    async fn is_known_whole(&mut self, who: usize) -> Result<bool> {
        if !self.tablet(who)?.is_open() {
            return Ok(false);
        }
        self.holds_outbox(who).await?;
        Ok(true)
    }
}
