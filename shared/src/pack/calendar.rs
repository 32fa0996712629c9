//! The city's working time: slots of a working day, holidays and make-up days 调休.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, Month, Weekday};

/// What an exceptional day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A weekday without work.
    Holiday,
    /// A weekend day with work 调休上班.
    Workday,
}

/// Working hours, holidays and make-up days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calendar {
    /// Minutes that local time is ahead of UTC (480 for China; there is no summer time).
    pub utc_offset_minutes: i32,
    /// Working slots as minutes since local midnight, `[from, to)`, ascending and disjoint.
    pub slots: Vec<[u16; 2]>,
    /// Days that break the rule "Monday to Friday", by ISO date.
    pub days: BTreeMap<String, DayKind>,
    /// First day the table of holidays is complete for, ISO date.
    pub valid_from: String,
    /// Last day the table of holidays is complete for, ISO date.
    pub valid_to: String,
}

impl Calendar {
    /// Whether people work on this day.
    pub fn is_working_day(&self, date: Date) -> bool {
        match self.days.get(&iso(date)) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Workday) => true,
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        }
    }

    /// Minutes of work in one working day.
    pub fn minutes_per_day(&self) -> u32 {
        self.slots
            .iter()
            .map(|[from, to]| u32::from(to.saturating_sub(*from)))
            .sum()
    }
}

/// The ISO form of a date.
pub(crate) fn iso(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

/// Reads an ISO date.
pub(crate) fn parse_iso(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}
