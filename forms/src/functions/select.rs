//! Answers with several choices, which are names with spaces between (ODK XForms, "Select
//! Functions").

use super::at;
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
    xpath::number::{count, truncated},
};

/// ODK XForms, `selected`.
pub(super) fn selected(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let (list, name) = (scope.text(at(arguments, 0))?, scope.text(at(arguments, 1))?);
    let name = name.trim();
    Ok(Value::Truth(
        list.split_whitespace().any(|one| one == name) || (name.is_empty() && list.is_empty()),
    ))
}

/// ODK XForms, `selected-at`, from 0.
pub(super) fn selected_at(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let list = scope.text(at(arguments, 0))?;
    let place = scope.number(at(arguments, 1))?;
    // What is no number is the first, as in JavaRosa.
    let place = usize::try_from(truncated(place)).ok();
    let one = place.and_then(|place| list.split_whitespace().nth(place));
    Ok(Value::Text(one.unwrap_or_default().to_owned()))
}

/// ODK XForms, `count-selected`.
pub(super) fn count_selected(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    Ok(Value::Number(count(
        scope.text(at(arguments, 0))?.split_whitespace().count(),
    )))
}
