//! Reads dates and times. What is not one, whole, is `None`; nothing is guessed.

use super::{DAY_MS, Moment, days};

/// Days since 1970 of `2026-11-26`.
#[must_use]
pub fn date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (year, month, day) = (digits(year)?, short(month)?, short(day)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then(|| days(year, month, day))
}

/// Milliseconds of the day and the offset, which is `local` where none is written.
#[must_use]
pub fn time(text: &str, local: i32) -> Option<(i64, i32)> {
    let (clock, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => {
            let (clock, zone) = text.split_at_checked(at)?;
            (clock, zone_minutes(zone)?)
        }
        None => (text, local),
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (short(parts.next()?)?, short(parts.next()?)?);
    let ms = parts.next().map_or(Some(0), seconds_ms)?;
    let is_time = parts.next().is_none() && hour < 24 && minute < 60 && ms < 60_000;
    is_time.then_some((hour * 3_600_000 + minute * 60_000 + ms, offset))
}

/// A date with or without a time; a date alone is its midnight on a clock that is `local` ahead.
#[must_use]
pub fn moment(text: &str, local: i32) -> Option<Moment> {
    let (day, clock) = text
        .split_once('T')
        .map_or((text, None), |(day, clock)| (day, Some(clock)));
    let day = date(day)?;
    let (ms, offset_minutes) = clock.map_or(Some((0, local)), |clock| time(clock, local))?;
    Some(Moment {
        local_ms: day * DAY_MS + ms,
        offset_minutes,
    })
}

fn zone_minutes(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "00"));
    let (hours, minutes) = (short(hours)?, short(minutes)?);
    let minutes = i32::try_from(hours * 60 + minutes).ok()?;
    (minutes <= 18 * 60).then_some(sign * minutes)
}

fn seconds_ms(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part = digits(part)? * 1000 / 10_i64.checked_pow(u32::try_from(part.len()).ok()?)?;
    Some(short(whole)? * 1000 + part)
}

/// One or two digits.
fn short(text: &str) -> Option<i64> {
    (text.len() <= 2).then(|| digits(text))?
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}
