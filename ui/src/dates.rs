//! Moments, spans, distances and sizes as people say them. Pure: the time comes in.

use shared::{Timestamp, deadline::local};
use time::OffsetDateTime;

use crate::words::Words;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// From here on hours are counted as days.
const TWO_DAYS_MS: i64 = 2 * DAY_MS;

/// What it takes to say a moment: the language, now, and the offset of the place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sayer {
    /// The language.
    pub(crate) words: Words,
    /// Now.
    pub(crate) now: Timestamp,
    /// Minutes that local time is ahead of UTC.
    pub(crate) utc_offset_minutes: i32,
}

impl Sayer {
    /// A moment with its clock where it is near: 今天 14:05, 昨天 09:30, 11月20日.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        match self.days_from_today(at) {
            Some(0) => self.words.time_today(self.clock(at)),
            Some(-1) => self.words.time_yesterday(self.clock(at)),
            Some(1) => self.words.time_tomorrow(self.clock(at)),
            _ => self.date(at),
        }
    }

    /// A moment with its clock, however far: 11月20日 14:05.
    pub(crate) fn exact(&self, at: Timestamp) -> String {
        match self.days_from_today(at) {
            Some(-1..=1) => self.moment(at),
            _ => format!("{} {}", self.date(at), self.clock(at)),
        }
    }

    /// 11月20日; with the year when it is not this one.
    pub(crate) fn date(&self, at: Timestamp) -> String {
        let (Some(then), Some(now)) = (self.local(at), self.local(self.now)) else {
            return String::new();
        };
        let month = self.month(u8::from(then.month()));
        if then.year() == now.year() {
            return self.words.time_month_day(then.day(), month);
        }
        self.words
            .time_year_month_day(then.day(), month, then.year())
    }

    /// 2026-11-26, as fields of days have it.
    pub(crate) fn iso_day(&self, at: Timestamp) -> String {
        shared::deadline::day(self.utc_offset_minutes, at)
    }

    /// 周一.
    pub(crate) fn weekday(&self, at: Timestamp) -> &'static str {
        let words = self.words;
        match self.local(at).map(|at| at.weekday().number_from_monday()) {
            Some(1) => words.time_monday(),
            Some(2) => words.time_tuesday(),
            Some(3) => words.time_wednesday(),
            Some(4) => words.time_thursday(),
            Some(5) => words.time_friday(),
            Some(6) => words.time_saturday(),
            Some(_) => words.time_sunday(),
            None => "",
        }
    }

    /// 14:05.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        self.local(at)
            .map(|at| format!("{:02}:{:02}", at.hour(), at.minute()))
            .unwrap_or_default()
    }

    /// What is left until a deadline by the wall clock: 还剩 3 小时, 超期 2 天.
    pub(crate) fn left(&self, deadline: Timestamp) -> String {
        let ms = deadline.since_ms(self.now);
        let span = self.span(ms.saturating_abs());
        if ms < 0 {
            return self.words.time_over(span);
        }
        self.words.time_working_left(span)
    }

    /// A time that passed: 12 分钟, 3 小时, 8 天.
    pub(crate) fn span(&self, ms: i64) -> String {
        match ms {
            TWO_DAYS_MS.. => self.words.time_days((ms / DAY_MS).unsigned_abs()),
            HOUR_MS.. => self.words.time_hours(ms / HOUR_MS),
            _ => self.words.time_minutes((ms / MINUTE_MS).max(1)),
        }
    }

    /// Days from today to the day of `at`; negative in the past.
    fn days_from_today(&self, at: Timestamp) -> Option<i32> {
        let day = |at| self.local(at).map(|at| at.date().to_julian_day());
        Some(day(at)? - day(self.now)?)
    }

    fn local(&self, at: Timestamp) -> Option<OffsetDateTime> {
        local(self.utc_offset_minutes, at)
    }

    fn month(&self, month: u8) -> String {
        const NAMES: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let english = NAMES
            .get(usize::from(month.saturating_sub(1)))
            .copied()
            .unwrap_or_default();
        let number = month.to_string();
        self.words.pick(&number, english).to_owned()
    }
}

/// Working time left: 还剩 3 工作时, 超期 2 工作时. Hours are rounded towards zero, so nothing is promised
/// that isn't there.
pub(crate) fn working_left(words: Words, ms: i64) -> String {
    let hours = ms.saturating_abs() / HOUR_MS;
    let span = if hours == 0 {
        words.time_work_minutes((ms.saturating_abs() / MINUTE_MS).max(1))
    } else {
        words.time_work_hours(hours)
    };
    if ms < 0 {
        return words.time_over(span);
    }
    words.time_working_left(span)
}

/// A distance in steps of ten metres: 30 米, 1.2 公里.
pub(crate) fn distance(words: Words, metres: f64) -> String {
    let tens = (metres.max(0.0) / 10.0).round() * 10.0;
    if tens < 1_000.0 {
        return words.unit_metres(format!("{:.0}", tens.max(10.0)));
    }
    words.unit_kilometres(format!("{:.1}", tens / 1_000.0))
}

/// A size: 320 kB, 1.4 MB.
pub(crate) fn bytes(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000 * KB;
    const GB: u64 = 1_000 * MB;
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0 => "0 kB".to_owned(),
        1..MB => format!("{} kB", bytes.div_ceil(KB)),
        MB..GB => format!("{} MB", tenths(MB)),
        _ => format!("{} GB", tenths(GB)),
    }
}

#[cfg(test)]
mod tests {
    use shared::ipc::Language;

    use super::*;

    const ZH: Words = Words(Language::Zh);
    const EN: Words = Words(Language::En);
    /// Monday 2026-11-23 14:05 in China.
    const NOW: i64 = 1_795_413_900_000;

    fn sayer(words: Words) -> Sayer {
        Sayer {
            words,
            now: Timestamp::from_ms(NOW),
            utc_offset_minutes: 480,
        }
    }

    fn after(ms: i64) -> Timestamp {
        Timestamp::from_ms(NOW + ms)
    }

    #[test]
    fn a_moment_is_said_as_people_say_it() {
        let cases = [
            (0, "今天 14:05", "today 14:05"),
            (-DAY_MS, "昨天 14:05", "yesterday 14:05"),
            (-14 * HOUR_MS, "今天 00:05", "today 00:05"),
            (-15 * HOUR_MS, "昨天 23:05", "yesterday 23:05"),
            (DAY_MS, "明天 14:05", "tomorrow 14:05"),
            (-3 * DAY_MS, "11月20日", "20 Nov"),
            (-365 * DAY_MS, "2025年11月23日", "23 Nov 2025"),
        ];
        for (ms, zh, en) in cases {
            assert_eq!(
                sayer(ZH).moment(after(ms)),
                zh,
                "in Chinese, {ms} ms from now"
            );
            assert_eq!(
                sayer(EN).moment(after(ms)),
                en,
                "in English, {ms} ms from now"
            );
        }
    }

    #[test]
    fn a_far_moment_keeps_its_clock_where_that_is_asked_for() {
        assert_eq!(sayer(ZH).exact(after(-3 * DAY_MS)), "11月20日 14:05");
        assert_eq!(sayer(ZH).exact(after(0)), "今天 14:05");
    }

    #[test]
    fn the_weekday_is_that_of_the_place() {
        assert_eq!(sayer(ZH).weekday(after(0)), "周一");
        assert_eq!(
            sayer(EN).weekday(after(10 * HOUR_MS)),
            "Tuesday",
            "it is past midnight in China"
        );
    }

    #[test]
    fn a_deadline_is_what_is_left() {
        assert_eq!(sayer(ZH).left(after(3 * HOUR_MS)), "还剩 3 小时");
        assert_eq!(sayer(ZH).left(after(5 * DAY_MS)), "还剩 5 天");
        assert_eq!(sayer(ZH).left(after(-2 * HOUR_MS)), "超期 2 小时");
        assert_eq!(sayer(EN).left(after(90_000)), "1 min left");
    }

    #[test]
    fn working_time_is_never_promised_beyond_what_is_there() {
        assert_eq!(working_left(ZH, 4 * HOUR_MS - 1), "还剩 3 工作时");
        assert_eq!(working_left(ZH, -2 * HOUR_MS), "超期 2 工作时");
        assert_eq!(working_left(ZH, 20 * MINUTE_MS), "还剩 20 工作分钟");
    }

    #[test]
    fn distances_go_in_steps_of_ten_metres() {
        let cases = [
            (0.0, "10 米"),
            (34.0, "30 米"),
            (35.0, "40 米"),
            (1_240.0, "1.2 公里"),
        ];
        for (metres, said) in cases {
            assert_eq!(distance(ZH, metres), said, "{metres} m");
        }
    }

    #[test]
    fn sizes_have_one_decimal_at_most() {
        let cases = [
            (0, "0 kB"),
            (1, "1 kB"),
            (320_400, "321 kB"),
            (1_440_000, "1.4 MB"),
        ];
        for (size, said) in cases {
            assert_eq!(bytes(size), said, "{size} bytes");
        }
    }
}
