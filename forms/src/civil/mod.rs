//! Dates and times as forms write them: `2026-11-26`, `09:30:00.000+08:00`, and both with a `T`
//! between (ODK XForms, "Data Types").

mod format;
mod parse;

pub use format::{Names, format};
pub use parse::{date, moment, time};

/// A day has so many milliseconds; forms know no leap seconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A point in time with the clock of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Milliseconds since 1970 on the wall clock, as if there were no time zones.
    pub local_ms: i64,
    /// How far that clock is ahead of UTC.
    pub offset_minutes: i32,
}

impl Moment {
    /// Milliseconds since 1970 in UTC.
    #[must_use]
    pub fn utc_ms(self) -> i64 {
        self.local_ms - i64::from(self.offset_minutes) * 60_000
    }

    /// Days since 1970 on the wall clock.
    #[must_use]
    pub fn day(self) -> i64 {
        self.local_ms.div_euclid(DAY_MS)
    }

    /// The part of the local day that has gone by, in milliseconds.
    #[must_use]
    pub fn of_day_ms(self) -> i64 {
        self.local_ms.rem_euclid(DAY_MS)
    }

    /// As `2026-11-26`.
    #[must_use]
    pub fn date_text(self) -> String {
        date_text(self.day())
    }

    /// As `09:30:00.000+08:00`.
    #[must_use]
    pub fn time_text(self) -> String {
        let ms = self.of_day_ms();
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.abs();
        format!(
            "{hour:02}:{minute:02}:{second:02}.{:03}{sign}{:02}:{:02}",
            ms % 1000,
            offset / 60,
            offset % 60
        )
    }

    /// As `2026-11-26T09:30:00.000+08:00`.
    #[must_use]
    pub fn text(self) -> String {
        format!("{}T{}", self.date_text(), self.time_text())
    }
}

/// A day since 1970, as `2026-11-26`.
#[must_use]
pub fn date_text(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (after H. Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms").
#[must_use]
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of so many days since 1970-01-01; the other way round than [`days`].
#[must_use]
pub fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{Moment, civil, date, days, moment, time};

    #[test]
    fn every_day_of_five_centuries_comes_back() {
        let mut before = civil(-80_000);
        for day in -79_999..100_000 {
            let (y, m, d) = civil(day);
            assert_eq!(days(y, m, d), day);
            assert!((y, m, d) > before, "{day}: {before:?} then {y}-{m}-{d}");
            before = (y, m, d);
        }
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(days(2000, 3, 1), 11_017);
    }

    #[test]
    fn what_is_no_date_is_none() {
        assert_eq!(date("2024-02-29"), Some(days(2024, 2, 29)));
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-1",
            "24-01-01",
            "2024-01-01x",
            "二〇二四",
            "2024-04-31",
            "-2024-01-01",
        ] {
            assert_eq!(date(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_and_moments_are_read_with_and_without_a_zone() {
        assert_eq!(time("09:30", 480), Some((34_200_000, 480)));
        assert_eq!(time("09:30:05.25Z", 480), Some((34_205_250, 0)));
        assert_eq!(time("09:30:00.000-03:30", 480), Some((34_200_000, -210)));
        assert_eq!(time("25:00", 0), None);
        let read = moment("2026-11-26T09:30:00.000+08:00", 0);
        let expected = Moment {
            local_ms: days(2026, 11, 26) * 86_400_000 + 34_200_000,
            offset_minutes: 480,
        };
        assert_eq!(read, Some(expected));
        assert_eq!(expected.text(), "2026-11-26T09:30:00.000+08:00");
        assert_eq!(
            moment("2026-11-26", 480).map(Moment::utc_ms),
            Some(days(2026, 11, 26) * 86_400_000 - 28_800_000)
        );
    }
}
