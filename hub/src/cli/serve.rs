//! `gridwalker-hub serve --listen 127.0.0.1:PORT`.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

use super::say;
use crate::{Config, Hub};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8640")]
    listen: SocketAddr,
    /// A reverse proxy whose X-Forwarded-For is believed.
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Option<IpAddr>,
}

pub(super) async fn run(args: Args, mut config: Config) -> anyhow::Result<()> {
    log_to_stderr()?;
    config.trusted_proxy = args.trusted_proxy;
    let hub = Hub::open(config).await?;
    let claim = hub.claim()?;
    let stop = stop_signal()?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        let what_helps = what_helps(&error);
        anyhow::Error::new(error).context(format!("can't listen on {}; {what_helps}", args.listen))
    })?;
    let address = listener.local_addr()?;
    say(&format!("listening on http://{address}"))?;
    tracing::info!(%address, "listening");
    hub.serve_claimed(claim, listener, stop).await?;
    tracing::info!("stopped");
    Ok(())
}

/// What an operator can do when the address can't be had.
fn what_helps(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "something else listens there: stop it, or give another --listen"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address: give one of its own by --listen"
        }
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 need more rights: give another --listen"
        }
        _ => "give another --listen",
    }
}

/// JSON lines. `RUST_LOG` chooses; without it: what an operator needs to know.
fn log_to_stderr() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init()
        .map_err(|error| anyhow::anyhow!(error))?;
    // What a panic says may quote data; where it happened is enough to find it.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
    Ok(())
}

/// Resolves at the first SIGTERM or Ctrl-C.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves at the first Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
