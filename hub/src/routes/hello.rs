//! `GET /sync/v1/hello`.

use axum::extract::State;
use shared::hub_api::{BRIEF, HelloAnswer, PROTOCOL, ProtocolRange};

use crate::{
    answer::{self, Takes},
    app::Shared,
    auth::Caller,
    error::Answered,
};

/// What this hub can do beyond what every hub must: section 10 of docs/protocol.md.
const FEATURES: [&str; 3] = [BRIEF, "photos.tus", "zstd"];

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    takes: Takes,
) -> Answered {
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
        server_time: (app.config.clock)(),
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
