//! What was filled in, as a file for others: only those who answer for the grids get one, for a reason,
//! and each is put down before it leaves.

mod cells;
mod csv;
mod fhir;
mod gather;
mod questions;
mod xlsx;

pub(crate) use gather::each;
use shared::{
    StaffId, Timestamp,
    deadline::{day, midnight, midnight_after},
    hub_api::{
        ErrorCode,
        export::{Export, ExportFormat, ExportLacks, may_export},
    },
};

use crate::{
    app::Shared,
    error::{Answered, Failure},
    store::{Exported, Session},
};

/// A file, whole.
pub(crate) struct File {
    /// What it is called: the form and the time, nothing about people.
    pub(crate) name: String,
    /// Its type on the wire.
    pub(crate) media_type: &'static str,
    /// What it says.
    pub(crate) bytes: Vec<u8>,
}

/// Who made a file, and when: it stands in every row, so that a part of it still says where it is from.
struct Mark {
    by: StaffId,
    at: Timestamp,
    utc_offset_minutes: i32,
}

impl Mark {
    /// A moment with the city's offset, ISO 8601.
    fn moment(&self, at: Timestamp) -> String {
        let offset = self.utc_offset_minutes;
        let local = shared::deadline::local(offset, at);
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        local.map_or_else(String::new, |it| {
            format!(
                "{}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
                day(offset, at),
                it.hour(),
                it.minute(),
                it.second()
            )
        })
    }
}

/// Makes the file, and puts down that it was made.
pub(crate) async fn make(app: &Shared, session: &Session, wanted: &Export) -> Answered<File> {
    let malformed = |what| Failure::new(ErrorCode::Malformed, what);
    if !session.staff.roles.iter().any(|role| may_export(*role)) {
        return Err(Failure::new(
            ErrorCode::Forbidden,
            "only clerks, dispatchers and leaders get files",
        ));
    }
    match wanted.lacks() {
        None => {}
        Some(ExportLacks::Days) => {
            return Err(malformed(
                "from and until must be days, one not after the other",
            ));
        }
        Some(ExportLacks::Reason | ExportLacks::ShorterReason) => {
            return Err(malformed("a reason is needed, of at most 500 characters"));
        }
    }
    let gather::City {
        utc_offset_minutes,
        form,
    } = gather::city(app, &wanted.form).await?;
    let no_day = || malformed("no such day");
    let span = [
        midnight(utc_offset_minutes, &wanted.from).ok_or_else(no_day)?,
        midnight_after(utc_offset_minutes, &wanted.until).ok_or_else(no_day)?,
    ];
    let gathered = gather::gather(app, session, form, span).await?;
    let mark = Mark {
        by: session.staff.id.clone(),
        at: (app.config.clock)(),
        utc_offset_minutes,
    };
    let records = gathered.records.len();
    let (media_type, bytes) = write(wanted, gathered, &mark)?;
    let exported = Exported {
        at: mark.at,
        device: session.device,
        staff: session.staff.id.clone(),
        form: wanted.form.clone(),
        format: wanted.format,
        from: wanted.from.clone(),
        until: wanted.until.clone(),
        numbers: wanted.numbers,
        reason: wanted.reason.trim().to_owned(),
        grids: session.staff.grids.len() as u64,
        records: records as u64,
    };
    // Before it leaves: a file that nobody knows of must not be.
    app.store.note_export(exported).await?;
    tracing::info!(format = wanted.format.as_str(), records, "a file was made");
    let stamp: String = mark
        .moment(mark.at)
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    let form: String = wanted
        .form
        .chars()
        .filter(|it| it.is_ascii_alphanumeric() || *it == '-' || *it == '_')
        .collect();
    Ok(File {
        name: format!("{form}-{stamp}.{}", wanted.format.extension()),
        media_type,
        bytes,
    })
}

fn write(
    wanted: &Export,
    gathered: gather::Gathered,
    mark: &Mark,
) -> Answered<(&'static str, Vec<u8>)> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a file could not be written");
        Failure::internal("the file could not be written")
    };
    Ok(match wanted.format {
        ExportFormat::Csv => {
            let table = cells::table(&gathered, wanted.numbers, mark);
            let bytes = csv::write(&table).map_err(|error| failed(&error))?;
            ("text/csv; charset=utf-8", bytes)
        }
        ExportFormat::Xlsx => {
            let table = cells::table(&gathered, wanted.numbers, mark);
            let bytes = xlsx::write(&table, wanted, mark).map_err(|error| failed(&error))?;
            (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                bytes,
            )
        }
        ExportFormat::Fhir => {
            let bundle = fhir::bundle(gathered, mark).ok_or_else(|| {
                Failure::new(
                    ErrorCode::Malformed,
                    "the form does not ask as the vaccination form does",
                )
            })?;
            let bytes = serde_json::to_vec(&bundle).map_err(|error| failed(&error))?;
            ("application/fhir+json", bytes)
        }
    })
}
