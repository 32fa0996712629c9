//! The functions that expressions call: those of XPath 1.0 §4 that ODK's forms have, and ODK's own
//! (ODK XForms, "XPath Functions"). One table names them all, one file holds each family.

mod digest;
mod geo;
#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
mod logic;
#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
mod math;
#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
mod nodes;
mod select;
mod shuffle;
mod text;
#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
mod time;

use std::fmt;

use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
};

pub(crate) use shuffle::shuffled;
pub(crate) use text::pattern_of;

/// All have one shape, whether or not they can fail.
type Call = fn(&Scope<'_>, &[Expr]) -> Result<Value, Fault>;

/// A function.
pub(crate) struct Function {
    name: &'static str,
    least: usize,
    most: usize,
    pub(crate) call: Call,
    /// Whether its answer depends on the node in question, without its being an argument.
    pub(crate) asks_for_context: bool,
}

impl Function {
    /// Whether it can be called with so many arguments.
    pub(crate) fn takes(&self, arguments: usize) -> bool {
        let is_paired = self.name != "weighted-checklist" || arguments.is_multiple_of(2);
        (self.least..=self.most).contains(&arguments) && is_paired
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .binary_search_by(|function| function.name.cmp(name))
        .ok()
        .and_then(|at| FUNCTIONS.get(at))
}

/// Any number of arguments.
const MANY: usize = usize::MAX;

const fn f(name: &'static str, least: usize, most: usize, call: Call) -> Function {
    Function {
        name,
        least,
        most,
        call,
        asks_for_context: false,
    }
}

/// One that looks at the node in question where it is given none.
const fn here(name: &'static str, least: usize, most: usize, call: Call) -> Function {
    Function {
        name,
        least,
        most,
        call,
        asks_for_context: true,
    }
}

/// Sorted by name. `current`, `indexed-repeat`, `instance`, `jr:choice-name` and `pulldata` are not
/// among them: what they mean is worked out before anything is answered.
static FUNCTIONS: [Function; 72] = [
    f("abs", 1, 1, math::abs),
    f("acos", 1, 1, math::acos),
    f("area", 1, 1, geo::area),
    f("asin", 1, 1, math::asin),
    f("atan", 1, 1, math::atan),
    f("atan2", 2, 2, math::atan2),
    f("base64-decode", 1, 1, digest::base64_decode),
    f("boolean", 1, 1, logic::boolean),
    f("boolean-from-string", 1, 1, logic::boolean_from_string),
    f("ceiling", 1, 1, math::ceiling),
    f("checklist", 2, MANY, logic::checklist),
    f("coalesce", 2, 2, logic::coalesce),
    f("concat", 1, MANY, text::concat),
    f("contains", 2, 2, text::contains),
    f("cos", 1, 1, math::cos),
    f("count", 1, 1, nodes::count),
    f("count-non-empty", 1, 1, nodes::count_non_empty),
    f("count-selected", 1, 1, select::count_selected),
    f("date", 1, 1, time::date),
    f("date-time", 1, 1, time::date_time),
    f("decimal-date-time", 1, 1, time::decimal_date_time),
    f("decimal-time", 1, 1, time::decimal_time),
    f("digest", 2, 3, digest::digest),
    f("distance", 1, 1, geo::distance),
    f("enclosed-area", 1, 1, geo::area),
    f("ends-with", 2, 2, text::ends_with),
    f("exp", 1, 1, math::exp),
    f("exp10", 1, 1, math::exp10),
    f("false", 0, 0, logic::no),
    f("floor", 1, 1, math::floor),
    f("format-date", 2, 2, time::format),
    f("format-date-time", 2, 2, time::format),
    f("if", 3, 3, logic::choose),
    f("int", 1, 1, math::int),
    f("join", 1, MANY, text::join),
    here("last", 0, 0, nodes::last),
    f("log", 1, 1, math::log),
    f("log10", 1, 1, math::log10),
    f("max", 1, MANY, math::max),
    f("min", 1, MANY, math::min),
    here("normalize-space", 0, 1, text::normalize_space),
    f("not", 1, 1, logic::not),
    f("now", 0, 0, time::now),
    here("number", 0, 1, math::number),
    f("once", 1, 1, logic::once),
    f("pi", 0, 0, math::pi),
    here("position", 0, 1, nodes::position),
    f("pow", 2, 2, math::pow),
    f("property", 1, 1, logic::property),
    f("random", 0, 0, math::random),
    f("randomize", 1, 2, shuffle::randomize),
    f("regex", 2, 2, text::regex),
    f("round", 1, 2, math::round),
    f("selected", 2, 2, select::selected),
    f("selected-at", 2, 2, select::selected_at),
    f("sin", 1, 1, math::sin),
    f("sqrt", 1, 1, math::sqrt),
    f("starts-with", 2, 2, text::starts_with),
    here("string", 0, 1, text::string),
    here("string-length", 0, 1, text::string_length),
    f("substr", 2, 3, text::substr),
    f("substring", 2, 3, text::substring),
    f("substring-after", 2, 2, text::substring_after),
    f("substring-before", 2, 2, text::substring_before),
    f("sum", 1, 1, nodes::sum),
    f("tan", 1, 1, math::tan),
    f("today", 0, 0, time::today),
    f("translate", 3, 3, text::translate),
    f("true", 0, 0, logic::yes),
    f("uuid", 0, 1, digest::uuid),
    f("version", 0, 0, logic::version),
    f("weighted-checklist", 4, MANY, logic::weighted_checklist),
];

/// An argument that may be left out; then it is the node in question.
fn text_or_here(scope: &Scope<'_>, arguments: &[Expr]) -> Result<String, Fault> {
    match arguments.first() {
        Some(argument) => scope.text(argument),
        None => Ok(scope.says(scope.here).to_owned()),
    }
}

/// An argument by its place. How many there are is known before: see [`Function::takes`].
fn at(arguments: &[Expr], place: usize) -> &Expr {
    static NOTHING: Expr = Expr::Text(String::new());
    arguments.get(place).unwrap_or(&NOTHING)
}

/// The values of arguments; nodes count one by one.
fn each(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Vec<Value>, Fault> {
    let mut values = Vec::new();
    for argument in arguments {
        match scope.eval(argument)? {
            Value::Nodes(nodes) => {
                values.extend(
                    nodes
                        .into_iter()
                        .map(|node| Value::Text(scope.says(node).to_owned())),
                );
            }
            value => values.push(value),
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn the_table_is_sorted_so_that_names_are_found() {
        assert!(FUNCTIONS.is_sorted_by(|one, other| one.name < other.name));
        for function in &FUNCTIONS {
            assert!(super::find(function.name).is_some(), "{function:?}");
        }
        assert!(super::find("nothing").is_none());
    }
}
