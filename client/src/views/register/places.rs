//! 单位/场所 of this person's grids, page by page, and one of them.

use shared::{
    ipc::{GetPlaceEntry, ListPlaces, PLACES_MAX, PlaceEntry, PlacePage, PlaceRow},
    register::{EntryKind, may_write},
};

use super::{door::building_name, entry};
use crate::{
    core::Core,
    error::{Error, Result},
    register,
    store::{
        device,
        entries::{
            self,
            places::{self, Wanted},
        },
    },
};

/// A page of them.
pub(crate) fn list(core: &Core, args: ListPlaces) -> Result<PlacePage> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let keys: Vec<String> = register::queries(&args.text).collect();
        // What is typed and is nothing to look for finds nothing, and not all.
        let finds_nothing = keys.is_empty() && !args.text.trim().is_empty();
        let wanted = Wanted {
            grid: args.grid,
            building: args.building,
            kind: args.kind,
            keys,
        };
        let (total, lines) = if finds_nothing {
            (0, Vec::new())
        } else {
            let window = (args.offset, args.limit.min(PLACES_MAX));
            (
                places::count(db, &wanted)?,
                places::page(db, &wanted, window)?,
            )
        };
        let rows = lines.into_iter().map(|line| {
            let grid = packs.grid_name(&line.grid);
            Ok(PlaceRow {
                building: building_name(db, &line)?,
                id: line.id,
                name: line.title,
                kind: line.tags.into_iter().next().unwrap_or_default(),
                address: line.place,
                grid_name: grid.name,
                grid_name_en: grid.name_en,
                disputed: line.conflicts > 0,
                unsent: line.unsent > 0,
            })
        });
        let author = device::get(db)?.author();
        Ok(PlacePage {
            rows: rows.collect::<Result<_>>()?,
            total,
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}

/// One of them.
pub(crate) fn get(core: &Core, args: GetPlaceEntry) -> Result<PlaceEntry> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let line = entries::get(db, args.place)?;
        if line.kind != EntryKind::Place {
            return Err(Error::NotFound);
        }
        let grid = packs.grid_name(&line.grid);
        let author = device::get(db)?.author();
        Ok(PlaceEntry {
            building: building_name(db, &line)?,
            grid_name: grid.name,
            grid_name_en: grid.name_en,
            entry: entry::view(db, &packs, line)?,
            may_write: author.is_ok_and(|author| may_write(author.role)),
        })
    })
}
