//! PNG and WebP, and RGB pixels in general, on their way to a [`Picture`].

use std::io::Cursor;

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb,
    error::LimitErrorKind,
};
use shared::PhotoError;

use super::{
    header::check_size,
    picture::{Picture, Plane, fit},
};

/// What a decoder may allocate: 50 megapixels of 16-bit RGBA is what the largest allowed PNG holds.
const ALLOC_MAX: u64 = 400 * 1024 * 1024;

/// Reads a PNG or WebP to at most `long_side`, and its EXIF block.
pub(super) fn read(
    bytes: &[u8],
    format: ImageFormat,
    long_side: usize,
) -> Result<(Picture, Option<Vec<u8>>), PhotoError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(ALLOC_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let exif = decoder.exif_metadata().unwrap_or_default();
    let pixels = on_white(DynamicImage::from_decoder(decoder).map_err(why)?);
    Ok((from_rgb(&pixels, width, height, long_side)?, exif))
}

fn why(error: ImageError) -> PhotoError {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoError::Truncated
        }
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::DimensionError) => {
            PhotoError::TooManyPixels {
                megapixels: u32::MAX,
            }
        }
        _ => PhotoError::Damaged,
    }
}

/// RGB pixels; what is transparent shows white, as on paper.
fn on_white(image: DynamicImage) -> Vec<u8> {
    if !image.color().has_alpha() {
        return image.into_rgb8().into_raw();
    }
    let image = image.into_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let sum = u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha)) + 127;
        u8::try_from(sum / 255).unwrap_or(255)
    };
    let (pixels, _) = image.as_raw().as_chunks::<4>();
    pixels
        .iter()
        .flat_map(|&[r, g, b, a]| [blend(r, a), blend(g, a), blend(b, a)])
        .collect()
}

/// A picture of at most `long_side` from RGB pixels.
pub(super) fn from_rgb(
    pixels: &[u8],
    width: u32,
    height: u32,
    long_side: usize,
) -> Result<Picture, PhotoError> {
    let side = |side: u32| usize::try_from(side).unwrap_or(usize::MAX);
    let from = (side(width), side(height));
    let to = fit(from.0, from.1, long_side);
    if from == to {
        return Ok(to_planes(pixels, to.0, to.1));
    }
    let small = resample(pixels, PixelType::U8x3, from.0, from, to)?;
    Ok(to_planes(&small, to.0, to.1))
}

/// `pixels`, in rows of `stride`, at another size. Catmull-Rom and Lanczos were measured: same
/// quality after JPEG, and the narrower filter is faster.
pub(super) fn resample(
    pixels: &[u8],
    kind: PixelType,
    stride: usize,
    from: (usize, usize),
    to: (usize, usize),
) -> Result<Vec<u8>, PhotoError> {
    // Sizes were checked against the limits; a failure here means planes that don't fit them.
    let side = |side: usize| u32::try_from(side).map_err(|_too_large| PhotoError::Damaged);
    let whole = side(from.1)? as usize * stride * kind.size();
    let pixels = pixels.get(..whole).ok_or(PhotoError::Damaged)?;
    let source = ImageRef::new(side(stride)?, side(from.1)?, pixels, kind)
        .map_err(|_wrong_size| PhotoError::Damaged)?;
    let mut target = Image::new(side(to.0)?, side(to.1)?, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(0.0, 0.0, f64::from(side(from.0)?), f64::from(side(from.1)?));
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|_wrong_size| PhotoError::Damaged)?;
    Ok(target.into_vec())
}

/// Brightness for each pixel, colour for each square of four.
fn to_planes(pixels: &[u8], width: usize, height: usize) -> Picture {
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut luma = Vec::with_capacity(width * height);
    let mut blue = Vec::with_capacity(half_width * half_height);
    let mut red = Vec::with_capacity(half_width * half_height);
    let mut sums = vec![[0_u16; 2]; half_width];
    for two_rows in pixels.chunks(6 * width) {
        let rows = two_rows.chunks(3 * width);
        // A lone last row or column counts double.
        let down = if rows.len() == 1 { 2 } else { 1 };
        sums.fill([2; 2]);
        for row in rows {
            let (pixels, _) = row.as_chunks::<3>();
            for (pair, sum) in pixels.chunks(2).zip(&mut sums) {
                let across = if pair.len() == 1 { 2 } else { 1 };
                for Rgb([r, g, b]) in pair.iter().map(|pixel| Rgb(*pixel)) {
                    let (y, cb, cr) = jpeg_encoder::rgb_to_ycbcr(r, g, b);
                    luma.push(y);
                    let [blue, red] = sum;
                    *blue += across * down * u16::from(cb);
                    *red += across * down * u16::from(cr);
                }
            }
        }
        let quarter = |sum: u16| u8::try_from(sum / 4).unwrap_or(255);
        blue.extend(sums.iter().map(|[blue, _]| quarter(*blue)));
        red.extend(sums.iter().map(|[_, red]| quarter(*red)));
    }
    Picture::new(
        Plane::new(luma, width, width, height),
        Plane::new(blue, half_width, half_width, half_height),
        Plane::new(red, half_width, half_width, half_height),
    )
}
