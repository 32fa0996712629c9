//! Working time: the two slots of a Chinese office day, and the holidays of 2026 and 2027.

use shared::pack::{Calendar, DayKind};

/// Minutes of an hour.
const HOUR: u16 = 60;

/// From and to, both inclusive.
const HOLIDAYS: [(&str, u8, u8); 14] = [
    // 2026, as announced by the State Council.
    ("2026-01", 1, 3),   // 元旦
    ("2026-02", 15, 23), // 春节
    ("2026-04", 4, 6),   // 清明
    ("2026-05", 1, 5),   // 劳动节
    ("2026-06", 19, 21), // 端午
    ("2026-09", 25, 27), // 中秋
    ("2026-10", 1, 7),   // 国庆
    // 2027 is not announced yet. These days are invented after the pattern of other years; the
    // festivals themselves fall on the right dates. A real city replaces them.
    ("2027-01", 1, 3),
    ("2027-02", 5, 14),
    ("2027-04", 3, 5),
    ("2027-05", 1, 5),
    ("2027-06", 9, 9),
    ("2027-09", 15, 15),
    ("2027-10", 1, 7),
];

/// 调休: weekend days with work.
const MAKE_UP_DAYS: [&str; 11] = [
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
    // Invented, see above.
    "2027-01-31",
    "2027-02-20",
    "2027-05-08",
    "2027-09-26",
    "2027-10-09",
];

/// The calendar of 2026 and 2027.
pub(super) fn calendar() -> Calendar {
    let holidays = HOLIDAYS.iter().flat_map(|(month, from, to)| {
        (*from..=*to).map(move |day| (format!("{month}-{day:02}"), DayKind::Holiday))
    });
    let make_up_days = MAKE_UP_DAYS
        .iter()
        .map(|day| ((*day).to_owned(), DayKind::Workday));
    Calendar {
        utc_offset_minutes: 480,
        slots: vec![[8 * HOUR, 12 * HOUR], [14 * HOUR, 18 * HOUR]],
        days: holidays.chain(make_up_days).collect(),
        valid_from: "2026-01-01".to_owned(),
        valid_to: "2027-12-31".to_owned(),
    }
}
