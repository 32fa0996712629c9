//! Dates and times (ODK XForms, "Date and Time Functions"). A date is text as `2026-11-26`, and as
//! a number the days since 1970; both forms are taken everywhere.

use super::at;
use crate::{
    civil::{self, DAY_MS, Moment, date_text},
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{truncated, whole},
};

/// ODK XForms, `today`.
pub(super) fn today(scope: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Text(scope.world.now().date_text()))
}

/// ODK XForms, `now`.
pub(super) fn now(scope: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Text(scope.world.now().text()))
}

/// ODK XForms, `date`: of a text with a time, its day.
pub(super) fn date(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let value = scope.eval(at(arguments, 0))?;
    let day = match &value {
        // Whole days have no time zone.
        Value::Number(number) => days(*number)?.map(|days| truncated(days.trunc())),
        other => read(scope, other)?.map(Moment::day),
    };
    Ok(Value::Text(day.map(date_text).unwrap_or_default()))
}

/// `date-time`, of JavaRosa.
pub(super) fn date_time(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let moment = read(scope, &scope.eval(at(arguments, 0))?)?;
    Ok(Value::Text(moment.map(Moment::text).unwrap_or_default()))
}

/// ODK XForms, `format-date` and `format-date-time`.
pub(super) fn format(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let pattern = scope.text(at(arguments, 1))?;
    let Some(moment) = read(scope, &scope.eval(at(arguments, 0))?)? else {
        return Ok(Value::Text(String::new()));
    };
    civil::format(moment, &pattern, scope.names())
        .map(Value::Text)
        .map_err(Fault::NoDatePart)
}

/// ODK XForms, `decimal-date-time`: days since 1970 in UTC.
pub(super) fn decimal_date_time(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(match scope.eval(at(arguments, 0))? {
        Value::Number(number) => Value::Number(number),
        value => read(scope, &value)?.map_or(Value::Text(String::new()), |moment| {
            Value::Number(whole(moment.utc_ms()) / whole(DAY_MS))
        }),
    })
}

/// ODK XForms, `decimal-time`: the part of the day on the clock of the place.
pub(super) fn decimal_time(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let value = scope.eval(at(arguments, 0))?;
    if let Value::Number(number) = value {
        return Ok(Value::Number(number - number.floor()));
    }
    let text = scope.text_of(&value);
    if let Some((ms, offset)) = civil::time(&text, local(scope)) {
        // Another zone's clock is set to ours.
        let ms = ms + i64::from(local(scope) - offset) * 60_000;
        return Ok(Value::Number(whole(ms.rem_euclid(DAY_MS)) / whole(DAY_MS)));
    }
    Ok(
        read(scope, &Value::Text(text))?.map_or(Value::Text(String::new()), |moment| {
            Value::Number(whole(moment.of_day_ms()) / whole(DAY_MS))
        }),
    )
}

fn local(scope: &Scope<'_>) -> i32 {
    scope.world.now().offset_minutes
}

/// What a value says of a time, on the clock of the place; nothing if it is empty.
fn read(scope: &Scope<'_>, value: &Value) -> Result<Option<Moment>, Fault> {
    let local = local(scope);
    let here = |utc_ms: i64| Moment {
        local_ms: utc_ms + i64::from(local) * 60_000,
        offset_minutes: local,
    };
    if let Value::Number(number) = value {
        return Ok(days(*number)?.map(|days| here(truncated(days * whole(DAY_MS)))));
    }
    let text = scope.text_of(value);
    if text.trim().is_empty() || text == "NaN" {
        return Ok(None);
    }
    match civil::moment(text.trim(), local) {
        Some(moment) => Ok(Some(here(moment.utc_ms()))),
        None => Err(Fault::NoDate(text)),
    }
}

/// Days that a date can be; not-a-number is none.
fn days(number: f64) -> Result<Option<f64>, Fault> {
    if number.is_nan() {
        return Ok(None);
    }
    // Up to the year 9999 on either side.
    if number.abs() > 2_932_896.0 {
        return Err(Fault::NoDate(number.to_string()));
    }
    Ok(Some(number))
}
