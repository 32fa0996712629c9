//! The reference hub of Gridwalker 网格行: takes operations, decides them with
//! [`shared::apply()`], and hands documents and photos to those who may see them.
//!
//! [`Hub`] is everything an operator or a test can do with one; [`serve`] and [`app()`] are the
//! short ways to a running one.
#![forbid(unsafe_code)]

mod answer;
pub mod app;
#[cfg(feature = "faults")]
pub mod audit;
mod auth;
mod blocking;
mod body;
pub mod cli;
mod clock;
pub mod config;
mod cursor;
mod erase;
mod error;
mod export;
mod form;
mod listen;
mod metrics;
pub mod openapi;
mod operate;
mod peer;
pub mod photos;
pub mod push;
mod rate;
mod routes;
pub mod secret;
pub mod store;

use std::{fs, io, path::Path, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, task};
use uuid::Uuid;

use app::{App, Shared};
pub use config::{Clock, Config, Patience, PhotosPlace, Rate};
pub use error::{Answered, Error, Failure};
pub use form::FormLoaded;
pub use operate::EnrolmentCode;
pub use routes::paths;

use photos::{Blobs, Photos};
use store::{
    HubStore, StoreError,
    postgres::{Founding, PostgresStore},
    sqlite::SqliteStore,
};

/// The database in the data folder.
const DATABASE: &str = "hub.db";

/// Held by whoever serves the data folder; it stays when they stop.
const SERVING: &str = "serving.lock";

/// A hub: its data, and what can be done with it.
#[derive(Debug, Clone)]
pub struct Hub {
    app: Shared,
}

impl Hub {
    /// Opens the hub's data, making it when it is missing.
    pub async fn open(config: Config) -> Result<Self, Error> {
        Self::open_as(config, Founding::Found).await
    }

    /// Opens a hub that is there: a mistyped place must not quietly make an empty one.
    pub async fn open_existing(config: Config) -> Result<Self, Error> {
        if config.database.is_none() && !is_hub(&config.data_dir) {
            return Err(Error::NoHub {
                path: config.data_dir,
            });
        }
        Self::open_as(config, Founding::OnlyExisting).await
    }

    async fn open_as(config: Config, founding: Founding) -> Result<Self, Error> {
        // The database first: nothing is made on the disk for a hub that can't be had.
        let store: Option<Arc<dyn HubStore>> = match &config.database {
            Some(url) => Some(Arc::new(PostgresStore::open(url, founding).await?)),
            None => None,
        };
        let (config, (store, blobs)) = blocking::off_thread(move || {
            let kept = open_folders(&config, store)?;
            Ok::<_, Error>((config, kept))
        })
        .await
        .map_err(|error| StoreError::Backend(Box::new(error)))??;
        Self::over(config, store, blobs)
    }

    fn over(
        config: Config,
        store: Arc<dyn HubStore>,
        blobs: Arc<dyn Blobs>,
    ) -> Result<Self, Error> {
        let mut process = [0; 16];
        getrandom::fill(&mut process)?;
        let photos = Photos::new(Arc::clone(&store), blobs, Uuid::from_bytes(process));
        Ok(Self {
            app: Arc::new(App::new(config, store, photos)),
        })
    }

    /// Its HTTP interface.
    pub fn router(&self) -> Router {
        routes::router(Arc::clone(&self.app))
    }

    /// Serves until `shutdown`, then lets open requests finish.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), Error> {
        self.serve_claimed(self.claim()?, listener, shutdown).await
    }

    /// Like [`Self::serve`], for whoever claimed the data folder before.
    pub async fn serve_claimed(
        &self,
        claim: Claim,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), Error> {
        let sweeper = task::spawn(operate::sweep_for_ever(Arc::clone(&self.app)));
        let eraser = task::spawn(erase::erase_for_ever(Arc::clone(&self.app)));
        let served = listen::run(listener, self.router(), &self.app.config, shutdown).await;
        sweeper.abort();
        eraser.abort();
        drop(claim);
        served.map_err(Error::Network)
    }

    /// Takes the data folder for serving: the locks of uploads are in memory, so one process
    /// serves it at a time. The command line may work beside it. On a database server the locks
    /// are there, and any number of processes serve.
    pub fn claim(&self) -> Result<Claim, Error> {
        if self.app.config.database.is_some() {
            return Ok(Claim { _file: None });
        }
        let path = &self.app.config.data_dir;
        let data_dir = |source| Error::DataDir {
            path: path.clone(),
            source,
        };
        let file = fs::File::create(path.join(SERVING)).map_err(data_dir)?;
        match file.try_lock() {
            Ok(()) => Ok(Claim { _file: Some(file) }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::AlreadyServing { path: path.clone() }),
            Err(fs::TryLockError::Error(source)) => Err(data_dir(source)),
        }
    }
}

/// The right to serve, until dropped; the system takes it back from a killed process.
#[derive(Debug)]
pub struct Claim {
    _file: Option<fs::File>,
}

/// Opens a hub and serves it until `shutdown`.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    Hub::open(config).await?.serve(listener, shutdown).await
}

/// Opens a hub and gives its HTTP interface.
pub async fn app(config: Config) -> Result<Router, Error> {
    Ok(Hub::open(config).await?.router())
}

/// Whether this folder holds a hub's data.
pub fn is_hub(path: &Path) -> bool {
    path.join(DATABASE).is_file()
}

/// Whether a hub was served from this folder, and its database is not there any more: that it begins
/// anew without a word, and everybody's work with it, is the last thing an operator expects.
fn is_gone(path: &Path, database: &Path) -> bool {
    let is_empty = |file: &Path| file.metadata().map_or(0, |data| data.len()) == 0;
    // Made by whoever served, after there was a database.
    is_empty(database) && path.join(SERVING).exists()
}

/// What a hub keeps: all but the bytes of photos, and those.
type Kept = (Arc<dyn HubStore>, Arc<dyn Blobs>);

/// Opens the database in the data folder, unless there is a `store` already, and the photos.
fn open_folders(config: &Config, store: Option<Arc<dyn HubStore>>) -> Result<Kept, Error> {
    let path = &config.data_dir;
    let data_dir = |source| Error::DataDir {
        path: path.clone(),
        source,
    };
    let store = if let Some(store) = store {
        store
    } else {
        make_private(path).map_err(data_dir)?;
        let database = path.join(DATABASE);
        if is_gone(path, &database) {
            return Err(Error::DatabaseGone { path: path.clone() });
        }
        Arc::new(SqliteStore::open(&database, config.database_pages_max)?)
    };
    let place = config
        .photos
        .clone()
        .unwrap_or_else(|| PhotosPlace::Folder(path.join("blobs")));
    let private = match (&place, &config.photos) {
        (PhotosPlace::Folder(_), None) => make_private(path),
        (PhotosPlace::Folder(folder), Some(_)) => make_private(folder),
        (PhotosPlace::Bucket(_), _) => Ok(()),
    };
    let blobs = private
        .and_then(|()| photos::open(&place))
        .map_err(|source| Error::PhotosPlace {
            place: place.to_string(),
            source,
        })?;
    Ok((store, blobs))
}

/// Residents' data is nobody else's business on a shared machine.
fn make_private(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    // Where a file of that name is, this says so.
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}
