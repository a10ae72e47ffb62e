//! One page through all observing rooms, in one place and in one order.

use std::fs;
use std::path::Path;
use std::time::Instant;

use image::RgbImage;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::Documents;
use super::evidence::{self, Part, Undrawn, Wanted};
use super::{lone, overlay, read};
use crate::model::geometry::Rect;
use crate::model::marks::StoredFile;
use crate::model::packet::DocumentKind;
use crate::model::page::{PageFacts, Pose, Turn, Unreadable};
use crate::model::text::{TextLine, TextSource};
use crate::ocr::weights::Models;
use crate::ocr::{Detected, Engine, OcrError, OnnxEngine, orientation};
use crate::pdf::{self, PageText};
use crate::raster::{self, Raster};
use crate::{layout, marks};

/// Rotating costs sharpness; a tilt below this moves nothing out of its cell.
const LEAST_DESKEW_DEGREES: f32 = 0.15;

/// A smaller picture holds not even one line of text.
const LEAST_PX: u32 = 24;

/// Seconds that a page took, by stage. The child has one thread, so on an idle core these are CPU-seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    pub raster: f64,
    pub layout: f64,
    pub marks: f64,
    pub ocr: f64,
}

impl Stages {
    /// Adds another page's times.
    pub fn add(&mut self, other: Self) {
        self.raster += other.raster;
        self.layout += other.layout;
        self.marks += other.marks;
        self.ocr += other.ocr;
    }
}

fn timed<T>(slot: &mut f64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    *slot += start.elapsed().as_secs_f64();
    result
}

/// The observing rooms with their models loaded, and the document in hand.
pub struct Observer {
    engine: Box<dyn Engine>,
    documents: Documents,
}

impl Observer {
    /// Loads all that lies outside the documents: models and fonts.
    ///
    /// # Errors
    /// A plain Chinese sentence when a model file cannot be loaded.
    pub fn load(models: &Models) -> Result<Self, String> {
        let engine = OnnxEngine::load(models).map_err(|e| e.to_string())?;
        pdf::find_fonts();
        Ok(Self::with_engine(Box::new(engine)))
    }

    /// An observer that reads with another engine; tests give a fake.
    #[must_use]
    pub fn with_engine(engine: Box<dyn Engine>) -> Self {
        Self { engine, documents: Documents::default() }
    }

    /// How many pages a document has.
    ///
    /// # Errors
    /// Why it cannot be examined.
    pub fn count_pages(&mut self, path: &Path, kind: DocumentKind) -> Result<u32, Unreadable> {
        self.documents.pages(path, kind)
    }

    /// Draws a page (0-based), as displayed, to a PNG file.
    ///
    /// # Errors
    /// Why it cannot be drawn.
    pub fn picture(&mut self, path: &Path, kind: DocumentKind, page: u32, to: &Path) -> Result<(), Unreadable> {
        let (raster, _) = self.documents.page(path, kind, page)?;
        raster.image.save_with_format(to, image::ImageFormat::Png).map_err(|e| Unreadable::Io(e.to_string()))
    }

    /// Draws parts of a page (0-based) to JPEG files.
    ///
    /// # Errors
    /// Why it cannot be drawn.
    pub fn evidence(&mut self, path: &Path, kind: DocumentKind, page: u32, pictures: &[Wanted]) -> Result<(), Undrawn> {
        let (raster, _) = self.documents.page(path, kind, page)?;
        pictures.iter().try_for_each(|wanted| evidence::draw(&raster.image, wanted))
    }

    /// Everything to be seen on a page (0-based); its small picture goes to `thumb`.
    ///
    /// # Errors
    /// Why it cannot be examined.
    pub fn observe(
        &mut self,
        path: &Path,
        kind: DocumentKind,
        page: u32,
        thumb: Option<&Path>,
    ) -> Result<(PageFacts, Stages), Unreadable> {
        let mut stages = Stages::default();
        let (raster, text) = timed(&mut stages.raster, || self.documents.page(path, kind, page))?;
        if let Some(to) = thumb {
            // A picture that can't be written is missing from the report; the page is examined all the same.
            let small = Wanted { part: Part::Thumb, to: to.to_owned() };
            let _ = timed(&mut stages.raster, || evidence::draw(&raster.image, &small));
        }
        let carried = text.as_ref().map_or_else(Vec::new, |t| t.carried.clone());
        let images = text.as_ref().filter(|t| t.is_scan()).map(|t| t.images.clone());
        let mut facts = self.facts(raster, text.filter(PageText::born_digital), &mut stages)?;
        if let Some(images) = images {
            overlay::mark_layers(&mut facts, &images);
        }
        facts.carried = carried;
        facts.stored = match kind {
            DocumentKind::Pdf => None,
            _ => fs::metadata(path).ok().map(|m| StoredFile { bytes: m.len(), jpeg: kind == DocumentKind::Jpeg }),
        };
        Ok((facts, stages))
    }

    fn facts(
        &mut self,
        raster: Raster,
        born_digital: Option<PageText>,
        stages: &mut Stages,
    ) -> Result<PageFacts, Unreadable> {
        let (w, h) = raster.image.dimensions();
        if w.min(h) < LEAST_PX {
            return Err(Unreadable::Damaged(format!("图像只有 {w} x {h} 像素")));
        }
        let mut quality = timed(&mut stages.raster, || raster::measure(&raster));
        let fingerprint = fingerprint(&raster.image);
        let mut facts = PageFacts {
            size: raster.size,
            pixels: raster.pixels,
            pose: Pose::UPRIGHT,
            quality: quality.clone(),
            source: TextSource::None,
            lines: Vec::new(),
            seals: Vec::new(),
            photos: Vec::new(),
            codes: Vec::new(),
            traces: Vec::new(),
            strokes: Vec::new(),
            unread: Vec::new(),
            undecoded: Vec::new(),
            watermark: None,
            stored: None,
            carried: Vec::new(),
            tables: Vec::new(),
            rules: Vec::new(),
            fingerprint,
            picture: None,
        };
        let dpi = raster.dpi;
        let mut image = raster.image;
        // A small portrait has no print that stands out from it.
        if quality.blank && timed(&mut stages.marks, || marks::is_portrait(&image, dpi, quality.colour)) {
            quality.blank = false;
        }
        if quality.blank {
            let darkened = timed(&mut stages.raster, || raster::stretched(&image));
            let engine = self.engine.as_mut();
            if !timed(&mut stages.ocr, || read::reads_well(engine, &darkened, dpi)).map_err(unread)? {
                return Ok(facts);
            }
            quality.blank = false;
            image = darkened;
        }
        let (upright, pose, detected) = match &born_digital {
            Some(text) => {
                let image = if text.turn == Turn::None { image } else { raster::turned(&image, text.turn) };
                (image, Pose { turn: text.turn, ..Pose::UPRIGHT }, None)
            }
            None => {
                let (image, pose, detected) = self.upright(image, dpi, stages).map_err(unread)?;
                (image, pose, Some(detected))
            }
        };
        facts.pose = pose;
        let grey = raster::grey(&upright);
        timed(&mut stages.layout, || (facts.rules, facts.tables) = layout::tables(&grey, dpi));
        facts.picture = timed(&mut stages.raster, || raster::thumb(&grey));
        let found = timed(&mut stages.marks, || marks::find_marks(&upright, dpi, quality.colour));
        (facts.seals, facts.photos, facts.codes) = (found.seals, found.photos, found.codes);
        (facts.traces, facts.undecoded) = (found.traces, found.undecoded);
        let engine = self.engine.as_mut();
        timed(&mut stages.ocr, || -> Result<(), OcrError> {
            match (born_digital, detected) {
                (Some(text), _) => {
                    facts.lines = text.lines;
                    facts.source = TextSource::Glyphs;
                }
                (None, Some(detected)) => {
                    facts.lines = read::lines(engine, &upright, dpi, &detected, &facts.tables)?;
                    facts.source = TextSource::Pixels;
                }
                (None, None) => {}
            }
            read::seal_texts(engine, &upright, dpi, &mut facts.seals)
        })
        .map_err(unread)?;
        facts.quality = quality;
        let places = timed(&mut stages.marks, || written(&mut facts, &upright, dpi));
        if facts.source == TextSource::Pixels {
            let engine = self.engine.as_mut();
            timed(&mut stages.ocr, || lone::read(engine, &upright, places, &mut facts)).map_err(unread)?;
        }
        Ok(facts)
    }

    /// Turns and deskews a scan so that its text reads level from left to right.
    fn upright(
        &mut self,
        image: RgbImage,
        dpi: f32,
        stages: &mut Stages,
    ) -> Result<(RgbImage, Pose, Detected), OcrError> {
        let engine = self.engine.as_mut();
        let (found, detected) = timed(&mut stages.ocr, || orientation(engine, &image, dpi))?;
        timed(&mut stages.layout, || {
            let (image, detected) = match found.turn {
                Turn::None => (image, detected),
                turn => (raster::turned(&image, turn), detected.turned(turn)),
            };
            let skew = layout::skew(&raster::grey(&image), dpi);
            if skew.abs() < LEAST_DESKEW_DEGREES {
                let pose = Pose { turn: found.turn, turn_certain: found.certain, deskew: 0.0 };
                return Ok((image, pose, detected));
            }
            let pose = Pose { turn: found.turn, turn_certain: found.certain, deskew: skew };
            Ok((raster::rotated(&image, skew), pose, detected.deskewed(skew)))
        })
    }
}

/// What was written by hand, and a watermark: both need to know what else is on the page. Gives back the places of lone
/// characters that the detector passed over.
fn written(facts: &mut PageFacts, upright: &RgbImage, dpi: f32) -> Vec<Rect> {
    let codes = facts.codes.iter().map(|c| c.rect).chain(facts.undecoded.iter().copied());
    let printed: Vec<Rect> = codes.chain(facts.rules.iter().map(|r| r.rect)).collect();
    let mode = facts.quality.colour;
    let known = marks::Known { seals: &facts.seals, photos: &facts.photos, printed: &printed, mode };
    if facts.source == TextSource::Pixels {
        marks::mark_handwriting(upright, &mut facts.lines, &known);
    }
    let found = marks::find_written(upright, dpi, &facts.lines, &known);
    facts.strokes = found.strokes;
    let pictures: Vec<Rect> = facts.seals.iter().map(|s| s.rect).chain(facts.photos.iter().map(|p| p.rect)).collect();
    facts.watermark =
        marks::find_watermark(upright, dpi, mode, &pictures).filter(|_| facts.quality.degraded.is_empty());
    found.lone
}

fn unread(error: OcrError) -> Unreadable {
    Unreadable::Crashed(error.to_string())
}

fn fingerprint(image: &RgbImage) -> String {
    use std::fmt::Write as _;
    let mut hasher = Sha256::new();
    hasher.update(image.width().to_le_bytes());
    hasher.update(image.height().to_le_bytes());
    hasher.update(image.as_raw());
    hasher.finalize().iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Kept apart from the lines' own room: which lines a page has depends on its cells too.
pub(super) type Lines = Vec<TextLine>;
