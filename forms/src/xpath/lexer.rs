//! Text into tokens (XPath 1.0 §3.7), with `${name}` as a token of its own.

use super::{SyntaxError, Wrong, ast::Operator};

/// A token and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Token {
    pub(super) what: What,
    /// In characters from 1.
    pub(super) at: usize,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    Number(f64),
    Text(String),
    /// With its prefix, if it has one.
    Name(String),
    Reference(String),
    LastSaved(String),
    Operator(Operator),
    /// `/`, `//`, `(`, `)`, `[`, `]`, `,`, `.`, `..`, `::`, `@` and the `*` that stands for a name.
    Mark(&'static str),
}

impl What {
    /// How a message calls it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::Name(name) => name.clone(),
            Self::Reference(name) => format!("${{{name}}}"),
            Self::LastSaved(name) => format!("${{last-saved#{name}}}"),
            Self::Operator(operator) => format!("{operator:?}").to_lowercase(),
            Self::Mark(mark) => (*mark).to_owned(),
        }
    }
}

const MARKS: [&str; 11] = ["//", "/", "(", ")", "[", "]", ",", "..", ".", "::", "@"];
const OPERATORS: [(&str, Operator); 9] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("+", Operator::Plus),
    ("-", Operator::Minus),
    ("|", Operator::Union),
];
const WORDS: [(&str, Operator); 4] = [
    ("and", Operator::And),
    ("or", Operator::Or),
    ("div", Operator::Div),
    ("mod", Operator::Mod),
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer {
        rest: text,
        at: 1,
        tokens: Vec::new(),
    };
    while let Some(letter) = lexer.rest.chars().next() {
        if letter.is_whitespace() {
            lexer.take(letter.len_utf8());
            continue;
        }
        let at = lexer.at;
        let what = lexer
            .next(letter)
            .map_err(|what| SyntaxError { at, what })?;
        lexer.tokens.push(Token { what, at });
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn next(&mut self, letter: char) -> Result<What, Wrong> {
        match letter {
            '"' | '\'' => self.quoted(letter),
            '0'..='9' => Ok(self.number()),
            '.' if self.rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => Ok(self.number()),
            '$' => self.reference(),
            '*' => {
                self.take(1);
                Ok(if self.is_after_operand() {
                    What::Operator(Operator::Times)
                } else {
                    What::Mark("*")
                })
            }
            _ if is_name_start(letter) => Ok(self.name()),
            _ => self.symbol(letter),
        }
    }

    /// Whether a `*` or a word like `and` is an operator here: something it could follow is before
    /// it (§3.7, the first disambiguation rule).
    fn is_after_operand(&self) -> bool {
        self.tokens.last().is_some_and(|token| match &token.what {
            What::Operator(_) => false,
            What::Mark(mark) => matches!(*mark, ")" | "]" | "." | ".." | "*"),
            _ => true,
        })
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn quoted(&mut self, quote: char) -> Result<What, Wrong> {
        let text = self.rest.strip_prefix(quote).unwrap_or_default();
        let end = text.find(quote).ok_or(Wrong::OpenQuote)?;
        let text = self.take(end + 2);
        let inner = text.get(1..=end).unwrap_or_default();
        Ok(What::Text(inner.to_owned()))
    }

    fn number(&mut self) -> What {
        let mut has_point = false;
        let end = self.rest.find(|letter: char| {
            let is_point = letter == '.' && !has_point;
            has_point |= is_point;
            !is_point && !letter.is_ascii_digit()
        });
        let text = self.take(end.unwrap_or(self.rest.len()));
        What::Number(text.parse().unwrap_or(f64::NAN))
    }

    fn reference(&mut self) -> Result<What, Wrong> {
        let inner = self.rest.strip_prefix("${").ok_or(Wrong::Reference)?;
        let end = inner.find('}').ok_or(Wrong::Reference)?;
        let name = inner.get(..end).unwrap_or_default().trim();
        let (name, is_last) = name
            .strip_prefix("last-saved#")
            .map_or((name, false), |name| (name, true));
        if !is_name(name) {
            return Err(Wrong::Reference);
        }
        self.take(end + 3);
        let name = name.to_owned();
        Ok(if is_last {
            What::LastSaved(name)
        } else {
            What::Reference(name)
        })
    }

    fn name(&mut self) -> What {
        let first = name_length(self.rest);
        let after = self.rest.get(first..).unwrap_or_default();
        // A prefix, but not the axis of `child::name`.
        let second = after
            .strip_prefix(':')
            .filter(|rest| rest.starts_with(is_name_start));
        if let Some(second) = second {
            return What::Name(self.take(first + 1 + name_length(second)).to_owned());
        }
        let text = self.take(first);
        if self.is_after_operand()
            && let Some((_, operator)) = WORDS.iter().find(|(word, _)| *word == text)
        {
            return What::Operator(*operator);
        }
        What::Name(text.to_owned())
    }

    fn symbol(&mut self, letter: char) -> Result<What, Wrong> {
        if let Some((text, operator)) = OPERATORS
            .iter()
            .find(|(text, _)| self.rest.starts_with(text))
        {
            self.take(text.len());
            return Ok(What::Operator(*operator));
        }
        let mark = MARKS
            .iter()
            .find(|mark| self.rest.starts_with(**mark))
            .ok_or(Wrong::Character(letter))?;
        self.take(mark.len());
        Ok(What::Mark(mark))
    }
}

fn name_length(text: &str) -> usize {
    text.find(|letter| !is_name_letter(letter))
        .unwrap_or(text.len())
}

fn is_name_start(letter: char) -> bool {
    letter == '_' || letter.is_alphabetic()
}

fn is_name_letter(letter: char) -> bool {
    is_name_start(letter) || letter.is_numeric() || matches!(letter, '-' | '.')
}

/// Whether a text is a name as XML has them, without a prefix.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_letter)
}
