//! `photo://localhost/<digest>`: photos and thumbnails, decrypted on the way to the window. They
//! never touch the disk in the clear, and bytes never go through IPC.

use client::Client;
use shared::Digest;
use tauri::{
    Manager, Runtime, UriSchemeContext, UriSchemeResponder,
    http::{Request, Response, StatusCode, header},
};

/// Name of the scheme.
pub(crate) const SCHEME: &str = "photo";

/// Answers a request of the window for a photo or thumbnail, named by its digest.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let Ok(digest) = request
        .uri()
        .path()
        .trim_start_matches('/')
        .parse::<Digest>()
    else {
        return responder.respond(empty(StatusCode::BAD_REQUEST));
    };
    let client = context.app_handle().state::<Client>().inner().clone();
    tauri::async_runtime::spawn(async move {
        responder.respond(match client.photo_bytes(digest).await {
            Ok(bytes) => picture(bytes),
            Err(_) => empty(StatusCode::NOT_FOUND),
        });
    });
}

fn picture(bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(bytes);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("image/jpeg"),
    );
    // A digest never means other bytes. Kept in memory only: the webview's disk cache would hold
    // residents' photos in the clear.
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
