//! Operations in quarantine, as the operator sees them: what kind, whose, why; never what a person
//! wrote.

use std::{fmt, str::FromStr};

use shared::{DeviceId, OpId, Outcome, StaffId, Timestamp, apply::Quarantine};

/// Which operation: by its id, or by its place in the log when the id could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpName {
    /// Its own id.
    Id(OpId),
    /// Its place in the sequence of its device, written `DEVICE:SEQ`.
    At {
        /// The device.
        device: DeviceId,
        /// From 1.
        dev_seq: u64,
    },
}

/// This names no operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an operation is named by its id or by DEVICE:SEQ")]
pub struct NotAnOpName;

impl FromStr for OpName {
    type Err = NotAnOpName;

    fn from_str(text: &str) -> Result<Self, NotAnOpName> {
        let name = match text.split_once(':') {
            Some((device, dev_seq)) => device
                .parse()
                .ok()
                .zip(dev_seq.parse().ok())
                .map(|(device, dev_seq)| Self::At { device, dev_seq }),
            None => text.parse().ok().map(Self::Id),
        };
        name.ok_or(NotAnOpName)
    }
}

impl fmt::Display for OpName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::At { device, dev_seq } => write!(f, "{device}:{dev_seq}"),
        }
    }
}

/// An operation the hub could not apply and keeps, or could apply at last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineLine {
    /// Its id, where that could be read.
    pub op_id: Option<OpId>,
    /// The device that sent it.
    pub device: DeviceId,
    /// Its place in that device's sequence.
    pub dev_seq: u64,
    /// Whose device that is.
    pub staff: StaffId,
    /// What it is about and what it does, for example `case report`; `?` where that is no plain
    /// word.
    pub kind: String,
    /// What became of it.
    pub outcome: Outcome,
    /// When the hub received it.
    pub received_at: Timestamp,
}

impl QuarantineLine {
    /// What to call it: by its id where there is one.
    pub fn name(&self) -> OpName {
        let (device, dev_seq) = (self.device, self.dev_seq);
        self.op_id
            .map_or(OpName::At { device, dev_seq }, OpName::Id)
    }

    /// Why it is in quarantine; `None` when it no longer is.
    pub fn why(&self) -> Option<Quarantine> {
        match self.outcome {
            Outcome::Quarantined { why } => Some(why),
            Outcome::Applied
            | Outcome::Merged
            | Outcome::ConflictKept { .. }
            | Outcome::Duplicate
            | Outcome::RetryLater => None,
        }
    }
}

/// What the operator did with an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// When.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
    /// What had become of the operation before.
    pub before: Outcome,
    /// And since.
    pub after: Outcome,
}

/// What an operator can do with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Its content was shown.
    ContentShown,
    /// It was decided again.
    Retried,
}

/// What an operation is about and does, for [`QuarantineLine::kind`].
pub(super) fn what(kind: Option<String>, verb: Option<String>) -> String {
    [kind, verb].map(word).join(" ")
}

/// A word of the protocol. Anything else a device put in its place may be anything, a person's
/// name too, and is not shown.
fn word(text: Option<String>) -> String {
    let plain = |text: &String| {
        (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    text.filter(plain).unwrap_or_else(|| "?".to_owned())
}
