//! The keys of a JSON file of words, each with its path and line. Values are not looked at.

use std::str::Chars;

/// Every key, as `section.key`, with the line it stands on.
pub(super) fn keys(text: &str) -> Vec<(usize, String)> {
    let mut reader = Reader {
        rest: text.chars(),
        line: 1,
    };
    let mut path: Vec<String> = Vec::new();
    let mut last = String::new();
    let mut keys = Vec::new();
    while let Some(letter) = reader.next() {
        match letter {
            '"' => last = reader.string(),
            ':' => keys.push((
                reader.line,
                [path.as_slice(), &[last.clone()]].concat().join("."),
            )),
            '{' => path.push(std::mem::take(&mut last)),
            '}' => {
                path.pop();
            }
            _ => {}
        }
    }
    // The outermost object has no name; its place in the paths is the leading dot.
    keys.into_iter()
        .map(|(line, key)| (line, key.trim_start_matches('.').to_owned()))
        .collect()
}

struct Reader<'text> {
    rest: Chars<'text>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    fn string(&mut self) -> String {
        let mut text = String::new();
        while let Some(letter) = self.next().filter(|letter| *letter != '"') {
            text.push(letter);
            if letter == '\\' {
                text.extend(self.next());
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::keys;

    #[test]
    fn keys_come_with_path_and_line_and_values_do_not_confuse() {
        let text =
            "{\n \"a\": {\n  \"b\": \"x: {\\\"y\\\"}\",\n  \"c\": \"z\"\n },\n \"d\": \"\"\n}";

        let keys = keys(text);

        let expected = [(2, "a"), (3, "a.b"), (4, "a.c"), (6, "d")];
        assert_eq!(keys, expected.map(|(line, key)| (line, key.to_owned())));
    }
}
