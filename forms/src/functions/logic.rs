//! Truths, choices between values, and what is known of form and person.

use super::{at, each};
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{count, truncated},
};

/// XPath 1.0 §4.3, `true`.
pub(super) fn yes(_: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Truth(true))
}

/// XPath 1.0 §4.3, `false`.
pub(super) fn no(_: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Truth(false))
}

/// XPath 1.0 §4.3, `boolean`.
pub(super) fn boolean(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Truth(scope.truth(at(arguments, 0))?))
}

/// XPath 1.0 §4.3, `not`.
pub(super) fn not(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Truth(!scope.truth(at(arguments, 0))?))
}

/// ODK XForms, `boolean-from-string`: `true`, in any letters, or `1`.
pub(super) fn boolean_from_string(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let text = scope.text(at(arguments, 0))?;
    Ok(Value::Truth(
        text == "1" || text.eq_ignore_ascii_case("true"),
    ))
}

/// ODK XForms, `if`: what is not chosen is not looked at.
pub(super) fn choose(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let chosen = if scope.truth(at(arguments, 0))? { 1 } else { 2 };
    scope.eval(at(arguments, chosen))
}

/// ODK XForms, `coalesce`: the first that is not empty.
pub(super) fn coalesce(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let first = scope.eval(at(arguments, 0))?;
    let is_empty = match &first {
        Value::Number(number) => number.is_nan(),
        Value::Truth(_) => false,
        other => scope.text_of(other).is_empty(),
    };
    if is_empty {
        scope.eval(at(arguments, 1))
    } else {
        Ok(first)
    }
}

/// ODK XForms, `once`: what the question says, or, while it says nothing, the argument.
pub(super) fn once(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let said = &scope.tree[scope.home].value;
    if said.is_empty() {
        scope.eval(at(arguments, 0))
    } else {
        Ok(Value::Text(said.clone()))
    }
}

/// ODK XForms, `checklist`: whether enough hold, and not too many; -1 is no bound.
pub(super) fn checklist(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (least, most) = (
        scope.number(at(arguments, 0))?,
        scope.number(at(arguments, 1))?,
    );
    let (least, most) = (truncated(least), truncated(most));
    let values = each(scope, arguments.get(2..).unwrap_or_default())?;
    let held = count(values.iter().filter(|value| value.truth()).count());
    let held = truncated(held);
    Ok(Value::Truth(
        (least < 0 || held >= least) && (most < 0 || held <= most),
    ))
}

/// ODK XForms, `weighted-checklist`: the same by weights, which have bounds in any case.
pub(super) fn weighted_checklist(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (least, most) = (
        scope.number(at(arguments, 0))?,
        scope.number(at(arguments, 1))?,
    );
    let mut sum = 0.0;
    for pair in arguments.get(2..).unwrap_or_default().chunks(2) {
        let (values, weights) = (
            each(scope, pair.get(..1).unwrap_or_default())?,
            each(scope, pair.get(1..).unwrap_or_default())?,
        );
        if values.len() != weights.len() {
            return Err(Fault::Unpaired("weighted-checklist"));
        }
        for (value, weight) in values.iter().zip(&weights) {
            if value.truth() {
                sum += scope.number_of(weight);
            }
        }
    }
    Ok(Value::Truth(least <= sum && sum <= most))
}

/// `version`, of JavaRosa: the form's own.
pub(super) fn version(scope: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Text(scope.program.form.version.clone()))
}

/// `property`, of JavaRosa: what the world knows of device and person.
pub(super) fn property(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let name = scope.text(at(arguments, 0))?;
    Ok(Value::Text(scope.world.property(&name).unwrap_or_default()))
}
