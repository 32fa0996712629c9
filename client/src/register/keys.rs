//! What an entry is found by. A search asks for keys that begin with what was typed, so each way of
//! typing is a key of its own; nothing is scanned.

use std::collections::BTreeSet;

use pinyin::ToPinyin as _;
use shared::{
    plate::sought,
    register::{EntryKind, Stands},
};

use crate::{
    found_by::{as_typed, initials, spelled, ways_to_type},
    surnames,
};

/// Characters of a name or an address that are looked at.
const READ_CHARS: usize = 80;

/// Characters of a piece that stand in its key. Who types more is not told fewer.
const PIECE_CHARS: usize = 16;

/// What a query is looked for as, one after the other: whoever's whole name begins so stands before those
/// in whose name it is somewhere.
pub(crate) fn queries(typed: &str) -> impl Iterator<Item = String> {
    let query: String = beginning(typed).chars().take(PIECE_CHARS).collect();
    let spells = query.starts_with(|it: char| it.is_ascii_alphabetic());
    let inside = spells.then(|| format!("{INSIDE}{query}"));
    let whole = (!query.is_empty()).then_some(query);
    whole.into_iter().chain(inside)
}

/// What a number is looked for as.
pub(crate) fn number(typed: &str) -> String {
    beginning(typed)
}

/// Stands around the code of a plate; no keyboard has it.
const PLATE: char = '\u{1}';

/// Stands before pinyin and initials that do not begin with the name; no keyboard has it. Not lower than
/// a blank, so that it is one byte in JSON, too.
const INSIDE: char = '\u{7f}';

fn beginning(text: &str) -> String {
    as_typed(&text.split_whitespace().collect::<String>())
}

/// What a dwelling is found by when its city's plate says this. Marked off on both sides: only a whole
/// code is one, and nobody who types the digits of a telephone is shown the doors of a street.
pub(crate) fn of_plate(code: &str) -> Option<String> {
    let code = sought(code);
    (!code.is_empty()).then(|| format!("{PLATE}{code}{PLATE}"))
}

/// What an entry is found by: of a person the name, its pinyin and its initials, each from every character
/// on, the last four of the numbers; of a 单位/场所 its name likewise, its address from each of its
/// characters on, the last four of its telephone and its whole credit code; of a building its address
/// likewise; of a dwelling its door.
pub(super) fn keys(kind: EntryKind, stands: &Stands<'_>, door: &str) -> Vec<String> {
    let text = |field| stands.text(field).unwrap_or_default();
    let mut keys = BTreeSet::new();
    match kind {
        EntryKind::Resident => {
            keys.extend(of_name(text("name")));
            keys.extend(last_four(text("id_no")));
            keys.extend(last_four(text("phone")));
        }
        EntryKind::Place => {
            keys.extend(of_name(text("name")));
            keys.extend(pieces(text("address")));
            keys.extend(last_four(text("contact_phone")));
            keys.extend(Some(number(text("uscc"))));
        }
        EntryKind::Building => {
            let address = ["compound", "name", "address"].map(text).concat();
            keys.extend(pieces(&address));
            keys.extend(in_pinyin(text("compound")));
        }
        EntryKind::Dwelling => {
            keys.extend([door, text("room")].map(as_typed));
            keys.extend(of_plate(text("door_code")));
        }
        EntryKind::Household | EntryKind::Campaign | EntryKind::Management => {}
    }
    without_beginnings(keys)
}

/// Without those that another one begins with, which is found by all that they are: 满 in initials is the
/// beginning of its pinyin.
fn without_beginnings(keys: BTreeSet<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(keys.len());
    // What begins with a key stands right behind it.
    for key in keys {
        if kept.last().is_some_and(|last| key.starts_with(&**last)) {
            kept.pop();
        }
        kept.push(key);
    }
    kept.retain(|key| !key.is_empty());
    kept
}

/// A door as people say it: `3-2-501` is 3幢 2单元 501.
pub(super) fn door_name(building: &str, unit: &str, room: &str) -> String {
    let parts = [number_in(building), number_in(unit), room.to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join("-")
}

/// A name as it is written, in pinyin and in initials.
fn of_name(name: &str) -> Vec<String> {
    pieces(name).into_iter().chain(in_pinyin(name)).collect()
}

/// Pinyin and initials of a name from each of its characters on, and as its surname is read.
fn in_pinyin(name: &str) -> Vec<String> {
    let characters = name.chars().filter(|it| !it.is_whitespace());
    let name: String = characters.take(READ_CHARS).collect();
    let common = spelled(&name);
    let by_surname = surnames::reading(&name).map(|surname| {
        let rest = common.iter().skip(surname.len()).cloned();
        let surname = surname.iter().map(|it| (*it).to_owned());
        surname.chain(rest).collect()
    });
    let mut keys = Vec::new();
    for reading in [Some(common), by_surname].into_iter().flatten() {
        for (at, character) in name.chars().enumerate() {
            // What is not Chinese is found as it is written.
            if at > 0 && character.to_pinyin().is_none() {
                continue;
            }
            let from = reading.get(at..).unwrap_or_default();
            let ways = ways_to_type(&from.concat()).chain(ways_to_type(&initials(from)));
            keys.extend(ways.map(|way| {
                let inside = (at > 0).then_some(INSIDE);
                inside
                    .into_iter()
                    .chain(way.chars().take(PIECE_CHARS))
                    .collect()
            }));
        }
    }
    keys
}

/// A text from each of its characters on, so that whatever piece of it is typed begins a key.
fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = beginning(text).chars().take(READ_CHARS).collect();
    let from = |at| characters.iter().skip(at).take(PIECE_CHARS).collect();
    (0..characters.len()).map(from).collect()
}

fn last_four(number: &str) -> Option<String> {
    let characters: Vec<char> = beginning(number).chars().collect();
    let from = characters.len().checked_sub(4)?;
    Some(characters.iter().skip(from).collect())
}

/// The number in `3幢` or `2单元`; without one, all of it.
fn number_in(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return beginning(text);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, name: &str) -> bool {
        let keys = without_beginnings(of_name(name).into_iter().collect());
        queries(typed).any(|query| keys.iter().any(|key| key.starts_with(&query)))
    }

    #[test]
    fn a_surname_is_found_as_it_is_read_and_as_its_character_mostly_is() {
        let names = [
            ("曾小满", "zengxiaoman", "cengxiaoman"),
            ("单雄", "shanxiong", "danxiong"),
            ("解缙", "xiejin", "jiejin"),
            ("仇英", "qiuying", "chouying"),
            ("区大相", "oudaxiang", "qudaxiang"),
            ("查良", "zhaliang", "chaliang"),
            ("翟木兰", "zhaimulan", "dimulan"),
            ("朴一帆", "piaoyifan", "puyifan"),
            ("覃听雨", "qintingyu", "tantingyu"),
            ("乐见山", "yuejianshan", "lejianshan"),
            ("盖半夏", "gebanxia", "gaibanxia"),
            ("尉迟三", "yuchisan", "weichisan"),
            ("万俟三", "moqisan", "wanqisan"),
            ("任三", "rensan", "ren"),
            ("华三", "huasan", "hua"),
        ];
        for (name, by_surname, common) in names {
            let begins = |letters| by_surname.get(..letters).unwrap();
            for typed in [by_surname, common, begins(3), begins(1)] {
                assert!(finds(typed, name), "{typed} finds {name}");
            }
        }
        assert!(finds("zxm", "曾小满") && finds("cxm", "曾小满"));
        assert!(finds("mqs", "万俟三") && finds("yc", "尉迟三"));
        assert!(!finds("zengxiao", "小满曾"), "only where a surname stands");
    }

    #[test]
    fn an_umlaut_is_typed_with_dots_as_v_and_as_u() {
        for typed in ["lü", "LÜ", "lv", "lu", "lvchunsheng", "luchunsheng", "lcs"] {
            assert!(finds(typed, "吕春生"), "{typed}");
        }
        for typed in ["nv", "nü", "nu", "shennv"] {
            assert!(finds(typed, "沈女"), "{typed}");
        }
        for typed in ["müller", "mvller", "muller", "MÜLLER"] {
            assert!(finds(typed, "Müller"), "{typed}");
        }
        assert!(!finds("lv", "鲁春生"), "who types v means ü");
    }

    #[test]
    fn pinyin_and_initials_find_a_name_from_each_of_its_characters_on() {
        for typed in [
            "ouyangxiaoman",
            "oyxm",
            "xiaoman",
            "xm",
            "man",
            "m",
            "yangxiao",
            "yxm",
        ] {
            assert!(finds(typed, "欧阳小满"), "{typed}");
        }
        for typed in ["aoman", "ym", "ouman", "iaoman"] {
            assert!(!finds(typed, "欧阳小满"), "{typed}");
        }
    }

    #[test]
    fn a_name_has_few_keys_and_a_long_one_has_short_ones() {
        let keys = without_beginnings(of_name("张小满").into_iter().collect());
        assert_eq!(
            keys,
            [
                "zhangxiaoman",
                "zxm",
                "\u{7f}man",
                "\u{7f}xiaoman",
                "\u{7f}xm",
                "小满",
                "张小满",
                "满"
            ]
        );
        let long = "买买提".repeat(200);
        let keys = of_name(&long);
        assert!(
            keys.iter()
                .all(|key| key.chars().count() <= PIECE_CHARS + 1)
        );
        assert!(keys.len() <= 3 * READ_CHARS, "{}", keys.len());
        assert!(finds("maimaitimaimaitimaimaiti", &long), "though it is cut");
    }
}
