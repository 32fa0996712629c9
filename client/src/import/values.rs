//! One cell, by what is to stand in its field. What is not understood is told, never guessed; a
//! number whose last digits a spreadsheet has lost is no number.

use std::borrow::Cow;

use forms::civil;
use shared::{
    ipc::ImportWrong,
    register::{
        EntryKind, FieldValue, Type,
        check::Wrong,
        words::{CARE, codes},
    },
};

use super::names::{Target, half_width};

/// What a cell says, not empty and without blanks around it. Grids are told apart elsewhere.
pub(super) fn read(target: Target, text: &str) -> Result<FieldValue, ImportWrong> {
    // A spreadsheet's way to say that what looks like a number is text.
    let text = text.strip_prefix('\'').unwrap_or(text);
    if text.starts_with('#') && is_failed(text) {
        return Err(ImportWrong::FailedFormula);
    }
    match target.of {
        Type::Words | Type::Grid => words(text),
        Type::Code(_) => {
            let text = half_width(text);
            let code = codes::code(target.kind, target.name, &text);
            code.map(FieldValue::from).ok_or(wrong(Wrong::NotOffered))
        }
        Type::Day | Type::AnyDay => day(text).map(FieldValue::Text),
        Type::Number(..) => number(text).map(FieldValue::Number),
        Type::Flag => flag(text).map(FieldValue::Flag),
        Type::IdNumber | Type::CreditCode => {
            let mut number = written_out(text)?;
            number.make_ascii_uppercase();
            Ok(FieldValue::Text(number))
        }
        Type::Phone => written_out(text).map(FieldValue::Text),
        // Half a point is read by [`degrees`].
        Type::Link(_) | Type::Form | Type::Counts | Type::Point => Err(wrong(Wrong::NotOffered)),
    }
}

/// The care tags that a cell names.
pub(super) fn care(text: &str) -> Result<Vec<&'static str>, ImportWrong> {
    let parts = text.split(['、', ',', '，', ';', '；', '/', '|', ' ', '+']);
    let parts = parts.map(str::trim).filter(|it| !it.is_empty());
    let none = |it: &&str| !["无", "否", "none", "-"].contains(it);
    let tags = parts.filter(none).map(|part| {
        let code = codes::code(EntryKind::Resident, CARE, part);
        code.ok_or(wrong(Wrong::NotOffered))
    });
    tags.collect()
}

/// Degrees, up to so many on either side of none: `120.853`, `120.853°`.
pub(super) fn degrees(text: &str, at_most: f64) -> Result<f64, ImportWrong> {
    let text = half_width(text);
    let text = text.trim();
    let number = text.strip_suffix('°').unwrap_or(text).trim().parse::<f64>();
    let degrees = number.map_err(|_no_number| wrong(Wrong::NotOffered))?;
    if degrees.abs() <= at_most {
        Ok(degrees)
    } else {
        Err(wrong(Wrong::OutOfRange))
    }
}

const fn wrong(wrong: Wrong) -> ImportWrong {
    ImportWrong::Value { wrong }
}

fn is_failed(text: &str) -> bool {
    const FAILED: [&str; 8] = [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#GETTING_DATA",
    ];
    FAILED.contains(&text) || text.bytes().all(|it| it == b'#')
}

/// A number with an exponent, as a spreadsheet shows one that is too long for it.
fn has_lost_digits(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    is_number(whole) && is_number(part) && is_number(exponent)
}

fn words(text: &str) -> Result<FieldValue, ImportWrong> {
    if has_lost_digits(text) {
        return Err(ImportWrong::DigitsLost);
    }
    Ok(FieldValue::from(text))
}

/// A number that is a name: without blanks, in usual digits, whole.
fn written_out(text: &str) -> Result<String, ImportWrong> {
    let text = half_width(text);
    if has_lost_digits(&text) {
        return Err(ImportWrong::DigitsLost);
    }
    let text = text.strip_suffix(".0").unwrap_or(&text);
    Ok(text.chars().filter(|it| !it.is_whitespace()).collect())
}

/// A whole number, with what people say behind it: `5楼`, `12F`, `-1`, `B1`, `地下1层`, `6人`.
fn number(text: &str) -> Result<i64, ImportWrong> {
    let text = half_width(text);
    let lower = text.trim().to_lowercase();
    let below = ["地下", "负", "b", "-"];
    let (sign, rest) = below
        .iter()
        .find_map(|below| lower.strip_prefix(below).map(|rest| (-1, rest)))
        .unwrap_or((1, &lower));
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let ends = ["层", "楼", "f", "个", "户", "人", "名", "单元", ".0"];
    let rest = ends
        .iter()
        .fold(rest, |it, end| it.strip_suffix(end).unwrap_or(it));
    let number: i64 = rest
        .trim()
        .parse()
        .map_err(|_no_number| wrong(Wrong::NotOffered))?;
    Ok(sign * number)
}

fn flag(text: &str) -> Result<bool, ImportWrong> {
    match &*half_width(text).to_lowercase() {
        "是" | "有" | "√" | "✓" | "1" | "y" | "yes" | "true" => Ok(true),
        "否" | "无" | "×" | "0" | "n" | "no" | "false" => Ok(false),
        _ => Err(wrong(Wrong::NotOffered)),
    }
}

/// A day in the ways spreadsheets have them: `2020-01-31`, `2020/1/31`, `2020.1.31`,
/// `2020年1月31日`, `20200131`, each perhaps with a time behind it, and the number of days since
/// 1899 that stands behind a date.
fn day(text: &str) -> Result<String, ImportWrong> {
    let text = half_width(text);
    let no_day = wrong(Wrong::NotADay);
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let date = date.strip_suffix(".0").unwrap_or(date);
    let is_digits = !date.is_empty() && date.bytes().all(|it| it.is_ascii_digit());
    if is_digits {
        return match (date.len(), date.parse::<i64>()) {
            (8, Ok(number)) => written(number / 10_000, number / 100 % 100, number % 100),
            // A year alone is no day.
            (4, Ok(1_800..3_000)) => Err(no_day),
            // From 1900-03-01 (before, spreadsheets count a day that never was) to 2173.
            (2..=5, Ok(number)) if (61..100_000).contains(&number) => {
                Ok(civil::date_text(number - 25_569))
            }
            _ => Err(no_day),
        };
    }
    let parts = date.split(['-', '/', '.', '年', '月', '日']);
    let parts: Vec<i64> = parts
        .filter(|it| !it.is_empty())
        .map(|it| it.parse().unwrap_or(-1))
        .collect();
    match parts.as_slice() {
        // Two digits of a year may be of either century.
        [year, month, day] if *year >= 1_000 => written(*year, *month, *day),
        _ => Err(no_day),
    }
}

fn written(year: i64, month: i64, day: i64) -> Result<String, ImportWrong> {
    let text = format!("{year:04}-{month:02}-{day:02}");
    if shared::register::check::is_day(&text) {
        Ok(text)
    } else {
        Err(wrong(Wrong::NotADay))
    }
}

/// How a building, a unit or a room is compared: `3幢`, `3号楼`, `３栋` and `3` are one.
pub(super) fn place_key(text: &str) -> Cow<'_, str> {
    const ENDS: [&str; 8] = ["号楼", "幢", "栋", "座", "楼", "单元", "室", "号"];
    let is_plain = text.bytes().all(|it| it.is_ascii_digit());
    if is_plain && !text.starts_with('0') {
        return Cow::Borrowed(text);
    }
    let text = half_width(text);
    let lower: String = text
        .chars()
        .filter(|it| !it.is_whitespace() && *it != '#')
        .flat_map(char::to_lowercase)
        .collect();
    let end = ENDS.iter().find_map(|end| lower.strip_suffix(end));
    let short = end.filter(|it| !it.is_empty()).unwrap_or(&lower);
    let number = short.trim_start_matches('0');
    let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
    Cow::Owned(if is_number { number } else { short }.to_owned())
}

#[cfg(test)]
mod tests {
    use shared::register::words::Table;

    use super::*;

    fn value(field: &str, text: &str) -> Result<FieldValue, ImportWrong> {
        let find = |kind| Target::find(Table::Residents, kind, field);
        let target = find(EntryKind::Resident).or_else(|| find(EntryKind::Dwelling));
        read(target.unwrap(), text)
    }

    #[test]
    fn days_are_read_in_the_forms_that_spreadsheets_have() {
        for text in [
            "2020-01-31",
            "2020/1/31",
            "2020.1.31",
            "2020年1月31日",
            "20200131",
            "２０２０-０１-３１",
            "2020-01-31 00:00:00",
            "2020-01-31T00:00:00.000+00:00",
            "2020/1/31 8:00",
            "43861",
            "43861.0",
        ] {
            assert_eq!(day(text), Ok("2020-01-31".to_owned()), "{text}");
        }
        assert_eq!(day("32874"), Ok("1990-01-01".to_owned()));
        for text in [
            "2020-02-30",
            "20201301",
            "90-1-31",
            "1990",
            "1990年1月",
            "today",
            "60",
            "2020-1",
            "0000-01-01",
        ] {
            assert_eq!(day(text), Err(wrong(Wrong::NotADay)), "{text}");
        }
    }

    #[test]
    fn a_number_that_a_spreadsheet_made_shorter_is_refused() {
        for text in [
            "1.10101E+17",
            "1.10101E17",
            "1.1010119900307002E17",
            "1.38E+10",
            "1E+17",
        ] {
            assert_eq!(value("id_no", text), Err(ImportWrong::DigitsLost), "{text}");
            assert_eq!(value("phone", text), Err(ImportWrong::DigitsLost), "{text}");
            assert_eq!(value("name", text), Err(ImportWrong::DigitsLost), "{text}");
        }
        assert_eq!(
            value("id_no", "11010519491231002x"),
            Ok("11010519491231002X".into())
        );
        assert_eq!(
            value("id_no", "'110105 19491231 002X"),
            Ok("11010519491231002X".into())
        );
        assert_eq!(
            value("phone", "１３８００００５６７８"),
            Ok("13800005678".into())
        );
        assert_eq!(value("phone", "13800005678.0"), Ok("13800005678".into()));
        assert_eq!(
            value("name", "Eva"),
            Ok("Eva".into()),
            "letters are no exponent"
        );
        assert_eq!(value("name", "#N/A"), Err(ImportWrong::FailedFormula));
        assert_eq!(value("birth", "########"), Err(ImportWrong::FailedFormula));
    }

    #[test]
    fn floors_are_read_as_people_say_them() {
        for (text, floor) in [
            ("5", 5),
            ("5楼", 5),
            ("12F", 12),
            ("第3层", 3),
            ("-1", -1),
            ("B1", -1),
            ("地下1层", -1),
            ("5.0", 5),
        ] {
            assert_eq!(
                value("floor", text),
                Ok(FieldValue::Number(floor)),
                "{text}"
            );
        }
        assert_eq!(value("floor", "顶楼"), Err(wrong(Wrong::NotOffered)));
    }

    #[test]
    fn degrees_are_numbers_that_a_place_may_have() {
        assert_eq!(degrees("120.8531", 180.0), Ok(120.8531));
        assert_eq!(degrees(" １２０．８５３１° ", 180.0), Ok(120.8531));
        assert_eq!(degrees("-3.5", 90.0), Ok(-3.5));
        for (text, why) in [
            ("180.001", Wrong::OutOfRange),
            ("NaN", Wrong::OutOfRange),
            ("inf", Wrong::OutOfRange),
            ("120°51′", Wrong::NotOffered),
            ("东", Wrong::NotOffered),
        ] {
            assert_eq!(degrees(text, 180.0), Err(wrong(why)), "{text}");
        }
    }

    #[test]
    fn several_care_tags_stand_in_one_cell() {
        assert_eq!(care("独居老人、残疾"), Ok(vec!["alone", "disability"]));
        assert_eq!(care("无"), Ok(vec![]));
        assert_eq!(care("独居老人，好人"), Err(wrong(Wrong::NotOffered)));
    }

    #[test]
    fn a_door_is_the_same_however_it_is_written() {
        for text in ["3", "3幢", "3号楼", "03栋", "３幢", "3 #楼", "3座"] {
            assert_eq!(place_key(text), "3", "{text}");
        }
        for (text, key) in [
            ("A座", "a"),
            ("501室", "501"),
            ("0501", "501"),
            ("2单元", "2"),
            ("楼", "楼"),
            ("东楼", "东"),
            ("0", "0"),
        ] {
            assert_eq!(place_key(text), key, "{text}");
        }
    }
}
