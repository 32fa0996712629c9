//! What a device reads of files: tables to import, plates, its own photos.

use std::fs;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::photo::{Vault, digest_of};
use qrcode::QrCode;
use scenarios::world::street_photo;
use shared::{
    ipc::{
        DropImport, ImportChoices, ImportUpload, ListImportMistakes, PlateUpload, PreviewImport,
        PutImportChunk, PutPlateChunk, RunImport,
    },
    plate::Plate,
};

use super::photo_pieces::has_a_reason;
use crate::{measure::Bound, tablet::Tablet, target::Stand};

/// A table of some kilobytes beside an empty register, taken over.
pub(super) const IMPORT: Bound = Bound {
    ms: 20_000,
    bytes: 128 << 20,
};

const TABLES: [&str; 3] = [
    "杏花社区人口信息表,,,,,,,,,,
网格,小区,楼号,单元,楼层,房号,户号,与户主关系,姓名,身份证号,联系电话,性别,出生日期,人口类别,关爱对象
文峰01网格,杏花苑,1幢,1单元,1,101,,户主,田甲,110101199003070011,13800000001,男,1990-03-07,户籍,
文峰01网格,杏花苑,1幢,1单元,1,101,,配偶,欧阳小云,,13800000002,女,1991/5/6,流动人口,
文峰01网格,杏花苑,1幢,1单元,2,201,H1,户主,沈一帆,440524188001010014,,,,常住,独居老人、残疾
",
    "网格,单位名称,统一社会信用代码,类别,地址,联系人,联系电话,从业人数\n文峰01网格,云栖早点铺,,门店,一街1号,周大有,13800000003,3\n",
    "姓名\t身份证号\n韩半夏\t\n",
];

/// A table is handed in, looked at, and taken over if it can be.
pub(super) fn imports() -> Stand {
    let template = Tablet::new().off();
    let mut examples: Vec<_> = TABLES.map(|text| text.as_bytes().to_vec()).to_vec();
    examples.push(super::filled::SHIPPED[2].0.to_vec());
    Stand::new(examples, move |bytes| {
        let tablet = template.copy();
        let client = &tablet.client;
        let piece = PutImportChunk {
            upload: "table".to_owned(),
            offset: 0,
            total: bytes.len() as u64,
            data: BASE64_STANDARD.encode(bytes),
        };
        let table = match tablet.waits_for(client.put_import_chunk(piece)) {
            Ok(ImportUpload::Read { table }) => table,
            Ok(other) => panic!("it is all there: {other:?}"),
            Err(error) => {
                assert!(has_a_reason(&error), "{error:?}");
                return;
            }
        };
        let choices = ImportChoices {
            of: table.of,
            columns: table.recognised_as(table.of),
            ..ImportChoices::default()
        };
        let asked = PreviewImport {
            choices: choices.clone(),
        };
        let seen = tablet.waits_for(client.preview_import(asked));
        assert!(seen.as_ref().err().is_none_or(has_a_reason), "{seen:?}");
        if seen.is_err() {
            return;
        }
        let mistakes = ListImportMistakes {
            offset: 0,
            limit: 50,
        };
        let mistakes = tablet.waits_for(client.list_import_mistakes(mistakes));
        assert!(
            mistakes.as_ref().err().is_none_or(has_a_reason),
            "{mistakes:?}"
        );
        let run = RunImport {
            choices,
            leave_out: true,
        };
        let done = tablet.waits_for(client.run_import(run));
        assert!(done.as_ref().err().is_none_or(has_a_reason), "{done:?}");
        drop(tablet.waits_for(client.drop_import(DropImport {})));
    })
}

/// Looking for a code may be given up, which takes its time; a head may promise 50 megapixels.
pub(super) const PLATE: Bound = Bound {
    ms: 30_000,
    bytes: 400 << 20,
};

/// A picture of a plate and nothing else, four pixels to a dot.
fn plate_picture() -> Vec<u8> {
    const DOT: usize = 4;
    const EDGE: usize = 4;
    let code = QrCode::new(b"GRIDWALKER:DOOR/AAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let (width, dots) = (code.width(), code.to_colors());
    let side = (width + 2 * EDGE) * DOT;
    let pixels = (0..side * side).map(|at| {
        let (x, y) = (at % side / DOT, at / side / DOT);
        let inside = (EDGE..EDGE + width).contains(&x) && (EDGE..EDGE + width).contains(&y);
        let dot = inside.then(|| dots[(y - EDGE) * width + x - EDGE]);
        dot.map_or(255, |dot| dot.select(0, 255))
    });
    let pixels: Vec<u8> = pixels.collect();
    let side = u16::try_from(side).unwrap();
    let mut picture = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut picture, 90);
    let done = encoder.encode(&pixels, side, side, jpeg_encoder::ColorType::Luma);
    done.unwrap();
    picture
}

/// Photos of door plates.
pub(super) fn plate_photos() -> Stand {
    let tablet = Tablet::new();
    let examples = vec![plate_picture(), street_photo(5, 96, 64)];
    Stand::new(examples, move |bytes| {
        let piece = PutPlateChunk {
            upload: "plate".to_owned(),
            offset: 0,
            total: bytes.len() as u64,
            data: BASE64_STANDARD.encode(bytes),
        };
        let read = tablet.waits_for(tablet.client.put_plate_chunk(piece));
        assert!(read.as_ref().err().is_none_or(has_a_reason), "{read:?}");
        assert!(
            !matches!(read, Ok(PlateUpload::Receiving { .. })),
            "it is all there"
        );
    })
}

/// A photo and its seal, some times over.
pub(super) const VAULT: Bound = Bound {
    ms: 2_000,
    bytes: 1 << 20,
};

/// A file of the vault that somebody else wrote: it is what was put, or it is damaged.
pub(super) fn vault() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open(folder.path().to_owned(), &[7; 32]).unwrap();
    let photo = street_photo(6, 64, 48);
    let digest = digest_of(&photo);
    vault.put(digest, &photo).unwrap();
    vault.put_part(digest, 0, &photo[..500]).unwrap();
    let files: Vec<_> = files_in(folder.path());
    assert_eq!(files.len(), 2, "a photo and a piece");
    let whole: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let examples = whole.clone();
    Stand::new(examples, move |bytes| {
        let _kept = &folder;
        for (file, whole) in files.iter().zip(&whole) {
            fs::write(file, bytes).unwrap();
            let is_whole = bytes == whole;
            if let Ok(read) = vault.get(digest) {
                assert!(read == photo, "what was put, or nothing");
            }
            let parts = vault.parts(digest).unwrap();
            assert!(photo.starts_with(&parts), "what came, or nothing");
            fs::write(file, whole).unwrap();
            assert!(
                !is_whole || vault.get(digest).is_ok(),
                "the whole one is good"
            );
        }
    })
}

fn files_in(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Texts of some dozen bytes.
pub(super) const TYPED: Bound = Bound {
    ms: 2_000,
    bytes: 1 << 20,
};

/// What a plate says, what people type, what an operator gives: short texts with a meaning.
pub(super) fn typed() -> Stand {
    const TEXTS: [&str; 11] = [
        "GRIDWALKER:DOOR/AAAAAAAAAAAAAAAAAAAAAAAAAA",
        "https://mp.example.cn/d?code=329901001001001-1-101",
        "110101199003070011",
        "91330106MA2CFRGT1X",
        "2026-02-29",
        "visit:member[1]/sick=yes,no",
        "hub.example.cn:8640/gw",
        "https://[::1]:80/",
        "s3://bucket/prefix",
        "019dfc1c-5c00-7000-8000-000000000001/17",
        "sha256 q0AFPMCi",
    ];
    let examples = TEXTS.map(|text| text.as_bytes().to_vec());
    Stand::new(examples.to_vec(), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.as_ref();
        if let Ok(plate) = text.parse::<Plate>() {
            let says = plate.to_string();
            assert_eq!(says.parse::<Plate>().as_ref(), Ok(&plate), "{says:?}");
        }
        drop(shared::register::Citizen::read(text));
        let _credit = shared::register::check::is_credit_code(text);
        let _day = shared::register::check::is_day(text);
        drop(shared::register::Counts::read(text));
        drop(text.parse::<client::sync::HubAddress>());
        let _digest = text.parse::<shared::Digest>();
        let _op = text.parse::<hub::store::OpName>();
        drop(text.parse::<hub::PhotosPlace>());
        let _checksum = hub::photos::read_checksum(text);
        let _metadata = hub::photos::read_metadata(text);
        let name = shared::search::Name { text, pinyin: text };
        let _fit = shared::search::fit(text, name);
    })
}
