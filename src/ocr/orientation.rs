//! Which way up a page reads.

use image::RgbImage;

use super::engine::{Detected, Engine, OcrError, Quad, Recognised};
use super::recognise::{Cut, crop};
use crate::model::page::Turn;

/// A page's turn, and whether enough text spoke for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation {
    /// The clockwise turn that makes the raster read upright.
    pub turn: Turn,
    /// False where too little text was read to tell; `turn` is then a guess, or none.
    pub certain: bool,
}

/// Boxes this many times longer than wide have a direction.
const LONG: f32 = 2.0;
/// Boxes compared at most per direction.
const SAMPLES: usize = 6;
/// Length over width past which a box says no more than a shorter one but costs more to read.
const ENOUGH_LENGTH: f32 = 10.0;
/// Score from which a direction is certain: about this many surely read Chinese characters.
const CERTAIN_SCORE: f32 = 4.0;
/// A direction is certain where it scores this many times the next one.
const CERTAIN_RATIO: f32 = 2.0;
/// Score at which a direction that leads by [`CERTAIN_RATIO`] ends the comparison.
const CLEAR_SCORE: f32 = 10.0;
/// Share of the longer boxes' total from which the other axis is looked at, too: label columns on an upright page.
const BOTH_AXES: f32 = 0.5;
/// Confidence below which a character speaks for no direction: text read upside down comes below it.
const SPEAKING: f32 = 0.6;

/// Detects a raster's boxes and decides which way up it reads; the boxes serve reading where the turn is none.
///
/// # Errors
/// When the network fails or the raster is empty.
pub fn orientation(engine: &mut dyn Engine, page: &RgbImage, dpi: f32) -> Result<(Orientation, Detected), OcrError> {
    let detected = Detected::on(engine, page, dpi)?;
    Ok((orientation_of(engine, page, &detected)?, detected))
}

/// Decides which way up a raster with known boxes reads: each of a few clear boxes is read both ways round.
///
/// # Errors
/// When the network fails.
pub fn orientation_of(engine: &mut dyn Engine, page: &RgbImage, detected: &Detected) -> Result<Orientation, OcrError> {
    let wide = clearest(&detected.quads, |q| q.width() / q.height().max(1.0));
    let tall = clearest(&detected.quads, |q| q.height() / q.width().max(1.0));
    let total = |quads: &[Quad]| quads.iter().map(|q| q.width().max(q.height())).sum::<f32>();
    let (wide_total, tall_total) = (total(&wide), total(&tall));
    let upright = Axis { cuts: [(Cut::AsIs, Turn::None), (Cut::Half, Turn::Half)], quads: &wide };
    // A page that must be turned clockwise to read has lines running bottom to top.
    let sideways =
        Axis { cuts: [(Cut::Clockwise, Turn::Quarter), (Cut::CounterClockwise, Turn::ThreeQuarters)], quads: &tall };
    let (first, second, second_counts) = if tall_total > wide_total {
        (sideways, upright, wide_total >= BOTH_AXES * tall_total)
    } else {
        (upright, sideways, tall_total >= BOTH_AXES * wide_total)
    };
    let mut scores = first.scores(engine, page)?.to_vec();
    if second_counts || scores.iter().all(|s| s.1 < CERTAIN_SCORE) {
        scores.extend(second.scores(engine, page)?);
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (turn, best) = scores[0];
    let certain = best >= CERTAIN_SCORE && best >= CERTAIN_RATIO * scores[1].1;
    Ok(if best > 0.0 { Orientation { turn, certain } } else { Orientation { turn: Turn::None, certain: false } })
}

/// The boxes that say most about a direction for their cost, best first.
fn clearest(quads: &[Quad], ratio: impl Fn(&Quad) -> f32) -> Vec<Quad> {
    let mut long: Vec<Quad> = quads.iter().filter(|q| ratio(q) >= LONG).copied().collect();
    // Many characters first, then large ones; boxes over the useful length are as good as each other.
    let key = |q: &Quad| (ratio(q).min(ENOUGH_LENGTH), q.width().min(q.height()));
    long.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    long
}

/// One axis: the two ways its boxes can read.
struct Axis<'a> {
    cuts: [(Cut, Turn); 2],
    quads: &'a [Quad],
}

impl Axis<'_> {
    fn scores(&self, engine: &mut dyn Engine, page: &RgbImage) -> Result<[(Turn, f32); 2], OcrError> {
        let mut scores = self.cuts.map(|(_, turn)| (turn, 0.0));
        for quad in self.quads.iter().take(SAMPLES) {
            for (i, (cut, _)) in self.cuts.iter().enumerate() {
                scores[i].1 += weight(&engine.recognise(&crop(page, &shortened(quad), *cut))?);
            }
            let (a, b) = (scores[0].1, scores[1].1);
            if a.max(b) >= CLEAR_SCORE && a.max(b) >= CERTAIN_RATIO * a.min(b) {
                break;
            }
        }
        Ok(scores)
    }
}

/// The middle of an overlong box.
fn shortened(quad: &Quad) -> Quad {
    let (w, h) = (quad.width(), quad.height());
    let keep = (ENOUGH_LENGTH * w.min(h) / w.max(h)).min(1.0);
    let (from, to) = ((1.0 - keep) / 2.0, (1.0 + keep) / 2.0);
    let [tl, tr, br, bl] = quad.corners;
    let mix = |a: (f32, f32), b: (f32, f32), t: f32| (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t);
    let corners = if w >= h {
        [mix(tl, tr, from), mix(tl, tr, to), mix(bl, br, to), mix(bl, br, from)]
    } else {
        [mix(tl, bl, from), mix(tr, br, from), mix(tr, br, to), mix(tl, bl, to)]
    };
    Quad { corners }
}

/// How much a reading speaks for its direction: surely read characters, Chinese ones most; digits turn into digits.
fn weight(read: &Recognised) -> f32 {
    let each = read.text.chars().zip(&read.chars).map(|(c, &(_, confidence))| {
        let worth = match c {
            '\u{4e00}'..='\u{9fff}' => 1.0,
            'A'..='Z' | 'a'..='z' => 0.3,
            _ => 0.0,
        };
        worth * ((confidence - SPEAKING) / (1.0 - SPEAKING)).max(0.0)
    });
    // An unsure line speaks less even through its surer characters.
    each.sum::<f32>() * read.confidence
}
