//! Between our types and the database's: unsigned numbers, times, digests, errors.

use deadpool_postgres::PoolError;
use shared::{Digest, Timestamp};
use tokio_postgres::{Row, error::SqlState};

use crate::store::StoreError;

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(code) = error.code().cloned() else {
            return if error.is_closed() || is_io(&error) {
                Self::Unreachable(Box::new(error))
            } else {
                Self::Backend(Box::new(error))
            };
        };
        let told = told(&error).into();
        match code {
            SqlState::DISK_FULL => Self::Full,
            SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::UNIQUE_VIOLATION => Self::Collided(told),
            SqlState::LOCK_NOT_AVAILABLE | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => {
                Self::Busy
            }
            SqlState::ADMIN_SHUTDOWN
            | SqlState::CRASH_SHUTDOWN
            | SqlState::CANNOT_CONNECT_NOW
            | SqlState::TOO_MANY_CONNECTIONS => Self::Unreachable(told),
            SqlState::INSUFFICIENT_PRIVILEGE => Self::NotAllowed(told),
            _ => Self::Backend(told),
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => match error.code() {
                Some(_) => error.into(),
                None => Self::Unreachable(Box::new(error)),
            },
            PoolError::Timeout(_) => Self::Busy,
            PoolError::Closed => Self::Stopped,
            PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Self::Backend(Box::new(error))
            }
        }
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// An error of the server without its detail, which quotes whole rows, and for bad data without
/// its message, which quotes values: both may be what a person entered, and this ends up in a log.
fn told(error: &tokio_postgres::Error) -> String {
    let Some(server) = error.as_db_error() else {
        return error.to_string();
    };
    let code = server.code().code();
    let quotes_data = code.starts_with("22") || code.starts_with("23");
    let message = if quotes_data { "" } else { server.message() };
    let place = [server.table(), server.column(), server.constraint()];
    let place: Vec<_> = place.into_iter().flatten().collect();
    format!("{code} {message} {}", place.join(" "))
        .trim_end()
        .to_owned()
}

/// A number that is never negative; databases only have signed ones.
pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_too_large| StoreError::OutOfRange)
}

/// A column that is never negative.
pub(super) fn unsigned(row: &Row, column: &str) -> Result<u64, StoreError> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_negative| StoreError::OutOfRange)
}

/// A column with a moment.
pub(super) fn at(row: &Row, column: &str) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_ms(row.try_get(column)?))
}

/// A column with a moment that may not have come.
pub(super) fn maybe_at(row: &Row, column: &str) -> Result<Option<Timestamp>, StoreError> {
    let ms: Option<i64> = row.try_get(column)?;
    Ok(ms.map(Timestamp::from_ms))
}

/// A column with a digest.
pub(super) fn digest(row: &Row, column: &str) -> Result<Digest, StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    let bytes = bytes
        .try_into()
        .map_err(|_other_length| StoreError::OutOfRange)?;
    Ok(Digest::from_bytes(bytes))
}
