//! `HEAD /sync/v1/photos/{digest}`: how far an upload is (tus core).

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use shared::hub_api::ErrorCode;

use super::tus;
use crate::{
    app::Shared,
    auth::Caller,
    error::{Answered, Failure},
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(_): Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Answered {
    tus::check_version(&headers)?;
    let digest = tus::digest(path)?;
    let upload = app
        .photos
        .stands(digest, &app.config)
        .await?
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, "there is no such upload"))?;
    let mut response = tus::state(StatusCode::OK, &upload);
    // Answers to the other methods are not stored by anybody.
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}
