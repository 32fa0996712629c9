//! Sends JSON: never stored by anybody in between, zstd-compressed where it pays and is welcome.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use packing::With;
use serde::Serialize;
use shared::hub_api::DICTIONARY;

use crate::error::{Answered, Failure};

/// Below this many bytes compression saves nothing worth a round through the compressor.
const WORTH_IT: usize = 256;

/// With a dictionary it is worth it sooner.
const WORTH_IT_WITH_DICTIONARY: usize = 64;

/// Whether the peer takes zstd, and with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Takes(Option<With>);

impl<S: Sync> FromRequestParts<S> for Takes {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let with = if has_dictionary(&parts.headers) {
            With::Dictionary
        } else {
            With::Nothing
        };
        Ok(Self(takes_zstd(&parts.headers).then_some(with)))
    }
}

impl Takes {
    /// Whether answers to this peer are packed with the dictionary, so that it need not be told of it.
    pub(crate) fn dictionary(self) -> bool {
        self.0 == Some(With::Dictionary)
    }
}

fn has_dictionary(headers: &HeaderMap) -> bool {
    let ours = packing::short(packing::digest());
    headers
        .get(DICTIONARY)
        .is_some_and(|named| named.as_bytes().eq_ignore_ascii_case(ours.as_bytes()))
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
pub(crate) fn packed_json<T: Serialize>(value: &T, takes: Takes) -> Answered {
    let body = serde_json::to_vec(value).map_err(Failure::internal)?;
    let worth_it = match takes.0 {
        None => usize::MAX,
        Some(With::Nothing) => WORTH_IT,
        Some(With::Dictionary) => WORTH_IT_WITH_DICTIONARY,
    };
    match takes.0 {
        Some(with) if body.len() >= worth_it => Ok(with_headers(packing::pack(&body, with)?, true)),
        _ => Ok(with_headers(body, false)),
    }
}

fn with_headers(body: Vec<u8>, zstd: bool) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if zstd {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    response
}
