//! What people hand in that is no photo, or no longer one. Each has its own answer, none panics.

use image::ExtendedColorType;
use jpeg_encoder::ColorType;
use shared::PhotoError;

use super::fixtures::{grain, jpeg, jpeg_with, scene};
use crate::photo::prepare;

#[track_caller]
fn refusal(bytes: &[u8]) -> PhotoError {
    prepare(bytes)
        .map(|prepared| prepared.photo.digest)
        .unwrap_err()
}

#[test]
fn an_empty_file_is_told_as_empty() {
    assert_eq!(refusal(b""), PhotoError::Empty);
}

#[test]
fn heic_and_its_relatives_are_told_apart_from_rubbish_and_from_videos() {
    let ftyp = |brands: &[u8]| [b"\0\0\0\x18ftyp".as_slice(), brands, &[0; 64]].concat();

    for brands in [
        b"heic\0\0\0\0".as_slice(),
        b"mif1\0\0\0\0heic",
        b"avif\0\0\0\0",
        b"heix\0\0\0\0",
    ] {
        assert_eq!(
            refusal(&ftyp(brands)),
            PhotoError::Heic,
            "{}",
            brands.escape_ascii()
        );
    }
    assert_eq!(
        refusal(&ftyp(b"isom\0\0\x02\0mp41")),
        PhotoError::NotAnImage,
        "a video"
    );
}

#[test]
fn other_files_with_a_photos_name_are_told_as_no_photo() {
    let files = [
        b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".as_slice(),
        b"GIF89a\x01\0\x01\0",
        b"PK\x03\x04",
        b"<html><img src=x></html>",
        b"\xFF",
        b"\xFF\xD8",
        b"\0",
    ];
    for file in files {
        assert_eq!(
            refusal(file),
            PhotoError::NotAnImage,
            "{}",
            file.escape_ascii()
        );
    }
    let hidden = [b"%PDF-1.7\n".to_vec(), jpeg(64, 64)].concat();
    assert_eq!(
        refusal(&hidden),
        PhotoError::NotAnImage,
        "a photo inside is not looked for"
    );
}

#[test]
fn what_is_appended_to_a_photo_is_not_kept() {
    let photo = jpeg(64, 64);
    let polyglot = [photo.as_slice(), b"PK\x03\x04<script>alert(1)</script>"].concat();

    assert_eq!(
        prepare(&polyglot),
        prepare(&photo),
        "motion photos and polyglots alike"
    );
}

#[test]
fn a_jpeg_cut_off_anywhere_is_never_accepted() {
    let size = (64, 48);
    let baseline = jpeg_with(&grain(64, 48), size, ColorType::Rgb, |_| {});
    let progressive = jpeg_with(&scene(64, 48), size, ColorType::Rgb, |encoder| {
        encoder.set_progressive(true);
    });
    let restarts = jpeg_with(&scene(64, 48), size, ColorType::Rgb, |encoder| {
        encoder.set_restart_interval(2);
    });
    for file in [baseline, progressive, restarts] {
        prepare(&file).unwrap();
        for cut in 3..file.len() {
            let error = refusal(file.get(..cut).unwrap());

            assert_eq!(
                error,
                PhotoError::Truncated,
                "cut at {cut} of {}",
                file.len()
            );
        }
    }
}

#[test]
fn a_jpeg_whose_missing_half_is_hidden_by_an_end_marker_is_not_accepted() {
    let file = jpeg_with(&grain(96, 64), (96, 64), ColorType::Rgb, |_| {});
    let closed = [file.get(..file.len() / 2).unwrap(), &[0xFF, 0xD9]].concat();

    assert_eq!(refusal(&closed), PhotoError::Truncated);
}

#[test]
fn a_png_cut_off_is_never_accepted() {
    let mut png = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    image::ImageEncoder::write_image(encoder, &grain(64, 64), 64, 64, ExtendedColorType::Rgb8)
        .unwrap();
    prepare(&png).unwrap();

    for cut in (8..png.len() - 12).step_by(97) {
        let error = refusal(png.get(..cut).unwrap());

        assert!(
            matches!(error, PhotoError::Truncated | PhotoError::Damaged),
            "at {cut}: {error}"
        );
    }
}

#[test]
fn four_hundred_megapixels_are_refused_by_the_header_alone() {
    let (side, zeros) = (20_000_u16.to_be_bytes(), [0; 64]);
    let sof = [
        &[0xFF, 0xC0, 0, 17, 8],
        &side[..],
        &side,
        &[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
    ]
    .concat();
    let sos = [0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0];
    let jpeg = [&[0xFF, 0xD8][..], &sof, &sos, &zeros].concat();
    let mut ihdr = [
        b"IHDR".as_slice(),
        &20_000_u32.to_be_bytes(),
        &20_000_u32.to_be_bytes(),
    ]
    .concat();
    ihdr.extend([8, 2, 0, 0, 0]);
    let sum = crc32(&ihdr).to_be_bytes();
    let png = [
        b"\x89PNG\r\n\x1A\n\0\0\0\x0D".as_slice(),
        &ihdr,
        &sum,
        b"\0\0\0\x08IDAT",
        &zeros,
    ]
    .concat();

    assert_eq!(
        refusal(&jpeg),
        PhotoError::TooManyPixels { megapixels: 400 }
    );
    assert_eq!(refusal(&png), PhotoError::TooManyPixels { megapixels: 400 });
}

#[test]
fn what_is_too_small_or_too_large_is_told() {
    let too_large = vec![0xFF; 64 * 1024 * 1024 + 1];

    assert_eq!(refusal(&jpeg(15, 400)), PhotoError::TooSmall);
    assert_eq!(
        refusal(&too_large),
        PhotoError::TooLarge { bytes: 67_108_865 }
    );
}

#[test]
fn a_damaged_photo_never_panics() {
    let size = (64, 48);
    let baseline = jpeg_with(&grain(64, 48), size, ColorType::Rgb, |_| {});
    let progressive = jpeg_with(&scene(64, 48), size, ColorType::Rgb, |encoder| {
        encoder.set_progressive(true);
    });
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for file in [baseline, progressive] {
        for _ in 0..500 {
            let mut damaged = file.clone();
            for _ in 0..=random(4) {
                let place = random(damaged.len());
                damaged[place] = u8::try_from(random(256)).unwrap();
            }
            drop(prepare(&damaged)); // any answer will do, as long as there is one
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| {
        if crc & 1 == 0 {
            crc >> 1
        } else {
            (crc >> 1) ^ 0xEDB8_8320
        }
    };
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc))
    })
}
