//! How bodies are packed on the wire, for both sides: zstd, with a trained dictionary where the
//! peer has it, bounded as they unfold. Section 2.2 of docs/protocol.md.
#![forbid(unsafe_code)]

mod dictionary;

use std::io::{self, BufRead, Read as _};

pub use dictionary::{Dictionaries, Dictionary};

/// Fast, and within a few percent of the slow levels on JSON.
pub(crate) const LEVEL: i32 = 3;

/// A window no honest body needs more than, 8 MiB: what zstd itself calls the most a decoder should
/// be asked for. It bounds what a decoder allocates.
const WINDOW_LOG_MAX: u32 = 23;

/// How much of a body is packed with each dictionary to see which does best. What comes after is of
/// the same kind, and finds what it needs in what came before it.
const TRIED: usize = 4 * 1024;

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

/// Packs a body with that of the dictionaries a peer `has` that makes it smallest, or with none if it
/// has none.
///
/// Fails when there is no memory.
pub fn pack(body: &[u8], has: Dictionaries) -> io::Result<Vec<u8>> {
    let mut left = has.iter();
    match (left.next(), left.next()) {
        (None, _) => zstd::bulk::compress(body, LEVEL),
        (Some(only), None) => pack_with(body, only),
        (Some(_), Some(_)) => pack_best(body, has),
    }
}

fn pack_best(body: &[u8], has: Dictionaries) -> io::Result<Vec<u8>> {
    let head = body.get(..TRIED).unwrap_or(body);
    let tried: io::Result<Vec<_>> = has
        .iter()
        .map(|it| Ok((it, pack_with(head, it)?)))
        .collect();
    let best = tried?.into_iter().min_by_key(|(_, packed)| packed.len());
    match best {
        Some((_, packed)) if head.len() == body.len() => Ok(packed),
        Some((dictionary, _)) => pack_with(body, dictionary),
        None => zstd::bulk::compress(body, LEVEL),
    }
}

fn pack_with(body: &[u8], dictionary: Dictionary) -> io::Result<Vec<u8>> {
    zstd::bulk::Compressor::with_prepared_dictionary(dictionary.encoder())?.compress(body)
}

/// Unpacks a body to at most `max` bytes, however much the sender packed.
pub fn unpack(body: &[u8], max: usize) -> Result<Vec<u8>, Error> {
    let decoder = match Dictionary::of_frame(body) {
        Some(dictionary) => zstd::Decoder::with_prepared_dictionary(body, dictionary.decoder()),
        None => zstd::Decoder::with_buffer(body),
    };
    let all = decoder
        .and_then(|decoder| read(decoder, max))
        .map_err(Error::Damaged)?;
    if all.len() > max {
        return Err(Error::TooLarge);
    }
    Ok(all)
}

/// At most one byte more than `max`.
fn read(mut decoder: zstd::Decoder<'_, impl BufRead>, max: usize) -> io::Result<Vec<u8>> {
    decoder.window_log_max(WINDOW_LOG_MAX)?;
    let mut all = Vec::new();
    let more = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(more).read_to_end(&mut all)?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OP: &[u8] = br#"{"op_id":"019dfc1c-5c00-7000-8000-000000000001","outcome":"applied"}"#;
    const CASE: &[u8] = br#"{"kind":"case","id":"019dfc1c-5c00-7000-8000-0000000000aa","rev":2,"body":{"known":{"id":"019dfc1c-5c00-7000-8000-0000000000aa","case_no":null,"report":{"category":null,"description":"","place":{"position":null,"accuracy_m":null,"source":"typed","address":"","grid":"3","in_own_grid":true},"urgency":"normal","photos":[]}}}}"#;
    const VISIT: &[u8] = br#"{"kind":"visit","id":"019dfc1c-5c00-7000-8000-0000000000bb","rev":1,"body":{"visited":{"op_id":"019dfc1c-5c00-7000-8000-000000000043","author":{"staff":"w-03","role":"worker"},"at":1795479480000},"visiting":{"at":{"kind":"dwelling","id":"019dfc1c-5c00-7000-8000-0000000000b8"},"grid":"3","outcome":"not_home"}}}"#;

    fn only(dictionary: Dictionary) -> Dictionaries {
        Dictionaries::from_iter([dictionary])
    }

    #[test]
    fn what_was_packed_is_unpacked_with_whichever_dictionary_and_without() {
        for has in [
            Dictionaries::NONE,
            only(Dictionary::Cases),
            only(Dictionary::Register),
            Dictionaries::ALL,
        ] {
            for body in [OP, CASE, VISIT, &VISIT.repeat(50)] {
                let packed = pack(body, has).unwrap();

                assert_eq!(unpack(&packed, 100_000).unwrap(), body, "{has:?}");
                let used = Dictionary::of_frame(&packed);
                assert_eq!(used.is_none(), has.is_empty());
                assert!(used.is_none_or(|it| has.iter().any(|had| had == it)));
            }
        }
        let [small, large] =
            [only(Dictionary::Cases), Dictionaries::NONE].map(|has| pack(OP, has).unwrap().len());
        assert!(small * 3 < large * 2, "{small} against {large}");
    }

    #[test]
    fn each_kind_of_message_is_packed_with_the_dictionary_for_it() {
        // What comes after its beginning is not tried, and need not be.
        for (body, best) in [(CASE, Dictionary::Cases), (VISIT, Dictionary::Register)] {
            for times in [1, 40] {
                let body = body.repeat(times);
                let packed = pack(&body, Dictionaries::ALL).unwrap();

                assert_eq!(Dictionary::of_frame(&packed), Some(best), "{times}");
                for other in Dictionary::ALL {
                    let alone = pack(&body, only(other)).unwrap();
                    assert!(packed.len() <= alone.len(), "{other:?}, {times}");
                }
            }
        }
    }

    #[test]
    fn a_small_bomb_is_refused_before_it_fills_the_memory() {
        for has in [Dictionaries::NONE, Dictionaries::ALL] {
            let bomb = pack(&vec![b' '; 1_000_000], has).unwrap();
            assert!(bomb.len() < 1_000, "a thousandfold");

            assert!(matches!(unpack(&bomb, 999_999), Err(Error::TooLarge)));
            assert!(unpack(&bomb, 1_000_000).is_ok(), "the bound itself is fine");
        }
    }

    #[test]
    fn what_is_cut_off_or_foreign_or_of_another_dictionary_is_damaged() {
        let whole = pack(&OP.repeat(50), Dictionaries::ALL).unwrap();
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
