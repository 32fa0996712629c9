//! The pixels of a baseline JPEG, read straight into small planes.

use std::{sync::mpsc, thread};

use shared::PhotoError;

use super::{
    head::{Component, Head},
    huffman::{Bits, Table},
    idct::Idct,
};
use crate::photo::picture::{Picture, Plane};

/// Whether [`read`] can read this file: sequential, Huffman-coded, grey or YCbCr with the
/// usual subsampling. That is what cameras write.
pub(super) fn suits(head: &Head<'_>) -> bool {
    let ids = |id: [u8; 3]| head.components.iter().map(|component| component.id).eq(id);
    let usual = match head.components.as_slice() {
        [_] => true,
        [luma, blue, red] => {
            matches!((luma.across, luma.down), (1 | 2, 1 | 2))
                && [blue, red]
                    .iter()
                    .all(|chroma| (chroma.across, chroma.down) == (1, 1))
                && head.adobe != Some(0)
                && !ids(*b"RGB")
        }
        _ => false,
    };
    usual && head.sequential
}

/// Reads the picture at N/8 of its size.
pub(super) fn read<const N: usize>(head: &mut Head<'_>) -> Result<Picture, PhotoError> {
    let width = usize::from(head.width);
    let height = usize::from(head.height);
    let (across, down) = match head.components.as_slice() {
        [luma, _, _] => (usize::from(luma.across), usize::from(luma.down)),
        _ => (1, 1), // a single component is never interleaved, whatever its factors say
    };
    let mcus = (width.div_ceil(8 * across), height.div_ceil(8 * down));

    let mut channels = Vec::with_capacity(3);
    for &component in &head.components {
        let blocks = if channels.is_empty() {
            (across, down)
        } else {
            (1, 1)
        };
        let size = (
            (width * blocks.0).div_ceil(across),
            (height * blocks.1).div_ceil(down),
        );
        channels.push(Channel::<N>::new(head, component, blocks, mcus, size)?);
    }

    let mut seen = [false; 3];
    loop {
        for (nth, seen) in seen.iter_mut().enumerate() {
            *seen |= head.scanned.contains(&nth);
        }
        let rest = read_scan(head, &mut channels, mcus)?;
        if !head.next_scan(rest)? {
            break;
        }
    }
    // Without their scans, planes would be grey: what is missing is the end of the file.
    if seen.iter().take(channels.len()).any(|seen| !seen) {
        return Err(PhotoError::Truncated);
    }

    let mut planes = channels.into_iter().map(Channel::into_plane);
    let luma = planes.next().ok_or(PhotoError::Damaged)?;
    Ok(match (planes.next(), planes.next()) {
        (Some(blue), Some(red)) => Picture::new(luma, blue, red),
        _ => Picture::grey(luma),
    })
}

/// Reads one scan: all components interleaved, or some of them, and returns what follows it.
fn read_scan<'a, const N: usize>(
    head: &Head<'a>,
    channels: &mut [Channel<N>],
    mcus: (usize, usize),
) -> Result<&'a [u8], PhotoError> {
    fn pick(tables: &[Option<Table>; 4], nth: u8) -> Result<&Table, PhotoError> {
        tables
            .get(usize::from(nth))
            .and_then(Option::as_ref)
            .ok_or(PhotoError::Damaged)
    }
    let mut parts = Vec::with_capacity(3);
    let mut painters = Vec::with_capacity(3);
    for ((nth, channel), component) in channels.iter_mut().enumerate().zip(&head.components) {
        if head.scanned.contains(&nth) {
            let (dc, ac) = (pick(&head.dc, component.dc)?, pick(&head.ac, component.ac)?);
            parts.push(Part {
                dc,
                ac,
                dc_before: 0,
                blocks: channel.across * channel.down,
            });
            painters.push(channel);
        }
    }
    // A scan of one component has its own blocks only, without those that fill up the last MCU.
    let (columns, rows) = match painters.as_mut_slice() {
        [] => return Err(PhotoError::Damaged),
        [lone] => {
            (lone.across, lone.down) = (1, 1);
            for part in &mut parts {
                part.blocks = 1;
            }
            lone.own_blocks
        }
        _ => mcus,
    };

    // A few rows of blocks go back and forth between this thread, which reads the codes, and one
    // that makes pixels of them.
    thread::scope(|scope| {
        let (to_paint, painting) = mpsc::channel::<Strip>();
        let (done, empty) = mpsc::channel();
        for _ in 0..4 {
            drop(done.send(Strip::default()));
        }
        scope.spawn(move || {
            for strip in painting {
                for (channel, blocks) in painters.iter_mut().zip(&strip.blocks) {
                    channel.paint(strip.row, blocks);
                }
                // Nobody takes it back once the last row is read; there may still be one to paint.
                drop(done.send(strip));
            }
        });

        let mut reader = Reader {
            bits: Bits::new(head.scan),
            parts,
            head,
        };
        let mut until_restart = head.restart_interval;
        for row in 0..rows {
            let mut strip = empty.recv().map_err(|_painter_gone| PhotoError::Damaged)?;
            strip.row = row;
            reader.read_row(&mut strip, columns, &mut until_restart)?;
            to_paint
                .send(strip)
                .map_err(|_painter_gone| PhotoError::Damaged)?;
        }
        reader.bits.rest().ok_or(PhotoError::Truncated)
    })
}

/// A row of MCUs as coefficients: the blocks of each component, in the order of the file.
#[derive(Default)]
struct Strip {
    row: usize,
    blocks: [Vec<[i16; 64]>; 3],
}

/// One component as the reader of codes sees it.
struct Part<'a> {
    dc: &'a Table,
    ac: &'a Table,
    dc_before: i16,
    /// Blocks in an MCU.
    blocks: usize,
}

/// From bits to coefficients.
struct Reader<'a, 'h> {
    bits: Bits<'a>,
    parts: Vec<Part<'h>>,
    head: &'h Head<'a>,
}

impl Reader<'_, '_> {
    fn read_row(
        &mut self,
        strip: &mut Strip,
        columns: usize,
        until_restart: &mut u16,
    ) -> Result<(), PhotoError> {
        strip.blocks.iter_mut().for_each(Vec::clear);
        for _ in 0..columns {
            if self.head.restart_interval > 0 {
                if *until_restart == 0 {
                    self.restart()?;
                    *until_restart = self.head.restart_interval;
                }
                *until_restart -= 1;
            }
            for (part, blocks) in self.parts.iter_mut().zip(&mut strip.blocks) {
                for _ in 0..part.blocks {
                    let mut block = [0; 128];
                    let difference = part.dc.dc_difference(&mut self.bits)?;
                    part.dc_before = part.dc_before.wrapping_add(difference);
                    block[0] = part.dc_before;
                    part.ac.ac_block(&mut self.bits, &mut block)?;
                    let (block, _) = block.split_first_chunk().ok_or(PhotoError::Damaged)?;
                    blocks.push(*block);
                }
            }
        }
        if self.bits.overrun() {
            Err(PhotoError::Truncated)
        } else {
            Ok(())
        }
    }

    fn restart(&mut self) -> Result<(), PhotoError> {
        if self.bits.overrun() {
            return Err(PhotoError::Truncated);
        }
        self.parts.iter_mut().for_each(|part| part.dc_before = 0);
        match self.bits.next_marker() {
            Some(0xD0..=0xD7) => Ok(()),
            Some(0xD9) | None => Err(PhotoError::Truncated),
            Some(_) => Err(PhotoError::Damaged),
        }
    }
}

/// One component as the painter sees it: from coefficients to pixels.
struct Channel<const N: usize> {
    idct: Idct<N>,
    /// Blocks in an MCU, across and down.
    across: usize,
    down: usize,
    /// Blocks the component has by itself, across and down.
    own_blocks: (usize, usize),
    pixels: Vec<u8>,
    stride: usize,
    /// Size at N/8.
    width: usize,
    height: usize,
}

impl<const N: usize> Channel<N> {
    fn new(
        head: &Head<'_>,
        component: Component,
        (across, down): (usize, usize),
        mcus: (usize, usize),
        (width, height): (usize, usize),
    ) -> Result<Self, PhotoError> {
        let steps = head
            .steps
            .get(usize::from(component.steps))
            .copied()
            .flatten();
        let stride = mcus.0 * across * N;
        Ok(Self {
            idct: Idct::new(&steps.ok_or(PhotoError::Damaged)?),
            across,
            down,
            own_blocks: (width.div_ceil(8), height.div_ceil(8)),
            pixels: vec![0; stride * mcus.1 * down * N],
            stride,
            width: (width * N).div_ceil(8),
            height: (height * N).div_ceil(8),
        })
    }

    fn into_plane(self) -> Plane {
        Plane::new(self.pixels, self.stride, self.width, self.height)
    }

    /// Paints the blocks of one row of MCUs.
    fn paint(&mut self, row: usize, blocks: &[[i16; 64]]) {
        let band = self.down * N * self.stride;
        let band = self.pixels.get_mut(row * band..).unwrap_or_default();
        for (mcu, blocks) in blocks.chunks(self.across * self.down).enumerate() {
            for (nth, block) in blocks.iter().enumerate() {
                let top = nth / self.across * N;
                let left = (mcu * self.across + nth % self.across) * N;
                let pixels = self.idct.pixels(block);
                let below = band.get_mut(top * self.stride + left..).unwrap_or_default();
                for (line, values) in below.chunks_mut(self.stride).zip(&pixels) {
                    if let Some(place) = line.first_chunk_mut::<N>() {
                        *place = *values;
                    }
                }
            }
        }
    }
}
