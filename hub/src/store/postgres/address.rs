//! Where the database is: `postgres://USER:PASSWORD@HOST:PORT/NAME`. It may hold a password, so it
//! is never printed; errors name the place and nothing more.

use std::{fmt, time::Duration};

use tokio_postgres::config::{Config, Host, SslMode};

use super::opening::OpenError;

/// How long the hub waits for a host that does not answer.
const CONNECT: Duration = Duration::from_secs(10);

/// A hub that stands still in the middle of a transaction must not hold its locks for ever, nor
/// wait for ever for those of another; unless the operator gave options of their own.
const LIMITS: &str = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=20s";

/// The address of a PostgreSQL database, as the operator gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

/// The address, read.
#[derive(Debug, Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    /// Host and port, or the folder of the socket.
    pub(super) place: String,
    /// The name of the database.
    pub(super) name: String,
}

impl DatabaseUrl {
    pub(super) fn read(&self) -> Result<Address, OpenError> {
        let (_, rest) = self.0.split_once("://").ok_or(OpenError::NotAnAddress)?;
        // With a second @ one can't tell where a password ends; a part of it would be taken for
        // the host, and be printed.
        if rest.matches('@').count() > 1 {
            return Err(OpenError::NotAnAddress);
        }
        let scheme = self.0.starts_with("postgres://") || self.0.starts_with("postgresql://");
        // The parser's own words may quote parts of the password.
        let mut config: Config = match self.0.parse() {
            Ok(config) if scheme => config,
            Ok(_) | Err(_) => return Err(OpenError::NotAnAddress),
        };
        let name = config.get_dbname().filter(|name| !name.is_empty());
        let name = name.ok_or(OpenError::NotAnAddress)?.to_owned();
        let host = config.get_hosts().first().ok_or(OpenError::NotAnAddress)?;
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let is_here = is_here(host);
        let place = match host {
            Host::Tcp(host) => format!("{host}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => folder.display().to_string(),
        };
        // "If the server can" would let whoever stands in between say that it can't.
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_here {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_options().is_none() {
            config.options(LIMITS);
        }
        if config.get_application_name().is_none() {
            config.application_name("gridwalker-hub");
        }
        Ok(Address {
            config,
            place,
            name,
        })
    }
}

/// Whether what is sent there never leaves this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(host) => {
            let address = host.parse::<std::net::IpAddr>();
            host == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address, OpenError> {
        DatabaseUrl::from(url.to_owned()).read()
    }

    #[test]
    fn an_address_names_its_place_and_never_its_password() {
        let url = DatabaseUrl::from("postgres://hub:secret@db.example:6000/city".to_owned());

        let address = url.read().unwrap();

        assert_eq!(address.place, "db.example:6000");
        assert_eq!(address.name, "city");
        assert!(!format!("{url:?} {address:?}").contains("secret"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_quoted() {
        for url in [
            "hub.db",
            "mysql://hub:secret@db/city",
            "postgres://hub:secret@db",
            "postgres://hub:sec@ret@db/city",
            "postgres://hub:secret@db:port/city",
            "postgres://hub:secret@db/city?secret=1",
            "postgres://hub@/city",
            "",
        ] {
            let error = read(url).unwrap_err();

            assert!(matches!(error, OpenError::NotAnAddress), "{url}");
            assert!(!error.to_string().contains("sec"), "{error}");
        }
    }

    #[test]
    fn another_machine_is_spoken_to_by_tls_unless_the_operator_says_otherwise() {
        let mode = |url| read(url).unwrap().config.get_ssl_mode();

        assert_eq!(mode("postgres://hub@db.example/city"), SslMode::Require);
        assert_eq!(
            mode("postgres://hub@db.example/city?sslmode=prefer"),
            SslMode::Require,
            "who listens in could answer for the server that it can't"
        );
        assert_eq!(
            mode("postgres://hub@db.example/city?sslmode=disable"),
            SslMode::Disable
        );
        assert_eq!(mode("postgres://hub@127.0.0.1/city"), SslMode::Disable);
        assert_eq!(
            mode("postgres://hub@localhost/city?sslmode=require"),
            SslMode::Require
        );
        assert_eq!(mode("postgres://hub@%2Frun%2Fpg/city"), SslMode::Disable);
    }
}
