//! Reading answers: how much of them, in which encoding, and whether they are a hub's at all.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use packing::Dictionary;
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde::de::DeserializeOwned;
use shared::hub_api::{ApiError, ErrorCode, photo};

use super::remote::RemoteError;

/// Bytes of a JSON answer on the wire. The largest honest one is a page with a city's packs.
const WIRE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Bytes of a JSON answer once decompressed: a small bomb must not fill a tablet's memory.
const JSON_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The answer of a JSON endpoint and the dictionary it was packed with, or why there is none.
pub(super) async fn json<T: DeserializeOwned>(
    response: Response,
    idle: Duration,
) -> Result<(T, Option<Dictionary>), RemoteError> {
    if !response.status().is_success() {
        return Err(refusal(response, idle).await);
    }
    let (body, with) = json_bytes(response, idle).await?;
    // What isn't the JSON we expect didn't come from a hub.
    let answer = serde_json::from_slice(&body).map_err(|_says_too_much| RemoteError::NotAHub)?;
    Ok((answer, with))
}

/// Why the request was refused; whoever refused it.
pub(super) async fn refusal(response: Response, idle: Duration) -> RemoteError {
    let status = response.status();
    // The link was too slow for what was sent, whatever the hub calls it: less may get through.
    if status == StatusCode::REQUEST_TIMEOUT {
        return RemoteError::CutOff("the hub waited in vain for the rest".into());
    }
    // Answers to HEAD have no body, and other tus servers send no JSON.
    let speaks_tus = response.headers().contains_key(photo::TUS_RESUMABLE);
    let retry_after_s = retry_after(response.headers());
    let told = match json_bytes(response, idle).await {
        Ok((body, _)) => serde_json::from_slice::<ApiError>(&body).ok(),
        Err(RemoteError::NotAHub) => None,
        Err(error) => return error,
    };
    if let Some(mut error) = told {
        error.retry_after_s = error.retry_after_s.max(retry_after_s);
        return RemoteError::Refused(error);
    }
    let code = match status {
        // Proxies before a hub speak for it.
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            ErrorCode::Unavailable
        }
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooMany,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::INTERNAL_SERVER_ERROR => ErrorCode::Internal,
        StatusCode::INSUFFICIENT_STORAGE => ErrorCode::HubFull,
        status if speaks_tus => match status.as_u16() {
            401 => ErrorCode::NotEnrolled,
            403 => ErrorCode::Forbidden,
            404 | 410 => ErrorCode::NotFound,
            409 => ErrorCode::OffsetMismatch,
            460 => ErrorCode::ChecksumMismatch,
            _ => ErrorCode::Unknown,
        },
        _ => return RemoteError::NotAHub,
    };
    RemoteError::Refused(ApiError {
        code,
        detail: String::new(),
        retry_after_s,
    })
}

/// A body of at most `max` bytes; a longer one is no honest answer.
pub(super) async fn bytes(
    mut response: Response,
    max: u64,
    idle: Duration,
) -> Result<Bytes, RemoteError> {
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    let mut body = BytesMut::new();
    loop {
        let chunk = tokio::time::timeout(idle, response.chunk())
            .await
            .map_err(|elapsed| RemoteError::CutOff(elapsed.into()))?
            .map_err(|error| RemoteError::CutOff(error.without_url().into()))?;
        let Some(chunk) = chunk else {
            return Ok(body.freeze());
        };
        if body.len().saturating_add(chunk.len()) > max {
            return Err(RemoteError::NotAHub);
        }
        body.extend_from_slice(&chunk);
    }
}

async fn json_bytes(
    response: Response,
    idle: Duration,
) -> Result<(Bytes, Option<Dictionary>), RemoteError> {
    let is_json = header(response.headers(), CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json {
        return Err(RemoteError::NotAHub);
    }
    let encoding = header(response.headers(), CONTENT_ENCODING.as_str()).unwrap_or_default();
    let body = bytes(response, WIRE_BYTES_MAX, idle).await?;
    match encoding.as_str() {
        "" | "identity" => Ok((body, None)),
        "zstd" => match packing::unpack(&body, JSON_BYTES_MAX) {
            Ok(plain) => Ok((plain.into(), Dictionary::of_frame(&body))),
            Err(packing::Error::TooLarge | packing::Error::Damaged(_)) => Err(RemoteError::NotAHub),
        },
        _ => Err(RemoteError::NotAHub),
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(
        headers
            .get(name)?
            .to_str()
            .ok()?
            .trim()
            .to_ascii_lowercase(),
    )
}

/// `Retry-After` in seconds; its other form, a date, would need a clock that can be trusted.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    header(headers, RETRY_AFTER.as_str())?.parse().ok()
}
