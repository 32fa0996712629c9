//! The catalogue, and the categories likely here and now.

use shared::{
    CategoryCode,
    ipc::{CatalogueView, GetCatalogue},
};

use super::days_ago;
use crate::{
    core::Core,
    error::Result,
    store::{cases_short, device},
};

/// How many are offered before a person has to look for one.
const LIKELY: usize = 6;

/// What was reported longer ago says little about today.
const LATELY_DAYS: i64 = 60;

/// All categories; and six likely ones: this person's own of late, then what is common at this
/// hour around here, then the small things of every day.
pub(crate) fn get(core: &Core, _args: GetCatalogue) -> Result<CatalogueView> {
    let now = core.clock.now();
    let since = days_ago(now, LATELY_DAYS);
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let Some(catalogue) = &packs.catalogue else {
            return Ok(CatalogueView {
                categories: Vec::new(),
                likely: Vec::new(),
            });
        };
        let mut candidates = Vec::new();
        if let Ok(staff) = device::get(db)?.staff() {
            candidates.extend(cases_short::used_by(db, &staff.id, since, now)?);
            candidates.extend(cases_short::common_at(db, &staff.grids, since, now)?);
        }
        // With nothing to go by, the small things of every day come first: those a worker may
        // handle on the spot.
        let (small, large): (Vec<_>, Vec<_>) = catalogue
            .categories
            .iter()
            .partition(|category| category.self_handle);
        candidates.extend(
            small
                .into_iter()
                .chain(large)
                .map(|category| category.code.clone()),
        );

        let mut likely: Vec<CategoryCode> = Vec::new();
        for code in candidates {
            // A code of an older edition can't be chosen any more.
            if likely.len() < LIKELY && !likely.contains(&code) && packs.category(&code).is_some() {
                likely.push(code);
            }
        }
        Ok(CatalogueView {
            categories: catalogue.categories.clone(),
            likely,
        })
    })
}
