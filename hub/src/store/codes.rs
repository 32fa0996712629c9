//! When an enrolment code may be used.

use shared::{DeviceId, StaffId, Timestamp};

use super::{EnrolRefusal, Enrolling};

/// How long the device that used a code may ask again, because the answer got lost: one hour.
const REPEAT_MS: i64 = 60 * 60 * 1_000;

/// How long codes are remembered after they expired, so that a second use is told from a wrong
/// code: 30 days.
pub(super) const REMEMBER_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// A code as the store keeps it.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) staff: StaffId,
    pub(super) expires_at: Timestamp,
    pub(super) used: Option<(Timestamp, DeviceId)>,
}

impl Code {
    /// Whether this request may trade it for a device.
    pub(super) fn may_be_used(&self, request: &Enrolling) -> Result<(), EnrolRefusal> {
        match self.used {
            None if request.now < self.expires_at => Ok(()),
            None => Err(EnrolRefusal::Unknown),
            Some((at, by)) if by == request.device && request.now < at.plus_ms(REPEAT_MS) => Ok(()),
            Some(_) => Err(EnrolRefusal::Used),
        }
    }
}
