//! How often doors are visited, and when nobody knocks: data, because every district has its own rule.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// A district's rule for visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Visiting {
    /// Days between two visits at a door where nobody needs more.
    pub usual_days: u16,
    /// Days between two visits where somebody has this care tag (关爱对象, see
    /// [`CARE_TAGS`](crate::register::schema::CARE_TAGS)); of several the shortest counts.
    #[serde(default)]
    pub care_days: BTreeMap<String, u16>,
    /// Days that a door is left alone after somebody refused 拒访.
    pub after_refusal_days: u16,
    /// Minutes since local midnight, `[from, to)`, in which nobody knocks; a slot over midnight has
    /// its end before its beginning.
    #[serde(default)]
    pub quiet: Vec<[u16; 2]>,
}

impl Default for Visiting {
    /// What several districts publish: once a quarter, every month where somebody needs care, every
    /// week where an old person lives alone (DOMAIN §2.7); nobody knocks at noon and at night.
    fn default() -> Self {
        const WEEKLY: [&str; 3] = ["alone", "empty_nest", "disabled_elder"];
        const MONTHLY: [&str; 8] = [
            "aged",
            "disability",
            "low_income",
            "child_in_need",
            "left_behind",
            "pregnant",
            "illness",
            "bereaved",
        ];
        let weekly = WEEKLY.iter().map(|tag| ((*tag).to_owned(), 7));
        let monthly = MONTHLY.iter().map(|tag| ((*tag).to_owned(), 30));
        Self {
            usual_days: 90,
            care_days: weekly.chain(monthly).collect(),
            after_refusal_days: 30,
            quiet: vec![[12 * 60, 14 * 60], [20 * 60 + 30, 8 * 60 + 30]],
        }
    }
}

impl Visiting {
    /// Days between two visits where somebody has these tags, and the tag that says so.
    pub fn days<'a>(&self, tags: impl IntoIterator<Item = &'a str>) -> (u16, Option<&'a str>) {
        let of = |tag: &'a str| Some((*self.care_days.get(tag)?, Some(tag)));
        let all = tags.into_iter().filter_map(of);
        all.chain([(self.usual_days, None)])
            .min_by_key(|(days, _)| *days)
            .unwrap_or((self.usual_days, None))
    }

    /// The quiet slot that a minute since local midnight is in.
    pub fn quiet_at(&self, minute: u16) -> Option<[u16; 2]> {
        let is_in = |[from, to]: &[u16; 2]| {
            if from <= to {
                (*from..*to).contains(&minute)
            } else {
                minute >= *from || minute < *to
            }
        };
        self.quiet.iter().copied().find(is_in)
    }

    /// What is wrong with it, with what to do.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let days = self.care_days.values();
        let mut days = days.chain([&self.usual_days, &self.after_refusal_days]);
        if !days.all(|it| (1..=3_660).contains(it)) {
            return Some("days must be from 1 to 3660");
        }
        let is_slot = |[from, to]: &[u16; 2]| *from < DAY && *to <= DAY && from != to;
        if !self.quiet.iter().all(is_slot) {
            return Some("quiet slots are minutes of a day, from 0 to 1440, and not empty");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Visiting;

    #[test]
    fn the_shortest_of_several_intervals_counts() {
        let rule = Visiting::default();
        assert_eq!(rule.days([]), (90, None));
        assert_eq!(rule.days(["veteran"]), (90, None));
        assert_eq!(rule.days(["aged", "alone"]), (7, Some("alone")));
    }

    #[test]
    fn a_quiet_slot_goes_over_midnight() {
        let rule = Visiting::default();
        let quiet = |hour: u16, minute: u16| rule.quiet_at(hour * 60 + minute).is_some();
        assert!(quiet(20, 30) && quiet(23, 59) && quiet(0, 0) && quiet(8, 29));
        assert!(!quiet(8, 30) && !quiet(11, 59) && quiet(12, 0) && !quiet(14, 0));
        assert!(!quiet(20, 29));
    }

    #[test]
    fn a_rule_that_can_not_be_is_told() {
        let mut rule = Visiting::default();
        assert_eq!(rule.problem(), None);
        rule.quiet.push([600, 600]);
        assert!(rule.problem().is_some());
        rule.quiet.clear();
        rule.usual_days = 0;
        assert!(rule.problem().is_some());
    }
}
