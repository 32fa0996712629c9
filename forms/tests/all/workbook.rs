//! Workbooks as bytes: what a spreadsheet writes, and what somebody sends who means no good.

use std::io::{Cursor, Write as _};

use forms::{
    Beside,
    xlsform::{Unreadable, load, read},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn written(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_with_its_numbers_dates_and_empty_rows() {
    let bytes = written(|workbook| {
        let survey = workbook.add_worksheet().set_name("Survey").unwrap();
        for (column, heading) in ["type", "name", "label::中文", "default", "required"]
            .iter()
            .enumerate()
        {
            survey
                .write(0, u16::try_from(column).unwrap(), *heading)
                .unwrap();
        }
        for (row, cells) in [
            (2, ["integer", " age ", "年龄"]),
            (4, ["date", "day", "日期"]),
        ] {
            for (column, cell) in (0..).zip(cells) {
                survey.write(row, column, cell).unwrap();
            }
        }
        survey.write(2, 3, 7.0).unwrap();
        survey.write(2, 4, true).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 11, 26).unwrap();
        survey
            .write_with_format(4, 3, &day, &Format::new().set_num_format("yyyy-mm-dd"))
            .unwrap();
        workbook
            .add_worksheet()
            .set_name("remarks of mine")
            .unwrap()
            .write(0, 0, "x")
            .unwrap();
    });

    let book = read(&bytes).unwrap();

    let survey = book.sheet("survey").unwrap();
    assert_eq!(
        survey.rows,
        [
            (
                1,
                vec![
                    "type".into(),
                    "name".into(),
                    "label::中文".into(),
                    "default".into(),
                    "required".into()
                ]
            ),
            (
                3,
                vec![
                    "integer".into(),
                    "age".into(),
                    "年龄".into(),
                    "7".into(),
                    "TRUE".into()
                ]
            ),
            (
                5,
                vec![
                    "date".into(),
                    "day".into(),
                    "日期".into(),
                    "2026-11-26".into()
                ]
            ),
        ] as [(u32, Vec<String>); 3]
    );
    assert_eq!(
        book.sheets.len(),
        1,
        "what is no sheet of a form is its author's own"
    );
    assert_eq!(
        load(&book, "f", &Beside::default()).unwrap().form.languages,
        ["中文"]
    );
}

#[test]
fn mistakes_carry_the_row_that_the_spreadsheet_shows() {
    let bytes = written(|workbook| {
        let survey = workbook.add_worksheet().set_name("survey").unwrap();
        for (column, cell) in (0..).zip(["type", "name", "label"]) {
            survey.write(1, column, cell).unwrap();
        }
        survey.write(9, 0, "texd").unwrap();
    });

    let told = load(&read(&bytes).unwrap(), "f", &Beside::default()).unwrap_err();

    assert_eq!(
        told[0].to_string(),
        "survey, row 10, column \"type\": there is no type \"texd\"; is \"text\" meant?"
    );
}

#[test]
fn what_is_no_workbook_is_refused_by_its_reason() {
    let whole = written(|workbook| {
        workbook
            .add_worksheet()
            .set_name("survey")
            .unwrap()
            .write(0, 0, "type")
            .unwrap();
    });
    assert_eq!(read(b""), Err(Unreadable::NoWorkbook));
    assert_eq!(read(b"type,name\n"), Err(Unreadable::NoWorkbook));
    assert_eq!(read(&vec![0; (50 << 20) + 1]), Err(Unreadable::TooLarge));
    for cut in (0..whole.len()).step_by(97) {
        assert!(read(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let mut dice = 7_u32;
    for _ in 0..500 {
        let mut broken = whole.clone();
        for _ in 0..3 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = usize::try_from(dice >> 8).unwrap() % broken.len();
            broken[at] ^= 1 << (dice % 8);
        }
        // Whatever comes of it, nothing panics.
        drop(read(&broken));
    }
}

/// A part that unpacks to a thousand times its size.
fn bomb(bytes: u64) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..bytes >> 20 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_whatever_it_says_of_its_size() {
    let bytes = bomb(201 << 20);
    assert!(bytes.len() < 2 << 20);
    assert_eq!(read(&bytes), Err(Unreadable::Unpacks));

    let mut lying = bytes;
    let size = (201_u32 << 20).to_le_bytes();
    let mut at = 0;
    while let Some(found) = lying[at..].windows(4).position(|window| window == size) {
        lying[at + found..at + found + 4].copy_from_slice(&100_u32.to_le_bytes());
        at += found + 4;
    }
    assert!(matches!(
        read(&lying),
        Err(Unreadable::Unpacks | Unreadable::NoWorkbook)
    ));
}

#[test]
fn a_cell_far_away_is_told_and_makes_no_large_sheet() {
    let bytes = written(|workbook| {
        let survey = workbook.add_worksheet().set_name("survey").unwrap();
        survey.write(0, 0, "type").unwrap();
        survey.write(1_048_575, 16_383, "x").unwrap();
    });

    assert_eq!(
        read(&bytes),
        Err(Unreadable::SheetTooLarge("survey".into()))
    );
}
