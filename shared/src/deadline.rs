//! When handling must be done: the four kinds of limit over the city's calendar.
//!
//! Device and hub use this one function, so there is nothing to argue about. Source: the time
//! kinds of GB/T 30428.8 as cities implement them (docs in ARCHITECTURE.md), with the golden
//! vectors below.

use time::{Date, Month, OffsetDateTime, UtcOffset};

use crate::{
    Timestamp,
    pack::{Calendar, Limit, LimitKind, iso},
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// The moment by which `limit` runs out when the clock starts at `start`.
///
/// `None` when the calendar has no working time to count in (ten years without a working day).
pub fn deadline(calendar: &Calendar, start: Timestamp, limit: Limit) -> Option<Timestamp> {
    let value = i64::from(limit.value);
    match limit.kind {
        LimitKind::UrgentHour => Some(start.plus_ms(value * 60 * MINUTE_MS)),
        LimitKind::NaturalDay => Some(start.plus_ms(value * DAY_MS)),
        LimitKind::WorkHour => after_working_ms(calendar, start, value * 60 * MINUTE_MS),
        LimitKind::WorkDay => {
            let day_ms = i64::from(calendar.minutes_per_day()) * MINUTE_MS;
            after_working_ms(calendar, start, value * day_ms)
        }
    }
}

/// Working time from `from` to `to` in milliseconds; negative when `to` is earlier.
pub fn working_ms_between(calendar: &Calendar, from: Timestamp, to: Timestamp) -> i64 {
    if to < from {
        return -working_ms_between(calendar, to, from);
    }
    let mut total = 0;
    for (slot_from, slot_to) in slots_from(calendar, from) {
        if slot_from >= to {
            break;
        }
        total += slot_to.min(to).since_ms(slot_from.max(from)).max(0);
    }
    total
}

fn after_working_ms(calendar: &Calendar, start: Timestamp, mut left_ms: i64) -> Option<Timestamp> {
    for (from, to) in slots_from(calendar, start) {
        let from = from.max(start);
        let room = to.since_ms(from);
        if left_ms <= room {
            return Some(from.plus_ms(left_ms));
        }
        left_ms -= room;
    }
    None
}

/// The working slots that end after `start`, in order, for ten years.
fn slots_from(
    calendar: &Calendar,
    start: Timestamp,
) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
    let offset_ms = i64::from(calendar.utc_offset_minutes) * MINUTE_MS;
    days_from(calendar, start)
        .filter(|date| calendar.is_working_day(*date))
        .flat_map(move |date| {
            let midnight = date.midnight().assume_utc().unix_timestamp() * 1_000 - offset_ms;
            calendar.slots.iter().map(move |[from, to]| {
                let at = |minute: u16| Timestamp::from_ms(midnight + i64::from(minute) * MINUTE_MS);
                (at(*from), at(*to))
            })
        })
        .filter(move |(_, to)| *to > start)
}

fn days_from(calendar: &Calendar, start: Timestamp) -> impl Iterator<Item = Date> + use<> {
    let first = local(calendar.utc_offset_minutes, start).map(OffsetDateTime::date);
    std::iter::successors(first, |date| date.next_day()).take(3_660)
}

/// The civil time of a place that is `utc_offset_minutes` ahead of UTC.
pub fn local(utc_offset_minutes: i32, at: Timestamp) -> Option<OffsetDateTime> {
    let offset = UtcOffset::from_whole_seconds(utc_offset_minutes.checked_mul(60)?).ok()?;
    let utc = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.as_ms()) * 1_000_000).ok()?;
    utc.checked_to_offset(offset)
}

/// The day it is there, written as 2026-01-31; empty for a moment no calendar has.
pub fn day(utc_offset_minutes: i32, at: Timestamp) -> String {
    local(utc_offset_minutes, at)
        .map(|at| iso(at.date()))
        .unwrap_or_default()
}

/// The first moment of a day (UTC), written as 2026-01-31; `None` when it is no day.
pub fn midnight_utc(day: &str) -> Option<Timestamp> {
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let seconds = date.midnight().assume_utc().unix_timestamp();
    Some(Timestamp::from_ms(seconds.checked_mul(1_000)?))
}

/// The first moment of a day where local time is so many minutes ahead of UTC; `None` when it is no day.
pub fn midnight(utc_offset_minutes: i32, day: &str) -> Option<Timestamp> {
    let ahead_ms = i64::from(utc_offset_minutes) * MINUTE_MS;
    Some(midnight_utc(day)?.plus_ms(-ahead_ms))
}

/// The first moment of the day after it.
pub fn midnight_after(utc_offset_minutes: i32, day: &str) -> Option<Timestamp> {
    Some(midnight(utc_offset_minutes, day)?.plus_ms(DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::DayKind;

    fn calendar(holidays: &[&str]) -> Calendar {
        Calendar {
            utc_offset_minutes: 480,
            slots: vec![[480, 720], [840, 1080]],
            days: holidays
                .iter()
                .map(|d| ((*d).to_owned(), DayKind::Holiday))
                .collect(),
            valid_from: "2026-01-01".to_owned(),
            valid_to: "2027-12-31".to_owned(),
        }
    }

    fn at(date: (i32, u8, u8), hour: u8, minute: u8) -> Timestamp {
        let date = Date::from_calendar_date(date.0, date.1.try_into().unwrap(), date.2).unwrap();
        let local = date.with_hms(hour, minute, 0).unwrap();
        Timestamp::from_ms((local.assume_utc().unix_timestamp() - 480 * 60) * 1_000)
    }

    /// DOMAIN.md §6, golden vectors.
    #[test]
    fn the_golden_vectors_hold() {
        use LimitKind::{NaturalDay, UrgentHour, WorkDay, WorkHour};
        let plain = calendar(&[]);
        let golden_week: Vec<_> = (1..=7).map(|d| format!("2026-10-0{d}")).collect();
        let golden_week = calendar(&golden_week.iter().map(String::as_str).collect::<Vec<_>>());
        let friday = at((2026, 9, 25), 17, 0);
        let wednesday = at((2026, 9, 30), 16, 0);

        let vectors = [
            (&plain, friday, 2, UrgentHour, at((2026, 9, 25), 19, 0)),
            (&plain, friday, 4, WorkHour, at((2026, 9, 28), 11, 0)),
            (&plain, friday, 1, WorkDay, at((2026, 9, 28), 17, 0)),
            (&plain, friday, 5, WorkDay, at((2026, 10, 2), 17, 0)),
            (
                &golden_week,
                wednesday,
                2,
                WorkDay,
                at((2026, 10, 9), 16, 0),
            ),
            (
                &golden_week,
                wednesday,
                2,
                NaturalDay,
                at((2026, 10, 2), 16, 0),
            ),
        ];
        for (calendar, start, value, kind, expected) in vectors {
            let found = deadline(calendar, start, Limit { value, kind });
            assert_eq!(found, Some(expected), "{value} {kind:?} from {start:?}");
        }
    }

    #[test]
    fn a_make_up_saturday_counts_as_work() {
        let mut calendar = calendar(&[]);
        calendar
            .days
            .insert("2026-09-26".to_owned(), DayKind::Workday);

        let due = deadline(
            &calendar,
            at((2026, 9, 25), 17, 0),
            Limit {
                value: 4,
                kind: LimitKind::WorkHour,
            },
        );

        assert_eq!(due, Some(at((2026, 9, 26), 11, 0)));
    }

    #[test]
    fn working_time_between_two_moments_is_what_the_deadline_counted() {
        let calendar = calendar(&[]);
        let start = at((2026, 9, 25), 17, 0);
        let due = deadline(
            &calendar,
            start,
            Limit {
                value: 13,
                kind: LimitKind::WorkHour,
            },
        )
        .unwrap();

        assert_eq!(
            working_ms_between(&calendar, start, due),
            13 * 60 * MINUTE_MS
        );
        assert_eq!(
            working_ms_between(&calendar, due, start),
            -13 * 60 * MINUTE_MS
        );
    }

    #[test]
    fn a_calendar_without_any_working_time_gives_no_deadline() {
        let calendar = Calendar {
            slots: Vec::new(),
            ..calendar(&[])
        };

        let due = deadline(
            &calendar,
            at((2026, 9, 25), 17, 0),
            Limit {
                value: 1,
                kind: LimitKind::WorkHour,
            },
        );

        assert_eq!(due, None);
    }
}
