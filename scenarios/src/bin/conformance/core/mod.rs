//! Level core: what one device needs to lose nothing. One file per part of the protocol.

mod bodies;
mod brief;
mod dictionaries;
mod enrol;
mod pull;
mod push;
mod quarantine;
mod renew;

use crate::check::Check;

/// All checks, in the order they are made: enrolling changes the token the others use.
pub(crate) fn checks() -> Vec<&'static Check> {
    let parts: [&'static [Check]; 8] = [
        &enrol::CHECKS,
        &push::CHECKS,
        &quarantine::CHECKS,
        &brief::CHECKS,
        &pull::CHECKS,
        &bodies::CHECKS,
        &dictionaries::CHECKS,
        &renew::CHECKS,
    ];
    parts.into_iter().flatten().collect()
}
