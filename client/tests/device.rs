//! What a device does for the person who holds it, through `Client` only: no hub, no network, a
//! clock that stands still until told, and a small invented city.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod device {
    mod bad_packs;
    mod bad_photos;
    mod building;
    mod camera;
    mod case_list;
    mod city;
    mod clearing;
    mod control;
    mod drafts;
    mod duplicates;
    mod erasing;
    mod filling;
    mod finding;
    mod full_disk;
    mod history;
    mod households;
    mod import;
    mod import_places;
    mod keystore;
    mod life;
    mod lists;
    mod many_doors;
    mod notice;
    mod numbers;
    mod opening;
    mod paper;
    mod place_entries;
    mod places;
    mod plates;
    mod positions;
    mod privacy;
    mod publishing;
    mod records;
    mod register;
    mod report;
    mod rounds;
    mod salvage;
    mod tablet;
    mod unchanged;
}
