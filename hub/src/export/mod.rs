//! What was filled in, or the register, as a file for others: only those who answer for the grids get
//! one, for a reason, and each is put down before it leaves.

mod cells;
mod csv;
mod fhir;
mod gather;
mod questions;
mod register;
mod xlsx;

pub(crate) use gather::each;
use shared::{
    StaffId, Timestamp,
    deadline::{day, midnight, midnight_after},
    hub_api::{
        ErrorCode,
        export::{Export, ExportFormat, ExportLacks, ExportOf, may_export},
    },
};

use crate::{
    app::Shared,
    blocking::off_thread,
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
        Some(ExportLacks::Format) => return Err(malformed("no such file is made of the register")),
    }
    let (content, mark) = gathered(app, session, wanted).await?;
    let asked = wanted.clone();
    let made = off_thread(move || write(&asked, content, &mark).map(|made| (made, mark)));
    let (made, mark) = made.await.map_err(Failure::internal)??;
    let exported = Exported {
        at: mark.at,
        device: session.device,
        staff: session.staff.id.clone(),
        of: wanted.of.clone(),
        format: wanted.format,
        numbers: wanted.numbers,
        reason: wanted.reason.trim().to_owned(),
        grids: session.staff.grids.len() as u64,
        records: made.rows as u64,
    };
    // Before it leaves: a file that nobody knows of must not be.
    app.store.note_export(exported).await?;
    tracing::info!(
        format = wanted.format.as_str(),
        rows = made.rows,
        "a file was made"
    );
    let stamp: String = mark
        .moment(mark.at)
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    let name = wanted.of.name().chars();
    let name: String = name
        .filter(|it| it.is_ascii_alphanumeric() || *it == '-' || *it == '_')
        .collect();
    Ok(File {
        name: format!("{name}-{stamp}.{}", wanted.format.extension()),
        media_type: made.media_type,
        bytes: made.bytes,
    })
}

/// What a file is made of.
enum Content {
    Records(Box<gather::Gathered>),
    Register(register::Register),
}

async fn gathered(app: &Shared, session: &Session, wanted: &Export) -> Answered<(Content, Mark)> {
    let form = match &wanted.of {
        ExportOf::Register { .. } => None,
        ExportOf::Records { form, .. } => Some(form.as_str()),
    };
    let city = gather::city(app, form).await?;
    let offset = city.utc_offset_minutes;
    let content = match &wanted.of {
        ExportOf::Register { what } => {
            let table = what.table();
            let grids = city.ladders();
            Content::Register(register::gather(app, session, table, grids, wanted.numbers).await?)
        }
        ExportOf::Records { from, until, .. } => {
            let no_day = || Failure::new(ErrorCode::Malformed, "no such day");
            let span = [
                midnight(offset, from).ok_or_else(no_day)?,
                midnight_after(offset, until).ok_or_else(no_day)?,
            ];
            let gathered = gather::gather(app, session, city.form()?, span).await?;
            Content::Records(Box::new(gathered))
        }
    };
    let mark = Mark {
        by: session.staff.id.clone(),
        at: (app.config.clock)(),
        utc_offset_minutes: offset,
    };
    Ok((content, mark))
}

/// A file without a name.
struct Made {
    media_type: &'static str,
    bytes: Vec<u8>,
    /// How many records, residents or places are in it.
    rows: usize,
}

fn write(wanted: &Export, content: Content, mark: &Mark) -> Answered<Made> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a file could not be written");
        Failure::internal("the file could not be written")
    };
    let table = match content {
        Content::Records(gathered) if wanted.format == ExportFormat::Fhir => {
            let rows = gathered.records.len();
            let bundle = fhir::bundle(&gathered, wanted.numbers, mark).ok_or_else(|| {
                Failure::new(
                    ErrorCode::Malformed,
                    "the form does not ask as the vaccination form does",
                )
            })?;
            return Ok(Made {
                media_type: "application/fhir+json",
                bytes: serde_json::to_vec(&bundle).map_err(|error| failed(&error))?,
                rows,
            });
        }
        Content::Records(gathered) => cells::table(&gathered, wanted.numbers, mark),
        Content::Register(register) => register.table(mark),
    };
    let (media_type, bytes) = if wanted.format == ExportFormat::Csv {
        let bytes = csv::write(&table).map_err(|error| failed(&error))?;
        ("text/csv; charset=utf-8", bytes)
    } else {
        let bytes = xlsx::write(&table, wanted, mark).map_err(|error| failed(&error))?;
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes,
        )
    };
    Ok(Made {
        media_type,
        bytes,
        rows: table.rows.len(),
    })
}
