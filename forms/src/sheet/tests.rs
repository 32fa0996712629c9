//! Tables in the ways people save them, and files that are none.

use std::borrow::Cow;
use std::io::{Cursor, Read as _, Write as _};

use encoding_rs::{GBK, UTF_16LE};
use rust_xlsxwriter::{Format as CellFormat, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Encoding, Format, Limits, NoTable, Sheet};

const LIMITS: Limits = Limits {
    bytes: 60 << 20,
    unpacked_bytes: 100 << 20,
    rows: 300_000,
    columns: 200,
};

fn read(bytes: &[u8]) -> Result<Sheet, NoTable> {
    Sheet::read(bytes.to_vec(), &LIMITS)
}

fn rows(sheet: &Sheet) -> Vec<(u32, Vec<String>)> {
    let mut cells = Vec::new();
    (0..sheet.len())
        .map(|at| {
            sheet.row(at, &mut cells);
            let cells = cells.iter().map(|cell: &Cow<'_, str>| cell.to_string());
            (sheet.number(at), cells.collect())
        })
        .collect()
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|it| (*it).to_owned()).collect())
}

#[test]
fn the_same_table_in_every_encoding_is_the_same_table() {
    let text = "姓名,联系电话\r\n田甲,13800000001\r\n欧阳乙,13800000002\r\n";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let utf16_be: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    assert_eq!(UTF_16LE.name(), "UTF-16LE");
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{feff}{text}").into_bytes(), Encoding::Utf8),
        (GBK.encode(text).0.into_owned(), Encoding::Gb18030),
        (utf16, Encoding::Utf16),
        (utf16_be, Encoding::Utf16),
    ] {
        let sheet = read(&bytes).unwrap();
        assert_eq!(sheet.format(), Format::Csv(encoding));
        assert_eq!(
            rows(&sheet),
            [
                row(1, &["姓名", "联系电话"]),
                row(2, &["田甲", "13800000001"]),
                row(3, &["欧阳乙", "13800000002"]),
            ],
            "{encoding:?}"
        );
    }
}

#[test]
fn a_letter_that_only_gb18030_has_is_read() {
    let (bytes, _, lost) = encoding_rs::GB18030.encode("姓名\n㐂甲\n");
    assert!(!lost);
    assert_eq!(rows(&read(&bytes).unwrap())[1], row(2, &["㐂甲"]));
}

#[test]
fn the_separator_is_what_there_is_most_of_outside_quotes() {
    for (text, separator) in [
        ("a;b;c\n\"1,1,1,1\";2;3\n", ';'),
        ("a\tb\tc\n1,5\t2\t3\n", '\t'),
        ("a,b\n1,2\n", ','),
        ("a\n1\n", ','),
    ] {
        let sheet = read(text.as_bytes()).unwrap();
        assert_eq!(char::from(sheet.separator), separator, "{text:?}");
    }
}

#[test]
fn quotes_line_ends_and_blank_rows_keep_the_numbers_that_a_spreadsheet_shows() {
    let text = "name,note\r\n\r\n,,\r\n a ,\"one, \"\"two\"\"\nthree\"\r\nb,\"\"\r\n\u{3000}c,last";

    let sheet = read(text.as_bytes()).unwrap();

    assert_eq!(
        rows(&sheet),
        [
            row(1, &["name", "note"]),
            row(4, &["a", "one, \"two\"\nthree"]),
            row(6, &["b", ""]),
            row(7, &["c", "last"]),
        ]
    );
}

#[test]
fn a_workbook_says_what_its_cells_show_and_hides_no_lost_digits() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("名册").unwrap();
    let date = CellFormat::new().set_num_format("yyyy-mm-dd");
    sheet.write_string(1, 0, " 姓名 ").unwrap();
    sheet.write_string(1, 3, "备注").unwrap();
    sheet.write_string(3, 0, "\"引\"\t号").unwrap();
    sheet.write_number(3, 1, 110_101_199_003_070_016.0).unwrap();
    sheet.write_number(3, 2, 13_800_000_001.0).unwrap();
    sheet
        .write_number_with_format(3, 3, 32_874.0, &date)
        .unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let sheet = read(&bytes).unwrap();

    assert_eq!((sheet.format(), sheet.name()), (Format::Xlsx, "名册"));
    assert_eq!(
        rows(&sheet),
        [
            row(2, &["姓名", "", "", "备注"]),
            row(
                4,
                &[
                    "\"引\"\t号",
                    "1.1010119900307002E17",
                    "13800000001",
                    "1990-01-01"
                ]
            ),
        ]
    );
}

#[test]
fn the_first_sheet_that_people_see_and_that_says_anything_is_read() {
    let mut book = Workbook::new();
    let hidden = book.add_worksheet().set_name("codes").unwrap();
    hidden.write_string(0, 0, "hidden").unwrap();
    hidden.set_hidden(true);
    book.add_worksheet().set_name("empty").unwrap();
    let seen = book.add_worksheet().set_name("seen").unwrap();
    seen.write_string(0, 0, "seen").unwrap();
    seen.set_active(true);
    let bytes = book.save_to_buffer().unwrap();

    assert_eq!(read(&bytes).unwrap().name(), "seen");
}

#[test]
fn what_is_no_table_is_refused_by_what_it_is() {
    let picture = [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10], &[7; 64][..]].concat();
    for (bytes, told) in [
        (&b""[..], NoTable::Empty),
        (b"\n \n,,\n", NoTable::Empty),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", NoTable::OldWorkbook),
        (b"PK\x03\x04 and nothing else", NoTable::Damaged),
        (&picture, NoTable::NoText),
        (b"%PDF-1.7\n\xE2\xE3\xCF\xD3\x00\x01", NoTable::NoText),
        (b"a,b\n1,\"2\n3,4\n", NoTable::OpenQuote { row: 2 }),
    ] {
        assert_eq!(read(bytes), Err(told), "{bytes:?}");
    }
    let wide = vec![b"x".as_slice(); 300].join(&b',');
    assert_eq!(read(&wide), Err(NoTable::TooManyCells));
    let small = Limits { bytes: 3, ..LIMITS };
    let refused = Sheet::read(b"abcd".to_vec(), &small);
    assert_eq!(refused, Err(NoTable::TooLarge));
}

/// A workbook whose one sheet is this, packed or not.
fn packed(sheet: &[u8], method: CompressionMethod) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet();
    let plain = book.save_to_buffer().unwrap();
    let mut plain = zip::ZipArchive::new(Cursor::new(plain)).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for at in 0..plain.len() {
        let mut part = plain.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        zip.start_file(&*name, options).unwrap();
        let is_sheet = name == "xl/worksheets/sheet1.xml";
        zip.write_all(if is_sheet { sheet } else { &bytes })
            .unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_read() {
    let bomb = packed(&vec![b' '; 110 << 20], CompressionMethod::Deflated);
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());

    assert_eq!(read(&bomb), Err(NoTable::Unpacks));
}

#[test]
fn a_cell_far_away_makes_no_large_sheet() {
    let far = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="900000"><c r="A900000"><v>1</v></c></row></sheetData></worksheet>"#;

    let refused = read(&packed(far, CompressionMethod::Stored));

    assert_eq!(refused, Err(NoTable::TooManyCells));
}

#[test]
fn fifty_megabytes_are_read() {
    let mut xml = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    let filling = "网".repeat(160);
    let mut number = 0;
    while xml.len() < 50 << 20 {
        number += 1;
        let row = format!(
            r#"<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{number}{filling}</t></is></c></row>"#
        );
        xml.push_str(&row);
    }
    xml += "</sheetData></worksheet>";
    let bytes = packed(xml.as_bytes(), CompressionMethod::Stored);
    assert!(bytes.len() >= 50 << 20);

    let sheet = Sheet::read(bytes, &LIMITS).unwrap();

    assert_eq!(sheet.len(), number);
    assert_eq!(sheet.number(number - 1) as usize, number);
}
