//! `POST /sync/v1/renew`.

use axum::extract::State;
use shared::hub_api::{ErrorCode, Renew, Renewed};

use crate::{
    answer,
    app::Shared,
    auth::Caller,
    body::JsonBody,
    error::{Answered, Failure},
    secret,
    store::Renewing,
};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    JsonBody(request): JsonBody<Renew>,
) -> Answered {
    let token = secret::new_token()?;
    let renewing = Renewing {
        from: session.device,
        device: request.device,
        token: secret::hash_token(&token),
        now: (app.config.clock)(),
    };
    if !app.store.renew(renewing).await? {
        return Err(Failure::new(
            ErrorCode::Forbidden,
            "the device id is in use; take a new one",
        ));
    }
    tracing::info!(device = %request.device, was = %session.device, "device took a new identity");
    answer::json(&Renewed { token })
}
