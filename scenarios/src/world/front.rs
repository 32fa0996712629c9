//! What a story puts between devices and a hub.

use std::{io, net::SocketAddr};

use axum::Router;
use tokio::net::TcpListener;

/// Serves this on a free port of this machine for as long as the program runs.
pub async fn serve(router: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
