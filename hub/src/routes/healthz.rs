//! `GET /healthz`: whether the hub can read its database.

use axum::extract::State;
use serde_json::json;

use crate::{answer, app::Shared, error::Answered};

pub(super) async fn answer(State(app): State<Shared>) -> Answered {
    app.store.identity().await?;
    answer::json(&json!({ "status": "ok" }))
}
