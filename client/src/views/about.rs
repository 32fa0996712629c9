//! 我的: versions, and how much room everything takes.

use shared::ipc::About;

use crate::{
    Options,
    core::Core,
    error::Result,
    open::database_in,
    store::{SCHEMA_VERSION, captured, device, files_of},
};

/// The page.
pub(crate) fn get(core: &Core, options: &Options) -> Result<About> {
    let database = files_of(&database_in(&options.data_dir));
    let database_bytes = database
        .iter()
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum();
    let photo_bytes = core.vault.size_on_disk()?;
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let device = device::get(db)?;
        Ok(About {
            app_version: options.app_version.clone(),
            schema_version: SCHEMA_VERSION,
            device_id: device.id.to_string(),
            key_store: options.keys.store(),
            database_bytes,
            photo_bytes,
            photos: captured::count_here(db)?,
            free_bytes: free_bytes(options),
            pack_version: packs.version.clone(),
            last_sync_at: device.last_complete_at,
            catalogue_version: packs
                .catalogue
                .as_ref()
                .map(|catalogue| catalogue.version.clone()),
        })
    })
}

#[cfg(unix)]
fn free_bytes(options: &Options) -> Option<u64> {
    let disk = rustix::fs::statvfs(&options.data_dir).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free_bytes(_options: &Options) -> Option<u64> {
    None
}
