//! Turning a picture the way the camera was held (EXIF orientation).

/// The eight ways EXIF knows, as the steps that undo them: mirror across the diagonal, then
/// left to right, then top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Orientation {
    pub(super) transpose: bool,
    pub(super) flip_across: bool,
    pub(super) flip_down: bool,
}

impl Orientation {
    /// From the value of the EXIF tag; anything unknown means "as it is".
    pub(super) fn from_exif(value: u16) -> Self {
        let (transpose, flip_across, flip_down) = match value {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Self {
            transpose,
            flip_across,
            flip_down,
        }
    }
}

/// The plane turned, without padding, with its new width and height.
pub(super) fn upright(
    pixels: &[u8],
    stride: usize,
    width: usize,
    height: usize,
    orientation: Orientation,
) -> (Vec<u8>, usize, usize) {
    let line = |nth: usize| {
        pixels
            .get(nth * stride..nth * stride + width)
            .unwrap_or_default()
    };
    let mut turned = if orientation.transpose {
        transposed(line, width, height)
    } else {
        (0..height).flat_map(line).copied().collect()
    };
    let (width, height) = if orientation.transpose {
        (height, width)
    } else {
        (width, height)
    };
    if orientation.flip_across {
        turned.chunks_mut(width.max(1)).for_each(<[u8]>::reverse);
    }
    if orientation.flip_down {
        flip_down(&mut turned, width);
    }
    (turned, width, height)
}

fn flip_down(pixels: &mut [u8], width: usize) {
    let mut rows = pixels.chunks_exact_mut(width.max(1));
    while let (Some(top), Some(bottom)) = (rows.next(), rows.next_back()) {
        top.swap_with_slice(bottom);
    }
}

/// Columns become rows. Eight source rows at a time, so that what is read and what is written both
/// stay in the cache.
fn transposed<'a>(line: impl Fn(usize) -> &'a [u8], width: usize, height: usize) -> Vec<u8> {
    const TOGETHER: usize = 8;
    let mut turned = vec![0; width * height];
    for top in (0..height).step_by(TOGETHER) {
        if top + TOGETHER <= height {
            let lines: [&[u8]; TOGETHER] = std::array::from_fn(|nth| line(top + nth));
            for (column, row) in turned.chunks_exact_mut(height).enumerate() {
                if let Some(place) = row.get_mut(top..).and_then(<[u8]>::first_chunk_mut) {
                    *place = lines.map(|line| line.get(column).copied().unwrap_or_default());
                }
            }
            continue;
        }
        for nth in top..height {
            for (row, pixel) in turned.chunks_exact_mut(height).zip(line(nth)) {
                if let Some(place) = row.get_mut(nth) {
                    *place = *pixel;
                }
            }
        }
    }
    turned
}
