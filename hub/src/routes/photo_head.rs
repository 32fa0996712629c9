//! `HEAD /sync/v1/photos/{digest}`: how far an upload is (tus core).

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
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
        .find(digest, (app.config.clock)())
        .await?
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, "there is no such upload"))?;
    Ok(tus::state(StatusCode::OK, &upload))
}
