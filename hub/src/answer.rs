//! Sends JSON: never stored by anybody in between, zstd-compressed where it pays and is welcome.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use packing::{Dictionaries, Dictionary};
use serde::Serialize;
use shared::hub_api::DICTIONARY;

use crate::error::{Answered, Failure};

/// Below this many bytes compression saves nothing worth a round through the compressor.
const WORTH_IT: usize = 256;

/// With a dictionary it is worth it sooner.
const WORTH_IT_WITH_DICTIONARY: usize = 64;

/// Whether the peer takes zstd, and which dictionaries it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Takes(Option<Dictionaries>);

impl<S: Sync> FromRequestParts<S> for Takes {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let heads = &parts.headers;
        Ok(Self(takes_zstd(heads).then(|| dictionaries(heads))))
    }
}

impl Takes {
    /// The newest of the dictionaries this peer has, and that it takes no other.
    pub(crate) fn newest(self) -> (Option<Dictionary>, Self) {
        let newest = self.0.and_then(|has| has.iter().next_back());
        (newest, Self(self.0.map(|_| newest.into_iter().collect())))
    }
}

/// Those the peer names, in one line or several (RFC 9110, section 5.3).
fn dictionaries(headers: &HeaderMap) -> Dictionaries {
    let lines = headers.get_all(DICTIONARY).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| Dictionaries::named(line).iter())
        .collect()
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
    match takes.0 {
        Some(has) if body.len() >= worth_it(has) => {
            Ok(with_headers(packing::pack(&body, has)?, true))
        }
        _ => Ok(with_headers(body, false)),
    }
}

fn worth_it(has: Dictionaries) -> usize {
    if has.is_empty() {
        WORTH_IT
    } else {
        WORTH_IT_WITH_DICTIONARY
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
