//! What the room asks of a text network, and the shapes it speaks in.

use std::path::PathBuf;

use image::RgbImage;

use super::ink;
use crate::model::geometry::Rect;
use crate::model::page::Turn;

/// Why no text could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OcrError {
    #[error(
        "文字识别运行库无法加载：{path}（{cause}）。请运行 material-audit setup 重新安装；Windows 上请同时确认已安装 Microsoft Visual C++ 运行库"
    )]
    Library { path: PathBuf, cause: String },
    #[error("文字识别模型无法加载：{path}（{cause}）。请删除该文件后重新运行 material-audit setup")]
    Model { path: PathBuf, cause: String },
    #[error("文字识别模型中没有字典：{path}。请删除该文件后重新运行 material-audit setup")]
    Dictionary { path: PathBuf },
    #[error("文字识别出错：{0}。本页未能识别，请人工查看")]
    Inference(String),
    #[error("图像没有像素，无法识别文字")]
    EmptyImage,
}

/// A text box as four corners in pixels: top left, top right, bottom right, bottom left as seen on the raster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad {
    pub corners: [(f32, f32); 4],
}

fn distance(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

impl Quad {
    /// An upright box from its left, top, right and bottom edges.
    #[must_use]
    pub const fn upright(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { corners: [(x0, y0), (x1, y0), (x1, y1), (x0, y1)] }
    }

    /// Puts the corners of any rectangle into the order top left, top right, bottom right, bottom left.
    ///
    /// The top edge is the one that runs most nearly left to right; sorting corners by x fails for a thin tilted column.
    #[must_use]
    pub fn ordered(mut corners: [(f32, f32); 4]) -> Self {
        let (cx, cy) = corners.iter().fold((0.0, 0.0), |c, p| (c.0 + p.0 / 4.0, c.1 + p.1 / 4.0));
        // With y pointing down, rising angles go clockwise.
        corners.sort_by(|a, b| (a.1 - cy).atan2(a.0 - cx).total_cmp(&(b.1 - cy).atan2(b.0 - cx)));
        let rightward = |i: usize| {
            let (a, b) = (corners[i], corners[(i + 1) % 4]);
            (b.0 - a.0) / distance(a, b).max(f32::EPSILON)
        };
        let first = (1..4).fold(0, |best, i| if rightward(i) > rightward(best) { i } else { best });
        corners.rotate_left(first);
        Self { corners }
    }

    /// Length of the longer of the top and bottom edges, in pixels.
    #[must_use]
    pub fn width(&self) -> f32 {
        let [tl, tr, br, bl] = self.corners;
        distance(tl, tr).max(distance(bl, br))
    }

    /// Length of the longer of the left and right edges, in pixels.
    #[must_use]
    pub fn height(&self) -> f32 {
        let [tl, tr, br, bl] = self.corners;
        distance(tl, bl).max(distance(tr, br))
    }

    /// Left, top, right and bottom edge of the upright box around it, in pixels.
    #[must_use]
    pub fn bounds(&self) -> (f32, f32, f32, f32) {
        self.corners.iter().fold((f32::MAX, f32::MAX, f32::MIN, f32::MIN), |b, p| {
            (b.0.min(p.0), b.1.min(p.1), b.2.max(p.0), b.3.max(p.1))
        })
    }

    /// The upright box around it as fractions of a page of `width` x `height` pixels.
    #[must_use]
    pub fn rect(&self, width: u32, height: u32) -> Rect {
        let (x0, y0, x1, y1) = self.bounds();
        let (w, h) = (width as f32, height as f32);
        Rect::from_corners(
            (x0 / w).clamp(0.0, 1.0),
            (y0 / h).clamp(0.0, 1.0),
            (x1 / w).clamp(0.0, 1.0),
            (y1 / h).clamp(0.0, 1.0),
        )
    }

    /// The same box after each corner went through `f`, corners in order again.
    #[must_use]
    pub fn mapped(&self, f: impl Fn((f32, f32)) -> (f32, f32)) -> Self {
        Self::ordered(self.corners.map(f))
    }
}

/// What a crop says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recognised {
    pub text: String,
    /// Per `char` of `text`: centre along the crop's width, 0 to 1, and confidence, 0 to 1.
    pub chars: Vec<(f32, f32)>,
    /// Mean over the characters, 0 where there are none.
    pub confidence: f32,
}

/// A detector and a recogniser of text.
pub trait Engine {
    /// Finds the text boxes of a raster of `dpi` pixels per inch, in no particular order.
    ///
    /// # Errors
    /// When the network fails or the raster is empty.
    fn detect(&mut self, page: &RgbImage, dpi: f32) -> Result<Vec<Quad>, OcrError>;

    /// Reads one line of text that runs left to right and fills the crop's height.
    ///
    /// # Errors
    /// When the network fails or the crop is empty.
    fn recognise(&mut self, crop: &RgbImage) -> Result<Recognised, OcrError>;
}

/// The text boxes of one raster, so that orientation and reading share one run of the detector.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    pub quads: Vec<Quad>,
    /// Width and height in pixels of the raster they lie on.
    pub size: (u32, u32),
}

impl Detected {
    /// Runs the detector on a raster; where coloured ink may hide text, once more on a copy without that ink.
    ///
    /// # Errors
    /// When the network fails or the raster is empty.
    pub fn on(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<Self, OcrError> {
        if page.width() == 0 || page.height() == 0 {
            return Err(OcrError::EmptyImage);
        }
        let mut quads = engine.detect(page, dpi)?;
        if let Some(pale) = ink::bleached(page, ink::PAGE_INK_SHARE) {
            quads = ink::completed(page, quads, engine.detect(&pale, dpi)?);
        }
        Ok(Self { quads, size: page.dimensions() })
    }

    /// The boxes after the raster was turned clockwise by a quarter, half or three quarters.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let (w, h) = (self.size.0 as f32, self.size.1 as f32);
        let quads = self.quads.iter().map(|q| {
            q.mapped(|(x, y)| match turn {
                Turn::None => (x, y),
                Turn::Quarter => (h - y, x),
                Turn::Half => (w - x, h - y),
                Turn::ThreeQuarters => (y, w - x),
            })
        });
        let size = match turn {
            Turn::None | Turn::Half => self.size,
            Turn::Quarter | Turn::ThreeQuarters => (self.size.1, self.size.0),
        };
        Self { quads: quads.collect(), size }
    }

    /// The boxes after the raster was rotated clockwise by `degrees` about its centre, its size unchanged.
    #[must_use]
    pub fn deskewed(&self, degrees: f32) -> Self {
        let (cx, cy) = (self.size.0 as f32 / 2.0, self.size.1 as f32 / 2.0);
        let (sin, cos) = degrees.to_radians().sin_cos();
        let rotate = |(x, y): (f32, f32)| {
            let (dx, dy) = (x - cx, y - cy);
            (cx + dx * cos - dy * sin, cy + dx * sin + dy * cos)
        };
        Self { quads: self.quads.iter().map(|q| q.mapped(rotate)).collect(), size: self.size }
    }
}

/// Fakes for the room's tests.
#[cfg(test)]
pub(super) mod fake {
    use super::*;

    /// An engine with given boxes and a reader of one's own.
    pub(in crate::ocr) struct Fake<R> {
        pub(in crate::ocr) quads: Vec<Quad>,
        pub(in crate::ocr) reader: R,
    }

    impl<R: FnMut(&RgbImage) -> Recognised> Engine for Fake<R> {
        fn detect(&mut self, _: &RgbImage, _: f32) -> Result<Vec<Quad>, OcrError> {
            Ok(self.quads.clone())
        }

        fn recognise(&mut self, crop: &RgbImage) -> Result<Recognised, OcrError> {
            Ok((self.reader)(crop))
        }
    }

    /// A reading with its characters spread evenly.
    pub(in crate::ocr) fn said(text: &str, confidence: f32) -> Recognised {
        let n = text.chars().count() as f32;
        let chars = (0..n as usize).map(|i| ((i as f32 + 0.5) / n, confidence)).collect();
        Recognised { text: text.to_owned(), chars, confidence: if n > 0.0 { confidence } else { 0.0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(quad: Quad) -> Detected {
        Detected { quads: vec![quad], size: (100, 200) }
    }

    #[test]
    fn corners_are_ordered_whatever_comes_in() {
        let q = Quad::ordered([(10.0, 5.0), (0.0, 0.0), (0.0, 5.0), (10.0, 0.0)]);
        assert_eq!(q, Quad::upright(0.0, 0.0, 10.0, 5.0));
        assert_eq!((q.width(), q.height()), (10.0, 5.0));
    }

    #[test]
    fn a_thin_tilted_column_stays_tall() {
        // Its bottom lies further to the left than it is wide.
        let q = Quad::ordered([(20.0, 0.0), (26.0, 0.2), (14.0, 300.2), (8.0, 300.0)]);
        assert_eq!(q.corners, [(20.0, 0.0), (26.0, 0.2), (14.0, 300.2), (8.0, 300.0)]);
        assert!(q.height() > 10.0 * q.width());
    }

    #[test]
    fn turning_follows_the_raster() {
        let d = page(Quad::upright(0.0, 0.0, 10.0, 40.0));
        let quarter = d.turned(Turn::Quarter);
        assert_eq!(quarter.size, (200, 100));
        assert_eq!(
            quarter.quads,
            [Quad::upright(160.0, 0.0, 200.0, 10.0)],
            "the top left corner goes to the top right"
        );
        assert_eq!(quarter.turned(Turn::ThreeQuarters), d);
        assert_eq!(d.turned(Turn::Half).quads, [Quad::upright(90.0, 160.0, 100.0, 200.0)]);
    }

    #[test]
    fn deskewing_clockwise_lowers_the_right_side() {
        let d = page(Quad::upright(90.0, 99.0, 100.0, 101.0)).deskewed(5.0);
        assert!(d.quads[0].bounds().1 > 100.0);
    }

    #[test]
    fn rect_is_clamped_to_the_page() {
        let r = Quad::upright(-5.0, 50.0, 50.0, 250.0).rect(100, 200);
        assert_eq!(r, Rect::new(0.0, 0.25, 0.5, 0.75));
    }
}
