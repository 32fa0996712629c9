//! 公民身份号码: what the number of a resident's identity card says, and so needs nobody to type.

use super::{
    FieldValue, Fields,
    check::{Wrong, is_day},
};
use crate::ids::FieldName;

/// What a 公民身份号码 (GB 11643-1999) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// The day of birth, `YYYY-MM-DD`.
    pub birth: String,
    /// GB/T 2261.1: `1` male, `2` female.
    pub sex: &'static str,
}

impl Citizen {
    /// Reads a number: 6 digits of division, 8 of birth, 3 of sequence (odd is male), and the check
    /// digit of ISO 7064 MOD 11-2 with X for ten.
    pub fn read(number: &str) -> Result<Self, Wrong> {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
        let letters: Vec<char> = number.chars().collect();
        let (Some(last), 18) = (letters.last(), letters.len()) else {
            return Err(Wrong::IdLength);
        };
        let digits: Vec<u32> = letters.iter().filter_map(|it| it.to_digit(10)).collect();
        if digits.len() < 17 || letters.iter().take(17).any(|it| !it.is_ascii_digit()) {
            return Err(Wrong::IdLength);
        }
        let part = |from: usize, length: usize| -> String {
            letters.iter().skip(from).take(length).collect()
        };
        let birth = format!("{}-{}-{}", part(6, 4), part(10, 2), part(12, 2));
        if !is_day(&birth) {
            return Err(Wrong::IdBirth);
        }
        let sum: u32 = WEIGHTS.iter().zip(&digits).map(|(w, d)| w * d).sum();
        let check = usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at));
        if check != Some(&last.to_ascii_uppercase()) {
            return Err(Wrong::IdChecksum);
        }
        let odd = digits.get(16).is_some_and(|it| it % 2 == 1);
        Ok(Self {
            birth,
            sex: if odd { "1" } else { "2" },
        })
    }
}

/// What the number of a resident says of birth and sex, for each of which nothing stands yet. Nothing
/// where the number is another document's, or is wrong; `today` is `YYYY-MM-DD`.
pub fn told_by_number(stands: &Fields, today: &str) -> Fields {
    let text = |name: &str| {
        let value = stands.get(&FieldName::from(name))?.as_ref()?;
        value.text().filter(|text| !text.is_empty())
    };
    let is_citizen = text("id_type").is_none_or(|it| it == "resident");
    let number = text("id_no").filter(|_| is_citizen);
    let number = number.and_then(|it| Citizen::read(it).ok());
    let Some(number) = number.filter(|it| it.birth.as_str() <= today) else {
        return Fields::new();
    };
    [("birth", number.birth.as_str()), ("sex", number.sex)]
        .into_iter()
        .filter(|(field, _)| text(field).is_none())
        .map(|(field, said)| (FieldName::from(field), Some(FieldValue::from(said))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_gb_11643_are_right_and_with_any_other_digit_wrong() {
        for number in [
            "11010519491231002X",
            "440524188001010014",
            "110101199003070011",
            "320600198506150027",
        ] {
            assert!(Citizen::read(number).is_ok(), "{number}");
            for at in 0..18 {
                let mut other: Vec<char> = number.chars().collect();
                other[at] = if other[at] == '7' { '8' } else { '7' };
                let other: String = other.into_iter().collect();
                assert!(Citizen::read(&other).is_err(), "{other}");
            }
        }
    }

    #[test]
    fn a_number_with_a_day_that_never_was_is_told_by_that() {
        assert_eq!(Citizen::read("542323199902290019"), Err(Wrong::IdBirth));
        assert_eq!(Citizen::read("11010519491231002"), Err(Wrong::IdLength));
        assert_eq!(Citizen::read("110105194912310020"), Err(Wrong::IdChecksum));
    }

    #[test]
    fn a_number_says_birth_and_sex_where_nobody_did() {
        let told = |pairs: &[(&str, &str)]| {
            let set = pairs.iter();
            let set = set.map(|(name, value)| (FieldName::from(*name), Some((*value).into())));
            let told = told_by_number(&set.collect(), "2026-11-26").into_iter();
            let told = told.map(|(name, value)| {
                let value = value.and_then(|it| it.text().map(str::to_owned));
                format!("{name} {}", value.unwrap_or_default())
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let number = ("id_no", "11010519491231002X");

        assert_eq!(told(&[number]), "birth 1949-12-31, sex 2");
        assert_eq!(
            told(&[number, ("birth", ""), ("sex", "1")]),
            "birth 1949-12-31",
            "what somebody said stands, right or wrong"
        );
        assert_eq!(told(&[number, ("id_type", "passport")]), "");
        assert_eq!(told(&[("id_no", "110105194912310020")]), "", "it is wrong");
        assert_eq!(told(&[]), "");
    }
}
