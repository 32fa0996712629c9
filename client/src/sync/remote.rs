//! The other end, as the sync sees it. [`Http`](super::Http) speaks the project's own protocol;
//! further kinds of server come as further implementations.

use std::{error::Error as StdError, future::Future, time::Duration};

use bytes::Bytes;
use shared::{
    Digest,
    hub_api::{
        ApiError, Enrol, Enrolled, ErrorCode, Hello, HelloAnswer, Pull, PullAnswer, Push,
        PushAnswer, Renew, Renewed,
    },
    ipc::{Code, Link},
};

use super::address::{HubAddress, NotAnAddress};

/// What zstd makes of our JSON, on the safe side.
pub(super) const PACKED_PERCENT: usize = 33;

/// A server that takes operations and photos and gives documents.
pub trait Remote: Send + Sync {
    /// Who the hub is, what it takes, and where this device stands.
    fn hello(&self, hello: &Hello)
    -> impl Future<Output = Result<HelloAnswer, RemoteError>> + Send;

    /// What is left of operations when they are packed, in percent of their JSON.
    fn packed_percent(&self) -> usize {
        PACKED_PERCENT
    }

    /// Operations up.
    fn push(&self, push: &Push) -> impl Future<Output = Result<PushAnswer, RemoteError>> + Send;

    /// One page of documents down.
    fn pull(&self, pull: &Pull) -> impl Future<Output = Result<PullAnswer, RemoteError>> + Send;

    /// Trades a code for a token.
    fn enrol(&self, enrol: &Enrol) -> impl Future<Output = Result<Enrolled, RemoteError>> + Send;

    /// Asks for a new identity.
    fn renew(&self, renew: &Renew) -> impl Future<Output = Result<Renewed, RemoteError>> + Send;

    /// Begins an upload of `length` bytes, or finds the one begun earlier.
    fn photo_create(
        &self,
        digest: Digest,
        length: u64,
    ) -> impl Future<Output = Result<Upload, RemoteError>> + Send;

    /// How far an upload is; `None` when the hub knows nothing of it.
    fn photo_head(
        &self,
        digest: Digest,
    ) -> impl Future<Output = Result<Option<Upload>, RemoteError>> + Send;

    /// Appends `chunk` at `offset`.
    fn photo_patch(
        &self,
        digest: Digest,
        offset: u64,
        chunk: Bytes,
        check: Check,
    ) -> impl Future<Output = Result<Upload, RemoteError>> + Send;

    /// A photo or thumbnail from byte `from` on, at most `length` bytes of it; `None` when the hub
    /// doesn't have it (yet). The caller verifies the digest of the whole.
    fn photo_get(
        &self,
        digest: Digest,
        from: u64,
        length: u64,
    ) -> impl Future<Output = Result<Option<PhotoPart>, RemoteError>> + Send;
}

/// Makes remotes: the seam where a test puts its own.
pub trait Connect: Send + Sync + 'static {
    /// What it makes.
    type Remote: Remote;

    /// A remote at `address`; without `token` it can only enrol.
    fn connect(
        &self,
        address: &HubAddress,
        token: Option<&str>,
    ) -> Result<Self::Remote, RemoteError>;
}

/// When a piece of a photo is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// When all of the photo is there, by its digest. Of a piece that is cut off the hub can keep
    /// what came.
    AtTheEnd,
    /// On its own, by its checksum; a part of it is nothing. For ways that change bytes.
    EachPiece,
}

/// How far the hub is with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Bytes it has for certain.
    pub offset: u64,
    /// Whether it has the whole photo under its true digest.
    pub complete: bool,
}

/// A piece of a photo on its way down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoPart {
    /// Bytes of the whole photo.
    pub total: u64,
    /// The bytes asked for.
    pub bytes: Bytes,
}

/// Why a request got no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// What was typed is no address.
    #[error(transparent)]
    BadAddress(#[from] NotAnAddress),
    /// No connection.
    #[error("the hub can't be reached")]
    Unreachable(#[source] Box<dyn StdError + Send + Sync>),
    /// The connection broke or fell silent before the answer was whole. The hub may have acted;
    /// sending less at once may help.
    #[error("the connection broke off")]
    CutOff(#[source] Box<dyn StdError + Send + Sync>),
    /// Something answers there, but not a hub: a captive portal, a wrong address.
    #[error("something else than a hub answered")]
    NotAHub,
    /// The hub refused, and said why.
    #[error("the hub refused the request: {:?}", .0.code)]
    Refused(ApiError),
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After the usual back-off.
    Soon,
    /// Not before this has passed.
    After(Duration),
    /// Not until something else changes: the request itself is the problem.
    Never,
}

impl RemoteError {
    /// The hub refused for `code`.
    pub fn refused(code: ErrorCode) -> Self {
        Self::Refused(ApiError {
            code,
            detail: String::new(),
            retry_after_s: None,
        })
    }

    /// The code the hub refused with.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(error) => Some(error.code),
            Self::BadAddress(_) | Self::Unreachable(_) | Self::CutOff(_) | Self::NotAHub => None,
        }
    }

    /// Whether trying again can help.
    pub fn retry(&self) -> Retry {
        let error = match self {
            Self::BadAddress(_) => return Retry::Never,
            // A captive portal goes away when somebody logs in.
            Self::Unreachable(_) | Self::CutOff(_) | Self::NotAHub => return Retry::Soon,
            Self::Refused(error) => error,
        };
        match error.code {
            ErrorCode::Malformed
            | ErrorCode::NotEnrolled
            | ErrorCode::Revoked
            | ErrorCode::Forbidden
            | ErrorCode::NotFound
            | ErrorCode::CodeUsed
            | ErrorCode::CodeUnknown
            | ErrorCode::NewEpochRequired
            | ErrorCode::TooLarge
            | ErrorCode::UnsupportedMedia
            | ErrorCode::ProtocolVersion => Retry::Never,
            ErrorCode::CursorGone
            | ErrorCode::TooMany
            | ErrorCode::ChecksumMismatch
            | ErrorCode::OffsetMismatch
            | ErrorCode::HubFull
            | ErrorCode::Unavailable
            | ErrorCode::Internal
            | ErrorCode::Unknown => error.retry_after_s.map_or(Retry::Soon, |seconds| {
                Retry::After(Duration::from_secs(seconds))
            }),
        }
    }

    /// Whether the device's place at the hub is gone, so that no request can succeed.
    pub fn is_revoked(&self) -> bool {
        matches!(
            self.code(),
            Some(ErrorCode::NotEnrolled | ErrorCode::Revoked)
        )
    }

    /// Whether the device's identity is another's: it was cloned, restored from a backup, or handed on to
    /// somebody else.
    pub fn needs_new_identity(&self) -> bool {
        self.code() == Some(ErrorCode::NewEpochRequired)
    }

    /// Whether nobody else needs to be asked: further requests of this round would fail alike.
    pub fn ends_the_round(&self) -> bool {
        match self {
            Self::BadAddress(_) | Self::Unreachable(_) | Self::NotAHub => true,
            // Less may get through, and the other way may be better.
            Self::CutOff(_) => false,
            Self::Refused(error) => {
                self.is_revoked()
                    || matches!(error.code, ErrorCode::TooMany | ErrorCode::ProtocolVersion)
            }
        }
    }

    /// How the link stands after this.
    pub fn link(&self) -> Link {
        match self {
            Self::BadAddress(_) | Self::Unreachable(_) | Self::CutOff(_) => Link::Offline,
            Self::NotAHub => Link::NotAHub,
            Self::Refused(error) => Link::Refused { error: error.code },
        }
    }
}

impl From<&RemoteError> for Code {
    fn from(error: &RemoteError) -> Self {
        match error {
            RemoteError::BadAddress(_) => Self::BadAddress,
            RemoteError::Unreachable(_) | RemoteError::CutOff(_) => Self::Unreachable,
            RemoteError::NotAHub => Self::NotAHub,
            RemoteError::Refused(error) => Self::Hub { error: error.code },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_pass_by_itself_is_tried_again() {
        let tried_again = [
            ErrorCode::Unavailable,
            ErrorCode::Internal,
            ErrorCode::HubFull,
            ErrorCode::Unknown,
        ];
        let given_up = [
            ErrorCode::Revoked,
            ErrorCode::Malformed,
            ErrorCode::ProtocolVersion,
        ];

        for code in tried_again {
            assert_eq!(
                RemoteError::refused(code).retry(),
                Retry::Soon,
                "{code:?} may pass"
            );
        }
        for code in given_up {
            assert_eq!(
                RemoteError::refused(code).retry(),
                Retry::Never,
                "{code:?} stays"
            );
        }
    }

    #[test]
    fn the_hubs_own_wait_is_respected() {
        let error = RemoteError::Refused(ApiError {
            code: ErrorCode::TooMany,
            detail: String::new(),
            retry_after_s: Some(17),
        });

        assert_eq!(error.retry(), Retry::After(Duration::from_secs(17)));
    }
}
