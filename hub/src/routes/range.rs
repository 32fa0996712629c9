//! `Range`: one stretch of bytes, as RFC 9110 §14 writes it.

/// What a `Range` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything: no header, or one this hub doesn't follow (several ranges, other units).
    Whole,
    /// Bytes from `first` to `last`, both included.
    Part {
        /// First.
        first: u64,
        /// Last.
        last: u64,
    },
    /// Nothing there is.
    Beyond,
}

/// Reads a `Range` header for a file of `length` bytes.
pub(super) fn read(header: Option<&str>, length: u64) -> Wanted {
    let Some((unit, range)) = header.and_then(|header| header.split_once('=')) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = range.split_once('-') else {
        return Wanted::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || range.contains(',') {
        return Wanted::Whole;
    }
    match (number(first), number(last)) {
        (Number::Is(first), Number::Is(last)) if first > last => Wanted::Whole,
        (Number::Is(first), _) if first >= length => Wanted::Beyond,
        (Number::Is(first), Number::Is(last)) => Wanted::Part {
            first,
            last: last.min(length - 1),
        },
        (Number::Is(first), Number::None) => Wanted::Part {
            first,
            last: length - 1,
        },
        (Number::None, Number::Is(0)) => Wanted::Beyond,
        (Number::None, Number::Is(suffix)) if length > 0 => Wanted::Part {
            first: length.saturating_sub(suffix),
            last: length - 1,
        },
        _ => Wanted::Whole,
    }
}

enum Number {
    None,
    Is(u64),
    Not,
}

fn number(text: &str) -> Number {
    match text.trim() {
        "" => Number::None,
        text => text.parse().map_or(Number::Not, Number::Is),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_rfc_9110_writes_it() {
        let part = |first, last| Wanted::Part { first, last };
        let cases = [
            ("bytes=0-9", part(0, 9)),
            ("bytes=90-", part(90, 99)),
            ("bytes=-10", part(90, 99)),
            ("bytes=-1000", part(0, 99)),
            ("bytes=50-1000", part(50, 99)),
            ("bytes=100-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=9-0", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=18446744073709551616-", Wanted::Whole),
            ("", Wanted::Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(read(Some(header), 100), expected, "{header}");
        }
        assert_eq!(read(None, 100), Wanted::Whole);
    }
}
