//! `gridwalker-hub serve --listen 127.0.0.1:PORT`.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use tokio::{net::TcpListener, signal, sync::oneshot};
use tracing_subscriber::EnvFilter;

use super::say;
use crate::{
    Config, Error, Hub,
    store::{Soundness, StoreError},
};

/// So long whoever starts the hub waits until all of its database was looked over. A larger one is looked
/// over beside serving, which ends when something is found.
const LOOKED_OVER_WITHIN: Duration = Duration::from_secs(20);

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
    let data = config.data_dir.clone();
    let hub = Hub::open(config).await?;
    let claim = hub.claim()?;
    let stop = stop_signal()?;
    let mut looking = tokio::spawn(looked_over(hub.clone(), data));
    let looked = tokio::time::timeout(LOOKED_OVER_WITHIN, &mut looking).await;
    let goes_on = looked.is_err();
    if let Ok(looked) = looked {
        looked??;
    }
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        let what_helps = what_helps(&error);
        anyhow::Error::new(error).context(format!("can't listen on {}; {what_helps}", args.listen))
    })?;
    let address = listener.local_addr()?;
    say(&format!("listening on http://{address}"))?;
    tracing::info!(%address, "listening");
    let (found, damage) = oneshot::channel();
    if goes_on {
        tracing::info!("the database is looked over while it is served");
        tokio::spawn(async move {
            if let Ok(Err(damaged)) = looking.await {
                // Nobody listens only when it stops anyway.
                found.send(damaged).unwrap_or_default();
            }
        });
    }
    let mut damaged = None;
    let end = async {
        tokio::select! {
            () = stop => {}
            Ok(found) = damage => damaged = Some(found),
        }
    };
    hub.serve_claimed(claim, listener, end).await?;
    if let Some(damaged) = damaged {
        return Err(damaged.into());
    }
    tracing::info!("stopped");
    Ok(())
}

/// Looks over all that the hub keeps.
async fn looked_over(hub: Hub, path: PathBuf) -> Result<(), Error> {
    let Soundness { damaged, doubtful } = match hub.look(false).await {
        Err(error @ Error::Store(StoreError::NotADatabase(_))) => return Err(error),
        Err(error) => {
            // That it can't be had now is no damage.
            tracing::warn!(%error, "the database could not be looked over");
            return Ok(());
        }
        Ok(found) => found,
    };
    if !damaged.is_empty() {
        tracing::error!(?damaged, "the database is damaged");
        return Err(Error::Damaged {
            path,
            found: damaged,
        });
    }
    for what in doubtful {
        tracing::warn!(
            what,
            "the database is not as it should be; `gridwalker-hub check` says more"
        );
    }
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
