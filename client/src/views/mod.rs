//! What pages show, one file a page or question. All of it is read from this device.

pub(crate) mod about;
pub(crate) mod case;
pub(crate) mod case_list;
pub(crate) mod catalogue;
pub(crate) mod conflicts;
mod deleted;
pub(crate) mod delivery;
pub(crate) mod erased;
pub(crate) mod forms;
pub(crate) mod history;
mod merged;
pub(crate) mod places;
pub(crate) mod records;
pub(crate) mod register;
pub(crate) mod rounds;
mod rows;
pub(crate) mod session;
pub(crate) mod similar;
pub(crate) mod today;

use shared::Timestamp;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The local midnight before `now`, where local time is so many minutes ahead of UTC.
pub(crate) fn midnight(now: Timestamp, utc_offset_minutes: i32) -> Timestamp {
    let offset_ms = i64::from(utc_offset_minutes) * 60_000;
    let local = now.as_ms().saturating_add(offset_ms);
    Timestamp::from_ms(local.div_euclid(DAY_MS) * DAY_MS - offset_ms)
}

/// `days` before `now`.
fn days_ago(now: Timestamp, days: i64) -> Timestamp {
    now.plus_days(-days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_local_midnight() {
        let hour = |hour: i64| Timestamp::from_ms(hour * 3_600_000);

        assert_eq!(
            midnight(hour(16), 480),
            hour(16),
            "16:00 UTC is midnight in China"
        );
        assert_eq!(midnight(hour(39), 480), hour(16), "23:00 is the same day");
        assert_eq!(midnight(hour(15), 480), hour(-8), "23:00 the day before");
    }
}
