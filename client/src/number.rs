//! Numbers as pages and lists show them.

/// How many there are; what is more than a page can say stays at the most it can.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
