//! `GET /sync/v1/hello`.

use axum::extract::State;
use shared::hub_api::{HelloAnswer, PROTOCOL, ProtocolRange};

use crate::{answer, app::Shared, auth::Caller, error::Answered};

pub(super) async fn answer(State(app): State<Shared>, Caller(session): Caller) -> Answered {
    let identity = app.store.identity().await?;
    let scopes = app.store.heads(session.scopes()).await?;
    answer::json(&HelloAnswer {
        protocol: ProtocolRange {
            min: PROTOCOL,
            max: PROTOCOL,
        },
        features: vec!["photos.tus".to_owned(), "zstd".to_owned()],
        hub_id: identity.hub_id,
        hub_name: identity.hub_name,
        epoch: identity.epoch,
        server_time: (app.config.clock)(),
        limits: app.config.limits,
        scopes,
        last_dev_seq: session.last_dev_seq,
        staff: session.staff,
        dictionaries: Vec::new(),
    })
}
