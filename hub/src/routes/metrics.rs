//! `GET /metrics`: figures for Prometheus.

use axum::{extract::State, http::header, response::IntoResponse as _};

use crate::{app::Shared, error::Answered};

pub(super) async fn answer(State(app): State<Shared>) -> Answered {
    let stats = app.store.stats().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, app.metrics.text(&stats)).into_response())
}
