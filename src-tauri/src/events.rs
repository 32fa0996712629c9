//! What flows up to the UI: what changed, and how the sync stands. Nothing else does.

use client::Client;
use shared::ipc::{Area, CHANGED_EVENT, Changed, SYNC_EVENT};
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;

/// Forwards the core's announcements to the window for as long as the core lives.
pub(crate) fn forward(app: &AppHandle, client: &Client) {
    let mut changes = client.changes();
    let window = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match changes.recv().await {
                Ok(change) => emit(&window, CHANGED_EVENT, &change),
                // Some announcements were missed; everything may have changed.
                Err(RecvError::Lagged(_)) => emit(&window, CHANGED_EVENT, &everything()),
                Err(RecvError::Closed) => return,
            }
        }
    });
    let mut statuses = client.sync_statuses();
    let window = app.clone();
    tauri::async_runtime::spawn(async move {
        while statuses.changed().await.is_ok() {
            let status = statuses.borrow_and_update().clone();
            emit(&window, SYNC_EVENT, &status);
        }
    });
}

fn everything() -> Changed {
    Changed::of([
        Area::Session,
        Area::Packs,
        Area::Drafts,
        Area::Cases,
        Area::Delivery,
    ])
}

fn emit<T: serde::Serialize + Clone>(app: &AppHandle, event: &str, payload: &T) {
    if let Err(error) = app.emit(event, payload) {
        tracing::warn!(%error, event, "an event did not reach the window");
    }
}
