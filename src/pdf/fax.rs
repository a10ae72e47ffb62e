//! Fax-compressed rows outside a PDF (TIFF strips), through the PDF library's decoder.

use hayro_syntax::object::stream::ImageDecodeParams;
use hayro_syntax::object::{FromBytes, Stream};

/// Fax codings (ITU-T T.4 and T.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fax {
    /// T.4 run lengths without end-of-line codes, rows at byte boundaries (TIFF compression 2).
    RunLengths,
    Group3,
    Group3TwoDimensional,
    Group4,
}

/// Rows that could be decoded, 8 pixels to a byte, 1 for "white" codes; `None` where there is none.
#[must_use]
pub fn decode_fax(data: &[u8], columns: u32, rows: u32, kind: Fax) -> Option<Vec<u8>> {
    let k = match kind {
        Fax::RunLengths | Fax::Group3 => 0,
        Fax::Group3TwoDimensional => 1,
        Fax::Group4 => -1,
    };
    let aligned = kind == Fax::RunLengths;
    let how = format!("/K {k} /Columns {columns} /Rows {rows} /EncodedByteAlign {aligned} /EndOfBlock false");
    let head = format!("<< /Length {} /Filter /CCITTFaxDecode /DecodeParms << {how} >> >> stream\n", data.len());
    let bytes = [head.as_bytes(), data, b"\nendstream"].concat();
    let stream = Stream::from_bytes(&bytes)?;
    // With `is_indexed` the decoder hands out packed rows, only those it really got.
    let params = ImageDecodeParams {
        is_indexed: true,
        bpc: Some(1),
        width: columns,
        height: rows,
        ..ImageDecodeParams::default()
    };
    stream.decoded_image(&params).ok().map(|d| d.data.into_owned())
}
