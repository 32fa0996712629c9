//! `POST /sync/v1/form`.

use std::collections::BTreeMap;

use axum::extract::State;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use forms::table::read_csv;
use shared::hub_api::{
    ErrorCode,
    publish::{PUBLISH_BYTES_MAX, Publish, PublishOutcome, Published, may_publish},
};

use crate::{
    Error, answer,
    app::Shared,
    auth::Caller,
    blocking::off_thread,
    body::JsonBody,
    error::{Answered, Failure},
    form::Read,
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    JsonBody(handed): JsonBody<Publish>,
) -> Answered {
    let staff = session.staff;
    if !staff.roles.iter().any(|role| may_publish(*role)) {
        return Err(Failure::new(
            ErrorCode::Forbidden,
            "only clerks, dispatchers, leaders and administrators publish forms",
        ));
    }
    let workbook = bytes(&handed.workbook)?;
    let lists = handed.lists.into_iter();
    let lists: BTreeMap<String, Vec<u8>> = lists
        .map(|(file, list)| Ok((file, bytes(&list)?)))
        .collect::<Answered<_>>()?;
    let whole = workbook.len() + lists.values().map(Vec::len).sum::<usize>();
    if whole > PUBLISH_BYTES_MAX {
        return Err(Failure::new(
            ErrorCode::TooLarge,
            "workbook and lists are larger than 3 MB; such a form is loaded at the hub",
        ));
    }
    let now = (app.config.clock)();
    let by = staff.id.clone();
    let read = move || {
        let list = |file: &str| {
            let bytes = lists.get(file).ok_or_else(|| Error::FormListMissing {
                path: file.into(),
                source: std::io::ErrorKind::NotFound.into(),
            })?;
            read_csv(bytes).map_err(|source| Error::FormList {
                path: file.into(),
                source,
            })
        };
        Read::of(&workbook, &handed.name, list, Some(by), now)
    };
    let read = off_thread(read).await.map_err(Failure::internal)?;
    let read = read.map_err(refused)?;
    let (id, version) = read.names();
    let outcome = match read.publish(&app, now).await {
        Ok(loaded) if loaded.is_new => PublishOutcome::New,
        Ok(_) => PublishOutcome::There,
        Err(Error::FormVersionTaken { .. }) => PublishOutcome::VersionTaken,
        Err(error) => return Err(refused(error)),
    };
    tracing::info!(form = id, version, ?outcome, staff = %staff.id, "a form was handed in");
    answer::json(&Published {
        id,
        version,
        outcome,
    })
}

fn bytes(text: &str) -> Answered<Vec<u8>> {
    BASE64_STANDARD
        .decode(text)
        .map_err(|error| Failure::new(ErrorCode::Malformed, "a file is not base 64").because(error))
}

/// What is wrong with the form is its author's to mend: the desk told it before.
fn refused(error: Error) -> Failure {
    let (code, detail) = match &error {
        Error::FormMistakes(mistakes) => (
            ErrorCode::Malformed,
            format!("the form has mistakes: {}", mistakes.len()),
        ),
        Error::FormUnreadable(_) => (
            ErrorCode::Malformed,
            "the workbook can't be read".to_owned(),
        ),
        Error::FormListMissing { .. } | Error::FormList { .. } => (
            ErrorCode::Malformed,
            "a list is missing, or none".to_owned(),
        ),
        Error::FormTooLarge => (
            ErrorCode::TooLarge,
            "the form is larger than devices take".to_owned(),
        ),
        Error::Store(_) => (ErrorCode::Unavailable, "the database is busy".to_owned()),
        _ => return Failure::internal(error),
    };
    Failure::new(code, detail).because(error)
}
