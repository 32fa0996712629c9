//! One HTTP request as it travels: it can be kept back, sent twice or damaged, and is handed to the
//! hub's router in this process. JSON goes plain here; that it may go compressed is another test's
//! matter.

use std::io;

use anyhow::{Context, Result};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, Response, StatusCode, header::HeaderMap},
};
use bytes::Bytes;
use client::sync::{PhotoPart, RemoteError, Upload};
use serde::de::DeserializeOwned;
use shared::hub_api::{ApiError, ErrorCode, photo};
use tower::ServiceExt as _;

/// More than any answer has.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// A request on its way.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    /// What it is, for the trace.
    pub what: &'static str,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Parcel {
    /// A request without a body.
    pub(super) fn new(what: &'static str, method: Method, path: impl Into<String>) -> Self {
        Self {
            what,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// With a header.
    #[must_use]
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub(super) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// With the device's token.
    #[must_use]
    pub(super) fn signed_by(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.header("authorization", format!("Bearer {token}")),
            None => self,
        }
    }

    /// Bytes of its body.
    pub(super) fn size(&self) -> usize {
        self.body.len()
    }

    /// The same with one byte of its body changed, and without a checksum that would tell.
    #[must_use]
    pub(super) fn altered(mut self, at: usize) -> Self {
        let mut bytes = self.body.to_vec();
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 0x10;
        }
        self.body = bytes.into();
        self.headers
            .retain(|(name, _)| *name != photo::UPLOAD_CHECKSUM);
        self
    }

    /// The hub takes it in; `cut_at`: the connection breaks after so many bytes of the body.
    pub(super) async fn deliver(self, router: Router, cut_at: Option<usize>) -> Result<Reply> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let body = match cut_at {
            None => Body::from(self.body),
            Some(at) => {
                let begun = self.body.slice(..at.min(self.body.len()));
                let broken = io::Error::from(io::ErrorKind::ConnectionReset);
                Body::from_stream(futures_util::stream::iter([Ok(begun), Err(broken)]))
            }
        };
        let answer: Response<Body> = router.oneshot(request.body(body)?).await?;
        let (head, body) = answer.into_parts();
        Ok(Reply {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, ANSWER_MAX).await.context("the answer")?,
        })
    }
}

impl Reply {
    /// The JSON of a success, or the hub's refusal.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        self.success()?;
        serde_json::from_slice(&self.body).map_err(|_not_json| RemoteError::NotAHub)
    }

    /// The hub's refusal, if it is one.
    pub(super) fn success(&self) -> Result<(), RemoteError> {
        if self.status.is_success() {
            return Ok(());
        }
        if self.status == StatusCode::REQUEST_TIMEOUT {
            return Err(RemoteError::CutOff("too slow".into()));
        }
        let told = serde_json::from_slice::<ApiError>(&self.body);
        Err(RemoteError::Refused(told.unwrap_or_else(|_| ApiError {
            code: if self.status == StatusCode::NOT_FOUND {
                ErrorCode::NotFound
            } else {
                ErrorCode::Unknown
            },
            detail: String::new(),
            retry_after_s: None,
        })))
    }

    /// Whether the hub knows nothing of what was asked for.
    pub(super) fn is_nothing(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The bytes of a photo that were asked for.
    pub(super) fn part(self) -> Result<PhotoPart, RemoteError> {
        self.success()?;
        let range = self.headers.get("content-range");
        let total = range
            .and_then(|range| range.to_str().ok()?.rsplit_once('/')?.1.parse().ok())
            .ok_or(RemoteError::NotAHub)?;
        Ok(PhotoPart {
            total,
            bytes: self.body,
        })
    }

    /// How far an upload is.
    pub(super) fn upload(&self) -> Result<Upload, RemoteError> {
        self.success()?;
        let text = |name: &str| self.headers.get(name)?.to_str().ok();
        let offset = text(photo::UPLOAD_OFFSET).and_then(|offset| offset.parse().ok());
        Ok(Upload {
            offset: offset.ok_or(RemoteError::NotAHub)?,
            complete: text(photo::COMPLETE) == Some("true"),
        })
    }
}
