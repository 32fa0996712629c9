//! Who is asking. The database is asked on every request, so a revoked device is out at once.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use shared::hub_api::ErrorCode;

use crate::{
    app::Shared,
    error::{Answered, Failure},
    secret,
    store::Session,
};

/// The device and person behind a request, known and not revoked.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Session);

impl FromRequestParts<Shared> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Failure> {
        let token = bearer(&parts.headers)?;
        // Looked up by hash: how long that takes says nothing about the token.
        let session = app
            .store
            .session(secret::hash_token(token))
            .await?
            .ok_or_else(|| {
                Failure::new(ErrorCode::NotEnrolled, "the hub doesn't know this token")
            })?;
        tracing::Span::current().record("device", tracing::field::display(session.device));
        if session.revoked {
            return Err(Failure::new(ErrorCode::Revoked, "this device was revoked"));
        }
        app.devices
            .take(&session.device, (app.config.clock)())
            .map_err(|seconds| {
                Failure::new(ErrorCode::TooMany, "too many requests").retry_after(seconds)
            })?;
        Ok(Self(session))
    }
}

fn bearer(headers: &HeaderMap) -> Answered<&str> {
    let missing = || Failure::new(ErrorCode::NotEnrolled, "a device token is required");
    let value = headers
        .get(header::AUTHORIZATION)
        .ok_or_else(missing)?
        .to_str()
        .map_err(|error| missing().because(error))?;
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    Ok(token.trim())
}
