//! A page's visible text with positions, and what else the page consists of.

use hayro_interpret::kurbo::Rect as Area;
use hayro_interpret::{Context, InterpreterCache, TransformExt, interpret_page};

use super::carried::carried;
use super::device::Collector;
use super::fonts::FontLog;
use super::image::PageImages;
use super::lines;
use super::missing::missing;
use super::open::{PdfFile, guarded};
use crate::model::page::{Carried, ColourMode, Degraded, Turn, Unreadable};
use crate::model::text::TextLine;

/// A scan covers most of its page; a born-digital page's logos and photos do not.
const SCAN_COVER: f32 = 0.5;
/// Fewer characters than this on a page are more likely a stamp over something else than its text.
const MIN_GLYPHS: usize = 8;
/// Above this share of unknown characters the text is not worth having.
const MAX_UNKNOWN: f32 = 0.1;

/// What a page draws, without its pixels.
#[derive(Debug, Clone)]
pub struct PageText {
    /// Visible text in reading order. Boxes are fractions of the page after `turn`, which is the page as displayed
    /// unless its text runs sideways.
    pub lines: Vec<TextLine>,
    /// The clockwise turn that makes most of the text read upright.
    pub turn: Turn,
    /// Visible characters other than spaces.
    pub glyphs: usize,
    /// Of these, the ones whose font does not say which character they are.
    pub without_unicode: usize,
    /// Characters that nobody sees: invisible, covered (a scanner's own reading), clipped, white, off the page.
    pub hidden: usize,
    pub images: PageImages,
    /// Text or drawing, other than images, is in colour.
    pub coloured: bool,
    /// Fonts without which some glyphs are not drawn.
    pub fonts_missing: Vec<String>,
    /// Damage found without decoding pixels: incomplete image data, missing objects, missing fonts.
    pub degraded: Vec<Degraded>,
    /// What the page, and on the first page the file, carries besides what is drawn.
    pub carried: Vec<Carried>,
}

impl PageText {
    /// Whether the visible glyphs are the page's text: enough of them, with Unicode, and no scan under or over them.
    #[must_use]
    pub fn born_digital(&self) -> bool {
        self.glyphs >= MIN_GLYPHS
            && self.without_unicode as f32 <= self.glyphs as f32 * MAX_UNKNOWN
            && self.images.covered <= SCAN_COVER
    }

    /// Whether images cover most of the page.
    #[must_use]
    pub fn is_scan(&self) -> bool {
        self.images.covered > SCAN_COVER
    }

    /// How the page's dominant content is stored: a scan's image, or [`ColourMode::Colour`] for a drawn page.
    #[must_use]
    pub fn stored(&self) -> ColourMode {
        if !self.is_scan() {
            return ColourMode::Colour;
        }
        let rank = |m: ColourMode| match m {
            ColourMode::Bilevel => 0,
            ColourMode::Grey => 1,
            ColourMode::Colour => 2,
        };
        // Layered scans keep black text apart from a background in colour: the richest layer of some size counts.
        let layers = self.images.all.iter().filter(|i| i.rect.area() > 0.02).map(|i| i.stored);
        layers.max_by_key(|m| rank(*m)).unwrap_or(ColourMode::Colour)
    }
}

/// Reads a page's text and structure. `index` is 0-based. Errors: `Damaged` for no such page, `Crashed`.
pub fn page_text(pdf: &PdfFile, index: usize) -> Result<PageText, Unreadable> {
    let page = pdf.page(index)?;
    guarded(|| {
        let log = FontLog::default();
        let (w, h) = page.render_dimensions();
        let (w, h) = (f64::from(w), f64::from(h));
        let cache = InterpreterCache::new();
        let view = Area::new(0.0, 0.0, w, h);
        let to_display = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(to_display, view, &cache, page.xref(), log.settings());
        let mut collector = Collector::new(w, h);
        interpret_page(page, &mut context, &mut collector);

        let seen = collector.take_seen();
        let printed = seen.iter().filter(|g| g.text.as_deref().is_none_or(|t| !t.trim().is_empty()));
        let (glyphs, without_unicode) =
            printed.fold((0, 0), |(all, none), g| (all + 1, none + usize::from(g.text.is_none())));
        let (lines, turn) = lines::group(seen, &collector.rules, (w, h));
        let fonts_missing = log.missing();
        let mut degraded = missing(page);
        degraded
            .extend(collector.images.iter().filter_map(|i| i.shortfall).map(|s| Degraded::ImageTruncated(s.into())));
        degraded.extend(fonts_missing.iter().cloned().map(Degraded::FontMissing));
        degraded.sort();
        degraded.dedup();
        PageText {
            lines,
            turn,
            glyphs,
            without_unicode,
            hidden: collector.hidden,
            images: PageImages::new(std::mem::take(&mut collector.images)),
            coloured: collector.coloured,
            fonts_missing,
            degraded,
            carried: carried(page, index == 0),
        }
    })
}
