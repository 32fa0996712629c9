//! The HTTP interface: one file an endpoint; each extracts, calls, answers.

mod enrol;
mod export;
mod healthz;
mod hello;
mod metrics;
mod observe;
mod openapi;
mod photo_create;
mod photo_get;
mod photo_head;
mod photo_patch;
mod publish;
mod pull;
mod push;
mod range;
mod renew;
mod tus;

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, head, options, post},
};
use shared::hub_api::{
    Endpoint as _, Enrol, ErrorCode, Hello, Pull, Push, Renew, export::EXPORT_PATH, photo,
    publish::PUBLISH_PATH,
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{app::Shared, error::Failure};

/// Where one photo is.
const PHOTO_PATH: &str = "/sync/v1/photos/{digest}";

fn table() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        (Hello::PATH, get(hello::answer)),
        (Enrol::PATH, post(enrol::answer)),
        (Renew::PATH, post(renew::answer)),
        (<Push>::PATH, post(push::answer)),
        (Pull::PATH, get(pull::answer)),
        (EXPORT_PATH, post(export::answer)),
        (PUBLISH_PATH, post(publish::answer)),
        (
            photo::CREATE_PATH,
            post(photo_create::answer).merge(options(tus::abilities)),
        ),
        (
            PHOTO_PATH,
            head(photo_head::answer)
                .get(photo_get::answer)
                .patch(photo_patch::answer)
                .options(tus::abilities),
        ),
        ("/healthz", get(healthz::answer)),
        ("/metrics", get(metrics::answer)),
        ("/openapi.json", get(openapi::answer)),
    ]
}

/// Every path the hub answers at.
pub fn paths() -> Vec<&'static str> {
    table().into_iter().map(|(path, _)| path).collect()
}

pub(crate) fn router(app: Shared) -> Router {
    table()
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            router.route(path, methods)
        })
        .fallback(async || Failure::new(ErrorCode::NotFound, "there is nothing at this path"))
        .method_not_allowed_fallback(async || {
            Failure::new(ErrorCode::NotFound, "the path does not take this method")
                .status(StatusCode::METHOD_NOT_ALLOWED)
        })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            observe::observe,
        ))
        .with_state(app)
}

/// A panic is our bug; the peer gets an answer and the others are not disturbed. What it said may
/// be about a person and is not repeated here.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failure::internal("a handler panicked").into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::Request,
    };
    use shared::hub_api::ApiError;
    use tower::ServiceExt as _;

    use super::*;

    async fn broken() {
        panic!("something about a person");
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_what_it_said() {
        let router: Router = Router::new()
            .route("/", get(broken))
            .layer(CatchPanicLayer::custom(panicked));

        let request = Request::get("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();

        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let error: ApiError = serde_json::from_slice(&body).unwrap();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.detail.contains("person"), "{}", error.detail);
    }
}
