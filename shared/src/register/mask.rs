//! Numbers as they are shown to whoever looks over a shoulder.

use super::{EntryKind, schema};

/// The first three and the last four of a telephone number, the first and the last four of a longer
/// one; of a short one only the last.
pub fn mask(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (from, to) = match characters.len() {
        0..=6 => (0, 1),
        7..=13 => (3, 4),
        _ => (4, 4),
    };
    let hidden = from..characters.len().saturating_sub(to);
    characters
        .iter()
        .enumerate()
        .map(|(at, character)| {
            if hidden.contains(&at) {
                '*'
            } else {
                *character
            }
        })
        .collect()
}

/// What questions are called that ask for such a number, as authors of forms write it. With more words
/// before it and a number behind it, it is one, too: `newcomer_phone`, `member_id_no`, `mobile_2`.
const ASKS_FOR_NUMBER: &[&str] = &[
    "phone",
    "telephone",
    "tel",
    "cellphone",
    "mobile",
    "phone_no",
    "phone_number",
    "mobile_no",
    "mobile_number",
    "idno",
    "id_no",
    "id_num",
    "id_number",
    "idcard",
    "id_card",
    "idcard_no",
    "id_card_no",
    "passport",
    "passport_no",
];

/// Whether an answer to a question of a form is shown masked. It is where it stands for such a field of
/// what the form is about, where the question is called like one (an author who binds nothing asks for
/// `phone` all the same, and for `newcomer_phone`), and where its author says so (appearance `masked` of
/// `XLSForm`).
pub fn is_masked_answer(
    about: &[EntryKind],
    save_to: Option<&str>,
    name: &str,
    appearance: &str,
) -> bool {
    let field = |kind, name| schema::find(kind, name).is_some_and(|it| it.is_masked());
    save_to.is_some_and(|save_to| about.iter().any(|kind| field(*kind, save_to)))
        || EntryKind::ALL.iter().any(|kind| field(*kind, name))
        || asks_for_number(name)
        || appearance.split_whitespace().any(|it| it == "masked")
}

/// Whether the last words of a question's name are one of [`ASKS_FOR_NUMBER`].
fn asks_for_number(name: &str) -> bool {
    let mut words = String::with_capacity(name.len() + 2);
    for (at, character) in name.char_indices() {
        // `newcomerPhone` is `newcomer_phone`; XML's names may also have points and hyphens in them.
        let begins = character.is_ascii_uppercase()
            && name
                .get(..at)
                .is_some_and(|before| before.ends_with(|it: char| it.is_ascii_lowercase()));
        if begins {
            words.push('_');
        }
        words.push(match character {
            '-' | '.' => '_',
            _ => character.to_ascii_lowercase(),
        });
    }
    let words = words.trim_end_matches(|it: char| it.is_ascii_digit() || it == '_');
    ASKS_FOR_NUMBER.iter().any(|number| {
        words
            .strip_suffix(number)
            .is_some_and(|before| before.is_empty() || before.ends_with('_'))
    })
}

/// Words with every number in them masked that is as long as a mobile telephone's or longer. For names
/// that somebody else's program made, of which nobody knows any more what they are put together from.
pub fn mask_numbers(text: &str) -> String {
    const SHORTEST: usize = 11;
    let mut shown = String::with_capacity(text.len());
    let mut number = String::new();
    let put = |shown: &mut String, number: &mut String| {
        if number.len() < SHORTEST {
            shown.push_str(number);
        } else {
            shown.push_str(&mask(number));
        }
        number.clear();
    };
    for character in text.chars() {
        let is_check = matches!(character, 'x' | 'X') && number.len() >= SHORTEST;
        if character.is_ascii_digit() || is_check {
            number.push(character);
        } else {
            put(&mut shown, &mut number);
            shown.push(character);
        }
    }
    put(&mut shown, &mut number);
    shown
}

#[cfg(test)]
mod tests {
    use super::{is_masked_answer, mask, mask_numbers};
    use crate::register::EntryKind;

    #[test]
    fn what_stands_for_a_masked_field_or_is_called_like_one_is_masked() {
        let of = [EntryKind::Resident];
        for (save_to, name, appearance, masked) in [
            (Some("phone"), "q1", "", true),
            (Some("id_no"), "q1", "", true),
            (Some("name"), "q1", "", false),
            (None, "id_no", "", true),
            (None, "manager_phone", "", true),
            (None, "q1", "w1 masked", true),
            (None, "phones_seen", "", false),
            (None, "newcomer_phone", "", true),
            (None, "guardian_mobile", "", true),
            (None, "member_id_no", "", true),
            (None, "head_idcard", "", true),
            (None, "ID_card_no", "", true),
            (None, "mobile_2", "", true),
            (None, "newcomerPhone", "", true),
            (None, "sms-tel", "", true),
            (None, "household_id", "", false),
            (None, "hotel", "", false),
            (None, "has_telephone_line", "", false),
            (None, "saxophone", "", false),
        ] {
            assert_eq!(
                is_masked_answer(&of, save_to, name, appearance),
                masked,
                "{save_to:?} {name} {appearance}"
            );
        }
    }

    #[test]
    fn a_long_number_in_words_is_masked_and_a_date_is_not() {
        for (said, shown) in [
            ("何田田 13800005678", "何田田 138****5678"),
            ("11010519491231002X何", "1101**********002X何"),
            ("何田田 2026-09-25 20260925", "何田田 2026-09-25 20260925"),
        ] {
            assert_eq!(mask_numbers(said), shown);
        }
    }

    #[test]
    fn numbers_are_masked_so_that_their_owner_knows_them() {
        for (number, masked) in [
            ("13800005678", "138****5678"),
            ("320600198506150027", "3206**********0027"),
            ("85001234", "850*1234"),
            ("12345", "****5"),
            ("", ""),
        ] {
            assert_eq!(mask(number), masked);
        }
    }
}
