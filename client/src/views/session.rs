//! Who uses this device, how it looks, what is wrong with it.

use shared::{
    GridCode,
    ipc::{Enrolment, GridName, Problem, Session, Settings},
};

use crate::{
    core::Core,
    error::Result,
    packs::{Packs, UTC_OFFSET_MINUTES},
    store::{device, settings},
};

/// Where the webview finds photos: a scheme of its own, or, where the platform's webview has no
/// such thing, a host of that name.
const PHOTO_BASE: &str = if cfg!(any(windows, target_os = "android")) {
    "https://photo.localhost/"
} else {
    "photo://localhost/"
};

/// The session.
pub(crate) fn get(core: &Core, problem: Option<Problem>) -> Result<Session> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let device = device::get(db)?;
        let enrolment = device.enrolment.map(|enrolment| Enrolment {
            hub_url: enrolment.hub_url,
            hub_name: enrolment.hub_name,
            role: enrolment.staff.main_role(),
            grids: grid_names(&packs, &enrolment.staff.grids),
            staff: enrolment.staff,
            revoked: device.revoked,
        });
        Ok(Session {
            enrolment,
            settings: settings::find(db, settings::LOOK)?.unwrap_or_default(),
            problem,
            photo_base: PHOTO_BASE.to_owned(),
            utc_offset_minutes: packs.utc_offset_minutes(),
        })
    })
}

/// Empty until the packs are there.
fn grid_names(packs: &Packs, codes: &[GridCode]) -> Vec<GridName> {
    if packs.grids.is_empty() {
        return Vec::new();
    }
    codes.iter().map(|code| packs.grid_name(code)).collect()
}

/// The session of a device whose database can't be used.
pub(crate) fn without_database(problem: Option<Problem>) -> Session {
    Session {
        enrolment: None,
        settings: Settings::default(),
        problem,
        photo_base: PHOTO_BASE.to_owned(),
        utc_offset_minutes: UTC_OFFSET_MINUTES,
    }
}
