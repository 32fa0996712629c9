//! Why a round, or a part of it, did not work; what that means for the next one and for the link.

use std::time::Duration;

use shared::{
    hub_api::ErrorCode,
    ipc::{Code, IpcError, Link},
};

use super::{
    remote::{RemoteError, Retry},
    truth::Untruth,
};
use crate::error::Error;

/// Why the sync, or a part of it, did not work. Nothing a person entered is touched by it.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// There is no hub to sync with.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// Only while the hub is reached.
    #[error("this needs the hub, which is not reached")]
    NeedsHub,
    /// Another hub answers at the address. It gets nothing of what is meant for ours.
    #[error("another hub answers at this address")]
    OtherHub,
    /// This device belongs to another hub, which doesn't have everything yet.
    #[error("there is unsent work for another hub")]
    UnsentWork,
    /// The hub doesn't have this photo, or sent something else in its place.
    #[error("the hub doesn't have this photo")]
    NoSuchPhoto,
    /// What the hub said can't be true. What this device has stays.
    #[error("the hub's answer can't be true: {0:?}")]
    Untrue(Untruth),
    /// The hub did not answer, or refused.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The device itself failed to store or read something.
    #[error("the device failed to store or read something")]
    Local(#[source] IpcError),
}

impl SyncError {
    /// Whether trying again by itself can help.
    pub fn retry(&self) -> Retry {
        match self {
            Self::NotEnrolled | Self::UnsentWork | Self::NoSuchPhoto | Self::Untrue(_) => {
                Retry::Never
            }
            Self::NeedsHub => Retry::Soon,
            Self::OtherHub | Self::Local(_) => Retry::After(Duration::from_mins(1)),
            Self::Remote(error) => error.retry(),
        }
    }

    /// Whether further requests of this round would fail alike.
    pub(super) fn ends_the_round(&self) -> bool {
        match self {
            // A device that can't store what comes should not ask for more.
            Self::Local(_)
            | Self::NotEnrolled
            | Self::NeedsHub
            | Self::OtherHub
            | Self::UnsentWork => true,
            Self::NoSuchPhoto | Self::Untrue(_) => false,
            Self::Remote(error) => error.ends_the_round(),
        }
    }

    /// Whether its identity is another device's, see [`RemoteError::needs_new_identity`].
    pub(super) fn needs_new_identity(&self) -> bool {
        matches!(self, Self::Remote(error) if error.needs_new_identity())
    }

    /// Whether it says something about the hub or the way to it, not about one thing that was
    /// sent.
    pub(super) fn concerns_the_link(&self) -> bool {
        match self {
            Self::Remote(error) => {
                error.ends_the_round()
                    || matches!(error, RemoteError::CutOff(_))
                    || matches!(
                        error.code(),
                        Some(
                            ErrorCode::NewEpochRequired
                                | ErrorCode::Unavailable
                                | ErrorCode::HubFull
                        )
                    )
            }
            Self::NoSuchPhoto | Self::UnsentWork => false,
            Self::NotEnrolled
            | Self::NeedsHub
            | Self::OtherHub
            | Self::Untrue(_)
            | Self::Local(_) => true,
        }
    }

    /// How the link stands after this.
    pub fn link(&self) -> Link {
        match self {
            Self::NotEnrolled => Link::None,
            Self::NeedsHub => Link::Offline,
            Self::OtherHub => Link::NotAHub,
            Self::Untrue(_) => Link::Untrue,
            Self::UnsentWork | Self::NoSuchPhoto => Link::Up,
            Self::Remote(error) => error.link(),
            Self::Local(_) => Link::Local,
        }
    }
}

impl From<Error> for SyncError {
    fn from(error: Error) -> Self {
        Self::Local(error.into())
    }
}

impl From<SyncError> for IpcError {
    fn from(error: SyncError) -> Self {
        let detail = error.to_string();
        let code = match error {
            SyncError::NotEnrolled => Code::NotEnrolled,
            SyncError::NeedsHub => Code::NeedsHub,
            SyncError::OtherHub | SyncError::Untrue(_) => Code::NotAHub,
            SyncError::UnsentWork => Code::UnsentWork,
            SyncError::NoSuchPhoto => Code::NotFound,
            SyncError::Remote(error) => Code::from(&error),
            SyncError::Local(error) => return error,
        };
        Self { code, detail }
    }
}
