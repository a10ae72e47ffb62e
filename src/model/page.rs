//! Page facts (页面事实): all that was observed on one page.

use std::io;

use serde::{Deserialize, Serialize};

use super::geometry::Rect;
use super::layout::{Rule, Table};
use super::likeness::Thumb;
use super::marks::{Code, Photo, Seal, StoredFile, Watermark};
use super::number::{bounded, length};
use super::text::{TextLine, TextSource};

/// The clockwise turn that makes the displayed page read upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
pub enum Turn {
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl From<Turn> for u16 {
    fn from(turn: Turn) -> Self {
        match turn {
            Turn::None => 0,
            Turn::Quarter => 90,
            Turn::Half => 180,
            Turn::ThreeQuarters => 270,
        }
    }
}

impl TryFrom<u16> for Turn {
    type Error = String;

    fn try_from(degrees: u16) -> Result<Self, String> {
        match degrees {
            0 => Ok(Self::None),
            90 => Ok(Self::Quarter),
            180 => Ok(Self::Half),
            270 => Ok(Self::ThreeQuarters),
            other => Err(format!("{other} is not a quarter turn")),
        }
    }
}

/// How the upright page lies in the page as displayed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    pub turn: Turn,
    /// Whether `turn` was decided with confidence; a page with little text may read either way.
    pub turn_certain: bool,
    /// Clockwise degrees that the upright, undeskewed page was rotated about its centre by deskewing.
    #[serde(deserialize_with = "bounded")]
    pub deskew: f32,
}

impl Pose {
    pub const UPRIGHT: Self = Self { turn: Turn::None, turn_certain: true, deskew: 0.0 };

    /// Maps a box on the upright page to the page as displayed, given the *upright* page's width / height.
    #[must_use]
    pub fn displayed(&self, rect: Rect, upright_aspect: f32) -> Rect {
        let (cx, cy) = rect.centre();
        let (sin, cos) = (-self.deskew.to_radians()).sin_cos();
        // Rotate the centre back about the page's centre, in units of the page's height.
        let (dx, dy) = ((cx - 0.5) * upright_aspect, cy - 0.5);
        let (x, y) = ((dx * cos - dy * sin) / upright_aspect + 0.5, dx * sin + dy * cos + 0.5);
        let r = Rect::new(x - rect.w / 2.0, y - rect.h / 2.0, rect.w, rect.h);
        match self.turn {
            Turn::None => r,
            Turn::Quarter => Rect::new(r.y, 1.0 - r.right(), r.h, r.w),
            Turn::Half => Rect::new(1.0 - r.right(), 1.0 - r.bottom(), r.w, r.h),
            Turn::ThreeQuarters => Rect::new(1.0 - r.bottom(), r.x, r.h, r.w),
        }
    }
}

/// What the scan can show of colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourMode {
    Colour,
    /// Stored grey, or stored in colour with none in it.
    Grey,
    Bilevel,
}

/// Something that kept part of the page from being seen; checks on such a page say `review`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "detail")]
pub enum Degraded {
    /// The decoder drew nothing for an image; detail names the filter or cause.
    ImageDropped(String),
    /// An image's data ends before its last row.
    ImageTruncated(String),
    /// Glyphs were not drawn as the font that draws them is not available.
    FontMissing(String),
    /// The page description itself is damaged in part.
    ContentDamaged(String),
}

/// Something in a PDF besides its pages. It is neither opened nor run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// Files are attached.
    Attachment,
    /// The file is a wrapper: what was handed in are its attachments.
    Portfolio,
    Script,
    /// Another program or file is to be started.
    Launch,
    /// A form that only some viewers build up (XFA); others show its pages as they are stored.
    DynamicForm,
}

/// Measures of the scan itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Resolution of the page's largest image, if it has one that covers most of the page.
    pub dpi: Option<u16>,
    pub colour: ColourMode,
    /// What the file could hold of colour: a page stored in colour may still show none.
    pub stored: ColourMode,
    /// The page carries nothing: decided from pixels *and* the absence of decoder warnings.
    pub blank: bool,
    /// Share of the page's pixels that are ink, scanner borders left out, 0 to 1.
    #[serde(deserialize_with = "bounded")]
    pub ink: f32,
    /// Paper level minus ink level, 0 (nothing visible) to 1 (black on white).
    #[serde(deserialize_with = "bounded")]
    pub contrast: f32,
    /// Edge steepness relative to contrast, 0 (smeared) to 1 (crisp).
    #[serde(deserialize_with = "bounded")]
    pub sharpness: f32,
    /// Ink runs over the page's edge at this many of its four sides: content is cut off.
    pub cut_sides: u8,
    pub degraded: Vec<Degraded>,
}

/// The page's physical size, as displayed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    #[serde(deserialize_with = "length")]
    pub width_mm: f32,
    #[serde(deserialize_with = "length")]
    pub height_mm: f32,
    /// False where a loose image carries no resolution and the size is assumed.
    pub known: bool,
}

/// All that was seen on one page. Boxes are on the upright page; see [`Pose`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageFacts {
    pub size: PageSize,
    /// Pixels of the stored image for a loose image or an image page; 0 where there is none.
    pub pixels: (u32, u32),
    pub pose: Pose,
    pub quality: Quality,
    pub source: TextSource,
    /// In reading order.
    pub lines: Vec<TextLine>,
    pub seals: Vec<Seal>,
    pub photos: Vec<Photo>,
    pub codes: Vec<Code>,
    /// Reddish patches of a seal's size, too faint to be told to be one: where one lies, no seal is not certain.
    pub traces: Vec<Rect>,
    /// Ink that someone wrote by hand: signatures, initials, handwritten words, whether or not they were read as text.
    #[serde(default)]
    pub strokes: Vec<Rect>,
    /// Print of a character's size that could not be read: where it lies, nothing is certainly empty.
    #[serde(default)]
    pub unread: Vec<Rect>,
    /// Patterns of a QR code that could not be decoded.
    #[serde(default)]
    pub undecoded: Vec<Rect>,
    /// What can be said of a watermark; none where the scan cannot show one.
    #[serde(default)]
    pub watermark: Option<Watermark>,
    /// Of a page that is a loose image file by itself.
    #[serde(default)]
    pub stored: Option<StoredFile>,
    /// What a PDF's page carries besides what is drawn; the first page stands for the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
    pub tables: Vec<Table>,
    pub rules: Vec<Rule>,
    /// SHA-256 of the page's pixels, hexadecimal; equal for identical scans.
    pub fingerprint: String,
    /// The upright page's ink on a coarse grid; alike for two scans of one sheet. None on a blank page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Thumb>,
}

impl PageFacts {
    /// The upright page's width and height in millimetres.
    #[must_use]
    pub fn upright_mm(&self) -> (f32, f32) {
        match self.pose.turn {
            Turn::None | Turn::Half => (self.size.width_mm, self.size.height_mm),
            Turn::Quarter | Turn::ThreeQuarters => (self.size.height_mm, self.size.width_mm),
        }
    }

    /// A box of this page, mapped to the page as displayed.
    #[must_use]
    pub fn displayed(&self, rect: Rect) -> Rect {
        let (w, h) = self.upright_mm();
        self.pose.displayed(rect, w / h)
    }

    /// Whether something kept part of the page from being seen.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        !self.quality.degraded.is_empty()
    }
}

/// Why a file or page could not be examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "detail")]
pub enum Unreadable {
    Empty,
    /// Encrypted with a password that is not the empty one.
    Encrypted,
    /// Not one of the document kinds, whatever its name says.
    NotADocument,
    Damaged(String),
    NoPages,
    OverLimit(String),
    TimedOut,
    OutOfMemory,
    /// The observing child died on it.
    Crashed(String),
    /// The operating system refused.
    Io(String),
}

impl Unreadable {
    /// The operating system's refusal.
    #[must_use]
    pub fn io(error: &io::Error) -> Self {
        Self::Io(io_reason(error))
    }
}

/// The operating system's refusal to read in plain Chinese.
#[must_use]
pub fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "文件已不在原处".to_owned(),
        io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "磁盘空间不足".to_owned(),
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "网络盘没有响应".to_owned()
        }
        // The code, not the system's sentence: that changes with the machine's language.
        _ => error.raw_os_error().map_or_else(|| "读取出错".to_owned(), |code| format!("读取出错（系统错误 {code}）")),
    }
}

/// The operating system's refusal to write in plain Chinese.
#[must_use]
pub fn unwritten_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "没有写入权限，或文件被占用".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "磁盘空间不足".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "磁盘只读".to_owned(),
        io::ErrorKind::FileTooLarge => "文件超过了磁盘或系统允许的大小".to_owned(),
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "这个位置被同名的文件或文件夹占着，请移走它".to_owned()
        }
        io::ErrorKind::NotFound => "文件夹已不存在".to_owned(),
        _ => error.raw_os_error().map_or_else(|| "写入出错".to_owned(), |code| format!("写入出错（系统错误 {code}）")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: Rect, b: Rect) -> bool {
        (a.x - b.x).abs() < 1e-4 && (a.y - b.y).abs() < 1e-4 && (a.w - b.w).abs() < 1e-4 && (a.h - b.h).abs() < 1e-4
    }

    #[test]
    fn half_turn_maps_corner_to_opposite_corner() {
        let pose = Pose { turn: Turn::Half, ..Pose::UPRIGHT };
        assert!(near(pose.displayed(Rect::new(0.0, 0.0, 0.1, 0.2), 0.7), Rect::new(0.9, 0.8, 0.1, 0.2)));
    }

    #[test]
    fn quarter_turn_swaps_sides() {
        // Turned clockwise by 90 degrees to read: the upright top left was the displayed bottom left.
        let pose = Pose { turn: Turn::Quarter, ..Pose::UPRIGHT };
        assert!(near(pose.displayed(Rect::new(0.0, 0.0, 0.1, 0.2), 0.7), Rect::new(0.0, 0.9, 0.2, 0.1)));
    }

    #[test]
    fn deskew_is_undone_about_the_centre() {
        let pose = Pose { deskew: 2.0, ..Pose::UPRIGHT };
        let there = pose.displayed(Rect::new(0.45, 0.45, 0.1, 0.1), 0.7);
        assert!(near(there, Rect::new(0.45, 0.45, 0.1, 0.1)));
        let right = pose.displayed(Rect::new(0.85, 0.45, 0.1, 0.1), 0.7);
        assert!(right.y < 0.45, "a clockwise deskew came from a page whose right side was higher");
    }
}
