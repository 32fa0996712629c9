//! Photos for stories, drawn from a number: the same number gives the same picture.

/// A JPEG of `width` × `height` pixels with enough detail not to compress to nothing.
pub fn street_photo(number: u32, width: u16, height: u16) -> Vec<u8> {
    let mut state = number.wrapping_mul(2_654_435_761) | 1;
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let noise = state % 48;
            for shade in [x / 8 + number * 31, y / 8, (x + y) / 16] {
                pixels.push(u8::try_from((shade + noise) % 256).unwrap_or(0));
            }
        }
    }
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 85);
    match encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}
