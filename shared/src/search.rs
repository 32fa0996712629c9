//! Finding a name the way people type: Chinese words, pinyin, or the initials of pinyin.

/// How well a query fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The name or the initials begin with the query.
    Start,
    /// Every part of the query is somewhere in the name or its pinyin.
    Inside,
}

/// A name that can be searched for.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    /// The name, Chinese or English.
    pub text: &'a str,
    /// Its pinyin, syllables separated by spaces; may be empty.
    pub pinyin: &'a str,
}

/// Whether `query` finds `name`, ignoring case and blanks: by a piece of the name, by pinyin from
/// the beginning of any syllable (`luopo`, `sunhuai`), or by a run of initials (`dlps`). An ü is found
/// by `ü`, by `v` and by `u`.
pub fn fit(query: &str, name: Name<'_>) -> Option<Fit> {
    let query = as_typed(&query.split_whitespace().collect::<String>());
    if query.is_empty() {
        return Some(Fit::Inside);
    }
    let text = as_typed(name.text);
    if text.starts_with(&query) {
        return Some(Fit::Start);
    }
    if text.contains(&query) {
        return Some(Fit::Inside);
    }
    let syllables: Vec<&str> = name.pinyin.split_whitespace().collect();
    (0..syllables.len()).find_map(|start| {
        let rest = syllables.get(start..)?;
        let initials: String = rest.iter().map(|syllable| initial(syllable)).collect();
        let found = initials.starts_with(&query) || begins(&as_typed(&rest.concat()), &query);
        found.then_some(if start == 0 { Fit::Start } else { Fit::Inside })
    })
}

/// Small letters, and v for ü: few keyboards have it.
fn as_typed(text: &str) -> String {
    text.to_lowercase().replace('ü', "v")
}

/// Whether pinyin begins so; who writes no dots types u for ü.
fn begins(pinyin: &str, query: &str) -> bool {
    pinyin.starts_with(query) || pinyin.contains('v') && pinyin.replace('v', "u").starts_with(query)
}

/// A syllable's first letter; a number stays whole, so that a door is found by it (`xhl20`).
fn initial(syllable: &str) -> &str {
    if syllable.starts_with(|first: char| first.is_ascii_digit()) {
        return syllable;
    }
    let end = syllable
        .char_indices()
        .nth(1)
        .map_or(syllable.len(), |(end, _)| end);
    syllable.get(..end).unwrap_or(syllable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAMAGED_ROAD: Name<'_> = Name {
        text: "道路破损",
        pinyin: "dao lu po sun",
    };

    #[test]
    fn a_door_is_found_by_initials_and_its_number() {
        let door = Name {
            text: "人民路12号",
            pinyin: "ren min lu 12 hao",
        };

        assert_eq!(fit("rml12", door), Some(Fit::Start));
        assert_eq!(fit("rml12h", door), Some(Fit::Start));
        assert_eq!(fit("rml13", door), None);
    }

    #[test]
    fn an_umlaut_is_found_however_it_is_typed() {
        for pinyin in ["lü di", "lv di"] {
            let green = Name {
                text: "绿地",
                pinyin,
            };
            for query in ["lüdi", "LÜ", "lv", "lvdi", "lu", "ludi"] {
                assert_eq!(fit(query, green), Some(Fit::Start), "{query:?} of {pinyin}");
            }
        }
        let luo = Name {
            text: "鲁地",
            pinyin: "lu di",
        };
        assert_eq!(fit("lv", luo), None, "who types v means ü");
    }

    #[test]
    fn a_name_is_found_by_words_pinyin_and_initials() {
        let queries = [
            ("道路", Some(Fit::Start)),
            ("破损", Some(Fit::Inside)),
            ("dlps", Some(Fit::Start)),
            ("DLPS", Some(Fit::Start)),
            ("daolu", Some(Fit::Start)),
            ("dao lu", Some(Fit::Start)),
            ("posun", Some(Fit::Inside)),
            ("ps", Some(Fit::Inside)),
            ("lu", Some(Fit::Inside)),
            ("ao", None),
            ("井盖", None),
            ("xyz", None),
        ];
        for (query, expected) in queries {
            assert_eq!(fit(query, DAMAGED_ROAD), expected, "{query:?}");
        }
    }
}
