//! What can go wrong in the core, and the one place where it becomes a code for the UI.

use shared::{
    PhotoError,
    case::Void,
    ipc::{
        AnswerRefusal, Code, FormTrouble, ImportTrouble, IpcError, Missing, PlateTrouble,
        PublishTrouble,
    },
    register::check::Mistake,
};

use crate::photo::VaultError;

/// Result of the core.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong. Messages name no person and quote nothing a person entered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The thing is not on this device.
    #[error("not found on this device")]
    NotFound,
    /// Only an enrolled device can do this.
    #[error("the device is not enrolled")]
    NotEnrolled,
    /// The rules of the life cycle say no.
    #[error("refused by the life cycle")]
    Rejected(#[from] Void),
    /// Only while the hub is reached.
    #[error("this needs the hub, which is not reached")]
    NeedsHub,
    /// The draft lacks something.
    #[error("the draft lacks {0:?}")]
    Incomplete(Missing),
    /// The category may not be handled on the spot.
    #[error("this category may not be handled on the spot")]
    NotSelfHandled,
    /// Values that can't stand in their fields.
    #[error("values that can't stand in their fields")]
    Mistakes(Vec<Mistake>),
    /// A reason is asked for.
    #[error("no reason was given")]
    NoReason,
    /// A first and a last day that are none, or the wrong way round.
    #[error("no such days")]
    NoSuchDays,
    /// A file could not be written where the person keeps files.
    #[error("a file could not be written")]
    NoFile,
    /// A text is too long.
    #[error("a text is too long")]
    TextTooLong,
    /// The form, or what was begun of it, can't be filled in.
    #[error("the form can't be filled in")]
    Form(FormTrouble),
    /// The answer is none to what is asked.
    #[error("not an answer to what is asked: {0:?}")]
    Answer(AnswerRefusal),
    /// What was filled in is more than one record may hold.
    #[error("what was filled in is too large for a record")]
    FormTooLarge,
    /// The person has no grid that a record could be filed in.
    #[error("the person has no grid")]
    NoGrid,
    /// A table can't be imported.
    #[error("the table can't be imported: {0:?}")]
    Import(ImportTrouble),
    /// A form can't be published.
    #[error("the form can't be published: {0:?}")]
    Publish(PublishTrouble),
    /// A photo of a door plate opens no door.
    #[error("the photo opens no door: {0:?}")]
    Plate(PlateTrouble),
    /// The file can't be taken as a photo.
    #[error("the file can't be taken as a photo")]
    Photo(#[from] PhotoError),
    /// A photo's file on this device is damaged or gone.
    #[error("the file of a photo is damaged or gone")]
    PhotoFile,
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The photo storage failed.
    #[error("the photo storage failed")]
    Vault(#[source] VaultError),
    /// The database failed.
    #[error("the local database failed")]
    Storage(#[source] rusqlite::Error),
    /// What the database holds can't be read as what it should be.
    #[error("a stored value can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// There is no usable database, see the session's problem.
    #[error("there is no usable database")]
    NoDatabase,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness(#[from] getrandom::Error),
    /// A request that no page of ours makes.
    #[error("a malformed request: {0}")]
    Malformed(&'static str),
    /// A task ended before its time.
    #[error("a task was broken off")]
    BrokenOff(#[from] tokio::task::JoinError),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Storage(error),
        }
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Missing | VaultError::Damaged | VaultError::WrongDigest => Self::PhotoFile,
            VaultError::DiskFull => Self::DiskFull,
            VaultError::Io(_) => Self::Vault(error),
        }
    }
}

impl From<Error> for IpcError {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let code = match error {
            Error::NotFound => Code::NotFound,
            Error::NotEnrolled => Code::NotEnrolled,
            Error::Rejected(Void::TextTooLong) | Error::TextTooLong => Code::TextTooLong,
            Error::Rejected(why) => Code::Rejected { why },
            Error::NeedsHub => Code::NeedsHub,
            Error::Incomplete(missing) => Code::Incomplete { missing },
            Error::NotSelfHandled => Code::NotSelfHandled,
            Error::Mistakes(mistakes) => Code::Mistakes { mistakes },
            Error::NoReason => Code::NoReason,
            Error::NoSuchDays => Code::NoSuchDays,
            Error::NoFile => Code::NoFile,
            Error::Form(why) => Code::Form { why },
            Error::Answer(why) => Code::Answer { why },
            Error::FormTooLarge => Code::FormTooLarge,
            Error::NoGrid => Code::NoGrid,
            Error::Import(why) => Code::Import { why },
            Error::Publish(why) => Code::Publish { why },
            Error::Plate(why) => Code::Plate { why },
            Error::Photo(why) => Code::Photo { why },
            Error::PhotoFile => Code::PhotoFile,
            Error::DiskFull => Code::DiskFull,
            Error::Vault(_) | Error::Storage(_) | Error::Unreadable(_) => Code::Storage,
            Error::NoDatabase => Code::NoDatabase,
            Error::NoRandomness(_) | Error::Malformed(_) | Error::BrokenOff(_) => Code::Internal,
        };
        Self { code, detail }
    }
}
