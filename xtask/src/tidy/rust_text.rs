//! Rust source, taken apart just far enough for the checks: code with literals and comments
//! blanked out, and the text of each string literal with its line.

use std::str::Chars;

/// The parts of a Rust file.
#[derive(Default)]
pub(super) struct RustText {
    /// The code, line by line as in the file; strings and comments are spaces.
    pub(super) code: String,
    /// The string literals, each with the line its text begins on.
    pub(super) strings: Vec<(usize, String)>,
}

impl RustText {
    /// Takes a file apart.
    pub(super) fn of(text: &str) -> Self {
        let mut reader = Reader {
            rest: text.chars(),
            line: 1,
            parts: Self::default(),
        };
        while reader.read_part() {}
        reader.parts
    }
}

struct Reader<'text> {
    rest: Chars<'text>,
    line: usize,
    parts: RustText,
}

impl Reader<'_> {
    fn read_part(&mut self) -> bool {
        let follows = self.rest.as_str();
        if follows.starts_with("//") {
            self.blank_while(|rest| !rest.starts_with('\n'));
        } else if follows.starts_with("/*") {
            self.block_comment();
        } else if let Some(hashes) = self.raw_string_begins() {
            self.raw_string(hashes);
        } else if follows.starts_with('"') {
            self.string();
        } else if is_char_literal(follows) {
            self.char_literal();
        } else {
            match self.next() {
                Some(letter) => self.parts.code.push(letter),
                None => return false,
            }
        }
        true
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    fn blank(&mut self) -> Option<char> {
        let letter = self.next()?;
        self.parts
            .code
            .push(if letter == '\n' { '\n' } else { ' ' });
        Some(letter)
    }

    fn blank_while(&mut self, goes_on: impl Fn(&str) -> bool) {
        while goes_on(self.rest.as_str()) && self.blank().is_some() {}
    }

    fn blank_some(&mut self, count: usize) {
        for _ in 0..count {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            let follows = self.rest.as_str();
            if follows.starts_with("/*") {
                depth += 1;
                self.blank_some(2);
            } else if follows.starts_with("*/") {
                depth -= 1;
                self.blank_some(2);
            } else if self.blank().is_none() {
                return;
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// How many `#` stand around the raw string that begins here.
    fn raw_string_begins(&self) -> Option<usize> {
        let before = self.parts.code.chars().next_back().unwrap_or(' ');
        let follows = self.rest.as_str();
        let follows = ["br", "cr", "r"]
            .iter()
            .find_map(|begin| follows.strip_prefix(begin))?;
        let hashes = follows.len() - follows.trim_start_matches('#').len();
        let is_one = !is_name(before) && follows.trim_start_matches('#').starts_with('"');
        is_one.then_some(hashes)
    }

    fn raw_string(&mut self, hashes: usize) {
        self.blank_while(|rest| !rest.starts_with('"'));
        self.blank();
        let end = format!("\"{}", "#".repeat(hashes));
        let (line, mut text) = (self.line, String::new());
        while !self.rest.as_str().starts_with(&end) {
            let Some(letter) = self.blank() else { break };
            text.push(letter);
        }
        self.blank_some(end.len());
        self.parts.strings.push((line, text));
    }

    fn string(&mut self) {
        self.blank();
        let (line, mut text) = (self.line, String::new());
        while let Some(letter) = self.blank().filter(|letter| *letter != '"') {
            if letter != '\\' {
                text.push(letter);
                continue;
            }
            match self.blank() {
                Some('n' | 't' | 'r') => text.push(' '),
                Some('\n') => self.blank_while(|rest| rest.starts_with([' ', '\t', '\n'])),
                Some(escaped) => text.push(escaped),
                None => break,
            }
        }
        self.parts.strings.push((line, text));
    }

    fn char_literal(&mut self) {
        self.blank();
        if self.blank() == Some('\\') {
            self.blank();
        }
        self.blank_while(|rest| !rest.starts_with('\''));
        self.blank();
    }
}

/// `'x'` or `'\n'`, and not the lifetime `'x`.
fn is_char_literal(follows: &str) -> bool {
    let mut letters = follows.chars();
    letters.next() == Some('\'') && (letters.next() == Some('\\') || letters.next() == Some('\''))
}

/// Whether a letter can be part of a name.
pub(super) fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::RustText;

    #[test]
    fn strings_are_found_with_their_lines_and_gone_from_the_code() {
        let text =
            RustText::of("let a = \"one \\\"two\\\"\";\nlet b = r#\"thr\"ee\"#; // \"four\"\n");

        assert_eq!(
            text.strings,
            [(1, "one \"two\"".to_owned()), (2, "thr\"ee".to_owned())]
        );
        assert!(
            !text.code.contains("one") && !text.code.contains("four"),
            "{}",
            text.code
        );
        assert_eq!(text.code.lines().count(), 2, "lines stay where they are");
    }

    #[test]
    fn quotes_in_characters_and_comments_begin_no_string() {
        let text = RustText::of(
            "fn f<'a>(x: &'a str) { x == '\"' || x == '\\'' } /* \" /* \" */ */ g(\"s\")",
        );

        assert_eq!(text.strings, [(1, "s".to_owned())]);
        assert!(
            text.code.contains("&'a str"),
            "a lifetime is code: {}",
            text.code
        );
    }

    #[test]
    fn a_broken_line_in_a_string_is_joined() {
        let text = RustText::of("f(\n  \"a \\\n    b\",\n);");

        assert_eq!(text.strings, [(2, "a b".to_owned())]);
    }
}
