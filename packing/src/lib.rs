//! How bodies are packed on the wire, for both sides: zstd, with a trained dictionary where the
//! peer has it, bounded as they unfold. Section 2.2 of docs/protocol.md.
#![forbid(unsafe_code)]

use std::{
    io::{self, Read as _},
    sync::LazyLock,
};

use sha2::{Digest as _, Sha256};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// The dictionary for cases, first edition: trained by `cargo xtask dictionary` on invented messages.
/// Never changed, for peers know it by its digest; a better one is a further one.
const CASES: &[u8] = include_bytes!("cases-1.zdict");

/// Fast, and within a few percent of the slow levels on JSON.
const LEVEL: i32 = 3;

/// A window no honest body needs more than, 8 MiB: what zstd itself calls the most a decoder should
/// be asked for. It bounds what a decoder allocates.
const WINDOW_LOG_MAX: u32 = 23;

static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(CASES, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(CASES));
static DIGEST: LazyLock<String> = LazyLock::new(|| hex::encode(Sha256::digest(CASES)));

/// Whether the peer has the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// It has.
    Dictionary,
    /// It has not, or nobody knows.
    Nothing,
}

/// Why a body can't be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is larger than it may be.
    #[error("the body is too large once unpacked")]
    TooLarge,
    /// It is no zstd, was cut off, asks for too large a window or for another dictionary.
    #[error("the body is no zstd this program can unpack")]
    Damaged(#[source] io::Error),
}

/// SHA-256 of the dictionary in hexadecimal: its name.
pub fn digest() -> &'static str {
    &DIGEST
}

/// The beginning of a digest that a peer names a dictionary by in a header.
pub fn short(digest: &str) -> &str {
    digest.get(..8).unwrap_or(digest)
}

/// Packs a body.
///
/// Fails when there is no memory.
pub fn pack(body: &[u8], with: With) -> io::Result<Vec<u8>> {
    match with {
        With::Dictionary => {
            zstd::bulk::Compressor::with_prepared_dictionary(&ENCODER)?.compress(body)
        }
        With::Nothing => zstd::bulk::compress(body, LEVEL),
    }
}

/// Whether a body was packed with the dictionary.
pub fn has_dictionary(body: &[u8]) -> bool {
    let id = zstd::zstd_safe::get_dict_id_from_frame(body);
    id.is_some() && id == zstd::zstd_safe::get_dict_id_from_dict(CASES)
}

/// Unpacks a body to at most `max` bytes, however much the sender packed.
pub fn unpack(body: &[u8], max: usize) -> Result<Vec<u8>, Error> {
    let read = || {
        let mut decoder = zstd::Decoder::with_prepared_dictionary(body, &DECODER)?;
        decoder.window_log_max(WINDOW_LOG_MAX)?;
        let mut all = Vec::new();
        let more = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
        decoder.take(more).read_to_end(&mut all)?;
        Ok(all)
    };
    let all = read().map_err(Error::Damaged)?;
    if all.len() > max {
        return Err(Error::TooLarge);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OP: &[u8] = br#"{"op_id":"019dfc1c-5c00-7000-8000-000000000001","outcome":"applied"}"#;

    #[test]
    fn what_was_packed_is_unpacked_with_the_dictionary_and_without() {
        for with in [With::Dictionary, With::Nothing] {
            let packed = pack(OP, with).unwrap();

            assert_eq!(unpack(&packed, 1_000).unwrap(), OP, "{with:?}");
        }
        let (small, large) = [With::Dictionary, With::Nothing]
            .map(|with| pack(OP, with).unwrap().len())
            .into();
        assert!(small * 3 < large * 2, "{small} against {large}");
    }

    #[test]
    fn the_dictionary_is_the_one_that_peers_know() {
        assert_eq!(
            digest(),
            "c6c8797c32a0893e8fcc52f06fcca0ffcc098b4f4c388624475a70bb500dc5b4"
        );
    }

    #[test]
    fn a_small_bomb_is_refused_before_it_fills_the_memory() {
        let bomb = pack(&vec![b' '; 1_000_000], With::Nothing).unwrap();
        assert!(bomb.len() < 1_000, "a thousandfold");

        assert!(matches!(unpack(&bomb, 999_999), Err(Error::TooLarge)));
        assert!(unpack(&bomb, 1_000_000).is_ok(), "the bound itself is fine");
    }

    #[test]
    fn what_is_cut_off_or_foreign_or_of_another_dictionary_is_damaged() {
        let whole = pack(&OP.repeat(50), With::Dictionary).unwrap();
        let samples: Vec<Vec<u8>> = (0..1_000).map(|n| format!("{n} other").into()).collect();
        let other = zstd::dict::from_samples(&samples, 1_024).unwrap();
        let other = zstd::bulk::Compressor::with_dictionary(LEVEL, &other)
            .unwrap()
            .compress(OP)
            .unwrap();

        for damaged in [&whole[..whole.len() - 3], b"<html>", &other] {
            assert!(matches!(unpack(damaged, 10_000), Err(Error::Damaged(_))));
        }
    }
}
