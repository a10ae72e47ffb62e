//! PDFs written byte by byte, and the codings that their streams need.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, FlushCompress};

/// The pages' size in points: small, so that reading one takes little.
pub(crate) const BOX: &str = "/MediaBox [0 0 240 160]";

/// Something to be seen that fills a good part of the page.
pub(crate) const BARS: &str = "0.1 g 20 20 200 12 re f 20 50 200 12 re f 20 80 90 12 re f 20 110 200 12 re f ";

/// Object 1 is the catalogue, 2 the page tree.
pub(crate) struct Pdf {
    pub(crate) objects: Vec<Vec<u8>>,
    pub(crate) catalogue: String,
    pub(crate) kids: Vec<String>,
    /// The page tree's further entries; `/Count` is the kids' number where it is not among them.
    pub(crate) tree: String,
}

impl Pdf {
    pub(crate) fn new() -> Self {
        Self { objects: vec![Vec::new(), Vec::new()], catalogue: String::new(), kids: Vec::new(), tree: String::new() }
    }

    /// The number that the next object gets.
    pub(crate) fn next(&self) -> usize {
        self.objects.len() + 1
    }

    pub(crate) fn object(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    pub(crate) fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
        self.object([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// Adds a page with such resources and content.
    pub(crate) fn page(&mut self, resources: &str, content: &[u8]) -> usize {
        let content = self.stream("", content);
        self.page_of(&format!("{BOX} /Resources << {resources} >> /Contents {content} 0 R"))
    }

    pub(crate) fn page_of(&mut self, entries: &str) -> usize {
        let page = self.object(format!("<< /Type /Page /Parent 2 0 R {entries} >>"));
        self.kids.push(format!("{page} 0 R"));
        page
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.objects[0] = format!("<< /Type /Catalog /Pages 2 0 R {} >>", self.catalogue).into_bytes();
        let count = if self.tree.contains("/Count") { String::new() } else { format!("/Count {}", self.kids.len()) };
        self.objects[1] = format!("<< /Type /Pages /Kids [{}] {count} {} >>", self.kids.join(" "), self.tree).into();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (i, body) in self.objects.iter().enumerate() {
            table += &format!("{:010} 00000 n \n", out.len());
            out.extend(format!("{} 0 obj\n", i + 1).into_bytes());
            out.extend(body);
            out.extend(b"\nendobj\n");
        }
        let at = out.len();
        out.extend(table.into_bytes());
        let size = self.objects.len() + 1;
        out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").into_bytes());
        out
    }
}

/// A file of one page.
pub(crate) fn single(content: &[u8]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.page("", content);
    pdf.finish()
}

/// A page that shows one image from edge to edge.
pub(crate) fn scan(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let image = pdf.stream(&format!("/Type /XObject /Subtype /Image {entries}"), data);
    pdf.page(&format!("/XObject << /Im {image} 0 R >>"), b"q 240 0 0 160 0 0 cm /Im Do Q");
    pdf.finish()
}

pub(crate) fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).expect("memory");
    encoder.finish().expect("memory")
}

/// So many mebibytes of one byte as a zlib stream, made without ever holding them; its checksum is that of nothing.
pub(crate) fn bomb(mebibytes: usize, byte: u8) -> Vec<u8> {
    let mut packer = flate2::Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(1 << 16);
    // After a full flush a block stands on whole bytes and leans on nothing before it.
    packer.compress_vec(&vec![byte; 1 << 20], &mut block, FlushCompress::Full).expect("room for it");
    let mut out = vec![0x78, 0xDA];
    for _ in 0..mebibytes {
        out.extend(&block);
    }
    // The last block, empty.
    out.extend([0x03, 0x00, 0, 0, 0, 1]);
    out
}
