//! `PATCH /sync/v1/photos/{digest}`: adds a chunk (tus core and checksum).

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
};
use shared::hub_api::{ErrorCode, photo};

use super::tus;
use crate::{
    app::Shared,
    auth::Caller,
    error::{Answered, Failure},
    photos::{self, Chunk},
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(_): Caller,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    tus::check_version(&headers)?;
    let digest = tus::digest(path)?;
    if tus::text(&headers, header::CONTENT_TYPE.as_str()) != Some(photo::CHUNK_TYPE) {
        return Err(Failure::new(
            ErrorCode::UnsupportedMedia,
            format!("the content type of a chunk must be {}", photo::CHUNK_TYPE),
        ));
    }
    let chunk = Chunk {
        offset: tus::number(&headers, photo::UPLOAD_OFFSET)?,
        checksum: checksum(&headers)?,
        body,
    };
    let before = chunk.offset;
    let upload = app.photos.append(digest, chunk, &app.config).await?;
    app.metrics.photo_in(upload.offset.saturating_sub(before));
    Ok(tus::state(StatusCode::NO_CONTENT, &upload))
}

fn checksum(headers: &HeaderMap) -> Answered<Option<[u8; 32]>> {
    let Some(value) = headers.get(photo::UPLOAD_CHECKSUM) else {
        return Ok(None);
    };
    let checksum = value.to_str().ok().and_then(photos::read_checksum);
    checksum.map(Some).ok_or_else(|| {
        Failure::new(
            ErrorCode::Malformed,
            "Upload-Checksum must be `sha256` and the base64 of 32 bytes",
        )
    })
}
