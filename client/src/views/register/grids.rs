//! The grids this person may enter things in.

use shared::ipc::{GetOwnGrids, OwnGrid};

use crate::{core::Core, error::Result, store::device};

/// In the order of the person's card.
pub(crate) fn own(core: &Core, _args: GetOwnGrids) -> Result<Vec<OwnGrid>> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let enrolment = device::get(db)?.enrolment;
        let grids = enrolment.map(|it| it.staff.grids).unwrap_or_default();
        let named = grids.into_iter().map(|code| {
            let name = packs.grid_name(&code);
            OwnGrid {
                code,
                name: name.name,
                name_en: name.name_en,
            }
        });
        Ok(named.collect())
    })
}
