//! What somebody is assigned, and was before a pack changed it; and which of that speaks for
//! something they did. docs/protocol.md 6.15 is the rule, ADR 24 says why.

use std::collections::BTreeSet;

use shared::{
    GridCode, Op, Permission, Role, Scope, Timestamp, hub_api::StaffCard, pack::StaffEntry,
    time::Observed,
};

use super::types::scopes_of;
use crate::push;

/// An assignment that ended speaks for nothing that comes later than this. Who keeps a tablet from
/// the hub can say of everything that it was done long ago.
const TAKEN_FOR_DAYS: i64 = 30;

/// Somebody in the field goes on as they were told until their tablet hears of a new pack, and the
/// times of deeds are not exact.
const UNHEARD_FOR_DAYS: i64 = 1;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Where somebody works, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) grids: Vec<GridCode>,
    pub(super) roles: Vec<Role>,
    pub(super) permissions: BTreeSet<Permission>,
}

impl Assignment {
    /// What a pack says; `grids` are all that follow from it, in order.
    pub(super) fn of(entry: &StaffEntry, grids: &[GridCode]) -> Self {
        Self {
            grids: grids.to_vec(),
            roles: entry.roles.clone(),
            permissions: entry.permissions.clone(),
        }
    }
}

/// One that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Former {
    pub(super) assignment: Assignment,
    /// `None`: from the beginning.
    pub(super) since: Option<Timestamp>,
    pub(super) until: Timestamp,
}

/// The earliest end of those that may still speak for what was received then.
pub(super) fn oldest(received_at: Timestamp) -> Timestamp {
    received_at.plus_days(-TAKEN_FOR_DAYS)
}

/// Somebody as they stand, or stood.
#[derive(Debug)]
pub(super) struct Author {
    pub(super) staff: StaffCard,
    /// The feeds they may see so, worked out once.
    pub(super) scopes: BTreeSet<Scope>,
}

impl Author {
    pub(super) fn new(staff: StaffCard) -> Self {
        Self {
            scopes: scopes_of(&staff),
            staff,
        }
    }
}

impl Former {
    /// The person as they stood then.
    pub(super) fn author(&self, today: &StaffCard) -> Author {
        let Assignment {
            grids,
            roles,
            permissions,
        } = self.assignment.clone();
        Author::new(StaffCard {
            grids,
            roles,
            permissions,
            ..today.clone()
        })
    }

    /// Whether it held at some time between the deed and its arrival, as far as clocks tell.
    pub(super) fn speaks_for(&self, op: &Op, sent: &Observed, received_at: Timestamp) -> bool {
        // What is erased does not come back: that takes somebody who may do it today.
        if push::erases(op) {
            return false;
        }
        let began = self.since.map(|it| it.plus_days(-UNHEARD_FOR_DAYS));
        if began.is_some_and(|it| it > received_at) {
            return false;
        }
        let deed = op.observed_at.corrected(sent, received_at);
        !tells_when(&op.observed_at, sent, received_at)
            || deed <= self.until.plus_days(UNHEARD_FOR_DAYS)
    }
}

/// Whether these clocks tell when something was done, to a day. Within one boot they do. Across
/// boots it is for the wall clock to say: not if it was set back since, nor if it is wrong by now,
/// for one without a battery begins anew each time.
fn tells_when(observed: &Observed, sent: &Observed, received_at: Timestamp) -> bool {
    let off_ms = sent.wall.since_ms(received_at).unsigned_abs();
    let is_right = off_ms <= UNHEARD_FOR_DAYS.unsigned_abs() * DAY_MS;
    (observed.boot == sent.boot || is_right) && observed.is_before(sent)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MOVED: Timestamp = Timestamp::from_ms(1_795_478_400_000);

    fn former() -> Former {
        Former {
            assignment: Assignment {
                grids: vec!["G1".into()],
                roles: vec![Role::Worker],
                permissions: BTreeSet::new(),
            },
            since: Some(MOVED.plus_days(-100)),
            until: MOVED,
        }
    }

    fn op(action: &serde_json::Value, observed_at: &Observed) -> Op {
        serde_json::from_value(json!({
            "op_id": "019dfc1c-5c00-7000-8000-000000000041", "dev_seq": 1,
            "target": { "kind": "visit", "id": "019dfc1c-5c00-7000-8000-0000000000ba" },
            "base_rev": 0, "action": action, "observed_at": observed_at,
            "author": { "staff": "w1", "role": "worker" }, "scope": "grid:G1", "schema": 1,
        }))
        .unwrap()
    }

    fn visit() -> serde_json::Value {
        json!({
            "do": "visit", "grid": "G1", "outcome": "not_home",
            "at": { "kind": "dwelling", "id": "019dfc1c-5c00-7000-8000-0000000000b8" },
        })
    }

    fn clocks(wall: Timestamp, boot: &str) -> Observed {
        Observed {
            wall,
            mono: 0,
            boot: boot.to_owned(),
        }
    }

    /// Whether it speaks for a visit of that day after the move, received on this one.
    fn speaks(deed: i64, received: i64) -> bool {
        let op = op(&visit(), &clocks(MOVED.plus_days(deed), "b1"));
        let received = MOVED.plus_days(received);
        former().speaks_for(&op, &clocks(received, "b2"), received)
    }

    #[test]
    fn it_speaks_for_what_was_done_before_its_end_and_the_day_after_and_for_nothing_later() {
        assert!(speaks(-3, 5));
        assert!(speaks(0, 5));
        assert!(speaks(1, 5), "the tablet had not heard of it");
        assert!(!speaks(2, 5));
        assert!(!speaks(5, 5));
    }

    #[test]
    fn it_speaks_for_nothing_that_came_before_it_began() {
        assert!(speaks(-100, -99));
        assert!(speaks(-102, -101), "times are right to a day");
        assert!(!speaks(-103, -102));
    }

    #[test]
    fn a_clock_that_does_not_tell_when_it_was_leaves_it_open() {
        let received = MOVED.plus_days(5);
        let speaks = |(deed, boot), sent| {
            let op = op(&visit(), &clocks(deed, boot));
            former().speaks_for(&op, &clocks(sent, "b2"), received)
        };
        let in_1970 = Timestamp::from_ms;

        assert!(speaks((received, "b1"), in_1970(7)), "set back");
        assert!(speaks((in_1970(7), "b1"), received), "set on");
        assert!(speaks((in_1970(5), "b1"), in_1970(7)), "no battery");
        assert!(speaks((received, "b1"), received.plus_days(2)), "ahead");
        assert!(!speaks((received, "b1"), received.plus_days(1)));
        assert!(!speaks((received, "b1"), received));
        assert!(!speaks((in_1970(7), "b2"), in_1970(9)), "of one boot");
    }

    #[test]
    fn it_never_speaks_for_an_erasing() {
        let received = MOVED.plus_days(1);
        let action = json!({ "do": "erase", "why": "request", "reason": "本人要求", "grid": "G1" });
        let erase = op(&action, &clocks(MOVED.plus_days(-3), "b1"));

        assert!(!former().speaks_for(&erase, &clocks(received, "b1"), received));
    }
}
