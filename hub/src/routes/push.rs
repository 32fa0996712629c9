//! `POST /sync/v1/push`.

use axum::extract::State;
use shared::hub_api::{ErrorCode, Push, PushAnswer};

use crate::{
    answer::{self, TakesZstd},
    app::Shared,
    auth::Caller,
    body::JsonBody,
    error::{Answered, Failure},
    push::Incoming,
    store::{Batch, NewEpochRequired},
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    zstd: TakesZstd,
    JsonBody(push): JsonBody<Push>,
) -> Answered {
    let limits = app.config.limits;
    if push.ops.len() > limits.max_ops {
        return Err(Failure::new(
            ErrorCode::TooLarge,
            "too many operations in one push",
        ));
    }
    let ops = push.ops.into_iter();
    let batch = Batch {
        sent: push.sent,
        received_at: (app.config.clock)(),
        ops: ops.map(|raw| Incoming::read(raw, limits.max_op)).collect(),
    };
    let results = app
        .store
        .push(session, batch)
        .await?
        .map_err(|NewEpochRequired| {
            Failure::new(
                ErrorCode::NewEpochRequired,
                "another operation stands under this dev_seq; the device must take a new identity",
            )
        })?;
    fault::point("hub/push: committed, not answered");
    app.metrics.ops(&results);
    answer::packed_json(&PushAnswer { results }, zstd)
}
