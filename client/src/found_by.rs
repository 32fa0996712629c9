//! What a case is found by: its words, pinyin, initials and numbers.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use shared::{
    CaseId,
    case::{Case, receipt_code},
};

/// Characters of the description that a search looks at.
const SEARCHED_CHARS: usize = 500;

/// What a case is found by. Its category is looked up when searching, so that a new catalogue
/// changes nothing here.
pub(crate) fn words(id: CaseId, case: &Case) -> String {
    let amended = case.amended();
    let address = &amended.place.address;
    let spelled = spelled(address);
    let mut parts = vec![
        first_words(amended.description, SEARCHED_CHARS),
        address.clone(),
        initials(&spelled),
    ];
    parts.extend(ways_to_type(&spelled.concat()));
    parts.extend(numbers(id, Some(case)));
    as_typed(&parts.join("\n"))
}

/// The numbers people have of a case, in small letters: 案件编号 and 回执码, and those of the cases that go on
/// as it. Of one that was deleted only its 回执码 is left.
pub(crate) fn numbers(id: CaseId, case: Option<&Case>) -> BTreeSet<String> {
    let own = (id, case.and_then(|case| case.case_no.as_ref()));
    let joined = case.into_iter().flat_map(|case| &case.joined);
    let joined = joined.map(|it| (it.id, it.case_no.as_ref()));
    std::iter::once(own)
        .chain(joined)
        .flat_map(|(id, case_no)| [case_no.cloned(), Some(receipt_code(id))])
        .flatten()
        .map(|number| as_typed(&number))
        .collect()
}

/// Each character by its pinyin, those that have none as they are, without blanks.
pub(crate) fn spelled(text: &str) -> Vec<String> {
    let characters = text.chars().zip(text.to_pinyin());
    characters
        .filter_map(|(character, syllable)| match syllable {
            Some(syllable) => Some(syllable.plain().to_owned()),
            None => (!character.is_whitespace()).then(|| character.to_string()),
        })
        .collect()
}

/// The first letters of what [`spelled`] gives.
pub(crate) fn initials(spelled: &[String]) -> String {
    let first = spelled.iter().filter_map(|it| it.chars().next());
    first.collect()
}

/// What is typed and what is looked at, made alike: small letters, and v for ü, which few keyboards have.
pub(crate) fn as_typed(text: &str) -> String {
    text.to_lowercase().replace('ü', "v")
}

/// The ways to type a word in pinyin: 吕 is `lv`, which stands for `lü`, and `lu` to who writes no dots.
pub(crate) fn ways_to_type(pinyin: &str) -> impl Iterator<Item = String> + use<> {
    let small = pinyin.to_lowercase();
    let without_dots = small.contains('ü').then(|| small.replace('ü', "u"));
    std::iter::once(as_typed(&small)).chain(without_dots)
}

/// The syllables of a text with blanks between, as [`shared::search`] takes them.
pub(crate) fn syllables(text: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    let mut foreign = String::new();
    for (character, syllable) in text.chars().zip(text.to_pinyin()) {
        match syllable {
            None if !character.is_whitespace() => foreign.extend(character.to_lowercase()),
            found => {
                all.extend((!foreign.is_empty()).then(|| std::mem::take(&mut foreign)));
                all.extend(found.map(|syllable| as_typed(syllable.plain())));
            }
        }
    }
    all.extend((!foreign.is_empty()).then_some(foreign));
    all.join(" ")
}

/// The beginning of a text on one line.
pub(crate) fn first_words(text: &str, chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_takes_syllables_with_blanks_between() {
        assert_eq!(syllables("绿地20号"), "lv di 20 hao");
    }
}
