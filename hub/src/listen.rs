//! Accepts connections: a bounded number, with a time limit for heads of requests, and a stop that
//! lets open requests finish.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::Service as _;

use crate::config::{Config, Patience};

/// After a failed accept (out of file handles, most likely): a little later there may be one.
const AFTER_FAILURE: Duration = Duration::from_millis(200);

/// Bytes of a request's head; also of what is read of a body at once.
const HEAD_BYTES_MAX: usize = 64 * 1024;

type Make = IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    config: &Config,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    let permits = Arc::new(Semaphore::new(config.connections_max));
    let (stop, stopped) = watch::channel(false);
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = open.join_next(), if !open.is_empty() => {}
            accepted = accept(&listener, &permits) => match accepted {
                Some((stream, peer, permit)) => {
                    let connection = Connection { stream, peer, make: make.clone(), permit };
                    open.spawn(connection.serve(config.patience, stopped.clone()));
                }
                None => sleep(AFTER_FAILURE).await,
            },
        }
    }
    drop(listener);
    if stop.send(true).is_err() {
        return Ok(());
    }
    let finish = async { while open.join_next().await.is_some() {} };
    if timeout(config.patience.stop, finish).await.is_err() {
        tracing::warn!(open = open.len(), "requests were cut off at the stop");
        open.shutdown().await;
    }
    Ok(())
}

#[expect(
    clippy::significant_drop_tightening,
    reason = "the permit goes with the connection"
)]
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    // Held from before the accept: a full hub leaves newcomers in the system's queue.
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, permit)),
        Err(error) => {
            tracing::warn!(kind = ?error.kind(), "a connection could not be accepted");
            None
        }
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    make: Make,
    permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn serve(mut self, patience: Patience, mut stopped: watch::Receiver<bool>) {
        let _permit = self.permit;
        // Small answers to small requests: waiting for more to send only costs time.
        let _set = self.stream.set_nodelay(true);
        let Ok(service) = self.make.call(self.peer).await;
        let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.head)
            .max_headers(64)
            .max_buf_size(HEAD_BYTES_MAX);
        let service = TowerToHyperService::new(service);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(self.stream), service));
        let mut stopping = false;
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::trace!(error, "a connection broke");
                    }
                    return;
                }
                changed = stopped.changed(), if !stopping => {
                    stopping = true;
                    if changed.is_ok() {
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }
}
