//! 都送到了吗: what of this device's work the hub has.

use rusqlite::Connection;
use shared::{
    DocRef, Outcome,
    ipc::{Delivery, DeliveryItem, DeliveryOf, GetDelivery, Stuck},
    register::mask_numbers,
};

use super::{
    days_ago, midnight,
    records::{marks as marks_of_record, titles},
    rows::marks,
};
use crate::{
    core::Core,
    error::Result,
    number,
    packs::Packs,
    store::{
        case_photos,
        cases::Record,
        cases_short, outbox,
        records::{self, RecordRow},
    },
};

/// Finished rows stay to be seen for so long.
const FINISHED_DAYS: i64 = 7;

/// The ledger: unfinished first, then newest.
pub(crate) fn get(core: &Core, _args: GetDelivery) -> Result<Delivery> {
    let now = core.clock.now();
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let midnight = midnight(now, packs.utc_offset_minutes());
        let records = cases_short::own(db, days_ago(now, FINISHED_DAYS))?;
        let mut items: Vec<DeliveryItem> = records
            .into_iter()
            .map(|record| item(db, &packs, record))
            .collect::<Result<_>>()?;
        for record in records::own(db, days_ago(now, FINISHED_DAYS))? {
            items.push(record_item(core, db, &record)?);
        }
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        // Stable: within both halves the newest stays first.
        items.sort_by_key(|item| item.marks.complete());

        let register_waiting = outbox::register_waiting(db)?;
        let of_today = || items.iter().filter(|item| item.at >= midnight);
        Ok(Delivery {
            today: number::count(of_today().count()),
            today_complete: number::count(of_today().filter(|item| item.marks.complete()).count()),
            unfinished: number::count(items.iter().filter(|item| !item.marks.complete()).count())
                .saturating_add(register_waiting),
            register_waiting,
            register_aside: outbox::register_aside(db)?,
            erased: outbox::refused_as_erased(db, days_ago(now, FINISHED_DAYS))?,
            bytes_left: items.iter().map(|item| item.bytes_left).sum(),
            status: core.status(),
            items,
        })
    })
}

fn item(db: &Connection, packs: &Packs, record: Record) -> Result<DeliveryItem> {
    let delivered = case_photos::delivered(db, record.id)?;
    let marks = marks(&record, &delivered);
    let stuck = stuck(db, &DocRef::case(record.id))?.or(delivered.stuck);
    Ok(DeliveryItem {
        what: DeliveryOf::Case {
            case: record.id,
            category: record.category,
            address_en: packs.address_en(&record.address),
            address: record.address,
        },
        at: record.own_at.unwrap_or(record.reported_at),
        marks,
        bytes_left: delivered.bytes_left,
        stuck,
    })
}

fn record_item(core: &Core, db: &Connection, record: &RecordRow) -> Result<DeliveryItem> {
    let (marks, delivered) = marks_of_record(db, record)?;
    let (title, title_en) = titles(core, db, record)?;
    let stuck = stuck(db, &DocRef::record(record.id))?.or(delivered.stuck);
    Ok(DeliveryItem {
        what: DeliveryOf::Record {
            record: record.id,
            title,
            title_en,
            name: mask_numbers(&record.name),
        },
        at: record.own_at.unwrap_or(record.finished_at),
        marks,
        bytes_left: delivered.bytes_left,
        stuck,
    })
}

/// Why the last word of the hub keeps something from having an effect.
fn stuck(db: &Connection, target: &DocRef) -> Result<Option<Stuck>> {
    Ok(match outbox::stuck_outcome(db, target)? {
        Some(Outcome::Quarantined { why }) => Some(Stuck::Quarantined { why }),
        Some(Outcome::ConflictKept { why }) => Some(Stuck::Void { why }),
        Some(Outcome::Applied | Outcome::Merged | Outcome::Duplicate | Outcome::RetryLater)
        | None => None,
    })
}
