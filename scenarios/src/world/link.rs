//! The link between one device and the hub: a proxy that passes bytes on, until told otherwise.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    task::JoinHandle,
};

/// What the link does to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Passes everything on.
    None,
    /// No network: connections break at once.
    Down,
    /// The request arrives, the answer is lost: the connection breaks when the answer begins.
    LoseAnswers,
    /// [`Fault::LoseAnswers`], for requests to this path only.
    LoseAnswersTo(&'static str),
    /// The connection breaks after so many bytes towards the hub.
    CutUpAfter(u64),
    /// The connection breaks after so many bytes towards the device.
    CutDownAfter(u64),
}

/// A proxy in front of the hub. Ends with its owner.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    up_bytes: Arc<AtomicU64>,
    breaks: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Link {
    /// A good link to `hub`.
    pub async fn to(hub: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let fault = Arc::new(Mutex::new(Fault::None));
        let up_bytes = Arc::new(AtomicU64::new(0));
        let breaks = Arc::new(AtomicU64::new(0));
        let accepting = tokio::spawn(accept(
            listener,
            hub,
            Arc::clone(&fault),
            (Arc::clone(&up_bytes), Arc::clone(&breaks)),
        ));
        Ok(Self {
            address,
            fault,
            up_bytes,
            breaks,
            accepting,
        })
    }

    /// Where the device believes the hub to be.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on the link does this, to open connections too.
    pub fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// How often [`Fault::CutUpAfter`] broke a connection so far.
    pub fn breaks(&self) -> u64 {
        self.breaks.load(Ordering::SeqCst)
    }

    /// Bytes that went towards the hub so far.
    pub fn up_bytes(&self) -> u64 {
        self.up_bytes.load(Ordering::SeqCst)
    }
}

async fn accept(
    listener: TcpListener,
    hub: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    counters: (Arc<AtomicU64>, Arc<AtomicU64>),
) {
    while let Ok((device, _)) = listener.accept().await {
        let Ok(hub) = TcpStream::connect(hub).await else {
            continue;
        };
        let (from_device, to_device) = device.into_split();
        let (from_hub, to_hub) = hub.into_split();
        let last_request = Arc::new(Mutex::new(Vec::new()));
        let up = carry_up(
            from_device,
            to_hub,
            (Arc::clone(&fault), Arc::clone(&last_request)),
            counters.clone(),
        );
        let down = carry_down(from_hub, to_device, (Arc::clone(&fault), last_request));
        tokio::spawn(async move {
            // Whichever direction ends first ends both: a broken link has no half.
            tokio::select! {
                () = up => {}
                () = down => {}
            }
        });
    }
}

fn now(fault: &Mutex<Fault>) -> Fault {
    *fault.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn carry_up(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    (fault, last_request): (Arc<Mutex<Fault>>, Arc<Mutex<Vec<u8>>>),
    (total, breaks): (Arc<AtomicU64>, Arc<AtomicU64>),
) {
    let mut sent = 0;
    let mut buffer = vec![0; 4 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let piece = buffer.get(..read).unwrap_or_default();
        sent += u64::try_from(read).unwrap_or(0);
        if piece.starts_with(b"GET ") || piece.starts_with(b"POST ") || piece.starts_with(b"PATCH ")
        {
            piece.clone_into(&mut last_request.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match now(&fault) {
            Fault::Down => return,
            Fault::CutUpAfter(limit) if sent > limit => {
                breaks.fetch_add(1, Ordering::SeqCst);
                return;
            }
            Fault::None
            | Fault::LoseAnswers
            | Fault::LoseAnswersTo(_)
            | Fault::CutUpAfter(_)
            | Fault::CutDownAfter(_) => {}
        }
        if to.write_all(piece).await.is_err() {
            return;
        }
        total.fetch_add(u64::try_from(read).unwrap_or(0), Ordering::SeqCst);
    }
}

async fn carry_down(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    (fault, last_request): (Arc<Mutex<Fault>>, Arc<Mutex<Vec<u8>>>),
) {
    let mut received = 0;
    let mut buffer = vec![0; 4 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        received += u64::try_from(read).unwrap_or(0);
        match now(&fault) {
            Fault::Down | Fault::LoseAnswers => return,
            Fault::CutDownAfter(limit) if received > limit => return,
            Fault::LoseAnswersTo(path) => {
                let request = last_request
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone();
                if request
                    .windows(path.len())
                    .any(|part| part == path.as_bytes())
                {
                    return;
                }
            }
            Fault::None | Fault::CutUpAfter(_) | Fault::CutDownAfter(_) => {}
        }
        if to
            .write_all(buffer.get(..read).unwrap_or_default())
            .await
            .is_err()
        {
            return;
        }
    }
}
