//! Whether what a person gave is an answer to what was asked. It is kept as it was given, in the
//! one way of writing it that ODK's data types have.

use crate::{
    civil::{self, Moment},
    definition::Kind,
    xpath::number::truncated,
};

/// Why an answer is not taken. Nothing has changed then; what was typed is still the page's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each says itself what it is")]
pub enum Refusal {
    #[error("there is no such question")]
    NoSuchQuestion,
    #[error("it is not asked now")]
    NotAsked,
    #[error("it can't be changed")]
    ReadOnly,
    #[error("not a whole number")]
    NotInteger,
    #[error("not a number")]
    NotDecimal,
    #[error("outside of the range")]
    OutOfRange,
    #[error("not a date")]
    NotDate,
    #[error("not a time")]
    NotTime,
    #[error("not a date with a time")]
    NotDateTime,
    #[error("not one of the choices")]
    NotAChoice,
    #[error("not a place")]
    NotPlace,
    #[error("too long")]
    TooLong,
    #[error("a repeat that counts itself")]
    Counted,
}

/// How long an answer may be, in bytes.
const BYTES_MAX: usize = 1 << 20;

/// What an expression gave, as an answer of this kind: a date may come as a number of days or as a
/// moment, as `today() + 7` and `now()` do (JavaRosa reads them so, too). What is none stays as it is,
/// and is told as such.
pub(super) fn computed(kind: Kind, given: String) -> String {
    let is_date = kind == Kind::Date && civil::date(&given).is_none();
    if !is_date {
        return given;
    }
    let day = match given.parse::<f64>() {
        Ok(days) if days.is_finite() => Some(truncated(days.floor())),
        Ok(_) | Err(_) => civil::moment(&given, 0).map(Moment::day),
    };
    let text = day.map(civil::date_text);
    text.filter(|text| civil::date(text).is_some())
        .unwrap_or(given)
}

/// The answer in its one way of writing.
pub(super) fn written(kind: Kind, given: &str) -> Result<String, Refusal> {
    if given.len() > BYTES_MAX {
        return Err(Refusal::TooLong);
    }
    let trimmed = given.trim();
    if trimmed.is_empty() {
        // Spaces are words too, but no answer to anything else.
        return Ok(if kind == Kind::Text {
            given.to_owned()
        } else {
            String::new()
        });
    }
    let local = 0;
    match kind {
        Kind::Integer => {
            let number: i64 = trimmed.parse().map_err(|_no_number| Refusal::NotInteger)?;
            Ok(number.to_string())
        }
        Kind::Decimal | Kind::Range => {
            let is_plain = trimmed
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b"-+.".contains(&byte));
            let number: f64 = trimmed.parse().map_err(|_no_number| Refusal::NotDecimal)?;
            (is_plain && number.is_finite())
                .then(|| trimmed.trim_start_matches('+').to_owned())
                .ok_or(Refusal::NotDecimal)
        }
        Kind::Date => civil::date(trimmed)
            .map(|_day| trimmed.to_owned())
            .ok_or(Refusal::NotDate),
        Kind::Time => civil::time(trimmed, local)
            .map(|_time| trimmed.to_owned())
            .ok_or(Refusal::NotTime),
        Kind::DateTime => civil::moment(trimmed, local)
            .filter(|_moment| trimmed.contains('T'))
            .map(|_moment| trimmed.to_owned())
            .ok_or(Refusal::NotDateTime),
        Kind::SelectOne => Ok(trimmed.to_owned()),
        Kind::SelectMultiple | Kind::Rank => {
            let mut names: Vec<&str> = Vec::new();
            for name in trimmed.split_whitespace() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            Ok(names.join(" "))
        }
        Kind::Geopoint => places(trimmed, 1, false),
        Kind::Geotrace => places(trimmed, 2, false),
        Kind::Geoshape => places(trimmed, 4, true),
        Kind::Acknowledge => (trimmed == "OK")
            .then(|| trimmed.to_owned())
            .ok_or(Refusal::NotAChoice),
        Kind::Note => Err(Refusal::ReadOnly),
        Kind::Text
        | Kind::Image
        | Kind::Audio
        | Kind::Video
        | Kind::File
        | Kind::Barcode
        | Kind::Calculate
        | Kind::Hidden
        | Kind::Start
        | Kind::End
        | Kind::Today
        | Kind::DeviceId
        | Kind::Username
        | Kind::PhoneNumber
        | Kind::Email => Ok(given.to_owned()),
    }
}

/// Places with `;` between, each two to four numbers.
fn places(text: &str, least: usize, is_closed: bool) -> Result<String, Refusal> {
    let places: Vec<&str> = text
        .split(';')
        .map(str::trim)
        .filter(|place| !place.is_empty())
        .collect();
    let most = if least == 1 { 1 } else { usize::MAX };
    let numbers = |place: &str| {
        place
            .split_whitespace()
            .map(|number| number.parse::<f64>().ok())
            .collect::<Option<Vec<f64>>>()
    };
    let is_place = |place: &&str| match numbers(place).as_deref() {
        Some([latitude, longitude, rest @ ..]) => {
            latitude.abs() <= 90.0
                && longitude.abs() <= 180.0
                && rest.len() <= 2
                && rest.iter().all(|more| more.is_finite())
        }
        _ => false,
    };
    let ends_where_it_began = match (places.first(), places.last()) {
        (Some(begin), Some(end)) => begin
            .split_whitespace()
            .take(2)
            .eq(end.split_whitespace().take(2)),
        _ => false,
    };
    let fits = (least..=most).contains(&places.len()) && (!is_closed || ends_where_it_began);
    if fits && places.iter().all(is_place) {
        Ok(places.join(";"))
    } else {
        Err(Refusal::NotPlace)
    }
}
