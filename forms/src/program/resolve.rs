//! What the names in an expression stand for, seen from the question it belongs to.

use super::{
    ListId, NodeId, What,
    expr::{Expr, Filter, From, Lookup, Path},
    list::Listing,
    node::Node,
    order::Use,
};
use crate::{
    arena::Arena,
    functions::{self, Function},
    table::Column,
    xpath::{
        self,
        ast::{Ast, Axis, Call, Operator},
    },
};

/// Finds out what names stand for, in all expressions of one question, and notes which values
/// they use.
pub(crate) struct Resolver<'a> {
    pub(super) nodes: &'a Arena<NodeId, Node>,
    pub(super) lists: &'a mut Arena<ListId, Listing>,
    /// The question.
    pub(super) home: NodeId,
    /// What a name without a way before it stands in.
    pub(super) here: Here,
    /// The values used so far.
    pub(super) uses: Vec<Use>,
}

/// What is in question where a name stands.
#[derive(Clone, Copy)]
pub(super) enum Here {
    /// The question itself.
    Home,
    /// A node of the form, found from this ancestor of the question.
    Node { node: NodeId, around: NodeId },
    /// A row of a list.
    Row(ListId),
}

impl Resolver<'_> {
    /// An expression with numbers instead of names.
    pub(crate) fn expression(&mut self, ast: &Ast) -> Result<Expr, What> {
        Ok(match ast {
            Ast::Number(number) => Expr::Number(*number),
            Ast::Text(text) => Expr::Text(text.clone()),
            Ast::Binary(operator, left, right) => Expr::Binary(
                *operator,
                Box::new(self.expression(left)?),
                Box::new(self.expression(right)?),
            ),
            Ast::Negate(inner) => Expr::Negate(Box::new(self.expression(inner)?)),
            Ast::Call(call) => self.call(call)?,
            Ast::Path(path) => self.path(path)?,
        })
    }

    fn call(&mut self, call: &Call) -> Result<Expr, What> {
        match (call.name.as_str(), call.arguments.as_slice()) {
            ("current", []) => Ok(Expr::Path(Path {
                from: From::Home,
                steps: Vec::new(),
            })),
            ("pulldata", [list, column, key_column, key]) => {
                self.pulldata([list, column, key_column], key)
            }
            ("indexed-repeat", [target, pairs @ ..])
                if pairs.len() >= 2 && pairs.len().is_multiple_of(2) =>
            {
                self.indexed(target, pairs)
            }
            ("jr:choice-name", [value, question]) => self.choice_name(value, question),
            ("instance", _) => Err(What::Unsupported(
                "a list as a whole; go on with /root/item",
            )),
            ("regex", [_, Ast::Text(pattern)]) if functions::pattern_of(pattern).is_none() => {
                Err(What::Pattern(pattern.clone()))
            }
            (name, arguments) => {
                let function = function(name, arguments.len())?;
                let arguments = arguments.iter().map(|argument| self.expression(argument));
                Ok(Expr::Call(function, arguments.collect::<Result<_, _>>()?))
            }
        }
    }

    /// ODK XForms, `pulldata`: a value out of a list by a key, written as one call.
    fn pulldata(&mut self, names: [&Ast; 3], key: &Ast) -> Result<Expr, What> {
        let mut texts = Vec::new();
        for (argument, name) in (1..).zip(names) {
            let Ast::Text(text) = name else {
                let expected = "text in quotes";
                return Err(What::Literal {
                    name: "pulldata".to_owned(),
                    argument,
                    expected,
                });
            };
            texts.push(text.as_str());
        }
        let [list, column, key_column] = texts.as_slice() else {
            return Err(What::Arguments {
                name: "pulldata".to_owned(),
                given: 4,
            });
        };
        let list = self.list(list)?;
        let (column, key_column) = (
            self.lists[list].column(column)?,
            self.lists[list].column(key_column)?,
        );
        let string = function("string", 1)?;
        let key = Expr::Call(string, vec![self.expression(key)?]);
        Ok(Expr::Lookup(Lookup {
            list,
            filters: vec![Filter::Equal(key_column, key)],
            column: Some(column),
        }))
    }

    /// ODK XForms, `indexed-repeat`: a path whose repeats are counted off by numbers that are
    /// worked out where the question stands.
    fn indexed(&mut self, target: &Ast, pairs: &[Ast]) -> Result<Expr, What> {
        let literal = |argument| What::Literal {
            name: "indexed-repeat".to_owned(),
            argument,
            expected: "a path",
        };
        let target = self.single(target).ok_or_else(|| literal(1))?;
        let chain = super::chain(self.nodes, target);
        let mut positions: Vec<(NodeId, Expr)> = Vec::new();
        for (at, pair) in pairs.chunks(2).enumerate() {
            let [repeat, position] = pair else { continue };
            let repeat = self.single(repeat).filter(|repeat| chain.contains(repeat));
            let repeat = repeat.ok_or_else(|| literal(2 + at * 2))?;
            let position = self.at_home(|resolver| resolver.expression(position))?;
            positions.push((repeat, Expr::Call(function("int", 1)?, vec![position])));
        }
        let steps = chain.iter().map(|node| {
            let of =
                |(repeat, position): &(NodeId, Expr)| (repeat == node).then(|| position.clone());
            (*node, positions.iter().filter_map(of).collect())
        });
        let (path, _) = self.at_home(|resolver| Ok(resolver.around(steps.collect())))?;
        Ok(Expr::Path(path))
    }

    /// ODK XForms, `jr:choice-name`: its second argument is a path in quotes.
    fn choice_name(&mut self, value: &Ast, question: &Ast) -> Result<Expr, What> {
        let literal = || What::Literal {
            name: "jr:choice-name".to_owned(),
            argument: 2,
            expected: "a question in quotes",
        };
        let question = match question {
            Ast::Text(text) => xpath::parse(text)?,
            Ast::Path(_) => question.clone(),
            _ => return Err(literal()),
        };
        let node = self.single(&question).ok_or_else(literal)?;
        Ok(Expr::ChoiceName(node, Box::new(self.expression(value)?)))
    }

    /// The one node that a path without brackets leads to.
    fn single(&mut self, path: &Ast) -> Option<NodeId> {
        let Ast::Path(path) = path else { return None };
        let before = self.uses.len();
        let found = self.targets(path);
        self.uses.truncate(before);
        match found.ok()?.as_slice() {
            [node] => Some(*node),
            _ => None,
        }
    }

    /// A list by its name, with or without `.csv`.
    pub(super) fn list(&self, name: &str) -> Result<ListId, What> {
        let is_it = |listing: &Listing| {
            listing.name == name || listing.name.strip_suffix(".csv") == Some(name)
        };
        let found = self.lists.iter().find(|(_, listing)| is_it(listing));
        found
            .map(|(id, _)| id)
            .ok_or_else(|| What::NoSuchList(name.to_owned()))
    }

    /// `instance('list')/root/item[…]/column`
    pub(super) fn lookup(&mut self, path: &xpath::ast::Path, call: &Call) -> Result<Expr, What> {
        let [Ast::Text(name)] = call.arguments.as_slice() else {
            let expected = "the name of a list in quotes";
            return Err(What::Literal {
                name: "instance".to_owned(),
                argument: 1,
                expected,
            });
        };
        let list = self.list(name)?;
        let has_brackets = |step: &xpath::ast::Step| !step.predicates.is_empty();
        let (root, item, column) = match path.steps.as_slice() {
            [root, item] => (root, item, None),
            [root, item, column] => (root, item, Some(column)),
            _ => {
                return Err(What::Unsupported(
                    "a way into a list other than /root/item/column",
                ));
            }
        };
        if has_brackets(root) || column.is_some_and(has_brackets) || !path.predicates.is_empty() {
            return Err(What::Unsupported(
                "brackets in a list other than behind `item`",
            ));
        }
        let filters = self.filters(list, &item.predicates)?;
        let column = match column.map(|step| &step.axis) {
            None => None,
            Some(Axis::Child(name)) => Some(self.lists[list].column(name)?),
            Some(_) => {
                return Err(What::Unsupported(
                    "anything but a column's name behind `item`",
                ));
            }
        };
        Ok(Expr::Lookup(Lookup {
            list,
            filters,
            column,
        }))
    }

    /// What brackets behind the rows of a list ask for.
    pub(super) fn filters(
        &mut self,
        list: ListId,
        predicates: &[Ast],
    ) -> Result<Vec<Filter>, What> {
        let before = std::mem::replace(&mut self.here, Here::Row(list));
        let mut filters = Vec::new();
        for predicate in predicates {
            let mut parts = Vec::new();
            conjunction(predicate, &mut parts);
            // Where positions count, rows must be counted before any is taken away.
            if counts(predicate) {
                parts = vec![predicate];
            }
            let is_whole = parts.len() == 1;
            for part in parts {
                filters.push(match self.filter(part)? {
                    // A number in brackets is a place, but not one beside an `and`.
                    Filter::Holds(expr) if !is_whole => {
                        Filter::Holds(Expr::Call(function("boolean", 1)?, vec![expr]))
                    }
                    filter => filter,
                });
            }
        }
        self.here = before;
        Ok(filters)
    }

    fn filter(&mut self, ast: &Ast) -> Result<Filter, What> {
        if let Ast::Binary(Operator::Equal, left, right) = ast {
            let (left, right) = (self.expression(left)?, self.expression(right)?);
            return Ok(match (left, right) {
                (Expr::Cell(column), other) | (other, Expr::Cell(column))
                    if !asks_the_row(&other) =>
                {
                    Filter::Equal(column, other)
                }
                (left, right) => Filter::Holds(Expr::Binary(
                    Operator::Equal,
                    Box::new(left),
                    Box::new(right),
                )),
            });
        }
        Ok(Filter::Holds(self.expression(ast)?))
    }

    /// Reads something as if it stood outside of all brackets.
    pub(super) fn at_home<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, What>,
    ) -> Result<T, What> {
        let before = std::mem::replace(&mut self.here, Here::Home);
        let read = read(self);
        self.here = before;
        read
    }

    /// The column that a name in brackets stands for.
    pub(super) fn cell(&mut self, list: ListId, steps: &[xpath::ast::Step]) -> Result<Expr, What> {
        let mut names = steps.iter().filter(|step| step.axis != Axis::Same);
        let is_plain = steps.iter().all(|step| step.predicates.is_empty());
        match (names.next().map(|step| &step.axis), names.next(), is_plain) {
            (Some(Axis::Child(name)), None, true) => {
                let column: Column = self.lists[list].column(name)?;
                Ok(Expr::Cell(column))
            }
            _ => Err(What::Unsupported(
                "anything but a column's name in brackets behind `item`",
            )),
        }
    }
}

/// A function that can take so many arguments.
pub(super) fn function(name: &str, given: usize) -> Result<&'static Function, What> {
    let function = functions::find(name).ok_or_else(|| What::NoSuchFunction(name.to_owned()))?;
    if function.takes(given) {
        return Ok(function);
    }
    Err(What::Arguments {
        name: name.to_owned(),
        given,
    })
}

/// The parts of `a and b and c`.
fn conjunction<'a>(ast: &'a Ast, parts: &mut Vec<&'a Ast>) {
    match ast {
        Ast::Binary(Operator::And, left, right) => {
            conjunction(left, parts);
            conjunction(right, parts);
        }
        other => parts.push(other),
    }
}

/// Whether an expression asks for its place among others, or may be a place itself.
fn counts(ast: &Ast) -> bool {
    match ast {
        Ast::Number(_) | Ast::Negate(_) => true,
        Ast::Text(_) | Ast::Path(_) => false,
        Ast::Binary(_, left, right) => counts_inside(left) || counts_inside(right),
        Ast::Call(call) => {
            ["position", "last"].contains(&call.name.as_str())
                || call.arguments.iter().any(counts_inside)
        }
    }
}

fn counts_inside(ast: &Ast) -> bool {
    !matches!(ast, Ast::Number(_)) && counts(ast)
}

/// Whether a value depends on the row that is looked at.
fn asks_the_row(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) | Expr::LastSaved(_) | Expr::Lookup(_) => false,
        Expr::Cell(_) => true,
        Expr::Path(path) => path.from == From::Here,
        Expr::Binary(_, left, right) => asks_the_row(left) || asks_the_row(right),
        Expr::Negate(inner) | Expr::ChoiceName(_, inner) => asks_the_row(inner),
        Expr::Call(function, arguments) => {
            function.asks_for_context || arguments.iter().any(asks_the_row)
        }
    }
}
