//! 并案: the case a merged one goes on as, and those that go on as this one.

use rusqlite::Connection;
use shared::{
    Action, CaseId,
    case::{Case, Signed, State, receipt_code},
    ipc::{Happening, JoinedCase, Survivor, TimelineEntry},
};

use super::case::entry;
use crate::{
    error::{Error, Result},
    packs::Packs,
    store::cases::{self, Record},
};

/// The case this one goes on as.
pub(super) fn survivor(db: &Connection, case: &Case) -> Result<Option<Survivor>> {
    let Some(id) = case.survivor() else {
        return Ok(None);
    };
    let record = on_device(db, id)?;
    Ok(Some(Survivor {
        case: id,
        here: record.is_some(),
        number: number(id, record.and_then(|it| it.case_no)),
    }))
}

/// The cases that go on as this one, by time.
pub(super) fn joined(db: &Connection, packs: &Packs, case: &Case) -> Result<Vec<JoinedCase>> {
    let joined = case.joined.iter().map(|it| {
        let (by_name, by_name_en) = packs.person(&it.reported.author.staff);
        let photos = it.photos();
        Ok(JoinedCase {
            case: it.id,
            number: number(it.id, it.case_no.clone()),
            by_name,
            by_name_en,
            reported_at: it.reported.at,
            text: it.amended().description.to_owned(),
            photos: photos.len(),
            photo: photos.first().map(|photo| (*photo).clone()),
            added: added(it),
            here: on_device(db, it.id)?.is_some(),
        })
    });
    joined.collect()
}

/// Who let other cases go on as this one, and when.
pub(super) fn entries(packs: &Packs, case: &Case) -> Vec<(Signed, TimelineEntry)> {
    let joined = case.joined.iter().filter_map(|it| {
        let mut events = it.events.iter().rev();
        let merged = events
            .find(|event| event.void.is_none() && matches!(event.action, Action::Merge { .. }))?;
        let what = Happening::Joined {
            number: number(it.id, it.case_no.clone()),
        };
        let signed = merged.signed.clone();
        let entry = entry(packs, what, &signed, &merged.action, None, &[].into());
        Some((signed, entry))
    });
    joined.collect()
}

/// What people call a case: its number, and before it has one its 回执码.
pub(super) fn number(id: CaseId, case_no: Option<String>) -> String {
    case_no.unwrap_or_else(|| receipt_code(id))
}

fn added(case: &Case) -> Vec<String> {
    let words = case.events.iter().filter_map(|event| match &event.action {
        Action::Supplement(addition) | Action::PlusOne(addition) if event.void.is_none() => {
            Some(addition.note.clone())
        }
        _ => None,
    });
    words.filter(|words| !words.is_empty()).collect()
}

/// A case as this device has it, unless it was deleted.
fn on_device(db: &Connection, id: CaseId) -> Result<Option<Record>> {
    match cases::get(db, id) {
        Ok(record) => Ok(Some(record).filter(|it| it.state != State::Deleted)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
