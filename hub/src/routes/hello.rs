//! `GET /sync/v1/hello`.

use axum::{
    extract::{Query, State},
    http::Uri,
};
use shared::{
    hub_api::{BRIEF, Hello, HelloAnswer, PROTOCOL, ProtocolRange},
    time::Observed,
};

use crate::{
    answer::{self, Takes},
    app::Shared,
    auth::Caller,
    error::Answered,
};

/// What this hub can do beyond what every hub must: section 10 of docs/protocol.md.
const FEATURES: [&str; 3] = [BRIEF, "photos.tus", "zstd"];

/// The longest name of a boot that is kept.
const BOOT_MAX: usize = 200;

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    takes: Takes,
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
        // A device that named it knows by the answer's own packing that it is here.
        dictionaries: if takes.dictionary() {
            Vec::new()
        } else {
            vec![packing::digest().to_owned()]
        },
    };
    answer::packed_json(&answer, takes)
}

/// The device's clocks. Some that can't be read are as good as none.
fn clocks(uri: &Uri) -> Option<Observed> {
    let Query(hello) = Query::<Hello>::try_from_uri(uri).ok()?;
    let clocks = hello.clocks()?;
    let is_name = clocks.boot.len() <= BOOT_MAX && !clocks.boot.contains(char::is_control);
    is_name.then_some(clocks)
}
