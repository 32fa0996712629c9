//! What stands before the pixels of a JPEG: its markers, up to the first scan.

use shared::PhotoError;

use super::huffman::Table;

/// The head of a JPEG file.
pub(super) struct Head<'a> {
    /// Baseline or extended, Huffman-coded, 8 bits: what `scan` reads.
    pub(super) sequential: bool,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: Vec<Component>,
    pub(super) steps: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Table>; 4],
    pub(super) ac: [Option<Table>; 4],
    pub(super) restart_interval: u16,
    /// The colour transform Adobe's marker names: 0 = none (RGB, CMYK).
    pub(super) adobe: Option<u8>,
    /// The TIFF structure in the EXIF segment.
    pub(super) exif: Option<&'a [u8]>,
    /// Which components the scan has, as places in `components`.
    pub(super) scanned: Vec<usize>,
    /// Everything after the scan's header.
    pub(super) scan: &'a [u8],
}

/// One colour component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    pub(super) id: u8,
    pub(super) across: u8,
    pub(super) down: u8,
    pub(super) steps: u8,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

impl<'a> Head<'a> {
    /// Reads the markers up to the first scan.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, PhotoError> {
        let mut head = Self {
            sequential: false,
            width: 0,
            height: 0,
            components: Vec::new(),
            steps: [None; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            restart_interval: 0,
            adobe: None,
            exif: None,
            scanned: Vec::new(),
            scan: &[],
        };
        let rest = bytes.get(2..).ok_or(PhotoError::Truncated)?;
        if head.next_scan(rest)? {
            Ok(head)
        } else {
            Err(PhotoError::Truncated)
        }
    }

    /// Reads the markers up to the next scan; false if the image ends there.
    pub(super) fn next_scan(&mut self, mut rest: &'a [u8]) -> Result<bool, PhotoError> {
        loop {
            let (marker, segment, after) = next_segment(rest)?;
            match marker {
                0xC4 => self.huffman_tables(segment)?,
                0xC8 | 0xCC => return Err(PhotoError::Damaged),
                0xC0..=0xCF => self.frame(marker, segment)?,
                0xD9 => return Ok(false),
                0xDA => {
                    self.scan_header(segment)?;
                    self.scan = after;
                    return Ok(true);
                }
                0xDB => self.quantisation(segment)?,
                0xDD => {
                    let [high, low] = *segment.first_chunk().ok_or(PhotoError::Damaged)?;
                    self.restart_interval = u16::from_be_bytes([high, low]);
                }
                0xE1 if self.exif.is_none() => self.exif = segment.strip_prefix(b"Exif\0\0"),
                0xEE if segment.starts_with(b"Adobe") => self.adobe = segment.get(11).copied(),
                _ => {}
            }
            rest = after;
        }
    }

    fn frame(&mut self, marker: u8, segment: &[u8]) -> Result<(), PhotoError> {
        if !self.components.is_empty() {
            return Err(PhotoError::Damaged); // a second frame would not fit what is read already
        }
        let (&[bits, height1, height2, width1, width2, count], rest) =
            segment.split_first_chunk().ok_or(PhotoError::Damaged)?;
        self.sequential = matches!(marker, 0xC0 | 0xC1) && bits == 8;
        self.width = u16::from_be_bytes([width1, width2]);
        self.height = u16::from_be_bytes([height1, height2]);
        let (components, _) = rest.as_chunks::<3>();
        self.components = components
            .iter()
            .take(usize::from(count))
            .map(|&[id, sampling, steps]| Component {
                id,
                across: sampling >> 4,
                down: sampling & 15,
                steps,
                dc: 0,
                ac: 0,
            })
            .collect();
        let whole = self.components.len() == usize::from(count) && count > 0;
        if whole && self.width > 0 && self.height > 0 {
            Ok(())
        } else {
            Err(PhotoError::Damaged)
        }
    }

    fn scan_header(&mut self, segment: &[u8]) -> Result<(), PhotoError> {
        let (&count, rest) = segment.split_first().ok_or(PhotoError::Damaged)?;
        self.scanned.clear();
        for &[id, tables] in rest.as_chunks::<2>().0.iter().take(usize::from(count)) {
            let nth = self
                .components
                .iter()
                .position(|component| component.id == id);
            let nth = nth.ok_or(PhotoError::Damaged)?;
            let component = self.components.get_mut(nth).ok_or(PhotoError::Damaged)?;
            component.dc = tables >> 4;
            component.ac = tables & 15;
            self.scanned.push(nth);
        }
        if self.scanned.is_empty() {
            Err(PhotoError::Damaged)
        } else {
            Ok(())
        }
    }

    fn quantisation(&mut self, mut segment: &[u8]) -> Result<(), PhotoError> {
        while let Some((&kind, rest)) = segment.split_first() {
            let mut steps = [0; 64];
            segment = if kind >> 4 == 0 {
                let (values, rest) = rest.split_first_chunk::<64>().ok_or(PhotoError::Damaged)?;
                steps
                    .iter_mut()
                    .zip(values)
                    .for_each(|(step, value)| *step = u16::from(*value));
                rest
            } else {
                let (values, rest) = rest.split_first_chunk::<128>().ok_or(PhotoError::Damaged)?;
                let (values, _) = values.as_chunks::<2>();
                steps
                    .iter_mut()
                    .zip(values)
                    .for_each(|(s, value)| *s = u16::from_be_bytes(*value));
                rest
            };
            let slot = self
                .steps
                .get_mut(usize::from(kind & 15))
                .ok_or(PhotoError::Damaged)?;
            *slot = Some(steps);
        }
        Ok(())
    }

    fn huffman_tables(&mut self, mut segment: &[u8]) -> Result<(), PhotoError> {
        while let Some((&kind, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(PhotoError::Damaged)?;
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or(PhotoError::Damaged)?;
            let tables = if kind >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            let slot = tables
                .get_mut(usize::from(kind & 15))
                .ok_or(PhotoError::Damaged)?;
            *slot = Some(Table::new(*counts, symbols)?);
            segment = rest;
        }
        Ok(())
    }
}

/// The next marker, what belongs to it, and what follows.
fn next_segment(bytes: &[u8]) -> Result<(u8, &[u8], &[u8]), PhotoError> {
    let (_, rest) = bytes.split_at_checked(1).ok_or(PhotoError::Truncated)?;
    if bytes.first() != Some(&0xFF) {
        return Err(PhotoError::Damaged);
    }
    let fill = rest.iter().take_while(|byte| **byte == 0xFF).count();
    let (&marker, rest) = rest
        .get(fill..)
        .and_then(<[u8]>::split_first)
        .ok_or(PhotoError::Truncated)?;
    if matches!(marker, 0x01 | 0xD0..=0xD9) {
        return Ok((marker, &[], rest));
    }
    let length = u16::from_be_bytes(*rest.first_chunk().ok_or(PhotoError::Truncated)?);
    let (segment, after) = rest
        .split_at_checked(usize::from(length))
        .ok_or(PhotoError::Truncated)?;
    Ok((marker, segment.get(2..).ok_or(PhotoError::Damaged)?, after))
}

/// Whether every scan of the file runs up to a marker and the last marker is the end of the image.
/// What cameras append after it (previews, motion photos) doesn't matter.
pub(super) fn reaches_its_end(first_scan: &[u8]) -> bool {
    let mut rest = first_scan;
    loop {
        // Entropy-coded data: up to an 0xFF followed by neither a zero nor a restart marker.
        let end = rest.windows(2).position(|pair| {
            matches!(*pair, [0xFF, after] if after != 0 && !matches!(after, 0xD0..=0xD7 | 0xFF))
        });
        let Some(marker) = end.and_then(|end| rest.get(end..)) else {
            return false;
        };
        rest = marker;
        loop {
            match next_segment(rest) {
                Ok((0xD9, ..)) => return true,
                Ok((0xDA, _, after)) => {
                    rest = after;
                    break;
                }
                Ok((_, _, after)) => rest = after,
                Err(_) => return false,
            }
        }
    }
}
