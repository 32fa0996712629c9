//! Both languages have the same words.

use super::{finding::Finding, json_keys::keys, source::Source};

const LOCALES: [&str; 2] = ["ui/locales/zh.json", "ui/locales/en.json"];

/// Finds words that one language lacks, and words said twice.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let found = LOCALES.map(|path| sources.iter().find(|source| source.path == path));
    let [Some(zh), Some(en)] = found else {
        return Vec::new();
    };
    [lacking(zh, en), lacking(en, zh), doubled(zh), doubled(en)].concat()
}

fn lacking(has: &Source, lacks: &Source) -> Vec<Finding> {
    let there = keys(&lacks.text);
    let missing = keys(&has.text)
        .into_iter()
        .filter(|(_, key)| !there.iter().any(|(_, other)| other == key));
    missing
        .map(|(line, key)| {
            Finding::at(
                &has.path,
                line,
                format!("`{key}` is missing in {}", lacks.path),
            )
        })
        .collect()
}

fn doubled(source: &Source) -> Vec<Finding> {
    let mut keys: Vec<_> = keys(&source.text)
        .into_iter()
        .map(|(line, key)| (key, line))
        .collect();
    keys.sort();
    let pairs = keys
        .iter()
        .zip(keys.iter().skip(1))
        .filter(|((one, _), (next, _))| one == next);
    pairs
        .map(|(_, (key, line))| Finding::at(&source.path, *line, format!("`{key}` is said twice")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::source::source, check};

    fn findings(zh: &str, en: &str) -> Vec<String> {
        let files = [
            source("ui/locales/zh.json", zh),
            source("ui/locales/en.json", en),
        ];
        check(&files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_keys_are_in_order_whatever_their_order() {
        assert!(findings(r#"{"a": "1", "b": "2"}"#, r#"{"b": "3", "a": "4"}"#).is_empty());
    }

    #[test]
    fn a_word_missing_in_either_language_is_found() {
        let says = findings("{\n\"a\": \"1\"\n}", "{\n\"b\": \"2\"\n}");

        assert_eq!(
            says,
            [
                "ui/locales/zh.json:2: `a` is missing in ui/locales/en.json",
                "ui/locales/en.json:2: `b` is missing in ui/locales/zh.json",
            ]
        );
    }

    #[test]
    fn a_word_said_twice_is_found() {
        assert_eq!(
            findings("{\"a\": \"1\",\n\"a\": \"2\"}", "{\"a\": \"1\"}"),
            ["ui/locales/zh.json:2: `a` is said twice"]
        );
    }
}
