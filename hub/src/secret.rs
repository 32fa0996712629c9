//! One-time enrolment codes and device tokens. The hub keeps only their SHA-256.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

/// The hash of a secret, as the database keeps it.
pub type Hash = [u8; 32];

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// How long an enrolment code can be used, in milliseconds: ten minutes.
pub const CODE_LIFE_MS: i64 = 10 * 60 * 1_000;

/// Chance of the operating system; of the simulation, in one.
fn fill(random: &mut [u8]) -> Result<(), getrandom::Error> {
    if fault::fill(random) {
        return Ok(());
    }
    getrandom::fill(random)
}

/// A new enrolment code of 60 bits, for example `K7QM-3F9T-XW2A`.
pub fn new_code() -> Result<String, getrandom::Error> {
    let mut random = [0; 12];
    fill(&mut random)?;
    let letters = random
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)));
    let mut code = String::with_capacity(14);
    for (place, letter) in letters.enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(*letter);
    }
    Ok(code)
}

/// The hash of a code as typed: blanks, dashes and case don't matter, and look-alikes are read as
/// what they look like.
pub fn hash_code(typed: &str) -> Hash {
    let normal: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '－'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    Sha256::digest(normal.as_bytes()).into()
}

/// A new device token of 256 bits.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut random = [0; 32];
    fill(&mut random)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random))
}

/// The hash of a device token.
pub fn hash_token(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// A random name of 128 bits, in hexadecimal.
pub fn new_name() -> Result<String, getrandom::Error> {
    let mut random = [0; 16];
    fill(&mut random)?;
    Ok(hex::encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let printed = hash_code("K7QM-30F1-XW2A");

        for typed in ["k7qm30f1xw2a", " K7QM 3OFl XW2A ", "K7QM－30FI－XW2A"] {
            assert_eq!(hash_code(typed), printed, "{typed} is what was printed");
        }
        assert_ne!(hash_code("K7QM-30F1-XW2B"), printed);
    }

    #[test]
    fn a_new_code_has_three_groups_of_four() {
        let code = new_code().unwrap();

        let groups: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4], "{code} can be read aloud");
    }
}
