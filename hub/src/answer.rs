//! Sends JSON: never stored by anybody in between, zstd-compressed where it pays and is welcome.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::error::{Answered, Failure};

/// Below this many bytes compression saves nothing worth a round through the compressor.
const WORTH_IT: usize = 256;

/// Fast, and within a few percent of the slow levels on JSON.
const LEVEL: i32 = 3;

/// Whether the peer takes zstd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TakesZstd(pub(crate) bool);

impl<S: Sync> FromRequestParts<S> for TakesZstd {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(takes_zstd(&parts.headers)))
    }
}

fn takes_zstd(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let zstd = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("zstd"));
            zstd && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

/// A JSON answer.
pub(crate) fn json<T: Serialize>(value: &T) -> Answered {
    let body = serde_json::to_vec(value).map_err(Failure::internal)?;
    Ok(with_headers(body, false))
}

/// A JSON answer, compressed if the peer takes it.
pub(crate) fn packed_json<T: Serialize>(value: &T, zstd: TakesZstd) -> Answered {
    let body = serde_json::to_vec(value).map_err(Failure::internal)?;
    if !zstd.0 || body.len() < WORTH_IT {
        return Ok(with_headers(body, false));
    }
    let packed = zstd::bulk::compress(&body, LEVEL)?;
    Ok(with_headers(packed, true))
}

fn with_headers(body: Vec<u8>, zstd: bool) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if zstd {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    response
}
