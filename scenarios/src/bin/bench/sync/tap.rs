//! A tap on the wire between a device and a hub: counts bytes, heads and bodies of HTTP apart.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Bytes seen so far, both directions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Request and status lines with their headers.
    pub(super) heads: u64,
    /// What they were for.
    pub(super) bodies: u64,
}

impl Seen {
    pub(super) fn all(self) -> u64 {
        self.heads + self.bodies
    }

    pub(super) fn since(self, before: Self) -> Self {
        Self {
            heads: self.heads - before.heads,
            bodies: self.bodies - before.bodies,
        }
    }
}

#[derive(Debug, Default)]
struct Counters {
    heads: AtomicU64,
    bodies: AtomicU64,
}

/// The tap; ends with its owner.
#[derive(Debug)]
pub(super) struct Tap {
    pub(super) address: SocketAddr,
    counters: Arc<Counters>,
    accepting: JoinHandle<()>,
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Tap {
    /// In front of `hub`.
    pub(super) async fn on(hub: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let counters = Arc::new(Counters::default());
        let accepting = tokio::spawn(accept(listener, hub, Arc::clone(&counters)));
        Ok(Self {
            address,
            counters,
            accepting,
        })
    }

    /// What went over it.
    pub(super) fn seen(&self) -> Seen {
        Seen {
            heads: self.counters.heads.load(Ordering::Relaxed),
            bodies: self.counters.bodies.load(Ordering::Relaxed),
        }
    }
}

async fn accept(listener: TcpListener, hub: SocketAddr, counters: Arc<Counters>) {
    while let Ok((device, _)) = listener.accept().await {
        let Ok(hub) = TcpStream::connect(hub).await else {
            continue;
        };
        let (from_device, to_device) = device.into_split();
        let (from_hub, to_hub) = hub.into_split();
        tokio::spawn(carry(from_device, to_hub, Arc::clone(&counters)));
        tokio::spawn(carry(from_hub, to_device, Arc::clone(&counters)));
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    counters: Arc<Counters>,
) {
    let mut reading = Message::Head(Vec::new());
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let piece = buffer.get(..count).unwrap_or_default();
        for byte in piece {
            reading.take(*byte, &counters);
        }
        if to.write_all(piece).await.is_err() {
            break;
        }
    }
}

/// Where in a message of HTTP/1.1 the tap is. Both sides here give the length of every body.
enum Message {
    Head(Vec<u8>),
    Body(u64),
}

impl Message {
    fn take(&mut self, byte: u8, counters: &Counters) {
        match self {
            Self::Head(head) => {
                head.push(byte);
                counters.heads.fetch_add(1, Ordering::Relaxed);
                if head.ends_with(b"\r\n\r\n") {
                    *self = Self::after(&String::from_utf8_lossy(head));
                }
            }
            Self::Body(left) => {
                counters.bodies.fetch_add(1, Ordering::Relaxed);
                *left -= 1;
                if *left == 0 {
                    *self = Self::Head(Vec::new());
                }
            }
        }
    }

    fn after(head: &str) -> Self {
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            is_length.then(|| value.trim().parse().ok()).flatten()
        });
        match length {
            Some(length @ 1..) => Self::Body(length),
            Some(_) | None => Self::Head(Vec::new()),
        }
    }
}
