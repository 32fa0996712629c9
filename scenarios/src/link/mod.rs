//! A link emulator: a proxy between a real device and a real hub, over which bytes go as over the
//! networks of back streets. It cuts, it is slow, and after an outage it may give the device
//! another address, so that what was open answers nobody. It counts what it carries.
//!
//! What it does not do: lose or reorder packets (TCP hides that), or change bytes.

mod haul;
mod lane;
mod ledger;
mod line;
mod outage;

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

pub use haul::{Haul, Hauled, Load, Stand, With, newest, reports};
pub use ledger::{Ledger, Spent};
pub use line::Line;
pub use outage::{After, Carried, Counted, Cut};

use lane::{Ends, Lane};
use ledger::Ledgers;
use line::Direction;
use outage::Outages;

/// What the link is like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions {
    /// When it breaks; `None`: never.
    pub cut: Option<Cut>,
    /// How slow it is; `None`: as fast as the machine.
    pub line: Option<Line>,
}

/// The proxy. Ends with its owner, and every connection through it.
#[derive(Debug)]
pub struct Emulated {
    address: SocketAddr,
    link: Arc<Link>,
    accepting: JoinHandle<()>,
}

/// What all connections share.
#[derive(Debug, Default)]
struct Link {
    up: Direction,
    down: Direction,
    outages: Arc<Outages>,
    ledgers: Ledgers,
}

impl Drop for Emulated {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Emulated {
    /// A good link to `hub`.
    pub async fn to(hub: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let link = Arc::new(Link::default());
        let accepting = tokio::spawn(accept(listener, hub, Arc::clone(&link)));
        Ok(Self {
            address,
            link,
            accepting,
        })
    }

    /// From now on it is like this; the ledger begins anew.
    pub fn set(&self, conditions: Conditions) {
        self.link.up.set(conditions.line);
        self.link.down.set(conditions.line);
        self.link.outages.set(conditions.cut);
        self.link.ledgers.begin_anew();
    }

    /// Where the device believes the hub to be.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it carried so far.
    pub fn carried(&self) -> Carried {
        self.link.outages.carried()
    }

    /// What it carried since it is like this, by what was asked for.
    pub fn ledger(&self) -> Ledger {
        self.link.ledgers.so_far()
    }
}

async fn accept(listener: TcpListener, hub: SocketAddr, link: Arc<Link>) {
    let mut open = JoinSet::new();
    while let Ok((device, _)) = listener.accept().await {
        if let Ok(hub) = TcpStream::connect(hub).await {
            open.spawn(connection(device, hub, Arc::clone(&link)));
        }
        while open.try_join_next().is_some() {}
    }
}

async fn connection(device: TcpStream, hub: TcpStream, link: Arc<Link>) {
    // Both fail only on a socket that is gone already.
    drop((device.set_nodelay(true), hub.set_nodelay(true)));
    let (from_device, to_device) = device.into_split();
    let (from_hub, to_hub) = hub.into_split();
    let page = link.ledgers.page();
    let lane = |direction, counted| Lane {
        direction,
        counted,
        outage: link.outages.connect(),
        page: page.clone(),
    };
    let (up, down) = tokio::join!(
        lane(&link.up, Counted::Up).carry(from_device, to_hub),
        lane(&link.down, Counted::Down).carry(from_hub, to_device),
    );
    if !(up.were_cut || down.were_cut) {
        return;
    }
    page.broke();
    if link.outages.after() == After::NewAddress {
        swallow(up, down).await;
    }
}

/// Nobody is told that the connection is over: what the device still sends vanishes until it
/// gives up, and the hub never hears of it.
async fn swallow(mut up: Ends, down: Ends) {
    up.vanish().await;
    drop(down.to);
    // The hub's end stays open until its own patience ends.
    std::future::pending::<()>().await;
}
