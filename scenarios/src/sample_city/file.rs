//! The text of a pack file: JSON with one line for each small thing, so that a diff shows what
//! changed and the file stays a third of its fully indented size.

use serde::Serialize;

use super::SampleCityError;

/// What fits on one line stays on it.
const LINE_CHARS: usize = 200;

/// The file's text, ending with a line break.
pub fn to_text(pack: &impl Serialize) -> Result<String, SampleCityError> {
    let compact: Vec<char> = serde_json::to_string(pack)?.chars().collect();
    let mut text = String::with_capacity(compact.len() * 2);
    write_value(&mut text, &mut Tokens { chars: &compact }, 0);
    text.push('\n');
    Ok(text)
}

/// Walks over compact JSON, which `serde_json` wrote a moment ago and is known to be well formed.
struct Tokens<'a> {
    chars: &'a [char],
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<char> {
        self.chars.first().copied()
    }

    fn take(&mut self, count: usize) -> &'a [char] {
        let (taken, rest) = self.chars.split_at(count.min(self.chars.len()));
        self.chars = rest;
        taken
    }

    /// Length of the value that begins here: up to the comma or bracket that ends it.
    fn value_len(&self) -> usize {
        let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
        for (at, c) in self.chars.iter().enumerate() {
            match c {
                _ if escaped => escaped = false,
                '\\' if in_text => escaped = true,
                '"' => in_text = !in_text,
                _ if in_text => {}
                '{' | '[' => depth += 1,
                '}' | ']' | ',' | ':' if depth == 0 => return at,
                '}' | ']' => depth -= 1,
                _ => {}
            }
        }
        self.chars.len()
    }
}

fn write_value(text: &mut String, tokens: &mut Tokens<'_>, indent: usize) {
    let len = tokens.value_len();
    let opens = matches!(tokens.peek(), Some('{' | '['));
    if !opens || len + indent <= LINE_CHARS {
        text.extend(tokens.take(len));
        return;
    }
    text.extend(tokens.take(1));
    loop {
        new_line(text, indent + 1);
        let key_len = tokens.value_len();
        if tokens.chars.get(key_len) == Some(&':') {
            text.extend(tokens.take(key_len + 1));
            text.push(' ');
        }
        write_value(text, tokens, indent + 1);
        if tokens.peek() != Some(',') {
            break;
        }
        text.extend(tokens.take(1));
    }
    new_line(text, indent);
    text.extend(tokens.take(1));
}

fn new_line(text: &mut String, indent: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reflowed_file_says_the_same_as_before() {
        let value = serde_json::json!({
            "quote": "a \"b\" {, [ \\", "empty": [], "none": null,
            "long": (0..100).map(|n| format!("[{n}]")).collect::<Vec<_>>(),
            "rows": (0..20).map(|n| serde_json::json!({"n": n, "name": "桂花苑5幢"})).collect::<Vec<_>>(),
        });

        let text = to_text(&value).unwrap();

        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value,
            "because only white space may be added"
        );
        assert!(
            text.contains("\n  {\"n\":3,\"name\":\"桂花苑5幢\"},\n")
                || text.contains("\n  {\"name\":\"桂花苑5幢\",\"n\":3},\n"),
            "because a small thing is one line"
        );
    }
}
