//! A picture's brightness alone, for whoever looks for something in it.

use shared::PhotoError;

use super::{
    picture::{Plane, fit},
    prepare::open,
};

/// Rows of brightness.
#[derive(Debug)]
pub(crate) struct Grey(Plane);

impl Grey {
    /// Reads a file, with no side longer than `long_side`; never enlarged. Which way up is not asked.
    pub(crate) fn read(bytes: &[u8], long_side: usize) -> Result<Self, PhotoError> {
        let (picture, _) = open(bytes, long_side)?;
        let (width, height) = fit(picture.width(), picture.height(), long_side);
        Ok(Self(picture.luma.resized(width, height)?))
    }

    pub(crate) fn width(&self) -> usize {
        self.0.width
    }

    pub(crate) fn height(&self) -> usize {
        self.0.height
    }

    /// How bright it is there; outside it is white.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.0.row(y).get(x).copied().unwrap_or(u8::MAX)
    }
}
