//! The shell: a window around the UI, and a wire between it and the core. The only room that
//! knows Tauri; it decides nothing.
// A release build on Windows must not open a console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod events;
mod photos;
mod window;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use client::{Client, Options, SystemClock, system_or_file};
use shared::ipc::{EnrolDevice, GetSession};
use tauri::{App, Manager};

/// Where the database and photos live instead of the system's place; for tests and demos.
const DATA_DIR_ENV: &str = "GRIDWALKER_DATA";

#[expect(
    clippy::exit,
    reason = "tauri's generated context stops a broken bundle that way"
)]
fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("GRIDWALKER_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let app = tauri::Builder::default()
        .register_asynchronous_uri_scheme_protocol(photos::SCHEME, photos::serve)
        .invoke_handler(commands::handler())
        .setup(|app| Ok(setup(app)?));
    match app.run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the shell stopped");
            ExitCode::FAILURE
        }
    }
}

fn setup(app: &App) -> tauri::Result<()> {
    let data_dir = match std::env::var_os(DATA_DIR_ENV) {
        Some(dir) => PathBuf::from(dir),
        None => app.path().app_local_data_dir()?,
    };
    let client = tauri::async_runtime::block_on(async {
        let client = Client::open(Options {
            keys: system_or_file(&data_dir),
            data_dir,
            clock: Arc::new(SystemClock::new()),
            device_name: device_name(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
        })
        .await;
        if let Ok(downloads) = downloads(app) {
            client.set_downloads(downloads);
        }
        enrol_from_environment(&client).await;
        client.start_sync();
        client
    });
    events::forward(app.handle(), &client);
    app.manage(client);
    window::open(app)
}

/// Where files go that a person saves. Beside the data in tests, which must not fill somebody's own.
fn downloads(app: &App) -> tauri::Result<PathBuf> {
    match std::env::var_os(DATA_DIR_ENV) {
        Some(dir) => Ok(PathBuf::from(dir).join("downloads")),
        None => app.path().download_dir(),
    }
}

/// `GRIDWALKER_ENROL="http://… CODE"`: `cargo xtask demo` opens the app enrolled. Done once; a
/// device that is enrolled stays as it is.
async fn enrol_from_environment(client: &Client) {
    let wanted = std::env::var("GRIDWALKER_ENROL").unwrap_or_default();
    let Some((hub_url, code)) = wanted.split_once(' ') else {
        return;
    };
    let session = client.get_session(GetSession {}).await;
    if session.is_ok_and(|session| session.enrolment.is_some()) {
        return;
    }
    let args = EnrolDevice {
        hub_url: hub_url.to_owned(),
        code: code.to_owned(),
    };
    if let Err(error) = client.enrol_device(args).await {
        tracing::warn!(%error, "the device could not be enrolled");
    }
}

/// What the hub's operator sees in the list of devices: the kind of machine, never a person.
fn device_name() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}
