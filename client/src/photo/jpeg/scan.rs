//! The pixels of a baseline JPEG, read straight into small planes.

use shared::PhotoError;

use super::{
    head::{Component, Head},
    huffman::{Bits, Table},
    idct::Idct,
};
use crate::photo::picture::{Picture, Plane};

/// Whether [`read`] can read this file: sequential, Huffman-coded, grey or YCbCr in one scan with
/// the usual subsampling. That is what cameras write.
pub(super) fn suits(head: &Head<'_>) -> bool {
    let ids = |id: [u8; 3]| head.components.iter().map(|component| component.id).eq(id);
    let usual = match head.components.as_slice() {
        [_] => true,
        [luma, blue, red] => {
            matches!((luma.across, luma.down), (1 | 2, 1 | 2))
                && [blue, red].iter().all(|chroma| (chroma.across, chroma.down) == (1, 1))
                && head.adobe != Some(0)
                && !ids(*b"RGB")
        }
        _ => false,
    };
    usual && head.sequential && usize::from(head.scan_components) == head.components.len()
}

/// Reads the picture at N/8 of its size.
pub(super) fn read<const N: usize>(head: &Head<'_>) -> Result<Picture, PhotoError> {
    let width = usize::from(head.width);
    let height = usize::from(head.height);
    let (across, down) = match head.components.as_slice() {
        [luma, _, _] => (usize::from(luma.across), usize::from(luma.down)),
        _ => (1, 1), // a single component is never interleaved, whatever its factors say
    };
    let mcus = width.div_ceil(8 * across);
    let mcu_rows = height.div_ceil(8 * down);

    let mut channels = head
        .components
        .iter()
        .enumerate()
        .map(|(nth, component)| {
            let (across, down) = if nth == 0 { (across, down) } else { (1, 1) };
            Channel::<N>::new(head, component, across, down, mcus, mcu_rows)
        })
        .collect::<Result<Vec<_>, _>>()?;

    let mut bits = Bits::new(head.scan);
    let mut until_restart = head.restart_interval;
    for row in 0..mcu_rows {
        for mcu in 0..mcus {
            if head.restart_interval > 0 {
                if until_restart == 0 {
                    restart(&mut bits, &mut channels)?;
                    until_restart = head.restart_interval;
                }
                until_restart -= 1;
            }
            for channel in &mut channels {
                channel.read_mcu(&mut bits, row, mcu)?;
            }
        }
        if bits.overrun() {
            return Err(PhotoError::Truncated);
        }
    }
    if !ends_here(&mut bits) {
        return Err(PhotoError::Truncated);
    }

    let mut planes = channels.into_iter().map(|channel| {
        let width = (width * channel.across * N).div_ceil(8 * across);
        let height = (height * channel.down * N).div_ceil(8 * down);
        Plane::new(channel.pixels, channel.stride, width, height)
    });
    let luma = planes.next().ok_or(PhotoError::Damaged)?;
    Ok(match (planes.next(), planes.next()) {
        (Some(blue), Some(red)) => Picture::new(luma, blue, red),
        _ => Picture::grey(luma),
    })
}

fn restart<const N: usize>(
    bits: &mut Bits<'_>,
    channels: &mut [Channel<'_, N>],
) -> Result<(), PhotoError> {
    if bits.overrun() {
        return Err(PhotoError::Truncated);
    }
    match bits.next_marker() {
        Some(0xD0..=0xD7) => {}
        Some(0xD9) | None => return Err(PhotoError::Truncated),
        Some(_) => return Err(PhotoError::Damaged),
    }
    channels.iter_mut().for_each(|channel| channel.dc_before = 0);
    Ok(())
}

/// Whether the end-of-image marker comes next among the markers that matter.
fn ends_here(bits: &mut Bits<'_>) -> bool {
    loop {
        match bits.next_marker() {
            Some(0xD0..=0xD7) => {}
            Some(marker) => return marker == 0xD9,
            None => return false,
        }
    }
}

/// One colour component on its way from bits to pixels.
struct Channel<'a, const N: usize> {
    dc: &'a Table,
    ac: &'a Table,
    idct: Idct<N>,
    places: [u8; 256],
    block: [i32; 128],
    dc_before: i32,
    /// Blocks an MCU has of this component.
    across: usize,
    down: usize,
    pixels: Vec<u8>,
    stride: usize,
}

impl<'a, const N: usize> Channel<'a, N> {
    fn new(
        head: &'a Head<'_>,
        component: &Component,
        across: usize,
        down: usize,
        mcus: usize,
        mcu_rows: usize,
    ) -> Result<Self, PhotoError> {
        fn pick<T>(tables: &[Option<T>; 4], nth: u8) -> Result<&T, PhotoError> {
            tables.get(usize::from(nth)).and_then(Option::as_ref).ok_or(PhotoError::Damaged)
        }
        let stride = mcus * across * N;
        Ok(Self {
            dc: pick(&head.dc, component.dc)?,
            ac: pick(&head.ac, component.ac)?,
            idct: Idct::new(pick(&head.steps, component.steps)?),
            places: Idct::<N>::places(),
            block: [0; 128],
            dc_before: 0,
            across,
            down,
            pixels: vec![0; stride * mcu_rows * down * N],
            stride,
        })
    }

    #[inline]
    fn read_mcu(&mut self, bits: &mut Bits<'_>, row: usize, mcu: usize) -> Result<(), PhotoError> {
        for down in 0..self.down {
            for across in 0..self.across {
                let top = (row * self.down + down) * N;
                let left = (mcu * self.across + across) * N;
                self.read_block(bits, top * self.stride + left)?;
            }
        }
        Ok(())
    }

    /// Reads a block and puts its pixels where `corner` says.
    #[inline]
    fn read_block(&mut self, bits: &mut Bits<'_>, corner: usize) -> Result<(), PhotoError> {
        self.block.iter_mut().take(N * N).for_each(|coefficient| *coefficient = 0);
        let difference = self.dc.dc_difference(bits)?;
        self.dc_before = self.dc_before.wrapping_add(difference);
        if let Some(dc) = self.block.first_mut() {
            *dc = self.dc_before;
        }
        self.ac.ac_block(bits, &self.places, &mut self.block)?;

        let pixels = self.idct.pixels(&self.block);
        let below = self.pixels.get_mut(corner..).unwrap_or_default();
        for (line, values) in below.chunks_mut(self.stride).zip(&pixels) {
            if let Some(place) = line.first_chunk_mut::<N>() {
                *place = *values;
            }
        }
        Ok(())
    }
}
