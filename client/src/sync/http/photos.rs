//! Photos over HTTP: uploads as tus 1.0 has them, downloads in ranges.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, RANGE},
};
use sha2::{Digest as _, Sha256};
use shared::{
    Digest,
    hub_api::{ErrorCode, photo},
};

use super::{
    super::{
        answer,
        remote::{Check, PhotoPart, RemoteError, Upload},
    },
    Http,
};

impl Http {
    async fn tus(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, String)],
        body: Bytes,
    ) -> Result<Response, RemoteError> {
        let bytes = body.len();
        let mut http = self
            .client
            .request(method, self.whom.hub.join(path))
            .header(tus_header(photo::TUS_RESUMABLE), photo::TUS_VERSION);
        for (name, value) in headers {
            http = http.header(name, value);
        }
        self.send(http.body(body), bytes).await
    }

    /// Begins an upload, or says where it stands.
    pub(super) async fn create(&self, digest: Digest, length: u64) -> Result<Upload, RemoteError> {
        let metadata = format!("digest {}", BASE64.encode(digest.to_string()));
        let headers = [
            (tus_header(photo::UPLOAD_LENGTH), length.to_string()),
            (tus_header(photo::UPLOAD_METADATA), metadata),
        ];
        let response = self
            .tus(Method::POST, photo::CREATE_PATH, &headers, Bytes::new())
            .await?;
        if !response.status().is_success() {
            return Err(answer::refusal(response, self.patience.idle).await);
        }
        if let Some(upload) = upload_in(response.headers()) {
            return Ok(upload);
        }
        // Core tus tells the offset only to HEAD.
        self.stands(digest)
            .await?
            .ok_or_else(|| RemoteError::refused(ErrorCode::NotFound))
    }

    /// Where an upload stands; `None`: there is none.
    pub(super) async fn stands(&self, digest: Digest) -> Result<Option<Upload>, RemoteError> {
        let response = self
            .tus(Method::HEAD, &photo::path(digest), &[], Bytes::new())
            .await?;
        if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        if !response.status().is_success() {
            return Err(answer::refusal(response, self.patience.idle).await);
        }
        upload_in(response.headers())
            .map(Some)
            .ok_or(RemoteError::NotAHub)
    }

    /// Sends a piece.
    pub(super) async fn patch(
        &self,
        digest: Digest,
        offset: u64,
        chunk: Bytes,
        check: Check,
    ) -> Result<Upload, RemoteError> {
        let mut headers = vec![
            (CONTENT_TYPE, photo::CHUNK_TYPE.to_owned()),
            (tus_header(photo::UPLOAD_OFFSET), offset.to_string()),
        ];
        if check == Check::EachPiece {
            let checksum = format!("sha256 {}", BASE64.encode(Sha256::digest(&chunk)));
            headers.push((tus_header(photo::UPLOAD_CHECKSUM), checksum));
        }
        let response = self
            .tus(Method::PATCH, &photo::path(digest), &headers, chunk)
            .await?;
        if !response.status().is_success() {
            return Err(answer::refusal(response, self.patience.idle).await);
        }
        upload_in(response.headers()).ok_or(RemoteError::NotAHub)
    }

    /// A part of a photo; `None`: there is none.
    pub(super) async fn part(
        &self,
        digest: Digest,
        from: u64,
        length: u64,
    ) -> Result<Option<PhotoPart>, RemoteError> {
        let last = from.saturating_add(length.max(1)) - 1;
        let request = self
            .client
            .get(self.whom.hub.join(&photo::path(digest)))
            .header(RANGE, format!("bytes={from}-{last}"));
        let response = self.send(request, 0).await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::PARTIAL_CONTENT => {
                let total = total_behind(response.headers(), from).ok_or(RemoteError::NotAHub)?;
                let bytes = answer::bytes(response, length, self.patience.idle).await?;
                Ok(Some(PhotoPart { total, bytes }))
            }
            // A server without ranges sends all of it each time.
            status if status.is_success() => {
                let whole =
                    answer::bytes(response, photo::PHOTO_BYTES_MAX, self.patience.idle).await?;
                let total = u64::try_from(whole.len()).unwrap_or(u64::MAX);
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(whole.len());
                let bytes = whole.slice(from..);
                Ok(Some(PhotoPart { total, bytes }))
            }
            _ => Err(answer::refusal(response, self.patience.idle).await),
        }
    }
}

/// The whole length that `Content-Range: bytes 0-99/1234` tells, if it begins where it should.
fn total_behind(headers: &HeaderMap, from: u64) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (place, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, _) = place.split_once('-')?;
    let total: u64 = total.trim().parse().ok()?;
    let begins_there = first.trim().parse() == Ok(from);
    (begins_there && total <= photo::PHOTO_BYTES_MAX).then_some(total)
}

/// Where an upload stands, if the answer tells.
fn upload_in(headers: &HeaderMap) -> Option<Upload> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    Some(Upload {
        offset: text(photo::UPLOAD_OFFSET)?.trim().parse().ok()?,
        complete: text(photo::COMPLETE).is_some_and(|value| value.trim() == "true"),
    })
}

/// Our header names are constants of letters and dashes, so the lookup can't fail; if one ever
/// did, the request would go out without it and be refused.
fn tus_header(name: &str) -> HeaderName {
    HeaderName::from_bytes(name.as_bytes()).unwrap_or(CONTENT_TYPE)
}
