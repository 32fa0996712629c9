//! What the photo endpoints share: the headers of tus 1.0.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use shared::{
    Digest, Timestamp, deadline,
    hub_api::{ErrorCode, photo},
};

use crate::{
    error::{Answered, Failure},
    photos::UPLOAD_LIFE_MS,
    store::Upload,
};

const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// `OPTIONS`: what the hub can do. Needs no token, like tus says.
pub(super) async fn abilities() -> Response {
    let headers = [
        (TUS_VERSION, HeaderValue::from_static(photo::TUS_VERSION)),
        (
            TUS_EXTENSION,
            HeaderValue::from_static("creation,checksum,expiration"),
        ),
        (TUS_MAX_SIZE, HeaderValue::from(photo::PHOTO_BYTES_MAX)),
        (TUS_CHECKSUM_ALGORITHM, HeaderValue::from_static("sha256")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Refuses other versions of tus than ours.
pub(super) fn check_version(headers: &HeaderMap) -> Answered<()> {
    match headers.get(photo::TUS_RESUMABLE) {
        Some(version) if version != photo::TUS_VERSION => Err(Failure::new(
            ErrorCode::Malformed,
            "the hub speaks tus 1.0.0 only",
        )
        .status(StatusCode::PRECONDITION_FAILED)),
        Some(_) | None => Ok(()),
    }
}

/// The digest in the path.
pub(super) fn digest(path: Result<Path<String>, PathRejection>) -> Answered<Digest> {
    path.ok()
        .and_then(|Path(text)| text.parse().ok())
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, "photos are named by their digest"))
}

/// A header as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A header as a number.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Answered<u64> {
    text(headers, name)
        .and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| Failure::new(ErrorCode::Malformed, format!("{name} must be a number")))
}

/// Where an upload stands, as headers. They go with every piece, so they are few.
pub(super) fn state(status: StatusCode, upload: &Upload) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(photo::UPLOAD_OFFSET, HeaderValue::from(upload.offset));
    headers.insert(photo::UPLOAD_LENGTH, HeaderValue::from(upload.length));
    if upload.complete {
        headers.insert(photo::COMPLETE, HeaderValue::from_static("true"));
    } else if let Some(expires) = http_date(upload.updated_at.plus_ms(UPLOAD_LIFE_MS)) {
        headers.insert(UPLOAD_EXPIRES, expires);
    }
    response
}

/// A moment as HTTP writes it: `Tue, 24 Nov 2026 08:00:00 GMT`.
fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let utc = deadline::local(0, at)?;
    let short = |name: String| name.chars().take(3).collect::<String>();
    let text = format!(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        short(utc.weekday().to_string()),
        utc.day(),
        short(utc.month().to_string()),
        utc.year(),
        utc.hour(),
        utc.minute(),
        utc.second(),
    );
    HeaderValue::from_str(&text).ok()
}
