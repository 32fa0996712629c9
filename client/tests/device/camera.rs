//! Photos of door plates, as a hand at a door takes them: the codes of a printed sheet, drawn into a
//! picture turned, blurred, grainy.
#![expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a picture of a test is as large as the test says"
)]

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use jpeg_encoder::{ColorType, Encoder};

/// Light around a code, in modules.
const QUIET: usize = 4;

/// One plate of a sheet.
pub(super) struct Plate {
    /// The door's name.
    pub(super) door: String,
    /// Its code with the light around it, row by row; true is dark.
    modules: Vec<Vec<bool>>,
}

impl Plate {
    /// A code that says this, from whoever hung it.
    pub(super) fn saying(text: &str) -> Self {
        let code = qrcode::QrCode::new(text).unwrap();
        let (width, colours) = (code.width(), code.to_colors());
        let side = width + 2 * QUIET;
        let mut modules = vec![vec![false; side]; side];
        for (at, colour) in colours.into_iter().enumerate() {
            modules[at / width + QUIET][at % width + QUIET] = colour == qrcode::Color::Dark;
        }
        Self {
            door: String::new(),
            modules,
        }
    }
}

/// The plates of a sheet, in order.
pub(super) fn plates_of(page: &str) -> Vec<Plate> {
    let plates = page.split("<li>").skip(1);
    plates
        .map(|plate| {
            let side: usize = between(plate, "viewBox=\"0 0 ", " ").parse().unwrap();
            let mut modules = vec![vec![false; side]; side];
            for run in between(plate, " d=\"", "\"").split('M').skip(1) {
                let numbers: Vec<usize> = run
                    .split(|it: char| !it.is_ascii_digit())
                    .filter_map(|it| it.parse().ok())
                    .collect();
                modules[numbers[1]][numbers[0]..][..numbers[2]].fill(true);
            }
            let door = between(plate, "<p class=\"door", "</p>");
            Plate {
                door: door.rsplit('>').next().unwrap().to_owned(),
                modules,
            }
        })
        .collect()
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

/// How a photo is taken.
pub(super) struct Shot {
    /// Of the photo, in pixels.
    pub(super) size: (u16, u16),
    /// How wide each code is in it, in pixels.
    pub(super) code: u16,
    /// By how many degrees it is turned.
    pub(super) turned: f64,
    /// How far light runs over, in pixels.
    pub(super) blur: f64,
    /// How much a pixel may be off.
    pub(super) grain: i32,
}

impl Default for Shot {
    fn default() -> Self {
        Self {
            size: (900, 700),
            code: 300,
            turned: 0.0,
            blur: 1.0,
            grain: 8,
        }
    }
}

/// A JPEG of these plates beside each other.
pub(super) fn photo(plates: &[&Plate], shot: &Shot) -> Vec<u8> {
    let mut file = Vec::new();
    Encoder::new(&mut file, 88)
        .encode(
            &pixels(plates, shot),
            shot.size.0,
            shot.size.1,
            ColorType::Luma,
        )
        .unwrap();
    file
}

/// A PNG of them.
pub(super) fn png(plates: &[&Plate], shot: &Shot) -> Vec<u8> {
    let mut file = Vec::new();
    let (width, height) = (shot.size.0.into(), shot.size.1.into());
    PngEncoder::new(&mut file)
        .write_image(&pixels(plates, shot), width, height, ExtendedColorType::L8)
        .unwrap();
    file
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is measured in a picture is small"
)]
fn pixels(plates: &[&Plate], shot: &Shot) -> Vec<u8> {
    let (width, height) = (usize::from(shot.size.0), usize::from(shot.size.1));
    let mut pixels = wall(width, height);
    let (turn_y, turn_x) = shot.turned.to_radians().sin_cos();
    let room = f64::from(shot.size.0) / plates.len() as f64;
    for (nth, plate) in plates.iter().enumerate() {
        let centre = ((nth as f64 + 0.5) * room, f64::from(shot.size.1) / 2.0);
        let side = plate.modules.len();
        let module = f64::from(shot.code) / side as f64;
        // Whatever its turn, it is inside this.
        let reach = f64::from(shot.code) * 0.75;
        let span = |middle: f64, end: usize| {
            ((middle - reach).max(0.0) as usize)..((middle + reach).max(0.0) as usize).min(end)
        };
        let at = |x: f64, y: f64| {
            let (x, y) = (x - centre.0, y - centre.1);
            let (u, v) = (turn_x * x + turn_y * y, turn_x * y - turn_y * x);
            let place = |it: f64| (it / module + side as f64 / 2.0).floor();
            let (u, v) = (place(u), place(v));
            let is_inside = u >= 0.0 && v >= 0.0 && u < side as f64 && v < side as f64;
            is_inside.then(|| plate.modules[v as usize][u as usize])
        };
        for y in span(centre.1, height) {
            for x in span(centre.0, width) {
                let mut sum = 0.0;
                let wall = f64::from(pixels[y * width + x]);
                for (right, down) in (0..9).map(|it| (it % 3 - 1, it / 3 - 1)) {
                    let off = |it: i32| f64::from(it) * shot.blur / 2.0;
                    let seen = at(x as f64 + off(right), y as f64 + off(down));
                    sum += seen.map_or(wall, |dark| if dark { 48.0 } else { 205.0 });
                }
                pixels[y * width + x] = (sum / 9.0) as u8;
            }
        }
    }
    let mut random = Random(0x2545_F491);
    for pixel in &mut pixels {
        let off = random.below(2 * shot.grain + 1) - shot.grain;
        *pixel = (i32::from(*pixel) + off).clamp(0, 255) as u8;
    }
    pixels
}

/// Grey plaster, darker to one side.
fn wall(width: usize, height: usize) -> Vec<u8> {
    let row = (0..width).map(|x| u8::try_from(110 + x * 60 / width).unwrap());
    let row: Vec<u8> = row.collect();
    row.repeat(height)
}

/// The same grain each time.
pub(super) struct Random(pub(super) u32);

impl Random {
    pub(super) fn below(&mut self, end: i32) -> i32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        i32::try_from(self.0 >> 8).unwrap() % end.max(1)
    }
}
