//! Opens the database: connections, TLS, the schema. What goes wrong here an operator can put
//! right, so each error says what helps.

use std::{io, sync::Arc, time::Duration};

use deadpool_postgres::{
    Client, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{NoTls, config::SslMode, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    address::{Address, DatabaseUrl},
    migrate::{self, Founding},
};
use crate::store::StoreError;

/// Connections of one hub process. More would only wait for each other inside the database.
const CONNECTIONS: usize = 16;

/// How long a request waits for a connection to be free.
const WAIT: Duration = Duration::from_secs(10);

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not such an address.
    #[error(
        "--database (or GRIDWALKER_DATABASE) must look like postgres://USER:PASSWORD@HOST:PORT/NAME; in a password write %40 for @, %2F for /, %3F for ?"
    )]
    NotAnAddress,
    /// Nobody answers.
    #[error("no PostgreSQL answers at {place}; is it running, and does it listen there?")]
    Unreachable {
        /// Host and port.
        place: String,
        /// Why.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The secure connection failed.
    #[error(
        "no secure connection to {place}: the server must offer TLS with a certificate this machine trusts (SSL_CERT_FILE names others to trust); over a VPN sslmode=disable does without"
    )]
    NotSecure {
        /// Host and port.
        place: String,
        /// Why.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The machine's own certificates can't be used.
    #[error("the certificates this machine trusts can't be read")]
    Certificates(#[source] io::Error),
    /// The server does not let this user in.
    #[error("PostgreSQL at {place} refused the user or the password")]
    Refused {
        /// Host and port.
        place: String,
    },
    /// The server does not have this database.
    #[error("PostgreSQL at {place} has no database {name}; make it with `createdb {name}`")]
    NoSuchDatabase {
        /// Host and port.
        place: String,
        /// The database.
        name: String,
    },
    /// There is no hub in it.
    #[error(
        "there is no hub in database {name} at {place}; give its --database, or begin one with `load-pack` or `serve`"
    )]
    NoHub {
        /// Host and port.
        place: String,
        /// The database.
        name: String,
    },
}

/// Opens the database and brings its schema up to date; makes a hub in it where there is none and
/// `founding` says so.
pub(super) async fn open(url: &DatabaseUrl, founding: Founding) -> Result<Pool, StoreError> {
    let address = url.read()?;
    let pool = pool(&address)?;
    let mut db = first_connection(&pool, &address).await?;
    if migrate::run(&mut db, founding).await? {
        return Ok(pool);
    }
    let Address { place, name, .. } = address;
    Err(OpenError::NoHub { place, name }.into())
}

fn pool(address: &Address) -> Result<Pool, StoreError> {
    let recycling_method = RecyclingMethod::Fast;
    let settings = ManagerConfig { recycling_method };
    let config = address.config.clone();
    let manager = if config.get_ssl_mode() == SslMode::Disable {
        Manager::from_config(config, NoTls, settings)
    } else {
        Manager::from_config(config, MakeRustlsConnect::new(tls()?), settings)
    };
    let timeouts = Timeouts {
        wait: Some(WAIT),
        ..Timeouts::default()
    };
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .timeouts(timeouts)
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| StoreError::Backend(Box::new(error)))
}

/// TLS by the certificates this machine trusts.
fn tls() -> Result<ClientConfig, OpenError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (added, _unreadable) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found.errors.into_iter().next().map_or_else(
            || io::Error::from(io::ErrorKind::NotFound),
            io::Error::other,
        );
        return Err(OpenError::Certificates(why));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Certificates(io::Error::other(error)))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

async fn first_connection(pool: &Pool, address: &Address) -> Result<Client, StoreError> {
    match pool.get().await {
        Ok(db) => Ok(db),
        Err(PoolError::Backend(error)) => Err(address.why(error).into()),
        Err(error) => Err(error.into()),
    }
}

impl Address {
    fn why(&self, source: tokio_postgres::Error) -> OpenError {
        let (place, name) = (self.place.clone(), self.name.clone());
        let Some(code) = source.code() else {
            return if self.config.get_ssl_mode() == SslMode::Disable || is_network(&source) {
                OpenError::Unreachable { place, source }
            } else {
                OpenError::NotSecure { place, source }
            };
        };
        let refusals = [
            SqlState::INVALID_PASSWORD,
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        ];
        if refusals.contains(code) {
            return OpenError::Refused { place };
        }
        if *code == SqlState::UNDEFINED_DATABASE {
            return OpenError::NoSuchDatabase { place, name };
        }
        OpenError::Unreachable { place, source }
    }
}

/// Whether not even a plain connection came about. Only by its words does this crate tell that.
fn is_network(error: &tokio_postgres::Error) -> bool {
    let told = error.to_string();
    told.starts_with("error connecting") || told.starts_with("timeout")
}
