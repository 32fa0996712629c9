//! The memory of a screen of Xvfb, read beside it: what is there is what a person would see.

use std::{fs::File, os::unix::fs::FileExt as _};

use anyhow::{Context as _, Result, ensure};
use scenarios::machine::display::Display;

/// Every so many lines are looked at; no row of a list is that low.
const EVERY: u64 = 8;

/// The screen's memory: a file in the format of `xwd`, kept up to date by Xvfb.
#[derive(Debug)]
pub(super) struct Screen {
    file: File,
    pixels: u64,
    line: u64,
    height: u64,
}

impl Screen {
    /// The screen of a display.
    pub(super) fn of(display: &Display) -> Result<Self> {
        let file = File::open(display.memory()).context("the memory of the screen")?;
        let number = |at: u64| -> Result<u64> {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, at)?;
            Ok(u64::from(u32::from_be_bytes(bytes)))
        };
        // XWDFile.h: header_size, …, pixmap_height (5th), …, bytes_per_line (13th), …,
        // ncolors (20th), each 32 bits; then 12 bytes a colour, then the lines.
        let screen = Self {
            pixels: number(0)? + number(76)? * 12,
            line: number(48)?,
            height: number(20)?,
            file,
        };
        ensure!(screen.line > 0, "the screen has lines");
        Ok(screen)
    }

    /// Some lines of the middle, where the rows of a list are, below the filter and above the
    /// navigation.
    pub(super) fn rows(&self) -> Result<Vec<u8>> {
        let (first, last) = (self.height * 3 / 10, self.height * 8 / 10);
        let mut rows = Vec::new();
        let mut line = vec![0; usize::try_from(self.line)?];
        for at in (first..last).step_by(usize::try_from(EVERY)?) {
            self.file
                .read_exact_at(&mut line, self.pixels + at * self.line)?;
            rows.extend_from_slice(&line);
        }
        Ok(rows)
    }
}

/// Whether there is more than plain areas: at least fifty different colours, as the edges of
/// letters make them.
pub(super) fn is_written_on(rows: &[u8]) -> bool {
    let colours: std::collections::BTreeSet<&[u8]> = rows.chunks_exact(4).collect();
    colours.len() >= 50
}
