//! 告知: what a person is told before they are asked, once for each purpose; for a child it is somebody
//! else who is told (PIPL art. 17, 30 and 31: sensitive information, and that of children under 14).

use rusqlite::Connection;
use shared::{
    DocRef, EntryId, Timestamp,
    deadline::local,
    register::{Citizen, EntryKind},
};

use super::{Ready, Titles};
use crate::{
    core::Core,
    error::Result,
    fold_record, register,
    store::{entries, records},
};

/// Of whoever is younger a guardian is told, in years (PIPL art. 31).
const GROWN_AT: i32 = 14;

/// So many of the last records about somebody are asked whether the person was told.
const ASKED: u32 = 200;

/// A notice, in the languages of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What the answers are for.
    pub(crate) purpose: Titles,
    /// What is said.
    pub(crate) text: Titles,
}

/// A notice that somebody must still be given.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    /// The notice.
    pub(crate) notice: Notice,
    /// The person is a child: a guardian is named.
    pub(crate) child: bool,
}

/// What must still be said. Where a form is about nobody the register knows, whoever is asked is told
/// each time.
pub(super) fn due(
    core: &Core,
    db: &Connection,
    ready: &Ready,
    subject: Option<&DocRef>,
) -> Result<Option<Due>> {
    let Some(notice) = &ready.notice else {
        return Ok(None);
    };
    if let Some(subject) = subject
        && was_told(db, subject, &notice.purpose.zh)?
    {
        return Ok(None);
    }
    let offset = core.packs(db)?.utc_offset_minutes();
    Ok(Some(Due {
        notice: notice.clone(),
        child: match subject {
            Some(subject) => is_child(db, subject, core.clock.now(), offset)?,
            None => false,
        },
    }))
}

/// Whether a record about them says so, whoever made it and of whichever form.
fn was_told(db: &Connection, subject: &DocRef, purpose: &str) -> Result<bool> {
    let (_, rows) = records::list(db, Some(subject), (0, ASKED))?;
    for row in rows {
        let record = fold_record::record(db, row.id)?;
        let told = record.and_then(|it| it.filled.told);
        if told.is_some_and(|told| told.purpose == purpose) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the register knows that they are younger than [`GROWN_AT`].
fn is_child(
    db: &Connection,
    subject: &DocRef,
    now: Timestamp,
    utc_offset_minutes: i32,
) -> Result<bool> {
    let id = EntryId(subject.id);
    if subject.kind != EntryKind::Resident.kind() || entries::find(db, id)?.is_none() {
        return Ok(false);
    }
    let (entry, _) = register::stands_of(db, EntryKind::Resident, id)?;
    let today = local(utc_offset_minutes, now);
    let grown = today.map(|today| {
        let day = today.date();
        let (month, day_of_month) = (u8::from(day.month()), day.day());
        let born = day.year().saturating_sub(GROWN_AT);
        format!("{born:04}-{month:02}-{day_of_month:02}")
    });
    let stands = entry.stands();
    // Of whom a number is all that was entered elsewhere, it says the birth.
    let birth = stands.text("birth").filter(|it| !it.is_empty());
    let number = stands.text("id_no").map(Citizen::read);
    let birth = match (birth, number) {
        (Some(birth), _) => Some(birth.to_owned()),
        (None, Some(Ok(number))) => Some(number.birth),
        (None, _) => None,
    };
    Ok(birth.zip(grown).is_some_and(|(birth, grown)| birth > grown))
}
