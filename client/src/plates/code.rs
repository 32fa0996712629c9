//! A text as a QR code, drawn as SVG: black runs of one path, so that a sheet of a thousand doors is
//! still a small file.

use qrcode::{Color, EcLevel, QrCode, Version};

/// Light modules around a code, as its standard asks for (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;

/// The smallest code that has a mark in its fourth corner: without that mark, a blurred code that hangs
/// askew is read half as often.
const SMALLEST: Version = Version::Normal(2);

/// Draws it, or `None` if no code holds so much. A quarter of it may be lost: plates hang outdoors, and
/// are scratched, wet and pasted over.
pub(super) fn drawn(text: &str) -> Option<String> {
    let code = QrCode::with_version(text, SMALLEST, EcLevel::Q)
        .or_else(|_too_small| QrCode::with_error_correction_level(text, EcLevel::Q))
        .ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut runs = Vec::new();
    for (y, row) in code.to_colors().chunks(width.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                let (left, top) = (x + QUIET, y + QUIET);
                runs.push(format!("M{left} {top}h{length}v1h-{length}z"));
            }
            x += run.len();
        }
    }
    let path = runs.concat();
    Some(format!(
        "<svg viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" shape-rendering=\"crispEdges\">\
         <path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader of such codes makes of the drawing.
    fn read(svg: &str) -> String {
        let side: usize = svg
            .split(' ')
            .nth(3)
            .unwrap()
            .trim_end_matches('"')
            .parse()
            .unwrap();
        let mut dark = vec![vec![false; side]; side];
        for run in svg.split('M').skip(1) {
            let numbers: Vec<usize> = run
                .split(|it: char| !it.is_ascii_digit())
                .filter_map(|it| it.parse().ok())
                .collect();
            let [left, top, length, ..] = numbers[..] else {
                panic!("a run has a place and a length")
            };
            dark[top][left..left + length].fill(true);
        }
        let grid = rqrr::SimpleGrid::from_func(side - 2 * QUIET, |x, y| dark[y + QUIET][x + QUIET]);
        rqrr::Grid::new(grid).decode().unwrap().1
    }

    #[test]
    fn what_is_drawn_says_the_text_and_what_no_code_holds_is_not_drawn() {
        let texts = [
            "GRIDWALKER:DOOR/AGM2HRC5NZ7YBEJDIVTYTK6N54",
            "329901001001234",
            "https://mp.example/door?code=329901001001234",
            "丽水花园3幢2单元501",
        ];
        for text in texts {
            assert_eq!(read(&drawn(text).unwrap()), text);
        }
        let drawn = drawn(texts[0]).unwrap();
        assert!(
            drawn.contains("0 0 37 37"),
            "29 modules and a margin: {drawn}"
        );
        let short = super::drawn("329901001001234").unwrap();
        assert!(
            short.contains("0 0 33 33"),
            "no code without a fourth mark: {short}"
        );
        assert_eq!(super::drawn(&"9".repeat(8_000)), None);
    }
}
