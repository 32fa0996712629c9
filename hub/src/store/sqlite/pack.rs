//! Takes in a city pack: staff and grids into their tables, each section into its document.

use rusqlite::Transaction;
use serde::Serialize;
use serde_json::Value;
use shared::{
    Doc, DocRef, Scope, Timestamp,
    pack::{CityPack, Person, Section},
};

use super::{convert::unreadable, docs, feeds, grids, meta, staff};
use crate::store::{PackLoaded, StoreError};

pub(super) fn load(
    tx: &Transaction<'_>,
    pack: &CityPack,
    now: Timestamp,
) -> Result<PackLoaded, StoreError> {
    meta::set(tx, "hub_name", &pack.city.name)?;
    meta::set(tx, "city_code", &pack.city.code)?;
    meta::set(
        tx,
        "utc_offset_minutes",
        &pack.calendar.utc_offset_minutes.to_string(),
    )?;
    meta::set(tx, "pack_version", &pack.version)?;
    grids::add(tx, &pack.grids)?;
    for entry in &pack.staff {
        staff::put(tx, entry, &pack.grids_of(entry))?;
    }
    fault::point("hub/pack: staff taken in, documents not");
    let mut changed = Vec::new();
    for section in Section::ALL {
        if put(tx, section, body(pack, section)?, now)? {
            changed.push(section);
        }
    }
    Ok(PackLoaded {
        version: pack.version.clone(),
        changed,
        staff: pack.staff.len(),
        grids: pack.grids.len(),
    })
}

/// Puts a section's document, unless it is what devices have already.
fn put(
    tx: &Transaction<'_>,
    section: Section,
    body: Value,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let target = DocRef::pack(section);
    let current = docs::find(tx, &target)?;
    if current.as_ref().is_some_and(|doc| doc.body == body) {
        return Ok(false);
    }
    let doc = Doc {
        rev: current.map_or(0, |doc| doc.rev) + 1,
        target,
        body,
    };
    docs::put(tx, &doc, now)?;
    feeds::publish(tx, &doc.target, doc.rev, &[Scope::city()].into())?;
    Ok(true)
}

fn body(pack: &CityPack, section: Section) -> Result<Value, StoreError> {
    match section {
        Section::City => {
            let mut city = json(&pack.city)?;
            if let Value::Object(fields) = &mut city {
                fields.insert("pack_version".to_owned(), pack.version.clone().into());
            }
            Ok(city)
        }
        Section::Divisions => json(&pack.divisions),
        Section::Grids => json(&pack.grids),
        Section::Catalogue => json(&pack.catalogue),
        Section::Calendar => json(&pack.calendar),
        Section::Departments => json(&pack.departments),
        Section::Directory => {
            let people = pack.staff.iter().map(|entry| Person {
                id: entry.id.clone(),
                name: entry.name.clone(),
                name_en: entry.name_en.clone(),
                roles: entry.roles.clone(),
            });
            json(&people.collect::<Vec<_>>())
        }
    }
}

fn json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|source| unreadable("pack", source))
}
