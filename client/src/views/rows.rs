//! A row of a list, out of its record and the packs.

use rusqlite::Connection;
use shared::ipc::{CaseRow, Marks};

use crate::{
    error::Result,
    packs::Packs,
    store::{
        case_photos::{self, Delivered},
        cases::Record,
    },
};

/// The row of a record.
pub(super) fn row(db: &Connection, packs: &Packs, record: Record) -> Result<CaseRow> {
    let marks = match record.own_at {
        Some(_) => Some(marks(&record, &case_photos::delivered(db, record.id)?)),
        None => None,
    };
    let grid = packs.grid_name(&record.grid);
    let (reporter, reporter_en) = packs.person(&record.reporter);
    Ok(CaseRow {
        id: record.id,
        case_no: record.case_no,
        category: record.category,
        summary: record.summary,
        address_en: packs.address_en(&record.address),
        address: record.address,
        grid_name: grid.name,
        grid_name_en: grid.name_en,
        urgency: record.urgency,
        state: record.state,
        step: record.state.step(),
        reported_at: record.reported_at,
        updated_at: record.updated_at,
        deadline: record.deadline,
        reporter,
        reporter_en,
        photos: record.photos,
        photo: record.photo,
        plus_ones: record.plus_ones,
        marks,
        attention: record.attention,
    })
}

/// The rows of records.
pub(super) fn rows(db: &Connection, packs: &Packs, records: Vec<Record>) -> Result<Vec<CaseRow>> {
    records
        .into_iter()
        .map(|record| row(db, packs, record))
        .collect()
}

/// The three marks of a case this device did something with.
pub(super) fn marks(record: &Record, delivered: &Delivered) -> Marks {
    Marks {
        at_hub: record.unsent == 0,
        photos_at_hub: delivered.at_hub,
        photos: delivered.photos,
    }
}
