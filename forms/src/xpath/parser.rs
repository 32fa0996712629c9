//! Tokens into a tree (XPath 1.0 §3), by precedence.

use super::{
    SyntaxError, Wrong,
    ast::{Ast, Axis, Call, Operator, Path, Start, Step},
    lexer::{Token, What, tokens},
};

/// How deep brackets may lie in each other; people reach five.
const DEPTH_MAX: usize = 60;
/// How many operators an expression may have; people reach a hundred.
const OPERATORS_MAX: usize = 300;

/// Reads a whole expression.
pub fn parse(text: &str) -> Result<Ast, SyntaxError> {
    let tokens = tokens(text)?;
    let end = text.chars().count() + 1;
    let mut parser = Parser {
        tokens: &tokens,
        end,
        depth: 0,
        operators: 0,
    };
    if tokens.is_empty() {
        return Err(SyntaxError {
            at: 1,
            what: Wrong::Empty,
        });
    }
    let ast = parser.expression(0)?;
    match parser.tokens.first() {
        None => Ok(ast),
        Some(token) => Err(parser.expected("an operator or the end", Some(token))),
    }
}

/// Operators by how strongly they bind, the weakest first (§3.4, §3.5).
const LEVELS: [&[Operator]; 7] = [
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::NotEqual],
    &[
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ],
    &[Operator::Plus, Operator::Minus],
    &[Operator::Times, Operator::Div, Operator::Mod],
    // A minus before its operand binds between these two.
    &[Operator::Union],
];
const UNARY: usize = 6;

struct Parser<'a> {
    tokens: &'a [Token],
    end: usize,
    depth: usize,
    operators: usize,
}

impl Parser<'_> {
    fn expression(&mut self, level: usize) -> Result<Ast, SyntaxError> {
        if level == UNARY && self.take_operator(&[Operator::Minus]).is_some() {
            return self.deeper(|parser| Ok(Ast::Negate(Box::new(parser.expression(UNARY)?))));
        }
        let Some(operators) = LEVELS.get(level) else {
            return self.operand();
        };
        let mut left = self.expression(level + 1)?;
        while let Some(operator) = self.take_operator(operators) {
            // A long chain makes a tree as deep as brackets would, and chains lie in each other.
            self.operators += 1;
            if self.operators > OPERATORS_MAX {
                return Err(self.wrong(Wrong::TooDeep));
            }
            let right = self.expression(level + 1)?;
            left = Ast::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Ast, SyntaxError> {
        let Some(token) = self.tokens.first() else {
            return Err(self.wrong(Wrong::Ends("a value")));
        };
        let at = token.at;
        match &token.what {
            What::Number(number) => {
                self.skip();
                Ok(Ast::Number(*number))
            }
            What::Text(text) => {
                self.skip();
                Ok(Ast::Text(text.clone()))
            }
            What::Mark("(") => {
                self.skip();
                let inner = self.deeper(|parser| parser.expression(0))?;
                self.mark(")", "a closing bracket")?;
                if self.is_mark("[") || self.is_mark("/") {
                    return Err(self.wrong(Wrong::Unsupported(
                        "a path or predicate after brackets".to_owned(),
                    )));
                }
                Ok(inner)
            }
            What::Name(name) if self.is_call() => self.call(name.clone(), at),
            What::Name(_)
            | What::Reference(_)
            | What::LastSaved(_)
            | What::Mark("/" | "//" | "." | ".." | "*" | "@") => self.path(at),
            _ => Err(self.expected("a value", Some(token))),
        }
    }

    fn call(&mut self, name: String, at: usize) -> Result<Ast, SyntaxError> {
        self.skip();
        self.skip();
        let mut arguments = Vec::new();
        while !self.is_mark(")") {
            arguments.push(self.deeper(|parser| parser.expression(0))?);
            if !self.take_mark(",") {
                break;
            }
        }
        self.mark(")", "a comma or a closing bracket")?;
        let call = Call {
            name,
            arguments,
            at,
        };
        let is_path = ["[", "/", "//"].iter().any(|mark| self.is_mark(mark));
        if !is_path {
            return Ok(Ast::Call(call));
        }
        self.path_from(Start::Call(call), at)
    }

    fn path(&mut self, at: usize) -> Result<Ast, SyntaxError> {
        let start = match self.tokens.first().map(|token| &token.what) {
            Some(What::Reference(name)) => Start::Reference(name.clone()),
            Some(What::LastSaved(name)) => Start::LastSaved(name.clone()),
            Some(What::Mark("/")) => {
                self.skip();
                let mut steps = Vec::new();
                if self.starts_step() {
                    steps.push(self.step()?);
                    self.steps(&mut steps)?;
                }
                return Ok(Ast::Path(Path {
                    start: Start::Top,
                    predicates: Vec::new(),
                    steps,
                    at,
                }));
            }
            Some(What::Mark("//")) => return self.path_from(Start::Top, at),
            _ => {
                let mut steps = vec![self.step()?];
                self.steps(&mut steps)?;
                return Ok(Ast::Path(Path {
                    start: Start::Here,
                    predicates: Vec::new(),
                    steps,
                    at,
                }));
            }
        };
        self.skip();
        self.path_from(start, at)
    }

    fn path_from(&mut self, start: Start, at: usize) -> Result<Ast, SyntaxError> {
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        self.steps(&mut steps)?;
        Ok(Ast::Path(Path {
            start,
            predicates,
            steps,
            at,
        }))
    }

    fn steps(&mut self, steps: &mut Vec<Step>) -> Result<(), SyntaxError> {
        loop {
            if self.take_mark("/") {
                // Old forms write `item/[name = …]`; the slash adds nothing.
                if self.is_mark("[")
                    && let Some(last) = steps.last_mut()
                {
                    let more = self.predicates()?;
                    last.predicates.extend(more);
                    continue;
                }
                steps.push(self.step()?);
            } else if self.take_mark("//") {
                let mut step = self.step()?;
                step.axis = match step.axis {
                    Axis::Child(name) => Axis::Descendant(name),
                    _ => {
                        return Err(self.wrong(Wrong::Unsupported(
                            "`//` before anything but a name".to_owned(),
                        )));
                    }
                };
                steps.push(step);
            } else {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Result<Step, SyntaxError> {
        let Some(token) = self.tokens.first() else {
            return Err(self.wrong(Wrong::Ends("a name")));
        };
        let axis = match &token.what {
            What::Mark(".") => Axis::Same,
            What::Mark("..") => Axis::Parent,
            What::Mark("*") => Axis::AnyChild,
            What::Mark("@") => {
                return Err(self.wrong(Wrong::Unsupported("an attribute".to_owned())));
            }
            What::Name(name) => Axis::Child(name.clone()),
            _ => return Err(self.expected("a name", Some(token))),
        };
        self.skip();
        let axis = match axis {
            Axis::Child(name) if self.take_mark("::") => self.of_axis(&name)?,
            Axis::Child(_) if self.is_mark("(") => {
                return Err(self.wrong(Wrong::Unsupported("a test for kinds of nodes".to_owned())));
            }
            axis => axis,
        };
        Ok(Step {
            axis,
            predicates: self.predicates()?,
        })
    }

    /// What follows `child::` and its like.
    fn of_axis(&mut self, axis: &str) -> Result<Axis, SyntaxError> {
        let is_any = self.take_mark("*");
        let name = match self.tokens.first().map(|token| &token.what) {
            _ if is_any => None,
            Some(What::Name(name)) => Some(name.clone()),
            _ => return Err(self.wrong(Wrong::Ends("a name"))),
        };
        if name.is_some() {
            self.skip();
        }
        let is_node = name.as_deref() == Some("node") && self.take_mark("(");
        if is_node {
            self.mark(")", "a closing bracket")?;
        }
        match (axis, name) {
            ("child", Some(name)) if !is_node => Ok(Axis::Child(name)),
            ("child", _) => Ok(Axis::AnyChild),
            ("parent", None) => Ok(Axis::Parent),
            ("parent", _) if is_node => Ok(Axis::Parent),
            ("self", None) => Ok(Axis::Same),
            ("self", _) if is_node => Ok(Axis::Same),
            _ => Err(self.wrong(Wrong::Unsupported(format!("the axis {axis}")))),
        }
    }

    fn predicates(&mut self) -> Result<Vec<Ast>, SyntaxError> {
        let mut predicates = Vec::new();
        while self.take_mark("[") {
            predicates.push(self.deeper(|parser| parser.expression(0))?);
            self.mark("]", "a closing bracket")?;
        }
        Ok(predicates)
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth == DEPTH_MAX {
            return Err(self.wrong(Wrong::TooDeep));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn is_call(&self) -> bool {
        self.tokens
            .get(1)
            .is_some_and(|token| token.what == What::Mark("("))
    }

    fn starts_step(&self) -> bool {
        let next = self.tokens.first().map(|token| &token.what);
        matches!(
            next,
            Some(What::Name(_) | What::Mark("." | ".." | "*" | "@"))
        )
    }

    fn is_mark(&self, mark: &str) -> bool {
        self.tokens
            .first()
            .is_some_and(|token| matches!(token.what, What::Mark(other) if other == mark))
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let is_it = self.is_mark(mark);
        if is_it {
            self.skip();
        }
        is_it
    }

    fn mark(&mut self, mark: &str, expected: &'static str) -> Result<(), SyntaxError> {
        if self.take_mark(mark) {
            return Ok(());
        }
        Err(self.expected(expected, self.tokens.first()))
    }

    fn take_operator(&mut self, operators: &[Operator]) -> Option<Operator> {
        let operator = match self.tokens.first()?.what {
            What::Operator(operator) if operators.contains(&operator) => operator,
            _ => return None,
        };
        self.skip();
        Some(operator)
    }

    fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn expected(&self, expected: &'static str, found: Option<&Token>) -> SyntaxError {
        match found {
            Some(token) => SyntaxError {
                at: token.at,
                what: Wrong::Expected {
                    expected,
                    found: token.what.shown(),
                },
            },
            None => self.wrong(Wrong::Ends(expected)),
        }
    }

    fn wrong(&self, what: Wrong) -> SyntaxError {
        let at = self.tokens.first().map_or(self.end, |token| token.at);
        SyntaxError { at, what }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Wrong, parse};

    /// An expression with all its brackets, to see how it was read.
    fn read(text: &str) -> String {
        use super::{Ast, Axis, Start};
        fn shown(ast: &Ast) -> String {
            match ast {
                Ast::Number(number) => number.to_string(),
                Ast::Text(text) => format!("'{text}'"),
                Ast::Binary(operator, left, right) => {
                    format!("({} {operator:?} {})", shown(left), shown(right))
                }
                Ast::Negate(inner) => format!("-{}", shown(inner)),
                Ast::Call(call) => format!("{}({})", call.name, all(&call.arguments, ",")),
                Ast::Path(path) => {
                    let start = match &path.start {
                        Start::Top => "^".to_owned(),
                        Start::Here => String::new(),
                        Start::Reference(name) => format!("${name}"),
                        Start::LastSaved(name) => format!("#{name}"),
                        Start::Call(call) => shown(&Ast::Call(call.clone())),
                    };
                    let steps = path.steps.iter().map(|step| {
                        let axis = match &step.axis {
                            Axis::Child(name) => name.clone(),
                            Axis::AnyChild => "*".to_owned(),
                            Axis::Descendant(name) => format!("**{name}"),
                            Axis::Parent => "..".to_owned(),
                            Axis::Same => ".".to_owned(),
                        };
                        format!("/{axis}{}", boxed(&step.predicates))
                    });
                    format!(
                        "{start}{}{}",
                        boxed(&path.predicates),
                        steps.collect::<String>()
                    )
                }
            }
        }
        fn all(asts: &[Ast], between: &str) -> String {
            asts.iter().map(shown).collect::<Vec<_>>().join(between)
        }
        fn boxed(asts: &[Ast]) -> String {
            asts.iter()
                .fold(String::new(), |all, ast| all + "[" + &shown(ast) + "]")
        }
        match parse(text) {
            Ok(ast) => shown(&ast),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn operators_bind_as_in_the_standard() {
        for (text, expected) in [
            ("1 + 2 * 3 - 4", "((1 Plus (2 Times 3)) Minus 4)"),
            (
                "1 or 2 and 3 = 4 < 5",
                "(1 Or (2 And (3 Equal (4 Less 5))))",
            ),
            ("-2 - -2", "(-2 Minus -2)"),
            ("- a | b", "-(/a Union /b)"),
            ("6 div 2 mod 4", "((6 Div 2) Mod 4)"),
            ("(1 + 2) * 3", "((1 Plus 2) Times 3)"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn names_that_look_like_operators_are_names_where_no_operator_can_be() {
        for (text, expected) in [
            ("and and or", "(/and And /or)"),
            ("div div div", "(/div Div /div)"),
            ("* * *", "(/* Times /*)"),
            ("a -b", "(/a Minus /b)"),
            ("a-b", "/a-b"),
            ("../mod/and", "/../mod/and"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn paths_and_references() {
        for (text, expected) in [
            ("/", "^"),
            ("/data/a[1]/../b", "^/data/a[1]/../b"),
            (".", "/."),
            ("//b", "^/**b"),
            ("${姓名} = 'x'", "($姓名 Equal 'x')"),
            ("${ a }[x=1]/b", "$a[(/x Equal 1)]/b"),
            ("${last-saved#village}", "#village"),
            (
                "instance('c')/root/item/[name = current()/../n]/label",
                "instance('c')/root/item[(/name Equal current()/../n)]/label",
            ),
            ("child::a/parent::*/self::node()", "/a/../."),
            ("jr:choice-name(${a}, '${a}')", "jr:choice-name($a,'${a}')"),
            ("concat(\"it's\", 'a \"b\"')", "concat('it's','a \"b\"')"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        for (text, expected) in [
            ("", "at character 1: the expression is empty"),
            (
                "1 +",
                "at character 4: the expression ends where a value is expected",
            ),
            (
                "(1",
                "at character 3: the expression ends where a closing bracket is expected",
            ),
            ("1)", "at character 2: ) instead of an operator or the end"),
            ("'a", "at character 1: a quote is opened and never closed"),
            ("${a", "at character 1: ${ needs a name and a closing brace"),
            ("${}", "at character 1: ${ needs a name and a closing brace"),
            ("甲 & 乙", "at character 3: '&' is not understood here"),
            ("a == b", "at character 4: equal instead of a value"),
            ("@id", "at character 1: an attribute is not supported"),
            (
                "ancestor::a",
                "at character 12: the axis ancestor is not supported",
            ),
            (
                "selected(${a} 'b')",
                "at character 15: \"b\" instead of a comma or a closing bracket",
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn brackets_without_end_are_refused_before_the_stack_is_full() {
        for text in [
            "(".repeat(100_000),
            "-".repeat(100_000),
            "a[".repeat(100_000),
            "f(".repeat(100_000),
        ] {
            assert_eq!(
                parse(&text).map_err(|error| error.what),
                Err(Wrong::TooDeep)
            );
        }
        let chain = "+1".repeat(100);
        let chains = (0..50).fold("1".to_owned(), |inner, _| format!("({inner}){chain}"));
        assert_eq!(
            parse(&chains).map_err(|error| error.what),
            Err(Wrong::TooDeep)
        );
        assert_eq!(
            parse(&vec!["1"; 100_000].join("+")).map_err(|error| error.what),
            Err(Wrong::TooDeep)
        );
    }
}
