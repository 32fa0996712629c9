//! Numbers (XPath 1.0 §4.4, XPath 3.0 `math:`, ODK XForms "Number Functions").

use super::{at, each, text_or_here};
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{number_of, text_of, truncated},
};

/// A function of one number.
macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident: $by:expr;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
            let by: fn(f64) -> f64 = $by;
            Ok(Value::Number(by(scope.number(at(arguments, 0))?)))
        }
    )*};
}

of_one! {
    abs: f64::abs;
    acos: f64::acos;
    asin: f64::asin;
    atan: f64::atan;
    cos: f64::cos;
    exp: f64::exp;
    exp10: |power| 10_f64.powf(power);
    log: f64::ln;
    log10: f64::log10;
    sin: f64::sin;
    sqrt: f64::sqrt;
    tan: f64::tan;
    floor: f64::floor;
    ceiling: f64::ceil;
    /// Without what stands behind the point.
    int: f64::trunc;
}

/// XPath 3.0, `math:atan2`.
pub(super) fn atan2(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(
        scope
            .number(at(arguments, 0))?
            .atan2(scope.number(at(arguments, 1))?),
    ))
}

/// XPath 3.0, `math:pow`.
pub(super) fn pow(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(
        scope
            .number(at(arguments, 0))?
            .powf(scope.number(at(arguments, 1))?),
    ))
}

/// XPath 3.0, `math:pi`.
pub(super) fn pi(_: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(std::f64::consts::PI))
}

/// XPath 1.0 §4.4, `number`; dates are days, see [`number_of`].
pub(super) fn number(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    match arguments.first() {
        Some(argument) => Ok(Value::Number(scope.number(argument)?)),
        None => Ok(Value::Number(number_of(&text_or_here(scope, arguments)?))),
    }
}

/// ODK XForms, `random`.
pub(super) fn random(scope: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(scope.world.random()))
}

/// XPath 3.0, `max`; what is no number is passed over.
pub(super) fn max(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    extreme(scope, arguments, f64::max)
}

/// XPath 3.0, `min`; what is no number is passed over.
pub(super) fn min(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    extreme(scope, arguments, f64::min)
}

fn extreme(scope: &Scope<'_>, arguments: &[Expr], of: fn(f64, f64) -> f64) -> Result<Value, Fault> {
    let values = each(scope, arguments)?;
    let numbers = values
        .iter()
        .map(|value| scope.number_of(value))
        .filter(|number| !number.is_nan());
    Ok(Value::Number(numbers.reduce(of).unwrap_or(f64::NAN)))
}

/// ODK XForms, `round`: halves towards positive infinity, to so many places of the number as it is
/// written. Worked out on the digits, because 1.005 is not 1.005 in binary.
pub(super) fn round(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let number = scope.number(at(arguments, 0))?;
    let places = match arguments.get(1) {
        Some(places) => truncated(scope.number(places)?),
        None => 0,
    };
    Ok(Value::Number(rounded(number, places)))
}

fn rounded(number: f64, places: i64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    if !(-30..=30).contains(&places) {
        return f64::NAN;
    }
    let written = text_of(number.abs());
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let digits: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    // How many of the digits stay.
    let kept = i64::try_from(whole.len()).unwrap_or(i64::MAX) + places;
    let Ok(kept_digits) = usize::try_from(kept) else {
        return 0.0;
    };
    if kept_digits >= digits.len() {
        return number;
    }
    let (stay, go) = digits.split_at(kept_digits);
    let is_half = go.first() == Some(&b'5') && go.iter().skip(1).all(|digit| *digit == b'0');
    let goes_up = go.first().is_some_and(|digit| *digit >= b'5') && !(is_half && number < 0.0);
    let stay = std::str::from_utf8(stay).unwrap_or_default();
    let kept_number: f64 = if stay.is_empty() {
        0.0
    } else {
        stay.parse().unwrap_or(f64::NAN)
    };
    let digits = text_of(kept_number + f64::from(u8::from(goes_up)));
    let size: f64 = format!("{digits}e{}", -places).parse().unwrap_or(f64::NAN);
    // No -0: text has no sign for it.
    size.copysign(number) + 0.0
}
