//! How a hub is set up: where its data is, which clock it reads, what it takes.

use std::{fmt, net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use shared::{Timestamp, hub_api::Limits};

use crate::store::postgres::DatabaseUrl;

/// Where the hub asks for the time. Tests pass a clock they can turn.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Everything a hub needs to know before it starts.
#[derive(Clone)]
pub struct Config {
    /// The folder with the database and the photos; made when it is missing.
    pub data_dir: PathBuf,
    /// A database server in place of the database in the folder.
    pub database: Option<DatabaseUrl>,
    /// The folder of the photos, where it is not `blobs` in the data folder. Hubs on one database
    /// share it.
    pub photos_dir: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
    /// What devices may send.
    pub limits: Limits,
    /// How often devices may ask.
    pub rate: Rate,
    /// How long the hub waits for slow peers.
    pub patience: Patience,
    /// The most connections at once; more wait to be accepted.
    pub connections_max: usize,
    /// The most bytes of new photos one device may begin in 24 hours.
    pub photo_quota_bytes: u64,
    /// The most pages (4 KiB) the database in the folder may grow to; `None` leaves it to the disk.
    pub database_pages_max: Option<u32>,
    /// A reverse proxy whose `X-Forwarded-For` is believed. Without it every request is counted
    /// under the address that connected.
    pub trusted_proxy: Option<IpAddr>,
}

/// Token buckets: `burst` at once, then `per_second`.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests of one device, per second.
    pub per_second: u32,
    /// Requests of one device at once.
    pub burst: u32,
    /// Wrong enrolment codes from one address, per minute.
    pub guesses_per_minute: u32,
}

/// Time limits.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the whole head of a request, and between two requests of a connection.
    pub head: Duration,
    /// Between two pieces of a body.
    pub body_idle: Duration,
    /// For a whole JSON body.
    pub body: Duration,
    /// For a photo another request is writing to.
    pub photo_lock: Duration,
    /// For open requests when the hub stops.
    pub stop: Duration,
}

impl Config {
    /// The settings of a hub with its data in `data_dir`, by the system's clock.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            database: None,
            photos_dir: None,
            clock: Arc::new(crate::clock::now),
            limits: Limits {
                max_ops: 500,
                max_body: 4 * 1024 * 1024,
                max_op: 256 * 1024,
                chunk_min: 16 * 1024,
                chunk_max: 1024 * 1024,
            },
            rate: Rate {
                per_second: 50,
                burst: 200,
                guesses_per_minute: 10,
            },
            patience: Patience {
                head: Duration::from_secs(30),
                body_idle: Duration::from_secs(20),
                body: Duration::from_mins(5),
                photo_lock: Duration::from_secs(25),
                stop: Duration::from_secs(10),
            },
            connections_max: 4_096,
            photo_quota_bytes: 2 * 1024 * 1024 * 1024,
            database_pages_max: None,
            trusted_proxy: None,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("database", &self.database)
            .field("photos_dir", &self.photos_dir)
            .field("limits", &self.limits)
            .field("rate", &self.rate)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
