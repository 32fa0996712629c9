//! From planes to the JPEG that is kept. Nothing but the pixels is written: no EXIF, no comment,
//! no name of the camera.

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};
use sha2::{Digest as _, Sha256};
use shared::{Digest, PhotoError};

use super::picture::Picture;

/// Quality of photo and thumbnail on JPEG's scale; above it files grow faster than what one sees.
const QUALITY: u8 = 82;

/// A JPEG and its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// SHA-256 of the bytes: the file's identity.
    pub digest: Digest,
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

pub(super) fn encode(picture: &Picture) -> Result<Encoded, PhotoError> {
    let side = |side: usize| u16::try_from(side).map_err(|_too_large| PhotoError::Damaged);
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let mut bytes = Vec::with_capacity(picture.width() * picture.height() / 4);
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder
        .encode_image(Planes {
            picture,
            width,
            height,
        })
        .map_err(|_impossible| PhotoError::Damaged)?;
    bytes.shrink_to_fit();
    Ok(Encoded {
        digest: digest_of(&bytes),
        bytes,
        width: u32::from(width),
        height: u32::from(height),
    })
}

/// The SHA-256 digest of a file.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}

/// The planes as the encoder asks for them: colour at full size, of which it takes every second
/// value in both directions, so exactly ours.
struct Planes<'a> {
    picture: &'a Picture,
    width: u16,
    height: u16,
}

impl ImageBuffer for Planes<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let row = usize::from(y);
        luma.extend_from_slice(self.picture.luma.row(row));
        for (buffer, plane) in [(blue, &self.picture.blue), (red, &self.picture.red)] {
            let (start, half) = (buffer.len(), plane.row(row / 2));
            buffer.resize(start + 2 * half.len(), 0);
            let (pairs, _) = buffer
                .get_mut(start..)
                .unwrap_or_default()
                .as_chunks_mut::<2>();
            pairs
                .iter_mut()
                .zip(half)
                .for_each(|(pair, value)| *pair = [*value; 2]);
            buffer.truncate(start + self.picture.width());
        }
    }
}
