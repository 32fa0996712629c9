//! Writes dates in the way a form asks for (ODK XForms, `format-date` and `format-date-time`).

use super::{Moment, civil};

/// In whose words months and days of the week are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// Jan, Sun
    English,
    /// 1月, 周日
    Chinese,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// 1970-01-01 was a Thursday.
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const DAYS_ZH: [&str; 7] = ["周四", "周五", "周六", "周日", "周一", "周二", "周三"];

/// Writes a moment after a pattern; a letter it does not know after `%` is given back.
pub fn format(at: Moment, pattern: &str, names: Names) -> Result<String, char> {
    let (year, month, day) = civil(at.day());
    let ms = at.of_day_ms();
    let mut written = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            written.push(letter);
            continue;
        }
        let letter = letters.next().ok_or('%')?;
        let piece = match letter {
            '%' => "%".to_owned(),
            'Y' => format!("{year:04}"),
            'y' => format!("{:02}", year.rem_euclid(100)),
            'm' => format!("{month:02}"),
            'n' => month.to_string(),
            'b' if names == Names::Chinese => format!("{month}月"),
            'b' => named(&MONTHS, month - 1),
            'd' => format!("{day:02}"),
            'e' => day.to_string(),
            'a' if names == Names::Chinese => named(&DAYS_ZH, at.day().rem_euclid(7)),
            'a' => named(&DAYS, at.day().rem_euclid(7)),
            'H' => format!("{:02}", ms / 3_600_000),
            'h' => (ms / 3_600_000).to_string(),
            'M' => format!("{:02}", ms / 60_000 % 60),
            'S' => format!("{:02}", ms / 1000 % 60),
            '3' => format!("{:03}", ms % 1000),
            unknown => return Err(unknown),
        };
        written.push_str(&piece);
    }
    Ok(written)
}

fn named(names: &[&str], at: i64) -> String {
    let name = usize::try_from(at).ok().and_then(|at| names.get(at));
    name.copied().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{super::moment, Names, format};

    #[test]
    fn each_letter_of_a_pattern() {
        let Some(at) = moment("2026-03-05T07:08:09.010+08:00", 480) else {
            panic!("a moment");
        };
        for (pattern, expected) in [
            ("%Y-%m-%d", "2026-03-05"),
            ("%y/%n/%e", "26/3/5"),
            ("%b %a", "Mar Thu"),
            ("%H:%M:%S.%3 %h", "07:08:09.010 7"),
            ("100%%", "100%"),
        ] {
            assert_eq!(format(at, pattern, Names::English).as_deref(), Ok(expected));
        }
        assert_eq!(format(at, "%b%a", Names::Chinese).as_deref(), Ok("3月周四"));
        assert_eq!(format(at, "%Q", Names::English), Err('Q'));
    }
}
