//! `GET /sync/v1/hello`.

use std::time::{Duration, UNIX_EPOCH};

use axum::{
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::IntoResponse as _,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use packing::Dictionary;
use sha2::{Digest as _, Sha256};
use shared::{
    Timestamp,
    hub_api::{BRIEF, Hello, HelloAnswer, PROTOCOL, ProtocolRange},
    time::Observed,
};

use crate::{
    answer::{self, Takes},
    app::Shared,
    auth::Caller,
    error::{Answered, Failure},
};

/// What this hub can do beyond what every hub must: section 10 of docs/protocol.md.
const FEATURES: [&str; 3] = [BRIEF, "photos.tus", "zstd"];

/// The longest name of a boot that is kept.
const BOOT_MAX: usize = 200;

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    takes: Takes,
    heads: HeaderMap,
    uri: Uri,
) -> Answered {
    let server_time = (app.config.clock)();
    if let Some(clocks) = clocks(&uri) {
        // No clock and no full disk is a reason to refuse a hello.
        let noted = app.store.note_clocks(session.device, clocks, server_time);
        if let Err(error) = noted.await {
            tracing::warn!(%error, "a device's clocks could not be noted");
        }
    }
    let identity = app.store.identity().await?;
    // It is the one that knows the names of those before it.
    let (packed_with, takes) = takes.newest();
    let scopes = app.store.heads(session.scopes()).await?;
    let answer = HelloAnswer {
        protocol: ProtocolRange {
            min: PROTOCOL,
            max: PROTOCOL,
        },
        features: FEATURES.map(str::to_owned).to_vec(),
        hub_id: identity.hub_id,
        hub_name: identity.hub_name,
        epoch: identity.epoch,
        server_time,
        limits: app.config.limits,
        scopes,
        last_dev_seq: session.last_dev_seq,
        staff: session.staff,
        // That the one it is packed with is here, the answer says by that.
        dictionaries: Dictionary::ALL
            .into_iter()
            .filter(|it| Some(*it) != packed_with)
            .map(|it| it.digest().to_owned())
            .collect(),
    };
    let tag = tag(&answer)?;
    let date = date(server_time);
    let known = heads.get(header::IF_NONE_MATCH) == Some(&tag);
    // Said again, the time is only in the date; one that can't be told there is told in full.
    let mut response = if known && date.is_some() {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer::packed_json(&answer, takes)?
    };
    let heads = response.headers_mut();
    heads.insert(header::ETAG, tag);
    heads.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Some(date) = date {
        heads.insert(header::DATE, date);
    }
    Ok(response)
}

/// A name for all of the answer but the time.
fn tag(answer: &HelloAnswer) -> Result<HeaderValue, Failure> {
    let timeless = HelloAnswer {
        server_time: Timestamp::from_ms(0),
        ..answer.clone()
    };
    let json = serde_json::to_vec(&timeless).map_err(Failure::internal)?;
    let digest = Sha256::digest(json);
    let name = BASE64_URL_SAFE_NO_PAD.encode(digest.get(..8).unwrap_or_default());
    HeaderValue::try_from(format!("W/\"{name}\"")).map_err(Failure::internal)
}

/// The hub's clock in the form of HTTP, which knows the years from 1970 to 9999.
fn date(now: Timestamp) -> Option<HeaderValue> {
    const YEAR_9999_S: u64 = 253_402_300_799;
    let seconds = u64::try_from(now.as_ms()).ok()? / 1_000;
    let told = (seconds <= YEAR_9999_S).then(|| UNIX_EPOCH + Duration::from_secs(seconds))?;
    HeaderValue::try_from(httpdate::fmt_http_date(told)).ok()
}

/// The device's clocks. Some that can't be read are as good as none.
fn clocks(uri: &Uri) -> Option<Observed> {
    let Query(hello) = Query::<Hello>::try_from_uri(uri).ok()?;
    let clocks = hello.clocks()?;
    let is_name = clocks.boot.len() <= BOOT_MAX && !clocks.boot.contains(char::is_control);
    is_name.then_some(clocks)
}
