//! What a case is found by: its words, pinyin, initials and numbers.

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
    // A case is found by the numbers of those that go on as it, too.
    let joined = case.joined.iter();
    let joined =
        joined.flat_map(|it| [it.case_no.clone().unwrap_or_default(), receipt_code(it.id)]);
    let parts = [
        first_words(amended.description, SEARCHED_CHARS),
        address.clone(),
        spelled(address, |syllable| syllable),
        spelled(address, |syllable| syllable.get(..1).unwrap_or(syllable)),
        case.case_no.clone().unwrap_or_default(),
        receipt_code(id),
    ];
    let parts: Vec<String> = parts.into_iter().chain(joined).collect();
    parts.join("\n").to_lowercase()
}

/// Chinese characters by their pinyin, everything else as it is.
pub(crate) fn spelled(text: &str, part: impl Fn(&'static str) -> &'static str) -> String {
    let mut spelled = String::new();
    for (character, syllable) in text.chars().zip(text.to_pinyin()) {
        match syllable {
            Some(syllable) => spelled.push_str(part(syllable.plain())),
            None if !character.is_whitespace() => spelled.push(character),
            None => {}
        }
    }
    spelled
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
                all.extend(found.map(|syllable| syllable.plain().to_owned()));
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
