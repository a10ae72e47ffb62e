//! A drawing device that keeps what can be seen instead of drawing it.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::kurbo::{Affine, BezPath, ParamCurve, Point, Rect as Area, Shape, Vec2};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask};

use super::image::{Drawn, PlacedImage, placed};

/// Ascent and descent of the box around a glyph, of 1000 per em: Chinese glyphs fill the em square.
const ASCENT: f64 = 880.0;
const DESCENT: f64 = -120.0;
/// Fainter than this is not seen on paper.
const MIN_OPACITY: f32 = 0.05;
/// All channels above this are white.
const WHITE: f32 = 0.95;
/// Text smaller than this (points) cannot be read by anybody.
const MIN_SIZE: f64 = 1.5;
/// Fills smaller than this (square points) hide no character.
const MIN_COVER: f64 = 20.0;
/// Drawings of maps have 100,000 fills; beyond these numbers the page is a drawing, not a form.
const MAX_COVERS: usize = 4_000;
const MAX_RULES: usize = 20_000;
/// A filled rectangle thinner than this (points) is a ruling line.
const RULE_THICKNESS: f64 = 3.0;
/// Channels further apart than this make a paint coloured.
const COLOURED: f32 = 0.1;

/// A character as it stands on the displayed page, in points, y down.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// `None` where the font does not say which character it is.
    pub(super) text: Option<String>,
    pub(super) area: Area,
    /// Unit vector from the character's left to its right.
    pub(super) along: Vec2,
    /// Em height in points.
    pub(super) size: f64,
    /// Set below each other by the font's writing mode.
    pub(super) downward: bool,
    order: usize,
    white: bool,
}

/// A straight ruling line, in points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) area: Area,
    pub(super) horizontal: bool,
}

struct Cover {
    area: Area,
    order: usize,
    /// Shows white text drawn after it.
    dark: bool,
    /// Hides text drawn before it.
    hides: bool,
}

/// Collects characters, ruling lines and images of one page.
pub(super) struct Collector {
    page: Area,
    clips: Vec<Area>,
    /// Opacity, and whether anything but normal blending is in force.
    groups: Vec<(f32, bool)>,
    glyphs: Vec<Seen>,
    covers: Vec<Cover>,
    order: usize,
    pub(super) rules: Vec<Line>,
    pub(super) images: Vec<PlacedImage>,
    pub(super) hidden: usize,
    /// Something other than an image is drawn in colour.
    pub(super) coloured: bool,
}

impl Collector {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            page: Area::new(0.0, 0.0, width, height),
            clips: Vec::new(),
            groups: Vec::new(),
            glyphs: Vec::new(),
            covers: Vec::new(),
            order: 0,
            rules: Vec::new(),
            images: Vec::new(),
            hidden: 0,
            coloured: false,
        }
    }

    /// The characters that can be seen, in drawing order; the others are added to `hidden`.
    pub(super) fn take_seen(&mut self) -> Vec<Seen> {
        let glyphs = std::mem::take(&mut self.glyphs);
        let all = glyphs.len();
        let seen: Vec<Seen> = glyphs.into_iter().filter(|g| self.shows(g)).collect();
        self.hidden += all - seen.len();
        seen
    }

    fn shows(&self, glyph: &Seen) -> bool {
        let centre = glyph.area.center();
        let over = |c: &&Cover| c.area.contains(centre);
        if self.covers.iter().rev().take_while(|c| c.order > glyph.order).filter(over).any(|c| c.hides) {
            return false;
        }
        !glyph.white || self.covers.iter().filter(|c| c.order < glyph.order).rfind(over).is_some_and(|c| c.dark)
    }

    fn clip(&self) -> Area {
        self.clips.last().copied().unwrap_or(self.page)
    }

    fn push_clip(&mut self, area: Area) {
        let common = self.clip().intersect(area);
        self.clips.push(common);
    }

    fn opacity(&self) -> f32 {
        self.groups.iter().map(|g| g.0).product()
    }

    fn next(&mut self) -> usize {
        self.order += 1;
        self.order
    }

    fn cover(&mut self, area: Area, dark: bool, hides: bool) {
        let area = area.intersect(self.clip());
        if area.width() * area.height() >= MIN_COVER && self.covers.len() < MAX_COVERS {
            let order = self.next();
            self.covers.push(Cover { area, order, dark, hides });
        }
    }

    fn rule(&mut self, area: Area) {
        let inside = area.intersect(self.clip());
        let (long, thick) = (area.width().max(area.height()), area.width().min(area.height()));
        if long < 2.0 * RULE_THICKNESS || thick > RULE_THICKNESS || self.rules.len() >= MAX_RULES {
            return;
        }
        if inside.width() >= 0.0 && inside.height() >= 0.0 {
            self.rules.push(Line { area: inside, horizontal: area.width() > area.height() });
        }
    }

    /// Opacity and colour of a paint; patterns count as opaque, dark and coloured.
    fn paint(&self, paint: &Paint<'_>) -> (f32, [f32; 3]) {
        match paint {
            Paint::Color(c) => {
                let [r, g, b, a] = c.to_rgba().components();
                (a * self.opacity(), [r, g, b])
            }
            Paint::Pattern(_) => (self.opacity(), [0.5, 0.5, 0.0]),
        }
    }

    fn path(&mut self, path: &BezPath, rect: bool, props: &DrawProps<'_>, mode: &DrawMode) {
        let (alpha, colour) = self.paint(&props.paint);
        if alpha < MIN_OPACITY {
            return;
        }
        self.coloured |= is_coloured(colour);
        let white = is_white(colour);
        let bounds = props.transform.transform_rect_bbox(path.bounding_box());
        match mode {
            DrawMode::Fill(_) | DrawMode::FillAndStroke(..) => {
                let straight = rect && is_axis_aligned(props.transform);
                let plain = props.blend_mode == BlendMode::Normal && props.soft_mask.is_none();
                let plain = plain && self.groups.iter().all(|g| !g.1) && matches!(props.paint, Paint::Color(_));
                self.cover(bounds, !white, straight && plain && alpha > 0.95);
                if !white {
                    self.rule(bounds);
                }
            }
            DrawMode::Stroke(_) if !white => {
                for segment in path.segments() {
                    let (a, b) = (props.transform * segment.start(), props.transform * segment.end());
                    self.rule(Area::from_points(a, b));
                }
            }
            DrawMode::Stroke(_) | DrawMode::Invisible => {}
        }
    }
}

fn is_white(colour: [f32; 3]) -> bool {
    colour.iter().all(|c| *c > WHITE)
}

fn is_coloured([r, g, b]: [f32; 3]) -> bool {
    r.max(g).max(b) - r.min(g).min(b) > COLOURED
}

fn is_axis_aligned(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    (b.abs() < 1e-6 && c.abs() < 1e-6) || (a.abs() < 1e-6 && d.abs() < 1e-6)
}

fn character(glyph: &Glyph<'_>) -> Option<String> {
    let text = match glyph.as_unicode()? {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    };
    let known = |c: char| !c.is_control() && c != '\u{FFFD}' && !('\u{E000}'..='\u{F8FF}').contains(&c);
    (!text.is_empty() && text.chars().all(known)).then_some(text)
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(path, false, &props, mode);
    }

    fn draw_rect(&mut self, rect: &Area, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(&rect.to_path(0.1), true, &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip(clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Area) {
        self.push_clip(*rect);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.groups.push((opacity, mask.is_some() || blend != BlendMode::Normal || opacity < 0.95));
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let (alpha, colour) = self.paint(&props.paint);
        let visible = alpha >= MIN_OPACITY && !matches!(mode, DrawMode::Invisible);
        let order = self.next();
        for glyph in run.glyphs() {
            let to_page = props.transform * glyph.transform();
            let advance = match &**glyph {
                Glyph::Outline(g) => g.advance_width(),
                Glyph::Type3(g) => g.advance_width(),
            };
            let advance = advance.filter(|a| *a > 0.0).map_or(1000.0, f64::from);
            let area = to_page.transform_rect_bbox(Area::new(0.0, DESCENT, advance, ASCENT));
            let right = to_page * Point::new(1000.0, 0.0) - to_page * Point::ORIGIN;
            let size = (to_page * Point::new(0.0, 1000.0) - to_page * Point::ORIGIN).hypot();
            let in_clip = self.clip().contains(area.center()) && self.page.contains(area.center());
            if !visible || !in_clip || size < MIN_SIZE || !size.is_finite() || right.hypot() == 0.0 {
                self.hidden += 1;
                continue;
            }
            self.coloured |= is_coloured(colour);
            self.glyphs.push(Seen {
                text: character(glyph),
                area,
                along: right.normalize(),
                size,
                downward: run.writing_mode() == WritingMode::Vertical,
                order,
                white: is_white(colour),
            });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (w, h) = (image.width(), image.height());
        let whole = props.transform.transform_rect_bbox(Area::new(0.0, 0.0, f64::from(w), f64::from(h)));
        let area = whole.intersect(self.clip()).intersect(self.page);
        if area.width() <= 0.0 || area.height() <= 0.0 || self.opacity() < MIN_OPACITY {
            return;
        }
        let blended = props.blend_mode != BlendMode::Normal || props.soft_mask.is_some();
        let blended = blended || self.groups.iter().any(|g| g.1);
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let (stream, mask) = match &image {
            Image::Stencil(s) => (s.stream(), true),
            Image::Raster(r) => (r.stream(), false),
        };
        let upright = a > 0.0 && d > 0.0 && b.abs() < 1e-6 * a && c.abs() < 1e-6 * d;
        let drawn = Drawn { stream, pixels: (w, h), mask, blended, upright, area };
        let page = (self.page.width(), self.page.height());
        let image = placed(&drawn, page);
        self.cover(area, true, image.opaque && is_axis_aligned(props.transform));
        self.images.push(image);
    }
}
