//! Surnames that are read otherwise than their characters mostly are: 曾 is Zēng, not céng. The crate
//! knows each character's most common reading only.
//!
//! Those whose most common reading, as the crate has it, is not that of the surname. Gathered from the
//! surnames of [overtrue/pinyin](https://github.com/overtrue/pinyin/blob/master/sources/surnames.txt)
//! and of [pinyin-pro](https://github.com/zh-lx/pinyin-pro/blob/main/lib/data/surname.ts), with 炅, 祭,
//! 召, 句, 郇, 员 and 洗 as dictionaries mark them 姓.

/// A surname and its syllables, those of two characters first.
const READINGS: &[(&str, &[&str])] = &[
    ("单于", &["chan", "yu"]),
    ("澹台", &["tan", "tai"]),
    ("万俟", &["mo", "qi"]),
    ("尉迟", &["yu", "chi"]),
    ("子车", &["zi", "ju"]),
    ("乐正", &["yue", "zheng"]),
    ("薄", &["bo"]),
    ("卜", &["bu"]),
    ("曾", &["zeng"]),
    ("重", &["chong"]),
    ("种", &["chong"]),
    ("都", &["du"]),
    ("盖", &["ge"]),
    ("句", &["gou"]),
    ("炅", &["gui"]),
    ("阚", &["kan"]),
    ("六", &["lu"]),
    ("乜", &["nie"]),
    ("缪", &["miao"]),
    ("秘", &["bi"]),
    ("佴", &["nai"]),
    ("能", &["nai"]),
    ("粘", &["nian"]),
    ("区", &["ou"]),
    ("朴", &["piao"]),
    ("繁", &["po"]),
    ("仇", &["qiu"]),
    ("覃", &["qin"]),
    ("单", &["shan"]),
    ("召", &["shao"]),
    ("折", &["she"]),
    ("隗", &["wei"]),
    ("洗", &["xian"]),
    ("解", &["xie"]),
    ("郇", &["xun"]),
    ("乐", &["yue"]),
    ("员", &["yun"]),
    ("贠", &["yun"]),
    ("扎", &["za"]),
    ("藏", &["zang"]),
    ("查", &["zha"]),
    ("翟", &["zhai"]),
    ("祭", &["zhai"]),
];

/// How the surname that a name begins with is read, if not as its characters mostly are.
pub(crate) fn reading(name: &str) -> Option<&'static [&'static str]> {
    let mut readings = READINGS.iter();
    readings.find_map(|(surname, reading)| name.starts_with(surname).then_some(*reading))
}

#[cfg(test)]
mod tests {
    use pinyin::ToPinyin as _;

    use super::*;

    #[test]
    fn each_is_read_otherwise_than_its_characters_and_syllable_by_syllable() {
        for (surname, reading) in READINGS {
            let common: Vec<_> = surname.chars().map(|it| it.to_pinyin()).collect();
            let common: Vec<_> = common.iter().flatten().map(|it| it.plain()).collect();

            assert_eq!(common.len(), reading.len(), "{surname}");
            assert_ne!(common, *reading, "{surname}");
        }
    }

    #[test]
    fn a_surname_of_two_characters_goes_before_one_of_one() {
        assert_eq!(reading("单于春生"), Some(&["chan", "yu"][..]));
        assert_eq!(reading("单春生"), Some(&["shan"][..]));
        assert_eq!(reading("春单生"), None);
    }
}
