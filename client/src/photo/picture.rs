//! A picture in memory: brightness and two colour planes, the colour at half size in both
//! directions once it is [`Picture::within`] its final size. JPEG works in these planes, so a photo
//! never becomes RGB on its way from JPEG to JPEG.

use std::thread;

use fast_image_resize::PixelType;
use shared::PhotoError;

use super::{
    raster::resample,
    upright::{Orientation, upright},
};

/// One plane: rows of `width` bytes, `stride` apart.
#[derive(Debug)]
pub(super) struct Plane {
    pixels: Vec<u8>,
    stride: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Plane {
    pub(super) fn new(pixels: Vec<u8>, stride: usize, width: usize, height: usize) -> Self {
        Self {
            pixels,
            stride: stride.max(1),
            width,
            height,
        }
    }

    /// The rows, without what pads them to whole blocks.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.pixels.chunks(self.stride).take(self.height);
        lines.map(|line| line.get(..self.width).unwrap_or_default())
    }

    /// One row.
    pub(super) fn row(&self, nth: usize) -> &[u8] {
        let start = nth * self.stride;
        self.pixels
            .get(start..start + self.width)
            .unwrap_or_default()
    }

    /// The plane at another size.
    pub(super) fn resized(&self, width: usize, height: usize) -> Result<Self, PhotoError> {
        if (width, height) == (self.width, self.height) {
            let pixels = self.rows().flatten().copied().collect();
            return Ok(Self::new(pixels, width, width, height));
        }
        let pixels = resample(
            &self.pixels,
            PixelType::U8,
            self.stride,
            (self.width, self.height),
            (width, height),
        )?;
        Ok(Self::new(pixels, width, width, height))
    }

    fn upright(&self, orientation: Orientation) -> Self {
        let (pixels, width, height) = upright(
            &self.pixels,
            self.stride,
            self.width,
            self.height,
            orientation,
        );
        Self::new(pixels, width, width, height)
    }
}

/// A picture as three planes: brightness, blueness, redness.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) luma: Plane,
    pub(super) blue: Plane,
    pub(super) red: Plane,
}

impl Picture {
    pub(super) fn new(luma: Plane, blue: Plane, red: Plane) -> Self {
        Self { luma, blue, red }
    }

    /// A picture without colour.
    pub(super) fn grey(luma: Plane) -> Self {
        let (width, height) = (luma.width.div_ceil(2), luma.height.div_ceil(2));
        let neutral = || Plane::new(vec![128; width * height], width, width, height);
        Self {
            blue: neutral(),
            red: neutral(),
            luma,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.luma.width
    }

    pub(super) fn height(&self) -> usize {
        self.luma.height
    }

    /// The picture with no side longer than `long_side`; never enlarged.
    pub(super) fn within(&self, long_side: usize) -> Result<Self, PhotoError> {
        let (width, height) = fit(self.width(), self.height(), long_side);
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let (luma, colour) = both(
            || self.luma.resized(width, height),
            || {
                Ok((
                    self.blue.resized(half_width, half_height)?,
                    self.red.resized(half_width, half_height)?,
                ))
            },
        );
        let (blue, red) = colour?;
        Ok(Self {
            luma: luma?,
            blue,
            red,
        })
    }

    /// The picture as the camera was held.
    pub(super) fn upright(self, orientation: Orientation) -> Self {
        if orientation == Orientation::default() {
            return self;
        }
        let (luma, (blue, red)) = both(
            || self.luma.upright(orientation),
            || {
                (
                    self.blue.upright(orientation),
                    self.red.upright(orientation),
                )
            },
        );
        Self { luma, blue, red }
    }
}

/// Two pieces of work at once, on two threads.
pub(super) fn both<A, B: Send>(
    here: impl FnOnce() -> A,
    there: impl FnOnce() -> B + Send,
) -> (A, B) {
    // A simulation is one thread by its nature, and its photos are small.
    if fault::simulated() {
        return (here(), there());
    }
    thread::scope(|scope| {
        let there = scope.spawn(there);
        let here = here();
        match there.join() {
            Ok(there) => (here, there),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// `width` × `height` shrunk so that the longer one is at most `long_side`.
pub(super) fn fit(width: usize, height: usize, long_side: usize) -> (usize, usize) {
    let longest = width.max(height);
    if longest <= long_side {
        return (width, height);
    }
    let shrink = |side: usize| ((side * long_side + longest / 2) / longest).max(1);
    (shrink(width), shrink(height))
}
