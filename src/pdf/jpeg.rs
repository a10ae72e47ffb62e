//! Whether a JPEG's coded data can be followed to its last row. Decoders fill up with grey what they can't, without a
//! word, and an end marker says nothing of what stands before it.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Whether decoding breaks off before the last row. False, too, for what can't be decoded at all or has more than `most`
/// pixels: others tell that.
#[must_use]
pub fn jpeg_breaks_off(data: &[u8], most: u64) -> bool {
    decoded(data, most, true) == Some(false) && decoded(data, most, false) == Some(true)
}

/// None where there is nothing to decode.
fn decoded(data: &[u8], most: u64, strict: bool) -> Option<bool> {
    let sides = usize::from(u16::MAX);
    // Odd headers harm nothing.
    let lenient = DecoderOptions::default().set_strict_mode(false).set_max_width(sides).set_max_height(sides);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), lenient);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width as u64 * height as u64 > most {
        return None;
    }
    let mut options = decoder.options().set_strict_mode(strict);
    // Brightness alone takes less.
    if matches!(decoder.input_colorspace()?, ColorSpace::YCbCr | ColorSpace::Luma) {
        options = options.jpeg_set_out_colorspace(ColorSpace::Luma);
    }
    decoder.set_options(options);
    Some(decoder.decode().is_ok())
}
