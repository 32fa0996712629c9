//! What bad input gets, on the real app and in both languages: a clear message where it happened,
//! and everything entered before is still there. The table of all tests for it: docs/testing.md.

mod capture;
mod enrolment;
mod network;
mod said;
mod small_disk;
mod storage;

use anyhow::Result;

use self::said::Said;
use crate::stage::{DeviceNo, Stage};

/// The stage, and the language in which things are told.
pub(super) struct Told<'a> {
    stage: &'a mut Stage,
    said: Said,
}

/// Bad input in Chinese, then in English.
pub(super) async fn bad_input(stage: &mut Stage) -> Result<()> {
    stage.hub.start().await?;
    for language in ["zh", "en"] {
        let mut told = Told {
            said: Said::in_language(language)?,
            stage,
        };
        let tablet = enrolment::wrong_codes_and_addresses(&mut told).await?;
        capture::positions_that_are_none(&mut told, tablet).await?;
        capture::files_that_are_no_photos(&mut told, tablet).await?;
        capture::a_megabyte_of_words(&mut told, tablet).await?;
        network::a_portal_in_the_hubs_place(&mut told, tablet).await?;
        network::a_revoked_device(&mut told, tablet).await?;
        storage::a_database_of_a_newer_app(&mut told, tablet).await?;
        storage::a_damaged_database(&mut told, tablet).await?;
        storage::a_full_disk(&mut told).await?;
    }
    Ok(())
}

impl Told<'_> {
    /// Waits until the element says what the locale has at `key`, and takes a picture.
    async fn sees(&mut self, device: DeviceNo, name: &str, key: &str) -> Result<()> {
        let words = self.said.fixed_part(key)?;
        self.stage.on(device)?.window()?.reads(name, &words).await?;
        self.picture(device, key).await
    }

    /// A picture named after the message it shows.
    async fn picture(&mut self, device: DeviceNo, key: &str) -> Result<()> {
        let name = format!("{}-{}", self.said.language, key.replace(['.', '_'], "-"));
        self.stage.picture(device, &name, key).await
    }
}
