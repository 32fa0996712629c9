//! Files as cameras, phones and people hand them in; all made here.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A picture whose colour at each place is known: smooth, so that JPEG and scaling change it little.
pub(super) fn scene(width: u16, height: u16) -> Vec<u8> {
    let pixel = |x: u16, y: u16| {
        scene_at(
            (f64::from(x) + 0.5) / f64::from(width),
            (f64::from(y) + 0.5) / f64::from(height),
        )
    };
    (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)))
        .collect()
}

/// The scene's colour at a place between 0 and 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0..=255"
)]
pub(super) fn scene_at(x: f64, y: f64) -> [u8; 3] {
    let wave = (x * 6.0).sin() * (y * 4.0).cos();
    [30.0 + 180.0 * x, 40.0 + 170.0 * y, 128.0 + 80.0 * wave].map(|value| value.round() as u8)
}

/// A grainy picture: every block has many coefficients.
pub(super) fn grain(width: u16, height: u16) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    (0..usize::from(width) * usize::from(height) * 3)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .collect()
}

/// A JPEG of RGB pixels; `shape` sets what makes it special.
pub(super) fn jpeg_with(
    pixels: &[u8],
    (width, height): (u16, u16),
    kind: ColorType,
    shape: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 92);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    shape(&mut encoder);
    encoder.encode(pixels, width, height, kind).unwrap();
    bytes
}

/// The scene as a camera would write it.
pub(super) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg_with(
        &scene(width, height),
        (width, height),
        ColorType::Rgb,
        |_| {},
    )
}

/// The scene with an EXIF block.
pub(super) fn jpeg_with_exif(width: u16, height: u16, exif: &[u8]) -> Vec<u8> {
    let segment = [b"Exif\0\0", exif].concat();
    jpeg_with(
        &scene(width, height),
        (width, height),
        ColorType::Rgb,
        |encoder| {
            encoder.add_app_segment(1, segment).unwrap();
        },
    )
}

/// A reference letter, then degrees, minutes and seconds as fractions.
type Angle = (u8, [(u32, u32); 3]);

/// An EXIF block, big-endian: orientation, moment and position as a camera writes them.
#[derive(Clone, Copy)]
pub(super) struct Exif {
    pub(super) orientation: u16,
    pub(super) taken_at: Option<&'static str>,
    pub(super) offset: Option<&'static str>,
    /// Latitude and longitude.
    pub(super) gps: Option<[Angle; 2]>,
}

impl Exif {
    pub(super) const PLAIN: Self = Self {
        orientation: 1,
        taken_at: None,
        offset: None,
        gps: None,
    };

    pub(super) fn block(&self) -> Vec<u8> {
        const FIRST: u32 = 8;
        const FIRST_LEN: u32 = 2 + 3 * 12 + 4;
        let mut moment = Vec::new();
        for (tag, text) in [(0x9003, self.taken_at), (0x9011, self.offset)] {
            if let Some(text) = text {
                moment.push((tag, 2, [text.as_bytes(), b"\0"].concat()));
            }
        }
        let moment = directory(FIRST + FIRST_LEN, &moment);
        let gps_at = FIRST + FIRST_LEN + u32::try_from(moment.len()).unwrap();
        let mut gps = Vec::new();
        for ((tag, nth), (reference, parts)) in
            (1..).step_by(2).zip(0..2).zip(self.gps.iter().flatten())
        {
            assert!(nth < 2);
            gps.push((tag, 2, vec![*reference, 0]));
            let fractions = parts.iter().flat_map(|(over, under)| {
                over.to_be_bytes().into_iter().chain(under.to_be_bytes())
            });
            gps.push((tag + 1, 5, fractions.collect()));
        }
        let first = directory(
            FIRST,
            &[
                (0x0112, 3, self.orientation.to_be_bytes().to_vec()),
                (0x8769, 4, (FIRST + FIRST_LEN).to_be_bytes().to_vec()),
                (0x8825, 4, gps_at.to_be_bytes().to_vec()),
            ],
        );
        [
            b"MM\0*\0\0\0\x08".to_vec(),
            first,
            moment,
            directory(gps_at, &gps),
        ]
        .concat()
    }
}

/// A TIFF directory that begins `at` bytes into the block.
fn directory(at: u32, entries: &[(u16, u16, Vec<u8>)]) -> Vec<u8> {
    let count = u16::try_from(entries.len()).unwrap();
    let mut bytes = count.to_be_bytes().to_vec();
    let mut values = Vec::new();
    let values_at = at + 2 + 12 * u32::from(count) + 4;
    for (tag, kind, value) in entries {
        let unit = match kind {
            3 => 2,
            4 => 4,
            5 => 8,
            _ => 1,
        };
        bytes.extend(tag.to_be_bytes());
        bytes.extend(kind.to_be_bytes());
        bytes.extend(u32::try_from(value.len() / unit).unwrap().to_be_bytes());
        if value.len() <= 4 {
            bytes.extend(value.iter().chain(&[0; 4]).take(4));
        } else {
            let place = values_at + u32::try_from(values.len()).unwrap();
            bytes.extend(place.to_be_bytes());
            values.extend(value);
        }
    }
    bytes.extend([0; 4]);
    [bytes, values].concat()
}

/// RGB pixels of a JPEG, with width and height.
pub(super) fn decoded(jpeg: &[u8]) -> (Vec<u8>, usize, usize) {
    use zune_jpeg::{JpegDecoder, zune_core::bytestream::ZCursor};
    let mut decoder = JpegDecoder::new(ZCursor::new(jpeg));
    let pixels = decoder.decode().unwrap();
    let (width, height) = decoder.dimensions().unwrap();
    (pixels, width, height)
}

/// The colour at a place between 0 and 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "places are inside"
)]
pub(super) fn colour_at(picture: &(Vec<u8>, usize, usize), x: f64, y: f64) -> [u8; 3] {
    let (pixels, width, height) = picture;
    let (column, row) = ((x * *width as f64) as usize, (y * *height as f64) as usize);
    let start = (row * width + column) * (pixels.len() / (width * height));
    [pixels[start], pixels[start + 1], pixels[start + 2]]
}
