//! Tiny PDFs, written byte by byte, for the tests of this room and of `raster`.

use lopdf::{EncryptionState, EncryptionVersion, Permissions};

/// Object 1 is the catalogue, 2 the page tree, 3 the first page when it is added first.
pub(crate) struct Build {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    kids: Option<String>,
    resources: String,
}

impl Build {
    pub(crate) fn new() -> Self {
        Self { objects: vec![Vec::new(), Vec::new()], pages: Vec::new(), kids: None, resources: String::new() }
    }

    /// Adds an A4 page with further dictionary entries and its content.
    pub(crate) fn page(mut self, entries: &str, content: &str) -> Self {
        let id = self.objects.len() + 1;
        let page = format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R {entries} >>", id + 1);
        self.objects.push(page.into_bytes());
        self.pages.push(id);
        self.stream("", content.as_bytes());
        self
    }

    /// The page tree's `/Kids` and anything after it, instead of the pages added.
    pub(crate) fn kids(mut self, kids: &str) -> Self {
        self.kids = Some(kids.into());
        self
    }

    /// Resources of all pages.
    pub(crate) fn resources(mut self, entries: &str) -> Self {
        self.resources = entries.into();
        self
    }

    pub(crate) fn object(&mut self, body: &str) -> usize {
        self.objects.push(body.as_bytes().to_vec());
        self.objects.len()
    }

    pub(crate) fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend(data);
        body.extend(b"\nendstream");
        self.objects.push(body);
        self.objects.len()
    }

    /// A page that shows nothing but this image, from edge to edge.
    pub(crate) fn scan(entries: &str, data: &[u8]) -> Vec<u8> {
        Self::scan_under(entries, data, "")
    }

    /// A scan with more content drawn over it.
    pub(crate) fn scan_under(entries: &str, data: &[u8], content: &str) -> Vec<u8> {
        let content = format!("q 595 0 0 842 0 0 cm /Im Do Q {content}");
        let mut build = Self::new().page("", &content);
        let id = build.stream(&format!("/Type /XObject /Subtype /Image {entries}"), data);
        let font = build.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        build.resources(&format!("/XObject << /Im {id} 0 R >> /Font << /F {font} 0 R >>")).finish()
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>".to_vec();
        let own: Vec<String> = self.pages.iter().map(|id| format!("{id} 0 R")).collect();
        let kids = self.kids.unwrap_or_else(|| format!("[{}] /Count {}", own.join(" "), own.len()));
        let tree =
            format!("<< /Type /Pages /MediaBox [0 0 595 842] /Resources << {} >> /Kids {kids} >>", self.resources);
        self.objects[1] = tree.into_bytes();
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

/// An encrypted one-page file that opens with the given password.
pub(crate) fn encrypted(password: &str) -> Vec<u8> {
    let plain = Build::new().page("", "").finish();
    let mut doc = lopdf::Document::load_mem(&plain).expect("a sound file");
    let id = || lopdf::Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id(), id()]);
    let version = EncryptionVersion::V2 {
        document: &doc,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::default(),
    };
    let state = EncryptionState::try_from(version).expect("supported encryption");
    doc.encrypt(&state).expect("not yet encrypted");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("memory");
    out
}
