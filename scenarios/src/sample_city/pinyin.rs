//! Pinyin without tones, syllables separated by spaces. The crate knows each character's most
//! common reading; the words in [`READINGS`] are read otherwise.

use ::pinyin::ToPinyin;

use super::SampleCityError;

/// Words with a character the crate reads otherwise. Found by reading every name of the city
/// aloud; to be done again when names are added.
const READINGS: &[(&str, &str)] = &[
    ("重复", "chong fu"),
    ("重新", "chong xin"),
    ("调解", "tiao jie"),
    ("调压", "tiao ya"),
    ("空调", "kong tiao"),
    ("长渠", "chang qu"),
    ("长椅", "chang yi"),
    ("幢", "zhuang"),
];

/// The syllables of `text`. Digits and letters stand for themselves, one syllable each, so that
/// `wfl12` finds 文峰路12号; punctuation is silent.
pub(super) fn syllables(text: &str) -> Result<Vec<String>, SampleCityError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = READINGS
            .iter()
            .find_map(|(word, reading)| Some((rest.strip_prefix(word)?, reading)));
        if let Some((after, reading)) = word {
            found.extend(reading.split(' ').map(str::to_owned));
            rest = after;
            continue;
        }
        if let Some(pinyin) = c.to_pinyin() {
            // Keyboards have no ü: people type v.
            found.push(pinyin.plain().replace('ü', "v"));
        } else if c.is_ascii_alphanumeric() {
            found.push(c.to_ascii_lowercase().to_string());
        } else if c.is_alphanumeric() {
            return Err(SampleCityError::NoPinyin(c, text.to_owned()));
        }
        rest = rest.strip_prefix(c).unwrap_or_default();
    }
    Ok(found)
}

/// The pinyin of `text` as packs hold it.
pub(super) fn pinyin(text: &str) -> Result<String, SampleCityError> {
    Ok(syllables(text)?.join(" "))
}

/// A proper name as one capitalised word: 文峰 is Wenfeng.
pub(super) fn proper_name(text: &str) -> Result<String, SampleCityError> {
    let mut name = String::new();
    for syllable in syllables(text)? {
        // Xi'an, not Xian: a syllable that begins with a vowel is set off.
        if !name.is_empty() && syllable.starts_with(['a', 'e', 'o']) {
            name.push('\'');
        }
        name.push_str(&syllable);
    }
    Ok(name
        .chars()
        .take(1)
        .flat_map(char::to_uppercase)
        .chain(name.chars().skip(1))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_with_several_readings_is_read_as_in_its_word() {
        let words = [
            ("行道树", "xing dao shu"),
            ("燃气调压站", "ran qi tiao ya zhan"),
            ("绿地", "lv di"),
            ("桂花苑5幢", "gui hua yuan 5 zhuang"),
            ("长渠路12号", "chang qu lu 1 2 hao"),
            ("公交站亭（牌）", "gong jiao zhan ting pai"),
        ];
        for (word, expected) in words {
            assert_eq!(
                pinyin(word).unwrap(),
                expected,
                "because people say {word} so"
            );
        }
    }

    #[test]
    fn a_proper_name_is_one_word() {
        assert_eq!(proper_name("文峰").unwrap(), "Wenfeng");
        assert_eq!(proper_name("临安").unwrap(), "Lin'an");
    }
}
