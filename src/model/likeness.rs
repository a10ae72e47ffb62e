//! What is kept of pictures and pages to tell copies of them apart from look-alikes.

use serde::{Deserialize, Serialize};

use super::material::Material;

/// A small grey picture: how much ink each cell holds, row by row.
///
/// Written as `64x90:` and one hexadecimal digit a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Thumb {
    width: usize,
    /// 0 (bare) to 15, at least one row of `width`.
    cells: Vec<u8>,
}

impl Thumb {
    /// Of cells row by row, 0 (bare) to 1 (full). `None` where they make no rectangle.
    #[must_use]
    pub fn of(width: usize, ink: &[f32]) -> Option<Self> {
        let whole = width > 0 && !ink.is_empty() && ink.len().is_multiple_of(width);
        // Light ink is told apart more finely than dark: text fills a tenth of its cell, a picture most of it.
        whole.then(|| Self {
            width,
            cells: ink.iter().map(|v| (v.clamp(0.0, 1.0).sqrt() * 15.0).round() as u8).collect(),
        })
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub fn height(&self) -> usize {
        self.cells.len() / self.width
    }

    /// One row's cells, each 0 to 15; empty outside.
    #[must_use]
    pub fn row(&self, y: i32) -> &[u8] {
        let y = usize::try_from(y).unwrap_or(usize::MAX);
        if y < self.height() { &self.cells[y * self.width..][..self.width] } else { &[] }
    }

    /// 0 to 15; 0 outside.
    #[must_use]
    pub fn at(&self, x: i32, y: i32) -> u8 {
        if x < 0 || y < 0 || x as usize >= self.width || y as usize >= self.height() {
            return 0;
        }
        self.cells[y as usize * self.width + x as usize]
    }
}

impl From<Thumb> for String {
    fn from(thumb: Thumb) -> Self {
        let mut out = format!("{}x{}:", thumb.width, thumb.height());
        out.extend(thumb.cells.iter().map(|v| char::from_digit(u32::from(*v), 16).unwrap_or('f')));
        out
    }
}

impl TryFrom<String> for Thumb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || "not a small picture".to_owned();
        let (size, cells) = text.split_once(':').ok_or_else(wrong)?;
        let (width, height) = size.split_once('x').ok_or_else(wrong)?;
        let (width, height): (usize, usize) =
            (width.parse().map_err(|_| wrong())?, height.parse().map_err(|_| wrong())?);
        let cells: Option<Vec<u8>> = cells.chars().map(|c| c.to_digit(16).map(|v| v as u8)).collect();
        let cells = cells.filter(|c| !c.is_empty() && width.checked_mul(height) == Some(c.len())).ok_or_else(wrong)?;
        Ok(Self { width, cells })
    }
}

/// What one page's text says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    Yes,
    /// A name much like it, or nothing that rules it out: the reader may have misread a character.
    Maybe,
    No,
}

/// What is kept of a page after its packet was judged, to find it again in other packets. It holds no readable text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PagePrint {
    pub material: Material,
    pub file: String,
    /// 1-based in that file.
    pub page: u32,
    pub printed_page: Option<u32>,
    /// The page's pixels came from a scanner or camera: equal pixels are then one and the same scan.
    pub scanned: bool,
    /// The first bytes of the hash of the page's pixels.
    pub exact: u64,
    /// Hashes of every two neighbouring characters read, sorted; at most a fixed number, the lowest.
    pub pairs: Vec<u32>,
    /// Hashes of the numbers read, sorted.
    pub numbers: Vec<u32>,
    /// Hashes of those numbers that are long enough to be a certificate's or a person's.
    pub serials: Vec<u32>,
    /// Whether the page names the packet's own applicant.
    pub page_names: Named,
    /// Whether any page of the document does.
    pub document_names: Named,
}

/// The prints of one packet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PacketPrint {
    pub folder: String,
    /// The name by which findings know the applicant from round to round, also where the folder is renamed.
    #[serde(default)]
    pub origin: String,
    /// The applicant's name, where known.
    pub name: Option<String>,
    pub pages: Vec<PagePrint>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_picture_survives_being_written() {
        let thumb = Thumb::of(3, &[0.0, 0.1, 0.2, 0.5, 0.9, 1.0]).expect("a rectangle");
        let text = serde_json::to_string(&thumb).expect("written");
        assert_eq!(text, "\"3x2:057bef\"");
        assert_eq!(serde_json::from_str::<Thumb>(&text).expect("read"), thumb);
        assert_eq!((thumb.at(2, 1), thumb.at(3, 1), thumb.at(0, -1)), (15, 0, 0));
    }

    #[test]
    fn broken_pictures_are_refused() {
        for text in ["", "3x2", "3x2:05", "0x0:", "3x2:05z8ef", "ax2:00", "99999999999x99999999999:0"] {
            assert!(serde_json::from_str::<Thumb>(&format!("{text:?}")).is_err(), "{text}");
        }
        assert_eq!(Thumb::of(0, &[]), None);
        assert_eq!(Thumb::of(2, &[0.0; 3]), None);
    }
}
