//! What a good photo becomes.

use image::ExtendedColorType;
use jpeg_encoder::{ColorType, SamplingFactor};
use shared::Timestamp;

use super::fixtures::{
    Exif, colour_at, decoded, grain, jpeg, jpeg_with, jpeg_with_exif, scene, scene_at,
};
use crate::photo::{TakenAt, digest_of, prepare};

/// The two files show the scene, whole and upright.
#[track_caller]
fn assert_shows_scene(bytes: &[u8], because: &str) {
    let prepared = prepare(bytes).unwrap_or_else(|error| panic!("{because}: {error}"));
    for file in [&prepared.photo, &prepared.thumb] {
        if file.height < 60 && file == &prepared.thumb {
            continue; // a pixel is then too large to compare places
        }
        let picture = decoded(&file.bytes);
        for step in 0..100_u32 {
            // The middle of a pixel, in each tenth of the picture.
            let middle = |tenth: u32, side: u32| {
                ((f64::from(tenth) / 10.0 + 0.05) * f64::from(side)).floor() + 0.5
            };
            let x = middle(step % 10, file.width) / f64::from(file.width);
            let y = middle(step / 10, file.height) / f64::from(file.height);
            let (is, should) = (colour_at(&picture, x, y), scene_at(x, y));
            let close = is
                .iter()
                .zip(should)
                .all(|(is, should)| is.abs_diff(should) < 14);
            assert!(
                close,
                "{because}: at {x:.2},{y:.2} it shows {is:?}, not {should:?}"
            );
        }
    }
}

#[test]
fn a_large_photo_is_shrunk_to_1920_and_its_thumbnail_to_256() {
    let camera_file = jpeg(4000, 3000);

    let prepared = prepare(&camera_file).unwrap();

    assert_eq!((prepared.photo.width, prepared.photo.height), (1920, 1440));
    assert_eq!((prepared.thumb.width, prepared.thumb.height), (256, 192));
    let (_, width, height) = decoded(&prepared.photo.bytes);
    assert_eq!(
        (width, height),
        (1920, 1440),
        "the file says the same of itself"
    );
}

#[test]
fn a_small_photo_is_never_enlarged() {
    let prepared = prepare(&jpeg(200, 100)).unwrap();

    assert_eq!((prepared.photo.width, prepared.photo.height), (200, 100));
    assert_eq!((prepared.thumb.width, prepared.thumb.height), (200, 100));
}

#[test]
fn digests_are_those_of_the_bytes() {
    let prepared = prepare(&jpeg(640, 480)).unwrap();

    assert_eq!(prepared.photo.digest, digest_of(&prepared.photo.bytes));
    assert_eq!(prepared.thumb.digest, digest_of(&prepared.thumb.bytes));
    assert_ne!(prepared.photo.digest, prepared.thumb.digest);
    assert_eq!(
        digest_of(b"abc").to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "the vector of FIPS 180-4"
    );
}

#[test]
fn the_same_file_gives_the_same_digest() {
    let camera_file = jpeg(3000, 300);
    let first = prepare(&camera_file);

    for time in 0..40 {
        assert!(
            prepare(&camera_file) == first,
            "time {time}: a digest is an identity"
        );
    }
}

#[test]
fn each_of_the_eight_orientations_comes_out_upright() {
    let (width, height) = (96_u16, 64_u16);
    let upright = |row: u16, column: u16| match (row < height / 2, column < width / 2) {
        (true, true) => [220, 30, 30],
        (true, false) => [30, 200, 30],
        (false, true) => [30, 30, 220],
        (false, false) => [230, 230, 230],
    };
    // EXIF 2.32 §4.6.4: where the stored row r and column c are in the upright picture.
    let (bottom, right) = (height - 1, width - 1);
    for orientation in 1..=8_u16 {
        let stored = |r: u16, c: u16| match orientation {
            1 => upright(r, c),
            2 => upright(r, right - c),
            3 => upright(bottom - r, right - c),
            4 => upright(bottom - r, c),
            5 => upright(c, r),
            6 => upright(c, right - r),
            7 => upright(bottom - c, right - r),
            _ => upright(bottom - c, r),
        };
        let (stored_width, stored_height) = if orientation < 5 {
            (width, height)
        } else {
            (height, width)
        };
        let pixels: Vec<u8> = (0..stored_height)
            .flat_map(|r| (0..stored_width).flat_map(move |c| stored(r, c)))
            .collect();
        let exif = [
            b"Exif\0\0".to_vec(),
            Exif {
                orientation,
                ..Exif::PLAIN
            }
            .block(),
        ]
        .concat();
        let file = jpeg_with(
            &pixels,
            (stored_width, stored_height),
            ColorType::Rgb,
            |encoder| {
                encoder.add_app_segment(1, exif).unwrap();
            },
        );

        let prepared = prepare(&file).unwrap();

        for encoded in [&prepared.photo, &prepared.thumb] {
            assert_eq!(
                (encoded.width, encoded.height),
                (96, 64),
                "orientation {orientation}"
            );
            let picture = decoded(&encoded.bytes);
            for (x, y, colour) in [
                (0.25, 0.25, [220, 30, 30]),
                (0.75, 0.25, [30, 200, 30]),
                (0.25, 0.75, [30, 30, 220]),
                (0.75, 0.75, [230, 230, 230]),
            ] {
                let is = colour_at(&picture, x, y);
                let close = is
                    .iter()
                    .zip(colour)
                    .all(|(is, should)| is.abs_diff(should) < 24);
                assert!(
                    close,
                    "orientation {orientation} at {x},{y}: {is:?}, not {colour:?}"
                );
            }
        }
    }
}

#[test]
fn every_size_and_subsampling_cameras_use_shows_the_scene() {
    let samplings = [
        SamplingFactor::R_4_2_0,
        SamplingFactor::R_4_2_2,
        SamplingFactor::R_4_4_4,
        SamplingFactor::R_4_4_0,
    ];
    for sampling in samplings {
        for size in [(640, 479), (3001, 201)] {
            let file = jpeg_with(&scene(size.0, size.1), size, ColorType::Rgb, |encoder| {
                encoder.set_sampling_factor(sampling);
            });
            assert_shows_scene(&file, &format!("{size:?} {sampling:?}"));
        }
    }
    // Each of the eight sizes a JPEG is read at, and the smallest that is taken.
    for width in [2000, 3500, 4000, 5000, 6000, 8000, 12_000, 24_000] {
        assert_shows_scene(&jpeg(width, 199), &format!("{width} wide"));
    }
    prepare(&jpeg(16, 16)).unwrap();
    prepare(&jpeg(17, 31)).unwrap();
}

#[test]
fn rarer_kinds_of_jpeg_show_the_scene_too() {
    let (size, pixels) = ((2000, 600), scene(2000, 600));
    let progressive = jpeg_with(&pixels, size, ColorType::Rgb, |encoder| {
        encoder.set_progressive(true);
    });
    let restarts = jpeg_with(&pixels, size, ColorType::Rgb, |encoder| {
        encoder.set_restart_interval(7);
    });
    let several_scans = jpeg_with(&pixels, size, ColorType::Rgb, |encoder| {
        encoder.set_optimized_huffman_tables(true);
    });
    let cmyk: Vec<u8> = pixels
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|&[r, g, b]| [255 - r, 255 - g, 255 - b, 0])
        .collect();
    let cmyk = jpeg_with(&cmyk, size, ColorType::Cmyk, |encoder| {
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    });

    assert_shows_scene(&progressive, "progressive");
    assert_shows_scene(&restarts, "restart markers");
    assert_shows_scene(&several_scans, "a scan for each component");
    assert_shows_scene(&cmyk, "CMYK");
}

#[test]
fn a_grey_photo_stays_grey() {
    let (width, height) = (2000_u16, 300_u16);
    let pixels = vec![77; usize::from(width) * usize::from(height)];
    let file = jpeg_with(&pixels, (width, height), ColorType::Luma, |_| {});

    let prepared = prepare(&file).unwrap();

    let [r, g, b] = colour_at(&decoded(&prepared.photo.bytes), 0.5, 0.5);
    assert!(
        [r, g, b].iter().all(|value| value.abs_diff(77) < 4),
        "it shows {r},{g},{b}"
    );
}

#[test]
fn heavy_grain_is_read_like_by_another_decoder() {
    let file = jpeg_with(&grain(320, 240), (320, 240), ColorType::Rgb, |encoder| {
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    });

    let ours = decoded(&prepare(&file).unwrap().photo.bytes).0;

    let theirs = decoded(&file).0;
    let brightness = |pixels: &[u8]| -> Vec<i32> {
        let (pixels, _) = pixels.as_chunks::<3>();
        pixels
            .iter()
            .map(|&[r, g, b]| (i32::from(r) * 3 + i32::from(g) * 6 + i32::from(b)) / 10)
            .collect()
    };
    let errors = brightness(&ours)
        .into_iter()
        .zip(brightness(&theirs))
        .map(|(a, b)| (a - b).abs());
    let mean = errors.sum::<i32>() / (320 * 240);
    assert!(
        mean < 10,
        "quality 82 explains a difference of a few steps, not {mean}"
    );
}

#[test]
fn png_and_webp_are_taken_and_what_is_transparent_is_white() {
    let (width, height) = (2100_u32, 1000_u32);
    let mut rgba = vec![0_u8; 2100 * 1000 * 4];
    for (nth, pixel) in rgba.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *pixel = if nth % 2100 < 1050 {
            [10, 10, 10, 0]
        } else {
            [200, 20, 20, 255]
        };
    }
    let mut png = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    image::ImageEncoder::write_image(encoder, &rgba, width, height, ExtendedColorType::Rgba8)
        .unwrap();
    let mut webp = Vec::new();
    image::codecs::webp::WebPEncoder::new_lossless(&mut webp)
        .encode(&rgba, width, height, ExtendedColorType::Rgba8)
        .unwrap();

    for file in [png, webp] {
        let prepared = prepare(&file).unwrap();

        assert_eq!((prepared.photo.width, prepared.photo.height), (1920, 914));
        let picture = decoded(&prepared.photo.bytes);
        assert!(
            colour_at(&picture, 0.2, 0.5)
                .iter()
                .all(|value| *value > 250),
            "white, not black"
        );
        let [r, g, _] = colour_at(&picture, 0.8, 0.5);
        assert!(
            r.abs_diff(200) < 10 && g.abs_diff(20) < 10,
            "the opaque part keeps its colour"
        );
    }
}

#[test]
fn metadata_is_read_and_never_written() {
    let exif = Exif {
        taken_at: Some("2026:11:23 08:30:00"),
        offset: Some("+08:00"),
        gps: Some([
            (b'N', [(31, 1), (14, 1), (3000, 100)]),
            (b'E', [(121, 1), (29, 1), (6, 1)]),
        ]),
        ..Exif::PLAIN
    };
    let file = jpeg_with_exif(640, 480, &exif.block());

    let prepared = prepare(&file).unwrap();

    let moment = Timestamp::from_ms(1_795_393_800_000);
    assert_eq!(
        prepared.taken_at,
        Some(TakenAt::Exact(moment)),
        "2026-11-23T00:30:00Z"
    );
    let position = prepared.position.unwrap();
    assert!(
        (position.lat() - 31.241_666).abs() < 1e-5,
        "latitude {}",
        position.lat()
    );
    assert!(
        (position.lng() - 121.485).abs() < 1e-5,
        "longitude {}",
        position.lng()
    );
    for file in [prepared.photo.bytes, prepared.thumb.bytes] {
        for trace in [
            b"Exif".as_slice(),
            b"MM\0*",
            b"2026:11:23",
            b"+08:00",
            b"http",
            b"ICC",
        ] {
            let found = file.windows(trace.len()).any(|part| part == trace);
            assert!(!found, "{} must not leave the device", trace.escape_ascii());
        }
    }
}

#[test]
fn a_moment_without_an_offset_is_read_in_the_citys_zone() {
    let exif = Exif {
        taken_at: Some("2026:11:23 08:30:00"),
        ..Exif::PLAIN
    };

    let taken_at = prepare(&jpeg_with_exif(64, 64, &exif.block()))
        .unwrap()
        .taken_at
        .unwrap();

    assert!(matches!(taken_at, TakenAt::Local(_)), "{taken_at:?}");
    assert_eq!(
        taken_at.with_offset(480),
        Timestamp::from_ms(1_795_393_800_000)
    );
}

#[test]
fn positions_that_are_none_are_dropped_and_the_photo_is_kept() {
    let zero = [(0, 1), (0, 1), (0, 1)];
    let not_a_number = [(0, 0), (0, 0), (0, 0)];
    let too_far = [(191, 1), (0, 1), (0, 1)];
    for gps in [zero, not_a_number, too_far] {
        let exif = Exif {
            gps: Some([(b'N', gps), (b'E', gps)]),
            ..Exif::PLAIN
        };

        let prepared = prepare(&jpeg_with_exif(64, 64, &exif.block())).unwrap();

        assert_eq!(prepared.position, None, "{gps:?} is no place");
    }
}

#[test]
fn a_broken_exif_block_says_nothing_and_refuses_nothing() {
    let whole = Exif {
        orientation: 6,
        taken_at: Some("2026:11:23 08:30:00"),
        ..Exif::PLAIN
    }
    .block();
    for cut in 0..whole.len() {
        let file = jpeg_with_exif(32, 32, whole.get(..cut).unwrap());

        prepare(&file).unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
    }
}
