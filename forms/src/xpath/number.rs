//! Numbers as text and text as numbers (XPath 1.0 §4.2 and §4.4; ODK XForms, `number`).

use crate::civil;

const DAY_MS: f64 = 86_400_000.0;

/// The number that a text is: digits with an optional minus and point; a date is its days since
/// 1970, a date with a time the same with the part of the day in UTC. Anything else is not a
/// number.
#[must_use]
pub fn number_of(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if is_plain(text) {
        return text.parse().unwrap_or(f64::NAN);
    }
    // What is no date is told apart cheaply; most texts are none.
    if !text.starts_with(|letter: char| letter.is_ascii_digit())
        || text.as_bytes().get(4) != Some(&b'-')
    {
        return f64::NAN;
    }
    if let Some(days) = civil::date(text) {
        return whole(days);
    }
    match text.contains('T').then(|| civil::moment(text, 0)).flatten() {
        Some(moment) => whole(moment.utc_ms()) / DAY_MS,
        None => f64::NAN,
    }
}

fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    let points = digits.bytes().filter(|byte| *byte == b'.').count();
    has_digit
        && points <= 1
        && digits
            .bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit())
}

/// A number as text: no exponent, no `.0`, the fewest digits that read back as the same number.
#[must_use]
pub fn text_of(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    // Rust writes f64 in this very way, but for the sign of -0.
    (number + 0.0).to_string()
}

/// A count or a number of days; exact up to 2^53, which no form reaches.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts and days stay far below 2^53"
)]
#[must_use]
pub fn whole(count: i64) -> f64 {
    count as f64
}

/// The same for what has a length.
#[must_use]
pub fn count(length: usize) -> f64 {
    whole(i64::try_from(length).unwrap_or(i64::MAX))
}

/// A number without what stands behind its point, as an integer within bounds; not-a-number is 0.
#[expect(
    clippy::cast_possible_truncation,
    reason = "this is what truncates; `as` saturates"
)]
#[must_use]
pub fn truncated(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use super::{number_of, text_of};

    #[test]
    fn texts_that_are_numbers() {
        for (text, number) in [
            ("1", 1.0),
            (" -1.50 ", -1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("007", 7.0),
            ("1970-01-02", 1.0),
            ("1970-01-01T12:00:00.000Z", 0.5),
            ("1970-01-01T08:00:00.000+08:00", 0.0),
        ] {
            assert!((number_of(text) - number).abs() < 1e-12, "{text:?}");
        }
        for text in [
            "",
            "-",
            ".",
            "1e3",
            "+1",
            "0x10",
            "1 2",
            "1.2.3",
            "NaN",
            "Infinity",
            "一",
            "1970-1-1-1",
        ] {
            assert!(number_of(text).is_nan(), "{text:?}");
        }
    }

    #[test]
    fn numbers_as_text() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e21, "1000000000000000000000"),
            (1e-7, "0.0000001"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
            (-2.5, "-2.5"),
        ] {
            assert_eq!(text_of(number), text);
        }
    }
}
