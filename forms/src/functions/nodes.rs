//! Sets of nodes (XPath 1.0 §4.1, ODK XForms "Node-set Functions").

use super::at;
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{count as number, number_of},
};

/// XPath 1.0 §4.1, `count`.
pub(super) fn count(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(number(
        scope.nodes(at(arguments, 0), "count")?.len(),
    )))
}

/// XForms 1.0, `count-non-empty`.
pub(super) fn count_non_empty(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let nodes = scope.nodes(at(arguments, 0), "count-non-empty")?;
    Ok(Value::Number(number(
        nodes
            .iter()
            .filter(|node| !scope.says(**node).is_empty())
            .count(),
    )))
}

/// XPath 1.0 §4.4, `sum`; what is not answered, or no number, is passed over, as in JavaRosa.
pub(super) fn sum(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let nodes = scope.nodes(at(arguments, 0), "sum")?;
    let numbers = nodes
        .iter()
        .map(|node| number_of(scope.says(*node)))
        .filter(|number| !number.is_nan());
    // Not `sum()`, which begins at -0.
    Ok(Value::Number(numbers.fold(0.0, |sum, number| sum + number)))
}

/// ODK XForms, `position`: in brackets the place of what they look at; of a node, its place among
/// its like.
pub(super) fn position(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let Some(argument) = arguments.first() else {
        return Ok(Value::Number(number(scope.position)));
    };
    let nodes = scope.nodes(argument, "position")?;
    Ok(Value::Number(
        nodes
            .first()
            .map_or(f64::NAN, |node| scope.position_of(*node)),
    ))
}

/// XPath 1.0 §4.1, `last`.
pub(super) fn last(scope: &Scope<'_>, _: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(number(scope.size)))
}
