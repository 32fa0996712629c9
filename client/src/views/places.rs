//! Places: which grid a position is in, the nearest address, and addresses to choose from.

use std::collections::BTreeSet;

use shared::{
    Extra, GridCode, Place, PlaceSource, Position,
    geo::distance_m,
    ipc::{AddressHit, FindAddresses, KnownPlace, PlaceView, ResolvePlace},
    pack::{Address, Grid},
    search::{Fit, Name, fit},
};

use crate::{
    core::Core,
    error::{Error, Result},
    packs::Packs,
    store::device,
};

/// An address farther away says nothing about a position, in metres.
const NEAR_M: f64 = 200.0;

/// Addresses offered at once.
const HITS_MAX: usize = 50;

/// Makes a place of what is known.
pub(crate) fn resolve(core: &Core, args: ResolvePlace) -> Result<PlaceView> {
    core.store.read(|db| {
        let own = device::get(db)?.staff()?.grids.clone();
        let packs = core.packs(db)?;
        let city = City {
            packs: &packs,
            own: &own,
        };
        match args.known {
            KnownPlace::Device {
                lng,
                lat,
                accuracy_m,
            } => {
                // Missing and impossible numbers are the same: no fix.
                let position = lng
                    .zip(lat)
                    .and_then(|(lng, lat)| Position::new(lng, lat).ok());
                let Some(position) = position else {
                    return Ok(PlaceView::NoFix);
                };
                let accuracy_m = accuracy_m.filter(|metres| metres.is_finite() && *metres >= 0.0);
                city.at(position, accuracy_m, PlaceSource::Device)
            }
            KnownPlace::Photo { position } => city.at(position, None, PlaceSource::Photo),
            KnownPlace::Address { grid, text } => Ok(city.address(grid, text)),
            KnownPlace::Typed { text } => city.typed(text),
        }
    })
}

/// Addresses that fit, own grids first.
pub(crate) fn find(core: &Core, args: FindAddresses) -> Result<Vec<AddressHit>> {
    core.store.read(|db| {
        let own = device::get(db)?
            .enrolment
            .map(|e| e.staff.grids)
            .unwrap_or_default();
        let packs = core.packs(db)?;
        let city = City {
            packs: &packs,
            own: &own,
        };
        Ok(city.find(&args.query))
    })
}

/// The city, seen by somebody with grids of their own.
struct City<'a> {
    packs: &'a Packs,
    own: &'a [GridCode],
}

impl City<'_> {
    fn at(
        &self,
        position: Position,
        accuracy_m: Option<f64>,
        source: PlaceSource,
    ) -> Result<PlaceView> {
        let found = self.packs.grid_at(position);
        // Without any outline nothing can be said; a warning would be about our own gap.
        let in_own_grid = match found {
            Some(grid) => self.own.contains(&grid.code),
            None => self.packs.grids.is_empty(),
        };
        let grid = match found {
            Some(grid) => grid.code.clone(),
            None => self.first_own()?,
        };
        let near = self.nearest(position);
        let place = Place {
            position: Some(position),
            accuracy_m,
            source,
            address: near
                .as_ref()
                .map(|near| near.text.clone())
                .unwrap_or_default(),
            grid,
            in_own_grid,
            extra: Extra::default(),
        };
        Ok(PlaceView::Found {
            place: Box::new(place),
            grid_name: found.map(|grid| self.packs.grid_name(&grid.code)),
            near: near.map(Box::new),
        })
    }

    fn address(&self, code: GridCode, text: String) -> PlaceView {
        let area = self.packs.grids.get(&code);
        let listed = area.and_then(|area| area.grid.addresses.iter().find(|a| a.text == text));
        PlaceView::Found {
            grid_name: area.map(|_| self.packs.grid_name(&code)),
            place: Box::new(Place {
                position: listed.map(|address| address.position),
                accuracy_m: None,
                source: PlaceSource::Address,
                address: text,
                in_own_grid: self.own.contains(&code),
                grid: code,
                extra: Extra::default(),
            }),
            near: area
                .zip(listed)
                .map(|(area, address)| Box::new(self.hit(&area.grid, address, None))),
        }
    }

    fn typed(&self, text: String) -> Result<PlaceView> {
        let grid = self.first_own()?;
        let known = self.packs.grids.contains_key(&grid);
        Ok(PlaceView::Found {
            grid_name: known.then(|| self.packs.grid_name(&grid)),
            place: Box::new(Place {
                position: None,
                accuracy_m: None,
                source: PlaceSource::Typed,
                address: text.trim().to_owned(),
                grid,
                in_own_grid: true,
                extra: Extra::default(),
            }),
            near: None,
        })
    }

    /// The grid of what can't be placed otherwise. The hub needs one to know whom it concerns.
    fn first_own(&self) -> Result<GridCode> {
        let any = || self.packs.grids.keys().next();
        self.own
            .first()
            .or_else(any)
            .cloned()
            .ok_or(Error::NotEnrolled)
    }

    fn nearest(&self, position: Position) -> Option<AddressHit> {
        // 0.01 degrees are at least 500 metres anywhere people report things.
        let close = |address: &Address| {
            (address.position.lat() - position.lat()).abs() < 0.01
                && (address.position.lng() - position.lng()).abs() < 0.01
        };
        let addresses = self.packs.grids.values().flat_map(|area| {
            area.grid
                .addresses
                .iter()
                .map(move |address| (&area.grid, address))
        });
        addresses
            .filter(|(_, address)| close(address))
            .map(|(grid, address)| (distance_m(position, address.position), grid, address))
            .filter(|(metres, _, _)| *metres <= NEAR_M)
            .min_by(|(a, _, _), (b, _, _)| a.total_cmp(b))
            .map(|(metres, grid, address)| self.hit(grid, address, Some(metres)))
    }

    fn find(&self, query: &str) -> Vec<AddressHit> {
        let is_own: BTreeSet<&GridCode> = self.own.iter().collect();
        // An empty query lists the own grids only.
        let all = !query.trim().is_empty();
        let mut hits: Vec<(bool, Fit, &Grid, &Address)> = Vec::new();
        for area in self.packs.grids.values() {
            let other = !is_own.contains(&area.grid.code);
            if other && !all {
                continue;
            }
            let found =
                area.grid.addresses.iter().filter_map(|address| {
                    Some((other, fits(query, address)?, &area.grid, address))
                });
            hits.extend(found);
        }
        hits.sort_by_key(|(other, fit, _, _)| (*other, *fit));
        hits.into_iter()
            .take(HITS_MAX)
            .map(|(_, _, grid, address)| self.hit(grid, address, None))
            .collect()
    }

    fn hit(&self, grid: &Grid, address: &Address, distance_m: Option<f64>) -> AddressHit {
        AddressHit {
            grid: self.packs.grid_name(&grid.code),
            street: address.street.clone(),
            text: address.text.clone(),
            text_en: address.text_en.clone(),
            own: self.own.contains(&grid.code),
            distance_m,
        }
    }
}

fn fits(query: &str, address: &Address) -> Option<Fit> {
    let chinese = fit(
        query,
        Name {
            text: &address.text,
            pinyin: &address.pinyin,
        },
    );
    chinese.or_else(|| {
        fit(
            query,
            Name {
                text: &address.text_en,
                pinyin: "",
            },
        )
    })
}
