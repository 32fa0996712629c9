//! Documents that one operation makes and none changes: records, visits, reveals. They stand in a
//! feed of the grid they name.

use crate::{
    GridCode, Op, Outcome,
    apply::{Quarantine, Stamp},
    case::Signed,
};

/// A document that is made once.
pub trait MadeOnce: Sized {
    /// What the operation makes, if it makes one of these.
    fn made(op: &Op, signed: Signed) -> Option<Self>;
    /// Who made it, and when.
    fn signed(&self) -> &Signed;
    /// The grid in whose feed it stands.
    fn grid(&self) -> &GridCode;
}

/// Applies `op`; gives the new body (`None`: unchanged) and what became of it.
pub(crate) fn apply_once<T: MadeOnce>(
    current: Option<&T>,
    op: &Op,
    stamp: &Stamp<'_>,
) -> (Option<T>, Outcome) {
    let quarantined = |why| (None, Outcome::Quarantined { why });
    match (current, T::made(op, stamp.sign(op))) {
        (_, None) => quarantined(Quarantine::NotForOperations),
        (None, Some(made)) => (Some(made), Outcome::Applied),
        (Some(there), Some(_)) if there.signed().op_id == op.op_id => (None, Outcome::Duplicate),
        (Some(_), Some(_)) => quarantined(Quarantine::AlreadyReported),
    }
}
