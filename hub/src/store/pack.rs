//! A city pack as documents: one a section, and only those that changed. Facts about the city go
//! into `meta` by the names listed here.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use shared::{
    Doc, DocRef, Scope,
    pack::{CityPack, Person, Section},
};

use super::{PackLoaded, StoreError, StoredDoc, feeds::Publication, json::unreadable, judge::Docs};

/// What `meta` keeps of a pack.
pub(super) fn facts(pack: &CityPack) -> [(&'static str, String); 4] {
    [
        ("hub_name", pack.city.name.clone()),
        ("city_code", pack.city.code.clone()),
        (
            "utc_offset_minutes",
            pack.calendar.utc_offset_minutes.to_string(),
        ),
        ("pack_version", pack.version.clone()),
    ]
}

/// The documents of all sections.
pub(super) fn targets() -> BTreeSet<DocRef> {
    Section::ALL.into_iter().map(DocRef::pack).collect()
}

/// The sections whose document changed, each with its new revision.
pub(super) fn changed(
    pack: &CityPack,
    current: &Docs,
) -> Result<Vec<(Section, StoredDoc)>, StoreError> {
    let mut changed = Vec::new();
    for section in Section::ALL {
        let target = DocRef::pack(section);
        let body = body(pack, section)?;
        let current = current.get(&target).map(|it| it.doc()).transpose()?;
        if current.as_ref().is_none_or(|doc| doc.body != body) {
            let rev = current.map_or(0, |doc| doc.rev) + 1;
            changed.push((section, StoredDoc::of(&Doc { target, rev, body })?));
        }
    }
    Ok(changed)
}

/// Everybody in the city gets the packs.
pub(super) fn publication(doc: &StoredDoc) -> Publication {
    Publication::of(doc, [Scope::city()].into())
}

/// What loading did.
pub(super) fn loaded(pack: &CityPack, changed: &[(Section, StoredDoc)]) -> PackLoaded {
    PackLoaded {
        version: pack.version.clone(),
        changed: changed.iter().map(|(section, _)| *section).collect(),
        staff: pack.staff.len(),
        grids: pack.grids.len(),
    }
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
        Section::Visiting => json(&pack.visiting),
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
