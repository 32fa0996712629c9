//! `GET /sync/v1/photos/{digest}`: a photo or a part of it, for those who may see it.

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use shared::hub_api::ErrorCode;

use super::{
    range::{self, Wanted},
    tus,
};
use crate::{
    app::Shared,
    auth::Caller,
    error::{Answered, Failure},
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Answered {
    let digest = tus::digest(path)?;
    if !app.store.may_see_photo(session, digest).await? {
        return Err(Failure::new(
            ErrorCode::Forbidden,
            "this photo is not for this device",
        ));
    }
    let upload = app
        .photos
        .find(digest, (app.config.clock)())
        .await?
        .filter(|upload| upload.complete)
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, "the photo has not arrived yet"))?;
    let etag = format!("\"{digest}\"");
    if tus::text(&headers, header::IF_NONE_MATCH.as_str()) == Some(etag.as_str()) {
        return Ok(for_ever(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    let (status, first, last) = match wanted(&headers, &etag, upload.length) {
        Wanted::Whole => (StatusCode::OK, 0, upload.length.saturating_sub(1)),
        Wanted::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last),
        Wanted::Beyond => return Ok(beyond(upload.length)),
    };
    let length = last.saturating_sub(first) + 1;
    let pieces = app.photos.blobs().read(digest, first, length).await?;
    app.metrics.photo_out(length);
    let mut response = (status, Body::from_stream(pieces)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {first}-{last}/{}", upload.length);
        let range = HeaderValue::try_from(range).map_err(Failure::internal)?;
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(for_ever(response, &etag))
}

fn wanted(headers: &HeaderMap, etag: &str, length: u64) -> Wanted {
    let other_version =
        tus::text(headers, header::IF_RANGE.as_str()).is_some_and(|tag| tag != etag);
    if other_version {
        return Wanted::Whole;
    }
    range::read(tus::text(headers, header::RANGE.as_str()), length)
}

/// Bytes under a digest never change.
fn for_ever(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=31536000, immutable"),
    );
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn beyond(length: u64) -> Response {
    let failure = Failure::new(ErrorCode::Malformed, "the range is beyond the photo")
        .status(StatusCode::RANGE_NOT_SATISFIABLE);
    let mut response = failure.into_response();
    if let Ok(range) = HeaderValue::try_from(format!("bytes */{length}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}
