//! The trained dictionaries that both sides have, and sets of them: which of them a peer has.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::LEVEL;

/// A dictionary, trained by `cargo xtask dictionary` on invented messages. Never changed, for peers
/// know it by its digest; a better one is a further one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dictionary {
    /// Everything said about cases; first edition.
    Cases,
    /// Everything said about the register, records, visits and looks; first edition.
    Register,
}

/// What is worked out of a dictionary once.
struct Prepared {
    digest: String,
    /// What frames call it.
    id: u32,
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

impl Prepared {
    fn of(bytes: &'static [u8]) -> Self {
        let id = zstd::zstd_safe::get_dict_id_from_dict(bytes);
        Self {
            digest: hex::encode(Sha256::digest(bytes)),
            id: id.map_or(0, u32::from),
            encoder: EncoderDictionary::copy(bytes, LEVEL),
            decoder: DecoderDictionary::copy(bytes),
        }
    }
}

static CASES: LazyLock<Prepared> = LazyLock::new(|| Prepared::of(include_bytes!("cases-1.zdict")));
static REGISTER: LazyLock<Prepared> =
    LazyLock::new(|| Prepared::of(include_bytes!("register-1.zdict")));

impl Dictionary {
    /// All of them, the oldest first.
    pub const ALL: [Self; 2] = [Self::Cases, Self::Register];

    fn prepared(self) -> &'static Prepared {
        match self {
            Self::Cases => &CASES,
            Self::Register => &REGISTER,
        }
    }

    pub(crate) fn encoder(self) -> &'static EncoderDictionary<'static> {
        &self.prepared().encoder
    }

    pub(crate) fn decoder(self) -> &'static DecoderDictionary<'static> {
        &self.prepared().decoder
    }

    /// SHA-256 of its bytes in hexadecimal: its name.
    pub fn digest(self) -> &'static str {
        &self.prepared().digest
    }

    /// The beginning of its name, by which a device names it in a header.
    pub fn short(self) -> &'static str {
        let digest = self.digest();
        digest.get(..8).unwrap_or(digest)
    }

    /// The one of this name, if it is known here.
    pub fn by_digest(digest: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.digest() == digest)
    }

    /// The one that a body was packed with, if it was with one that is known here.
    pub fn of_frame(body: &[u8]) -> Option<Self> {
        let id = zstd::zstd_safe::get_dict_id_from_frame(body)?;
        Self::ALL
            .into_iter()
            .find(|it| it.prepared().id == u32::from(id))
    }
}

/// Some of the dictionaries: those that a peer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dictionaries([bool; Dictionary::ALL.len()]);

impl Dictionaries {
    /// Of a peer that has none, or of which nobody knows.
    pub const NONE: Self = Self([false; Dictionary::ALL.len()]);

    /// All that are known here.
    pub const ALL: Self = Self([true; Dictionary::ALL.len()]);

    /// Those that the value of a header names by [`Dictionary::short`], with commas between them. Names
    /// that are not known here are passed over.
    pub fn named(header: &str) -> Self {
        let names = header.split(',').map(str::trim);
        names
            .filter_map(|name| {
                let mut all = Dictionary::ALL.into_iter();
                all.find(|it| it.short().eq_ignore_ascii_case(name))
            })
            .collect()
    }

    /// The value of a header that names these.
    pub fn header(self) -> String {
        let names: Vec<_> = self.iter().map(Dictionary::short).collect();
        names.join(", ")
    }

    /// Each of them, the oldest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Dictionary> {
        let all = Dictionary::ALL.into_iter().zip(self.0);
        all.filter_map(|(dictionary, has)| has.then_some(dictionary))
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

impl FromIterator<Dictionary> for Dictionaries {
    fn from_iter<I: IntoIterator<Item = Dictionary>>(some: I) -> Self {
        let mut all = Self::NONE;
        all.extend(some);
        all
    }
}

impl Extend<Dictionary> for Dictionaries {
    fn extend<I: IntoIterator<Item = Dictionary>>(&mut self, more: I) {
        for dictionary in more {
            let known = Dictionary::ALL.into_iter().zip(&mut self.0);
            for (it, has) in known {
                *has |= it == dictionary;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionaries_are_those_that_peers_know() {
        let digests = Dictionary::ALL.map(Dictionary::digest);

        assert_eq!(
            digests,
            [
                "c6c8797c32a0893e8fcc52f06fcca0ffcc098b4f4c388624475a70bb500dc5b4",
                "dde40eedee0dc10e6b4870ba86a92e221b3acec574c84c2d4be97edbc24caa9f",
            ]
        );
        let protocol = include_str!("../../docs/protocol.md");
        for dictionary in Dictionary::ALL {
            assert!(protocol.contains(dictionary.digest()), "{dictionary:?}");
            assert_eq!(Dictionary::by_digest(dictionary.digest()), Some(dictionary));
        }
        assert_eq!(Dictionary::by_digest("c6c8797c"), None, "that is no digest");
    }

    #[test]
    fn what_a_header_names_is_found_among_names_nobody_knows() {
        let [cases, register] = Dictionary::ALL;
        let both = Dictionaries::ALL.header();
        let other = format!(" 00000000,{} ,, x", register.short().to_uppercase());

        assert_eq!(Dictionaries::named(&both), Dictionaries::ALL);
        assert_eq!(
            Dictionaries::named("c6c8797c"),
            Dictionaries::from_iter([cases])
        );
        assert_eq!(
            Dictionaries::named(&other),
            Dictionaries::from_iter([register])
        );
        for foreign in ["", "c6c8797c32", "c6c8797", "c6c8797c c6c8797c", "*"] {
            assert_eq!(
                Dictionaries::named(foreign),
                Dictionaries::NONE,
                "{foreign:?}"
            );
        }
    }
}
