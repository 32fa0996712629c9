//! The one window.

use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// The page to open with instead of 今日, for example `/desk`.
const PAGE_ENV: &str = "GRIDWALKER_PAGE";

/// Opens the window: tablet-sized by default, resizable down to a phone's width.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let (width, height) = size_from_env().unwrap_or((800.0, 1_280.0));
    let page = std::env::var(PAGE_ENV).unwrap_or_default();
    let page = WebviewUrl::App(page.trim_start_matches('/').into());
    WebviewWindowBuilder::new(app, "main", page)
        .title("Gridwalker 网格行")
        .inner_size(width, height)
        .min_inner_size(360.0, 560.0)
        .use_https_scheme(true)
        .build()?;
    Ok(())
}

/// `GRIDWALKER_WINDOW=1440x900`, for pictures of the desktop layout.
fn size_from_env() -> Option<(f64, f64)> {
    let text = std::env::var("GRIDWALKER_WINDOW").ok()?;
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
