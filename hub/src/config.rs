//! How a hub is set up: where its data is, which clock it reads, what it takes.

use std::{fmt, net::IpAddr, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use shared::{
    Timestamp,
    hub_api::{Limits, export::EXPORT_RECORDS_MAX},
};

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
    /// Where the photos are, if not in `blobs` in the data folder. Hubs on one database share it.
    pub photos: Option<PhotosPlace>,
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
    /// The most records in one file for others.
    pub export_records_max: usize,
    /// The most pages (4 KiB) the database in the folder may grow to; `None` leaves it to the disk.
    pub database_pages_max: Option<u32>,
    /// A reverse proxy whose `X-Forwarded-For` is believed. Without it every request is counted
    /// under the address that connected.
    pub trusted_proxy: Option<IpAddr>,
}

/// A place for photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotosPlace {
    /// A folder; made when it is missing.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket(BucketAddress),
}

/// Which bucket, and how to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketAddress {
    /// Its name.
    pub bucket: String,
    /// What all names in it begin with; may be empty.
    pub prefix: String,
    /// How to get there; without it the environment says so (`AWS_…`).
    pub access: Option<BucketAccess>,
}

/// How to get to a bucket.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketAccess {
    /// The service.
    pub endpoint: String,
    /// Who asks.
    pub key_id: String,
    /// Their secret.
    pub secret: String,
}

impl fmt::Debug for BucketAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketAccess")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// No bucket is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bucket is given as s3://BUCKET or s3://BUCKET/PREFIX")]
pub struct NoBucket;

impl FromStr for PhotosPlace {
    type Err = NoBucket;

    fn from_str(text: &str) -> Result<Self, NoBucket> {
        let Some(address) = text.strip_prefix("s3://") else {
            return Ok(Self::Folder(PathBuf::from(text)));
        };
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        if bucket.is_empty() {
            return Err(NoBucket);
        }
        Ok(Self::Bucket(BucketAddress {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            access: None,
        }))
    }
}

impl fmt::Display for PhotosPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Bucket(BucketAddress { bucket, prefix, .. }) => {
                write!(f, "s3://{bucket}/{prefix}")
            }
        }
    }
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
            photos: None,
            clock: Arc::new(crate::clock::now),
            limits: Limits {
                max_ops: 500,
                max_body: 4 * 1024 * 1024,
                max_op: 256 * 1024,
                chunk_min: 4 * 1024,
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
            export_records_max: EXPORT_RECORDS_MAX,
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
            .field("photos", &self.photos)
            .field("limits", &self.limits)
            .field("rate", &self.rate)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
