//! `POST /sync/v1/photos`: begins an upload, or finds it (tus creation).

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use shared::hub_api::{ErrorCode, photo};

use super::tus;
use crate::{
    app::Shared,
    auth::Caller,
    error::{Answered, Failure},
    photos,
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    headers: HeaderMap,
) -> Answered {
    tus::check_version(&headers)?;
    let length = tus::number(&headers, photo::UPLOAD_LENGTH)?;
    let digest = tus::text(&headers, photo::UPLOAD_METADATA)
        .and_then(photos::read_metadata)
        .ok_or_else(|| {
            Failure::new(
                ErrorCode::Malformed,
                "Upload-Metadata must have `digest` with the SHA-256 of the photo",
            )
        })?;
    let upload = app
        .photos
        .create(&session, digest, length, &app.config)
        .await?;
    let status = if upload.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let mut response = tus::state(status, &upload);
    let location = HeaderValue::try_from(photo::path(digest)).map_err(Failure::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
