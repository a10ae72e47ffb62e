//! Whether packed data is whole. The PDF library hands out as much of damaged data as it can get, without a word.

use flate2::{Decompress, FlushDecompress, Status};

/// Whether zlib data (RFC 1950), or bare deflate data, runs to its end and has the checksum that stands behind it.
/// The checksum may be missing, as some producers leave it out; nothing at all is whole.
pub(super) fn zlib_is_whole(data: &[u8]) -> bool {
    if data.is_empty() {
        return true;
    }
    let bare = || matches!(inflated(data), Some((_, _)));
    if !is_zlib_header(data) {
        return bare();
    }
    match inflated(&data[2..]) {
        Some((used, sum)) => {
            let rest = &data[2 + used..];
            rest.first_chunk::<4>().is_none_or(|stated| u32::from_be_bytes(*stated) == sum)
        }
        None => bare(),
    }
}

fn is_zlib_header(data: &[u8]) -> bool {
    matches!(data, [method, flags, ..] if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

/// How many bytes deflate data takes up to its end, and the Adler-32 of what it holds; none where it has no end.
fn inflated(data: &[u8]) -> Option<(usize, u32)> {
    let mut inflate = Decompress::new(false);
    let mut piece = vec![0; 1 << 16];
    let mut sum = Adler::default();
    loop {
        let (used, made) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(&data[used as usize..], &mut piece, FlushDecompress::None).ok()?;
        let got = (inflate.total_out() - made) as usize;
        sum.update(&piece[..got]);
        if status == Status::StreamEnd {
            return Some((inflate.total_in() as usize, sum.value()));
        }
        if got == 0 && inflate.total_in() == used {
            return None;
        }
    }
}

/// RFC 1950, section 8.
struct Adler {
    a: u32,
    b: u32,
}

impl Default for Adler {
    fn default() -> Self {
        Self { a: 1, b: 0 }
    }
}

impl Adler {
    const MODULUS: u32 = 65_521;
    /// So many bytes can't run over 32 bits.
    const AT_ONCE: usize = 5_552;

    fn update(&mut self, data: &[u8]) {
        for part in data.chunks(Self::AT_ONCE) {
            for byte in part {
                self.a += u32::from(*byte);
                self.b += self.a;
            }
            self.a %= Self::MODULUS;
            self.b %= Self::MODULUS;
        }
    }

    fn value(&self) -> u32 {
        self.b << 16 | self.a
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn data_is_whole_up_to_its_last_bit() {
        let text: Vec<u8> = (0..40_000_u32).flat_map(|i| format!("{} ", i * i).into_bytes()).collect();
        let whole = zlib(&text);
        assert!(zlib_is_whole(&whole));
        assert!(zlib_is_whole(&[&whole[..], b"\r\n"].concat()), "padded");
        assert!(zlib_is_whole(&whole[..whole.len() - 4]), "without its checksum");
        assert!(zlib_is_whole(&whole[2..]), "without its header");
        assert!(zlib_is_whole(&zlib(b"")) && zlib_is_whole(b""));
        for cut in [1, 2, 3, 100, whole.len() / 2, whole.len() - 6] {
            assert!(!zlib_is_whole(&whole[..cut]), "cut at {cut}");
        }
        for at in (2..whole.len()).step_by(997) {
            let mut flipped = whole.clone();
            flipped[at] ^= 4;
            assert!(!zlib_is_whole(&flipped), "flipped at {at}");
        }
    }
}
