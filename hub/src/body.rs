//! Reads JSON bodies: bounded as they come and again as they unfold, with patience but not with
//! endless patience.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use shared::hub_api::ErrorCode;
use tokio::time::{error::Elapsed, timeout};

use crate::{
    app::Shared,
    config::Patience,
    error::{Answered, Failure},
};

/// A JSON body, plain or zstd-compressed.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Shared> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Failure> {
        let max = app.config.limits.max_body;
        let (parts, body) = request.into_parts();
        let encoding = check_headers(&parts.headers)?;
        let raw = timeout(
            app.config.patience.body,
            collect(body, max, &app.config.patience),
        )
        .await
        .map_err(slow)??;
        let json = match encoding {
            Encoding::Plain => raw,
            Encoding::Zstd => unfold(&raw, max)?,
        };
        serde_json::from_slice(&json).map(Self).map_err(|error| {
            // Line and column only: serde's own words can quote what a person entered.
            let (line, column) = (error.line(), error.column());
            Failure::new(
                ErrorCode::Malformed,
                format!("not the JSON this endpoint takes, at line {line} column {column}"),
            )
        })
    }
}

#[derive(Clone, Copy)]
enum Encoding {
    Plain,
    Zstd,
}

fn check_headers(headers: &HeaderMap) -> Answered<Encoding> {
    let text = |name| {
        let value = headers.get(name).map(|value| value.to_str());
        value
            .transpose()
            .map_err(|error| unsupported("a header can't be read").because(error))
    };
    if let Some(kind) = text(header::CONTENT_TYPE)? {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(unsupported("the content type must be application/json"));
        }
    }
    match text(header::CONTENT_ENCODING)?.map(str::trim) {
        None | Some("" | "identity") => Ok(Encoding::Plain),
        Some(encoding) if encoding.eq_ignore_ascii_case("zstd") => Ok(Encoding::Zstd),
        Some(_) => Err(unsupported("the content encoding must be zstd or identity")),
    }
}

fn unsupported(detail: &str) -> Failure {
    Failure::new(ErrorCode::UnsupportedMedia, detail)
}

fn too_large() -> Failure {
    Failure::new(
        ErrorCode::TooLarge,
        "the body is too large; send fewer operations",
    )
}

fn slow(elapsed: Elapsed) -> Failure {
    Failure::new(ErrorCode::Malformed, "the body did not come in time")
        .status(axum::http::StatusCode::REQUEST_TIMEOUT)
        .because(elapsed)
}

async fn collect(body: Body, max: usize, patience: &Patience) -> Answered<Bytes> {
    let mut stream = body.into_data_stream();
    let mut all = BytesMut::new();
    while let Some(piece) = timeout(patience.body_idle, stream.next())
        .await
        .map_err(slow)?
    {
        let piece = piece.map_err(|error| {
            Failure::new(ErrorCode::Malformed, "the body was cut off").because(error)
        })?;
        if all.len().saturating_add(piece.len()) > max {
            return Err(too_large());
        }
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

fn unfold(raw: &[u8], max: usize) -> Answered<Bytes> {
    match packing::unpack(raw, max) {
        Ok(all) => Ok(all.into()),
        Err(packing::Error::TooLarge) => Err(too_large()),
        Err(error @ packing::Error::Damaged(_)) => {
            Err(Failure::new(ErrorCode::Malformed, "the zstd body is damaged").because(error))
        }
    }
}
