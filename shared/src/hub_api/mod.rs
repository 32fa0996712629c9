//! The wire between device and hub, one file an endpoint, used by both sides.
//!
//! Bodies are JSON; push and pull bodies are zstd-compressed (`Content-Encoding: zstd`).
//! docs/protocol.md is the text for other implementers.

mod enrol;
pub mod export;
mod hello;
pub mod photo;
pub mod publish;
mod pull;
mod push;
mod renew;

pub use enrol::{Enrol, Enrolled, StaffCard};
pub use hello::{Hello, HelloAnswer, Limits, ProtocolRange, ScopeHead};
pub use pull::{FeedItem, Pull, PullAnswer, feed_hash};
pub use push::{BRIEF, Brief, FeedMove, FirstSent, Push, PushAnswer, PushResult};
pub use renew::{Renew, Renewed};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The request header by which a device names the zstd dictionaries it has: the first eight digits of
/// the SHA-256 of each, with commas between them.
pub const DICTIONARY: &str = "gridwalker-dictionary";

/// The protocol version this code speaks.
pub const PROTOCOL: u32 = 1;

/// An HTTP method of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; the request goes into the query.
    Get,
    /// Writes; the request is the body.
    Post,
}

/// One JSON endpoint: its request type says where it goes and what comes back.
pub trait Endpoint: Serialize + DeserializeOwned {
    /// How it is called.
    const METHOD: Method;
    /// Where.
    const PATH: &'static str;
    /// What comes back on success.
    type Answer: Serialize + DeserializeOwned;
}

/// Why the hub refused a request as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApiError {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// One English sentence for the person reading a log; never personal data.
    pub detail: String,
    /// Seconds to wait before trying again, where the hub knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// What can be wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: not the JSON this endpoint takes.
    Malformed,
    /// 401: no token, or one the hub doesn't know.
    NotEnrolled,
    /// 401: the device or its person was revoked.
    Revoked,
    /// 403: the scope or photo is not for this device.
    Forbidden,
    /// 404: no such thing.
    NotFound,
    /// 409: the enrolment code was used already.
    CodeUsed,
    /// 404: no such enrolment code, or it is older than its ten minutes.
    CodeUnknown,
    /// 409: another operation was sent under a sequence number in use; the device was cloned or
    /// restored and must take a new identity.
    NewEpochRequired,
    /// 410: the cursor is below what the hub still keeps, or of another epoch; pull anew.
    CursorGone,
    /// 413: the body is too large, compressed or not.
    TooLarge,
    /// 415: a content type or encoding the endpoint doesn't take.
    UnsupportedMedia,
    /// 426: the hub doesn't speak this protocol version.
    ProtocolVersion,
    /// 429: too many requests; see `retry_after_s`.
    TooMany,
    /// 460 (tus): the checksum of a chunk or of the whole photo doesn't fit.
    ChecksumMismatch,
    /// 409 (tus): the offset is not where the hub stands.
    OffsetMismatch,
    /// 507: the hub's disk is full.
    HubFull,
    /// 503: the hub can't serve now.
    Unavailable,
    /// 500: a bug of the hub.
    Internal,
    /// A code of a newer hub.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl ErrorCode {
    /// The HTTP status it goes with.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::NotEnrolled | Self::Revoked => 401,
            Self::Forbidden => 403,
            Self::NotFound | Self::CodeUnknown => 404,
            Self::CodeUsed | Self::NewEpochRequired | Self::OffsetMismatch => 409,
            Self::CursorGone => 410,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::ProtocolVersion => 426,
            Self::TooMany => 429,
            Self::ChecksumMismatch => 460,
            Self::Internal | Self::Unknown => 500,
            Self::Unavailable => 503,
            Self::HubFull => 507,
        }
    }
}
