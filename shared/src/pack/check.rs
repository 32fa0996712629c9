//! Reads a pack file and refuses one that would mislead people in the field, naming the place.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{CityPack, FORMAT_VERSION, calendar};
use crate::{Author, Permission, geo};

/// Why a pack is refused. Nothing of it has been loaded then.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Not JSON, or not the fields of a pack; the text names line and column.
    #[error("the file is not a pack: {0}")]
    NotAPack(#[source] serde_json::Error),
    /// Another kind of file.
    #[error("the file's format is {0:?}, expected \"gridwalker-city\"")]
    OtherFormat(String),
    /// A newer or unknown version.
    #[error("the pack has format version {found}; this program reads version {supported}")]
    UnknownVersion {
        /// What the file says.
        found: u32,
        /// What this code reads.
        supported: u32,
    },
    /// A grid whose outline has no area, crosses itself or is not on earth.
    #[error(
        "grid {grid}: its polygon is broken (fewer than three points, crossing edges, or coordinates not on earth)"
    )]
    BrokenPolygon {
        /// The grid's code.
        grid: String,
    },
    /// The same code twice.
    #[error("{what} {code} occurs twice")]
    Twice {
        /// What kind of thing.
        what: &'static str,
        /// Its code.
        code: String,
    },
    /// A reference to something that is not in the pack.
    #[error("{what} {code} refers to {missing}, which is not in the pack")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its code.
        code: String,
        /// What it refers to.
        missing: String,
    },
    /// A value that can't be.
    #[error("{what} {code}: {problem}")]
    Wrong {
        /// What kind of thing.
        what: &'static str,
        /// Its code.
        code: String,
        /// What is wrong, with what to do.
        problem: &'static str,
    },
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
    #[serde(default)]
    format_version: u32,
}

/// Reads and checks a pack file.
pub fn parse(json: &[u8]) -> Result<CityPack, PackError> {
    // The head first: a newer format must be named as such, not as a missing field.
    let head: Head = serde_json::from_slice(json).map_err(PackError::NotAPack)?;
    if head.format != "gridwalker-city" {
        return Err(PackError::OtherFormat(head.format));
    }
    if head.format_version != FORMAT_VERSION {
        return Err(PackError::UnknownVersion {
            found: head.format_version,
            supported: FORMAT_VERSION,
        });
    }
    let pack: CityPack = serde_json::from_slice(json).map_err(PackError::NotAPack)?;
    check_divisions_and_grids(&pack)?;
    check_catalogue(&pack)?;
    check_calendar(&pack)?;
    check_staff(&pack)?;
    check_visiting(&pack)?;
    Ok(pack)
}

fn check_visiting(pack: &CityPack) -> Result<(), PackError> {
    match pack.visiting.problem() {
        Some(problem) => Err(PackError::Wrong {
            what: "pack",
            code: "visiting".to_owned(),
            problem,
        }),
        None => Ok(()),
    }
}

fn unique<'a>(
    what: &'static str,
    codes: impl Iterator<Item = &'a str>,
) -> Result<BTreeSet<&'a str>, PackError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(PackError::Twice {
                what,
                code: code.to_owned(),
            });
        }
    }
    Ok(seen)
}

fn refers(
    what: &'static str,
    code: &str,
    known: &BTreeSet<&str>,
    to: &str,
) -> Result<(), PackError> {
    if known.contains(to) {
        return Ok(());
    }
    Err(PackError::Missing {
        what,
        code: code.to_owned(),
        missing: to.to_owned(),
    })
}

fn check_divisions_and_grids(pack: &CityPack) -> Result<(), PackError> {
    let divisions = unique("division", pack.divisions.iter().map(|d| d.code.as_str()))?;
    for division in &pack.divisions {
        if division.parent != pack.city.code {
            refers("division", &division.code, &divisions, &division.parent)?;
        }
    }
    unique("grid", pack.grids.iter().map(|g| g.code.as_str()))?;
    for grid in &pack.grids {
        let code = grid.code.as_str();
        refers("grid", code, &divisions, &grid.community)?;
        if code.is_empty() || code.len() > 20 {
            return Err(PackError::Wrong {
                what: "grid",
                code: code.to_owned(),
                problem: "a grid code has 1 to 20 characters",
            });
        }
        if !geo::ring_is_valid(&grid.polygon) {
            return Err(PackError::BrokenPolygon {
                grid: code.to_owned(),
            });
        }
    }
    Ok(())
}

fn check_catalogue(pack: &CityPack) -> Result<(), PackError> {
    let departments = unique("department", pack.departments.iter().map(|d| d.id.as_str()))?;
    unique(
        "category",
        pack.catalogue.categories.iter().map(|c| c.code.as_str()),
    )?;
    for category in &pack.catalogue.categories {
        let code = category.code.as_str();
        let wrong = |problem| PackError::Wrong {
            what: "category",
            code: code.to_owned(),
            problem,
        };
        for department in &category.departments {
            refers("category", code, &departments, department)?;
        }
        unique(
            "condition",
            category.conditions.iter().map(|c| c.code.as_str()),
        )?;
        if category.conditions.is_empty() {
            return Err(wrong(
                "it has no condition 立案条件; give at least one with its limit",
            ));
        }
        if category
            .conditions
            .iter()
            .any(|c| c.limit.value == 0 || c.limit.value > 10_000)
        {
            return Err(wrong("a limit must be between 1 and 10000"));
        }
        if category.pinyin.trim().is_empty() {
            return Err(wrong("it has no pinyin; people search by it"));
        }
    }
    Ok(())
}

fn check_calendar(pack: &CityPack) -> Result<(), PackError> {
    let calendar = &pack.calendar;
    let wrong = |code: &str, problem| PackError::Wrong {
        what: "calendar",
        code: code.to_owned(),
        problem,
    };
    let mut end = 0;
    for [from, to] in &calendar.slots {
        if from >= to || *from < end || *to > 24 * 60 {
            return Err(wrong(
                "slots",
                "slots must be ascending, disjoint and within one day",
            ));
        }
        end = *to;
    }
    if calendar.slots.is_empty() {
        return Err(wrong(
            "slots",
            "there is no working time; give at least one slot",
        ));
    }
    if calendar.utc_offset_minutes.abs() > 14 * 60 {
        return Err(wrong("utc_offset_minutes", "it must lie within ±14 hours"));
    }
    let dates = calendar
        .days
        .keys()
        .chain([&calendar.valid_from, &calendar.valid_to]);
    for date in dates {
        if calendar::parse_iso(date).is_none() {
            return Err(wrong(date, "not a date of the form 2026-11-23"));
        }
    }
    Ok(())
}

fn check_staff(pack: &CityPack) -> Result<(), PackError> {
    let grids: BTreeSet<_> = pack.grids.iter().map(|g| g.code.as_str()).collect();
    let divisions: BTreeSet<_> = pack.divisions.iter().map(|d| d.code.as_str()).collect();
    let departments: BTreeSet<_> = pack.departments.iter().map(|d| d.id.as_str()).collect();
    unique("staff", pack.staff.iter().map(|s| s.id.as_str()))?;
    for staff in &pack.staff {
        let id = staff.id.as_str();
        if staff.id == Author::hub().staff {
            return Err(PackError::Wrong {
                what: "staff",
                code: id.to_owned(),
                problem: "the hub calls itself so; give another id",
            });
        }
        for grid in &staff.grids {
            refers("staff", id, &grids, grid.as_str())?;
        }
        for community in &staff.communities {
            refers("staff", id, &divisions, community)?;
        }
        if let Some(department) = &staff.department {
            refers("staff", id, &departments, department)?;
        }
        if staff.roles.is_empty() {
            return Err(PackError::Wrong {
                what: "staff",
                code: id.to_owned(),
                problem: "no role; give at least one",
            });
        }
        if staff.permissions.contains(&Permission::Unknown) {
            return Err(PackError::Wrong {
                what: "staff",
                code: id.to_owned(),
                problem: "a permission this version doesn't know",
            });
        }
    }
    Ok(())
}
