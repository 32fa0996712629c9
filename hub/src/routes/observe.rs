//! Counts and logs every request, without anything about a person: endpoint, status, device id.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use shared::hub_api::photo;
use tracing::{Instrument as _, field};

use crate::app::Shared;

pub(super) async fn observe(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let endpoint = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", %method, endpoint, device = field::Empty);
    let began = (app.config.clock)();
    let mut response = next.run(request).instrument(span.clone()).await;
    let ms = (app.config.clock)().since_ms(began);

    let status = response.status();
    app.metrics.request(&endpoint, status.as_u16());
    span.in_scope(|| match status.as_u16() {
        500.. => tracing::error!(status = status.as_u16(), ms, "answered"),
        400.. => tracing::info!(status = status.as_u16(), ms, "answered"),
        _ => tracing::debug!(status = status.as_u16(), ms, "answered"),
    });

    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if endpoint.starts_with(photo::CREATE_PATH) {
        headers.insert(
            photo::TUS_RESUMABLE,
            HeaderValue::from_static(photo::TUS_VERSION),
        );
    }
    response
}
