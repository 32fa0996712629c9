//! What one door asks for, from what is known of it. No database, no clock.

use shared::{
    Timestamp,
    deadline::day,
    ipc::{DoorState, DueReason},
    pack::Visiting,
    visit::Met,
};

use super::Campaign;

/// When somebody was at a door, by what came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Visits {
    /// The last time somebody was spoken to.
    pub(crate) met: Option<Timestamp>,
    /// The last time nobody opened.
    pub(crate) not_home: Option<Timestamp>,
    /// The last time somebody refused.
    pub(crate) refused: Option<Timestamp>,
    /// The last time they were found to have moved.
    pub(crate) moved: Option<Timestamp>,
}

impl Visits {
    /// Takes in another one.
    pub(crate) fn add(&mut self, outcome: Met, at: Timestamp) {
        let last = match outcome {
            Met::Met | Met::Phone => &mut self.met,
            Met::NotHome => &mut self.not_home,
            Met::Refused => &mut self.refused,
            Met::Moved => &mut self.moved,
        };
        *last = (*last).max(Some(at));
    }

    /// Whether this was the last of them.
    fn is_last(&self, at: Option<Timestamp>) -> bool {
        let all = [self.met, self.not_home, self.refused, self.moved];
        at.is_some() && all.into_iter().max().flatten() == at
    }

    /// Whether somebody refused, and nobody was met since.
    pub(crate) fn refuses(&self) -> bool {
        self.refused
            .is_some_and(|refused| self.met.is_none_or(|met| met < refused))
    }

    /// Since when nobody opens; `None` once somebody was met, refused or gone.
    pub(crate) fn nobody_opens(&self) -> Option<Timestamp> {
        self.not_home.filter(|_| self.is_last(self.not_home))
    }
}

/// What is known of a door.
pub(super) struct Facts<'a> {
    pub(super) now: Timestamp,
    pub(super) offset_minutes: i32,
    pub(super) rule: &'a Visiting,
    /// Days between two visits here.
    pub(super) days: u16,
    /// The care tag that says so.
    pub(super) tag: Option<&'a str>,
    pub(super) conflicts: u32,
    pub(super) vacant: bool,
    pub(super) lived_in: bool,
    pub(super) visits: Visits,
    /// Campaigns that run, and how many each still asks about.
    pub(super) missing: &'a [(&'a Campaign, u32)],
}

/// What a door asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Due {
    pub(super) state: DoorState,
    pub(super) reasons: Vec<DueReason>,
    pub(super) at: Timestamp,
}

/// Decides it.
pub(super) fn judge(facts: &Facts<'_>) -> Due {
    let visits = facts.visits;
    let days_after = |at: Timestamp, days: u16| at.plus_days(days.into());
    let is_here = |at: Timestamp| {
        // Days are compared, not hours: who was met at noon is due in the morning.
        let on = |at| day(facts.offset_minutes, at);
        on(at) <= on(facts.now)
    };
    let due_at = visits
        .met
        .map_or(facts.now, |met| days_after(met, facts.days));
    let state = |state, reasons| Due {
        state,
        reasons,
        at: due_at,
    };
    if facts.conflicts > 0 || (visits.is_last(visits.moved) && facts.lived_in) {
        return state(DoorState::Attention, Vec::new());
    }
    if let Some(refused) = visits.refused.filter(|_| visits.refuses())
        && !is_here(days_after(refused, facts.rule.after_refusal_days))
    {
        return state(DoorState::Attention, Vec::new());
    }
    let mut reasons = Vec::new();
    let is_vacant = facts.vacant && !facts.lived_in;
    match (visits.met, facts.tag) {
        _ if is_vacant => {}
        (None, _) => reasons.push(DueReason::First),
        (Some(_), _) if !is_here(due_at) => {}
        (Some(_), Some(tag)) => reasons.push(DueReason::Care {
            tag: tag.to_owned(),
            days: facts.days,
        }),
        (Some(_), None) => reasons.push(DueReason::Usual { days: facts.days }),
    }
    reasons.extend(
        facts
            .missing
            .iter()
            .map(|(campaign, missing)| DueReason::Campaign {
                campaign: campaign.id,
                title: campaign.title.clone(),
                missing: *missing,
            }),
    );
    if reasons.is_empty() {
        let nothing = if is_vacant {
            DoorState::Vacant
        } else {
            DoorState::Done
        };
        return state(nothing, reasons);
    }
    match visits.nobody_opens() {
        Some(_) => state(DoorState::NotHome, reasons),
        None => state(DoorState::Due, reasons),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_000_000_000;

    fn ago(days: i64) -> Timestamp {
        Timestamp::from_ms(NOW).plus_days(-days)
    }

    fn visits(all: &[(Met, i64)]) -> Visits {
        let mut visits = Visits::default();
        for (outcome, days) in all {
            visits.add(*outcome, ago(*days));
        }
        visits
    }

    fn at_a_door(all: &[(Met, i64)]) -> DoorState {
        judge_with(all, |_| {}).state
    }

    fn judge_with(all: &[(Met, i64)], change: impl FnOnce(&mut Facts<'_>)) -> Due {
        let rule = Visiting::default();
        let mut facts = Facts {
            now: Timestamp::from_ms(NOW),
            offset_minutes: 480,
            rule: &rule,
            days: rule.usual_days,
            tag: None,
            conflicts: 0,
            vacant: false,
            lived_in: true,
            visits: visits(all),
            missing: &[],
        };
        change(&mut facts);
        judge(&facts)
    }

    #[test]
    fn a_door_is_due_when_its_time_has_passed() {
        assert_eq!(at_a_door(&[]), DoorState::Due, "nobody was ever there");
        assert_eq!(at_a_door(&[(Met::Met, 89)]), DoorState::Done);
        assert_eq!(at_a_door(&[(Met::Met, 90)]), DoorState::Due);
        assert_eq!(at_a_door(&[(Met::Phone, 1)]), DoorState::Done);
    }

    #[test]
    fn it_is_due_from_the_morning_of_its_day() {
        // 90 days less three hours ago: the same day.
        let almost = |facts: &mut Facts<'_>| {
            facts.visits = Visits::default();
            facts.visits.add(Met::Met, ago(90).plus_ms(3_600_000));
        };
        let now = shared::deadline::local(480, Timestamp::from_ms(NOW)).unwrap();
        assert!(now.hour() < 23, "the hour after it is the same day");
        assert_eq!(judge_with(&[], almost).state, DoorState::Due);
    }

    #[test]
    fn whoever_needs_more_is_visited_more_often() {
        let weekly = |facts: &mut Facts<'_>| {
            facts.days = 7;
            facts.tag = Some("alone");
        };
        let due = judge_with(&[(Met::Met, 7)], weekly);
        let tag = "alone".to_owned();
        assert_eq!(due.reasons, [DueReason::Care { tag, days: 7 }]);
        assert_eq!(
            judge_with(&[(Met::Met, 6)], weekly).state,
            DoorState::Done,
            "a day before"
        );
    }

    #[test]
    fn nobody_at_home_is_tried_again_until_somebody_is_met() {
        assert_eq!(at_a_door(&[(Met::NotHome, 1)]), DoorState::NotHome);
        assert_eq!(
            at_a_door(&[(Met::NotHome, 2), (Met::Met, 1)]),
            DoorState::Done
        );
        assert_eq!(
            at_a_door(&[(Met::Met, 20), (Met::NotHome, 1)]),
            DoorState::Done,
            "nothing is due there yet"
        );
        assert_eq!(
            at_a_door(&[(Met::Met, 100), (Met::NotHome, 1)]),
            DoorState::NotHome
        );
    }

    #[test]
    fn whoever_refused_is_left_alone_for_a_while() {
        assert_eq!(at_a_door(&[(Met::Refused, 29)]), DoorState::Attention);
        assert_eq!(at_a_door(&[(Met::Refused, 30)]), DoorState::Due);
        assert_eq!(
            at_a_door(&[(Met::Refused, 3), (Met::Met, 1)]),
            DoorState::Done
        );
    }

    #[test]
    fn a_door_whose_people_moved_needs_somebody_to_write_it_down() {
        let all = [(Met::Moved, 1)];
        assert_eq!(at_a_door(&all), DoorState::Attention);
        let empty = judge_with(&all, |facts| facts.lived_in = false);
        assert_eq!(empty.state, DoorState::Due, "who lives there now?");
    }

    #[test]
    fn nobody_knocks_where_nobody_lives() {
        let vacant = |facts: &mut Facts<'_>| {
            facts.vacant = true;
            facts.lived_in = false;
        };
        assert_eq!(judge_with(&[], vacant).state, DoorState::Vacant);
    }
}
