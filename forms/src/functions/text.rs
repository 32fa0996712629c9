//! Texts (XPath 1.0 §4.2, ODK XForms "String Functions"). Letters are counted as Unicode has them.

use super::{at, each, text_or_here};
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{count, truncated},
};

/// A pattern may not grow beyond this when it is made ready.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// XPath 1.0 §4.2, `string`.
pub(super) fn string(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Text(text_or_here(scope, arguments)?))
}

/// ODK XForms, `concat`: all nodes of a set, not the first alone.
pub(super) fn concat(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    joined(scope, "", arguments)
}

/// ODK XForms, `join`.
pub(super) fn join(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let between = scope.text(at(arguments, 0))?;
    joined(scope, &between, arguments.get(1..).unwrap_or_default())
}

fn joined(scope: &Scope<'_>, between: &str, arguments: &[Expr]) -> Result<Value, Fault> {
    let values = each(scope, arguments)?;
    let texts: Vec<_> = values.iter().map(|value| scope.text_of(value)).collect();
    Ok(Value::Text(texts.join(between)))
}

/// XPath 1.0 §4.2, `contains`.
pub(super) fn contains(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, part) = two(scope, arguments)?;
    Ok(Value::Truth(text.contains(&part)))
}

/// XPath 1.0 §4.2, `starts-with`.
pub(super) fn starts_with(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, part) = two(scope, arguments)?;
    Ok(Value::Truth(text.starts_with(&part)))
}

/// XPath 3.0, `ends-with`.
pub(super) fn ends_with(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, part) = two(scope, arguments)?;
    Ok(Value::Truth(text.ends_with(&part)))
}

/// XPath 1.0 §4.2, `substring-before`.
pub(super) fn substring_before(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, part) = two(scope, arguments)?;
    Ok(Value::Text(
        text.split_once(&part)
            .map_or("", |(before, _)| before)
            .to_owned(),
    ))
}

/// XPath 1.0 §4.2, `substring-after`.
pub(super) fn substring_after(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, part) = two(scope, arguments)?;
    Ok(Value::Text(
        text.split_once(&part)
            .map_or("", |(_, after)| after)
            .to_owned(),
    ))
}

/// ODK XForms, `substr`: from 0, the end left out; negative numbers count from the end.
pub(super) fn substr(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let letters: Vec<char> = scope.text(at(arguments, 0))?.chars().collect();
    let length = truncated(count(letters.len()));
    let bound = |number: i64| {
        let from_start = if number < 0 {
            length.saturating_add(number)
        } else {
            number
        };
        usize::try_from(from_start.clamp(0, length)).unwrap_or_default()
    };
    let start = bound(truncated(scope.number(at(arguments, 1))?));
    let end = match arguments.get(2) {
        Some(end) => bound(truncated(scope.number(end)?)),
        None => letters.len(),
    };
    Ok(Value::Text(
        letters.get(start..end).unwrap_or_default().iter().collect(),
    ))
}

/// XPath 1.0 §4.2, `substring`: from 1, with a length.
pub(super) fn substring(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let text = scope.text(at(arguments, 0))?;
    let start = (scope.number(at(arguments, 1))? + 0.5).floor();
    let end = match arguments.get(2) {
        Some(length) => start + (scope.number(length)? + 0.5).floor(),
        None => f64::INFINITY,
    };
    let is_in = |place: usize| count(place) >= start && count(place) < end;
    Ok(Value::Text(
        (1..)
            .zip(text.chars())
            .filter(|(place, _)| is_in(*place))
            .map(|(_, letter)| letter)
            .collect(),
    ))
}

/// XPath 1.0 §4.2, `translate`.
pub(super) fn translate(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, from) = two(scope, arguments)?;
    let to: Vec<char> = scope.text(at(arguments, 2))?.chars().collect();
    let translated =
        text.chars().filter_map(
            |letter| match from.chars().position(|other| other == letter) {
                Some(place) => to.get(place).copied(),
                None => Some(letter),
            },
        );
    Ok(Value::Text(translated.collect()))
}

/// XPath 1.0 §4.2, `string-length`.
pub(super) fn string_length(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(count(
        text_or_here(scope, arguments)?.chars().count(),
    )))
}

/// XPath 1.0 §4.2, `normalize-space`.
pub(super) fn normalize_space(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let text = text_or_here(scope, arguments)?;
    let words: Vec<_> = text
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    Ok(Value::Text(words.join(" ")))
}

/// ODK XForms, `regex`: the pattern is to match all of the text, as JavaRosa takes it.
pub(super) fn regex(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (text, pattern) = two(scope, arguments)?;
    match pattern_of(&pattern) {
        Some(compiled) => Ok(Value::Truth(compiled.is_match(&text))),
        None => Err(Fault::NoPattern(pattern)),
    }
}

/// A pattern made ready, if it can be read and does not grow too large.
pub(crate) fn pattern_of(pattern: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(PATTERN_BYTES_MAX)
        .build()
        .ok()
}

fn two(scope: &Scope<'_>, arguments: &[Expr]) -> Result<(String, String), Fault> {
    Ok((scope.text(at(arguments, 0))?, scope.text(at(arguments, 1))?))
}
