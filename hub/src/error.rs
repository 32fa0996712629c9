//! What can go wrong: [`Error`] for the operator, [`Failure`] for a request. A failure tells the
//! device a code and one plain sentence; its cause goes to the log, never over the wire.

use std::{error::Error as StdError, io, path::PathBuf};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{
    StaffId,
    hub_api::{ApiError, ErrorCode},
    pack::PackError,
};

use crate::store::{OpName, StoreError};

/// Why the hub could not do what its operator asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder can't be made or written to.
    #[error("{path} can't be used as the data folder; give another by --data")]
    DataDir {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The place of the photos can't be made or written to.
    #[error("{place} can't be used for the photos; give another by --photos")]
    PhotosPlace {
        /// Which.
        place: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no hub in the folder.
    #[error("there is no hub in {path}; give its --data, or begin one with `load-pack` or `serve`")]
    NoHub {
        /// Which folder.
        path: PathBuf,
    },
    /// Another process serves the same data.
    #[error(
        "another gridwalker-hub is already serving {path}; stop it first, or give another --data"
    )]
    AlreadyServing {
        /// Which folder.
        path: PathBuf,
    },
    /// Looking over the database found what no program wrote.
    #[error(
        "hub.db in {path} is damaged and is not served; keep the folder as it is, put a backup that is whole in its place and run `gridwalker-hub epoch renew` once: devices then send again what the backup lacks. Found: {}", .found.join("; ")
    )]
    Damaged {
        /// The data folder.
        path: PathBuf,
        /// What is wrong.
        found: Vec<String>,
    },
    /// There was a hub in the folder, and its database is gone.
    #[error(
        "hub.db in {path} is gone or empty, though a hub was served from this folder; put a backup in its place and run `gridwalker-hub epoch renew` once, or give another --data to begin anew"
    )]
    DatabaseGone {
        /// The data folder.
        path: PathBuf,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The pack is refused; nothing of it was loaded.
    #[error("the pack was refused, nothing was loaded: {0}")]
    Pack(#[from] PackError),
    /// The file is no workbook that can be read.
    #[error("the form can't be read: {0}")]
    FormUnreadable(#[from] forms::xlsform::Unreadable),
    /// The form has mistakes; nothing of it was loaded.
    #[error("the form was refused, nothing was loaded; mistakes: {}", .0.len())]
    FormMistakes(Vec<forms::xlsform::Mistake>),
    /// Another form of this id and version was loaded before.
    #[error(
        "version {version} of the form {id} was loaded before and says something else; give it a new version in the sheet settings"
    )]
    FormVersionTaken {
        /// The form.
        id: String,
        /// The version.
        version: String,
    },
    /// The form with its lists is larger than devices take.
    #[error("the form with its lists is larger than {} MB", shared::form::FORM_BYTES_MAX >> 20)]
    FormTooLarge,
    /// A list that the form names is not beside it.
    #[error("the form looks into {path}, which can't be read")]
    FormListMissing {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A list that the form names is none.
    #[error("the list {path} can't be used: {source}")]
    FormList {
        /// Which.
        path: PathBuf,
        /// Why.
        source: forms::table::CsvError,
    },
    /// The form can't be written down; no form that was read does this.
    #[error("the form can't be written down")]
    FormJson(#[source] serde_json::Error),
    /// No such person.
    #[error(
        "there is no staff {0}; `gridwalker-hub staff list` shows who there is, `load-pack` brings people in"
    )]
    NoSuchStaff(StaffId),
    /// The person was revoked.
    #[error("staff {0} is revoked and can't enrol a device")]
    StaffRevoked(StaffId),
    /// No such device.
    #[error("there is no such device; `gridwalker-hub device list` shows them")]
    NoSuchDevice,
    /// Nothing of that name is in quarantine, nor was.
    #[error("operation {0} is not in quarantine; `gridwalker-hub quarantine list` shows what is")]
    NotInQuarantine(OpName),
    /// There is nothing of that id that can be erased, or it was before.
    #[error("there is no such resident or record, or it was erased before; nothing was changed")]
    NothingToErase,
    /// The operating system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// The network failed.
    #[error("the network failed")]
    Network(#[source] io::Error),
}

/// Why a request was not answered as asked.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    error: ApiError,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The answer to a request, or why there is none.
pub type Answered<T = Response> = Result<T, Failure>;

impl Failure {
    /// A failure with the status its code stands for.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            error: ApiError {
                code,
                detail: detail.into(),
                retry_after_s: None,
            },
            source: None,
        }
    }

    /// The same with another HTTP status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with a time to wait.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.error.retry_after_s = Some(seconds);
        self
    }

    /// The same with its cause, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Something that is our bug.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorCode::Internal, "the hub failed; its log says why").because(source)
    }

    /// The code it carries.
    pub fn code(&self) -> ErrorCode {
        self.error.code
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (code, detail) = match &error {
            StoreError::Full => (ErrorCode::HubFull, "the hub's disk is full"),
            StoreError::Busy | StoreError::Collided(_) => {
                (ErrorCode::Unavailable, "the database is busy")
            }
            StoreError::Unreachable(_) => (ErrorCode::Unavailable, "the database can't be reached"),
            StoreError::NotADatabase(_) => (
                ErrorCode::Unavailable,
                "the hub's database is damaged; its operator has to put a backup back",
            ),
            StoreError::Backend(_)
            | StoreError::NotAllowed(_)
            | StoreError::Open(_)
            | StoreError::Unreadable { .. }
            | StoreError::NewerSchema { .. }
            | StoreError::OutOfRange
            | StoreError::Stopped => (ErrorCode::Internal, "the hub failed; its log says why"),
        };
        let takes_long = matches!(error, StoreError::NotADatabase(_));
        let failure = Self::new(code, detail).because(error);
        match code {
            ErrorCode::HubFull => failure.retry_after(300),
            ErrorCode::Unavailable if takes_long => failure.retry_after(300),
            ErrorCode::Unavailable => failure.retry_after(5),
            _ => failure,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full.into(),
            io::ErrorKind::NotConnected => {
                let detail = "the place of the photos can't be reached";
                Self::new(ErrorCode::Unavailable, detail)
                    .because(error)
                    .retry_after(5)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<getrandom::Error> for Failure {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.error.code;
        if let Some(source) = &self.source {
            // Of our own errors only: none of them carries what a person entered.
            let cause = chain(source.as_ref());
            if self.status.is_server_error() {
                tracing::error!(?code, cause, "request failed");
            } else {
                tracing::debug!(?code, cause, "request refused");
            }
        }
        let retry_after = self.error.retry_after_s;
        let mut response = (self.status, Json(self.error)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
