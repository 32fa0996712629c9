//! `POST /sync/v1/export`.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use shared::hub_api::export::Export;

use crate::{app::Shared, auth::Caller, body::JsonBody, error::Answered, export};

pub(super) async fn answer(
    State(app): State<Shared>,
    Caller(session): Caller,
    JsonBody(wanted): JsonBody<Export>,
) -> Answered {
    let file = export::make(&app, &session, &wanted).await?;
    let mut response: Response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(file.media_type),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let named = format!("attachment; filename=\"{}\"", file.name);
    if let Ok(named) = HeaderValue::try_from(named) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    Ok(response)
}
