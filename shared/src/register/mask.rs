//! Numbers as they are shown to whoever looks over a shoulder.

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

#[cfg(test)]
mod tests {
    use super::mask;

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
