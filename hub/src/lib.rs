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
mod error;
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

use app::{App, Shared};
pub use config::{Clock, Config, Patience, Rate};
pub use error::{Answered, Error, Failure};
pub use operate::EnrolmentCode;
pub use routes::paths;

use photos::{Blobs, Photos};
use store::{HubStore, StoreError, sqlite::SqliteStore};

/// The database in the data folder.
const DATABASE: &str = "hub.db";

/// A hub: its data, and what can be done with it.
#[derive(Debug, Clone)]
pub struct Hub {
    app: Shared,
}

impl Hub {
    /// Opens the data folder, making it when it is missing.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let (config, store, blobs) = blocking::off_thread(move || open_data(config))
            .await
            .map_err(|error| StoreError::Backend(Box::new(error)))??;
        Self::over(config, store, blobs).await
    }

    async fn over(config: Config, store: Arc<dyn HubStore>, blobs: Blobs) -> Result<Self, Error> {
        let identity = store.identity().await?;
        let photos = Photos::new(Arc::clone(&store), blobs);
        Ok(Self {
            app: Arc::new(App::new(config, store, photos, identity)),
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
        let served = listen::run(listener, self.router(), &self.app.config, shutdown).await;
        sweeper.abort();
        drop(claim);
        served.map_err(Error::Network)
    }

    /// Takes the data folder for serving: the locks of uploads are in memory, so one process
    /// serves it at a time. The command line may work beside it.
    pub fn claim(&self) -> Result<Claim, Error> {
        let path = &self.app.config.data_dir;
        let data_dir = |source| Error::DataDir {
            path: path.clone(),
            source,
        };
        let file = fs::File::create(path.join("serving.lock")).map_err(data_dir)?;
        match file.try_lock() {
            Ok(()) => Ok(Claim { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::AlreadyServing { path: path.clone() }),
            Err(fs::TryLockError::Error(source)) => Err(data_dir(source)),
        }
    }
}

/// The right to serve a data folder, until dropped; the system takes it back from a killed process.
#[derive(Debug)]
pub struct Claim {
    _file: fs::File,
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

fn open_data(config: Config) -> Result<(Config, Arc<dyn HubStore>, Blobs), Error> {
    let path = &config.data_dir;
    let data_dir = |source| Error::DataDir {
        path: path.clone(),
        source,
    };
    make_private(path).map_err(data_dir)?;
    let store = SqliteStore::open(&path.join(DATABASE), config.database_pages_max)?;
    let blobs = Blobs::open(path.join("blobs")).map_err(data_dir)?;
    Ok((config, Arc::new(store), blobs))
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
