//! What can be wrong with a value before it stands anywhere: told where it was entered.

use serde::{Deserialize, Serialize};

use super::{
    Counts, EntryKind, FieldValue, Fields,
    citizen::Citizen,
    schema::{self, Type},
};
use crate::{ids::FieldName, pack::parse_iso};

/// Why a value can't stand in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The entry can't be without it.
    #[error("missing")]
    Missing,
    /// Not one of the codes, or of another type.
    #[error("not one of the values that may stand there")]
    NotOffered,
    /// There is no such day.
    #[error("not a day")]
    NotADay,
    /// It is yet to come.
    #[error("in the future")]
    InFuture,
    /// Too small or too large.
    #[error("out of range")]
    OutOfRange,
    /// 公民身份号码: not 17 digits and a digit or X.
    #[error("not 18 digits")]
    IdLength,
    /// 公民身份号码: the day of birth in it does not exist.
    #[error("the day of birth in it does not exist")]
    IdBirth,
    /// 公民身份号码: the last digit does not fit the others.
    #[error("its check digit does not fit")]
    IdChecksum,
    /// The day of birth in the number is another one than the one given.
    #[error("the day of birth is another one than the number says")]
    IdOtherBirth,
    /// The sex in the number is another one than the one given.
    #[error("the sex is another one than the number says")]
    IdOtherSex,
    /// Not a telephone number.
    #[error("not a telephone number")]
    NotAPhone,
    /// 统一社会信用代码: letters, length or check digit.
    #[error("not a credit code")]
    NotACreditCode,
    /// A last day before the first, a highest age below the lowest.
    #[error("the end is before the beginning")]
    BeforeBeginning,
    /// Longer than a text may be.
    #[error("too long")]
    TooLong,
    /// 户主: somebody else of the household is its head.
    #[error("the household has a head")]
    OtherHead {
        /// Their name.
        name: String,
    },
}

/// A field with something wrong in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Which.
    pub field: FieldName,
    /// What.
    pub wrong: Wrong,
}

/// All that is wrong with values that are to stand together; `today` is `YYYY-MM-DD`.
pub fn mistakes(kind: EntryKind, stands: &Fields, today: &str) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut tell = |field: &'static str, wrong| {
        found.push(Mistake {
            field: FieldName::known(field),
            wrong,
        });
    };
    let text = |name: &str| {
        let value = stands.get(name)?.as_ref()?;
        value.text().filter(|text| !text.is_empty())
    };
    let citizen = text("id_type").is_none_or(|it| it == "resident");
    for field in schema::fields(kind) {
        let value = stands.get(field.name);
        let value = value.and_then(Option::as_ref);
        match value.filter(|it| it.text() != Some("")) {
            None if field.required => tell(field.name, Wrong::Missing),
            None => {}
            Some(value) => {
                if let Err(wrong) = one(field.of, value, today, citizen) {
                    tell(field.name, wrong);
                }
            }
        }
    }
    if let Some(number) = text("id_no").and_then(|it| Citizen::read(it).ok()) {
        if text("birth").is_some_and(|birth| birth != number.birth) {
            tell("birth", Wrong::IdOtherBirth);
        }
        if text("sex").is_some_and(|sex| ["1", "2"].contains(&sex) && sex != number.sex) {
            tell("sex", Wrong::IdOtherSex);
        }
    }
    if kind == EntryKind::Campaign {
        let days = ["from", "until"].map(|name| text(name).filter(|day| is_day(day)));
        if let [Some(from), Some(until)] = days
            && until < from
        {
            tell("until", Wrong::BeforeBeginning);
        }
        let age = |name: &str| match stands.get(name) {
            Some(Some(FieldValue::Number(age))) => Some(*age),
            _ => None,
        };
        if let (Some(min), Some(max)) = (age("min_age"), age("max_age"))
            && max < min
        {
            tell("max_age", Wrong::BeforeBeginning);
        }
        if super::grids_named(stands).is_empty() {
            tell("grids", Wrong::Missing);
        }
    }
    found
}

/// Whether one value may stand in a field of this type. `citizen`: numbers are 公民身份号码.
fn one(of: Type, value: &FieldValue, today: &str, citizen: bool) -> Result<(), Wrong> {
    let text = || value.text().ok_or(Wrong::NotOffered);
    match of {
        Type::Words | Type::Grid | Type::Form => match text()?.chars().count() {
            0..=crate::op::TEXT_MAX => Ok(()),
            _ => Err(Wrong::TooLong),
        },
        Type::Counts => Counts::read(text()?).map(|_| ()).ok_or(Wrong::NotOffered),
        Type::Code(codes) => codes
            .contains(&text()?)
            .then_some(())
            .ok_or(Wrong::NotOffered),
        Type::Day => match text()? {
            day if !is_day(day) => Err(Wrong::NotADay),
            // Both are written the same way, so texts compare as days do.
            day if day > today => Err(Wrong::InFuture),
            _ => Ok(()),
        },
        Type::AnyDay => is_day(text()?).then_some(()).ok_or(Wrong::NotADay),
        Type::Number(from, to) => match value {
            FieldValue::Number(number) if (from..=to).contains(number) => Ok(()),
            FieldValue::Number(_) => Err(Wrong::OutOfRange),
            _ => Err(Wrong::NotOffered),
        },
        Type::Flag => matches!(value, FieldValue::Flag(_))
            .then_some(())
            .ok_or(Wrong::NotOffered),
        Type::IdNumber if citizen => match Citizen::read(text()?)? {
            // Nobody was born yet who has a number.
            number if number.birth.as_str() > today => Err(Wrong::IdBirth),
            _ => Ok(()),
        },
        Type::IdNumber => (1..=40)
            .contains(&text()?.chars().count())
            .then_some(())
            .ok_or(Wrong::TooLong),
        Type::Phone => is_phone(text()?).then_some(()).ok_or(Wrong::NotAPhone),
        Type::CreditCode => is_credit_code(text()?)
            .then_some(())
            .ok_or(Wrong::NotACreditCode),
        Type::Link(_) => uuid::Uuid::try_parse(text()?)
            .map(|_| ())
            .map_err(|_not_an_id| Wrong::NotOffered),
        Type::Point => matches!(value, FieldValue::Point(_))
            .then_some(())
            .ok_or(Wrong::NotOffered),
    }
}

/// Whether it is a day of the Gregorian calendar, written `YYYY-MM-DD`, that anybody can remember.
pub fn is_day(text: &str) -> bool {
    let written_so = text.len() == 10 && text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    written_so && parse_iso(text).is_some_and(|day| (1800..=2999).contains(&day.year()))
}

/// A mobile number of China's (11 digits from 1), a landline with area code, or an international
/// one with `+`. Blanks and hyphens don't matter.
fn is_phone(text: &str) -> bool {
    let plain: String = text.chars().filter(|it| !" -".contains(*it)).collect();
    if !plain.chars().all(|it| it.is_ascii_digit() || it == '+') {
        return false;
    }
    let length = plain.len();
    match plain.strip_prefix('+') {
        Some(rest) => (7..=15).contains(&rest.len()) && !rest.contains('+'),
        None if plain.contains('+') => false,
        None if plain.starts_with('1') => length == 11,
        None if plain.starts_with('0') => (10..=12).contains(&length),
        None => (7..=8).contains(&length),
    }
}

/// 统一社会信用代码, GB 32100-2015: 18 letters of an alphabet of 31, the last of which makes the
/// weighted sum a multiple of 31.
pub fn is_credit_code(text: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Vec<u32> = text
        .chars()
        .filter_map(|it| ALPHABET.find(it))
        .filter_map(|at| u32::try_from(at).ok())
        .collect();
    let (Some(last), 18, 18) = (values.last(), values.len(), text.chars().count()) else {
        return false;
    };
    let mut weight = 1;
    let mut sum = 0;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (sum + last) % 31 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| (FieldName::from(*name), Some(FieldValue::from(*value))))
            .collect()
    }

    #[test]
    fn what_a_number_says_of_birth_and_sex_must_agree_with_what_is_given() {
        let resident = |birth: &str, sex: &str| {
            let mut fields = set(&[
                ("grid", "g"),
                ("household", "019dfc1c-5c00-7000-8000-0000000000aa"),
                ("name", "甲"),
                ("id_no", "11010519491231002X"),
            ]);
            fields.extend(set(&[("birth", birth), ("sex", sex)]));
            mistakes(EntryKind::Resident, &fields, "2026-11-26")
        };

        assert_eq!(resident("1949-12-31", "2"), []);
        let wrong: Vec<Wrong> = resident("1949-12-30", "1")
            .iter()
            .map(|it| it.wrong.clone())
            .collect();
        assert_eq!(wrong, [Wrong::IdOtherBirth, Wrong::IdOtherSex]);
    }

    #[test]
    fn a_birth_in_the_future_and_a_missing_name_are_told_by_field() {
        let fields = set(&[
            ("grid", "g"),
            ("household", "019dfc1c-5c00-7000-8000-0000000000aa"),
            ("birth", "2026-11-27"),
            ("phone", "12345"),
        ]);

        let found = mistakes(EntryKind::Resident, &fields, "2026-11-26");

        let told: Vec<_> = found
            .iter()
            .map(|it| (it.field.as_str(), it.wrong.clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("name", Wrong::Missing),
                ("birth", Wrong::InFuture),
                ("phone", Wrong::NotAPhone),
            ]
        );
    }

    #[test]
    fn credit_codes_of_gb_32100() {
        assert!(is_credit_code("91350100M000100Y43"));
        assert!(is_credit_code("11320600MB12345674"));
        assert!(!is_credit_code("91350100M000100Y44"));
        assert!(!is_credit_code("91350100M000100Y4"));
        assert!(!is_credit_code("91350100I000100Y43"));
    }

    #[test]
    fn telephone_numbers() {
        for right in [
            "13800005678",
            "138 0000 5678",
            "0513-85001234",
            "85001234",
            "+4930123456",
        ] {
            assert!(is_phone(right), "{right}");
        }
        for wrong in ["1380000567", "138000056789", "abc", "", "12345", "+"] {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }
}
