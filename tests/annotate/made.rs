//! PDFs of every build, written byte by byte.

use std::collections::BTreeMap;

use lopdf::encryption::crypt_filters::{Aes128CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, SaveOptions};

/// Object 1 is the catalogue, 2 the page tree, 3 the first page, 4 its content, 5 the second page and so on.
pub(crate) struct Made {
    objects: BTreeMap<usize, String>,
    pages: Vec<usize>,
    kids: Option<String>,
    tree: String,
}

impl Made {
    /// With these entries in the page tree's root.
    pub(crate) fn new(tree: &str) -> Self {
        Self { objects: BTreeMap::new(), pages: Vec::new(), kids: None, tree: tree.into() }
    }

    /// A page that shows a grey square at its own origin.
    pub(crate) fn page(mut self, entries: &str) -> Self {
        let id = 3 + 2 * self.pages.len();
        let content = "0.5 g 0 0 100 100 re f";
        self.object_at(id, &format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R {entries} >>", id + 1));
        self.object_at(id + 1, &format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
        self.pages.push(id);
        self
    }

    pub(crate) fn object_at(&mut self, id: usize, body: &str) {
        self.objects.insert(id, body.into());
    }

    /// The page tree's `/Kids` and what follows, instead of the pages added.
    pub(crate) fn kids(mut self, kids: &str) -> Self {
        self.kids = Some(kids.into());
        self
    }

    /// Two pages, the second in a tree of its own that gives it its size and turn.
    pub(crate) fn nested() -> Vec<u8> {
        let mut made = Self::new("/MediaBox [0 0 300 300]").page("").page("").kids("[3 0 R 80 0 R] /Count 2");
        let inner = "<< /Type /Pages /Parent 2 0 R /Kids [5 0 R] /Count 1 /MediaBox [0 0 842 595] /Rotate 270 >>";
        made.object_at(80, inner);
        made.finish()
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let own: Vec<String> = self.pages.iter().map(|id| format!("{id} 0 R")).collect();
        let kids = self.kids.take().unwrap_or_else(|| format!("[{}] /Count {}", own.join(" "), own.len()));
        self.object_at(1, "<< /Type /Catalog /Pages 2 0 R >>");
        let tree = format!("<< /Type /Pages {} /Kids {kids} >>", self.tree);
        self.object_at(2, &tree);
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (id, body) in &self.objects {
            table += &format!("{id} 1\n{:010} 00000 n \n", out.len());
            out.extend(format!("{id} 0 obj\n{body}\nendobj\n").into_bytes());
        }
        let (at, size) = (out.len(), self.objects.keys().max().map_or(1, |id| id + 1));
        out.extend(table.into_bytes());
        out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").into_bytes());
        out
    }
}

fn load(bytes: &[u8]) -> Document {
    Document::load_mem(bytes).expect("a sound file")
}

/// The same with its objects packed into streams and a cross-reference stream.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    load(bytes).save_with_options(&mut out, options).expect("memory");
    assert!(out.windows(7).any(|w| w == b"/ObjStm"), "packed");
    out
}

/// The same, encrypted, and readable with the empty password.
pub(crate) fn encrypted(bytes: &[u8], aes: bool) -> Vec<u8> {
    protected(bytes, aes, "")
}

/// The same, readable only with a password.
pub(crate) fn locked(bytes: &[u8]) -> Vec<u8> {
    protected(bytes, false, "secret")
}

fn protected(bytes: &[u8], aes: bool, password: &str) -> Vec<u8> {
    let mut doc = load(bytes);
    let id = || Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", vec![id(), id()]);
    let permissions = Permissions::default();
    let version = if aes {
        let filter: std::sync::Arc<dyn CryptFilter> = std::sync::Arc::new(Aes128CryptFilter);
        EncryptionVersion::V4 {
            document: &doc,
            encrypt_metadata: true,
            crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), filter)]),
            stream_filter: b"StdCF".to_vec(),
            string_filter: b"StdCF".to_vec(),
            owner_password: "owner",
            user_password: password,
            permissions,
        }
    } else {
        EncryptionVersion::V2 {
            document: &doc,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions,
        }
    };
    let state = EncryptionState::try_from(version).expect("supported encryption");
    doc.encrypt(&state).expect("not yet encrypted");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("memory");
    out
}
