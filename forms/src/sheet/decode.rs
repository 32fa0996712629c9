//! Text out of bytes, in the encodings in which spreadsheets of this country write.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::NoTable;

/// How a text was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16 with a mark; "Unicode text" of spreadsheets.
    Utf16,
    /// GB18030, of which GBK and GB2312 are parts; what spreadsheets write unless asked otherwise.
    Gb18030,
}

/// The text of a file. What is UTF-8 already is not copied.
pub(super) fn text(mut bytes: Vec<u8>) -> Result<(String, Encoding), NoTable> {
    let wide = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => Some(UTF_16LE),
        Some([0xFE, 0xFF]) => Some(UTF_16BE),
        _ => None,
    };
    let (text, encoding) = if let Some(encoding) = wide {
        let bytes = bytes.get(2..).unwrap_or_default();
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        (text.ok_or(NoTable::NoText)?.into_owned(), Encoding::Utf16)
    } else {
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::Utf8),
            Err(error) => {
                let bytes = error.into_bytes();
                let text = GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
                (text.ok_or(NoTable::NoText)?.into_owned(), Encoding::Gb18030)
            }
        }
    };
    // Pictures, programs, archives: some of them can be read as text, none without such letters.
    let is_foreign = |byte: u8| byte < b'\t' || (0x0E..0x20).contains(&byte);
    if text.bytes().any(is_foreign) {
        return Err(NoTable::NoText);
    }
    Ok((text, encoding))
}
