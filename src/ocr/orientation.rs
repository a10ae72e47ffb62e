//! Which way up a page reads.

use image::RgbImage;

use super::engine::{Detected, Engine, OcrError, Quad, Recognised};
use super::lines::stacked;
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
/// The same for a row on a page of rows, of which only the two ways round are compared.
const ENOUGH_ROW: f32 = 7.0;
/// Score from which a direction is certain: about this many surely read Chinese characters.
const CERTAIN_SCORE: f32 = 4.0;
/// A direction is certain where it scores this many times the next one.
const CERTAIN_RATIO: f32 = 2.0;
/// Score at which a direction that leads by [`CERTAIN_RATIO`] ends the comparison.
const CLEAR_SCORE: f32 = 10.0;
/// The same where only a row's two ways round are compared.
const CLEAR_ROW: f32 = 5.0;
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
    let mut scores = Scores::default();
    if tall_total > wide_total {
        read_all_ways(engine, page, &tall, &mut scores)?;
        let both = wide_total >= BOTH_AXES * tall_total && !scores.is_clear(CLEAR_SCORE);
        if both || scores.best().1 < CERTAIN_SCORE {
            read_all_ways(engine, page, &wide, &mut scores)?;
        }
    } else if tall_total >= BOTH_AXES * wide_total {
        read_all_ways(engine, page, &wide, &mut scores)?;
        if !scores.is_clear(CLEAR_SCORE) {
            read_all_ways(engine, page, &tall, &mut scores)?;
        }
    } else {
        read_both_ways(engine, page, &wide, &mut scores)?;
        if scores.best().1 < CERTAIN_SCORE {
            read_all_ways(engine, page, &tall, &mut scores)?;
        }
    }
    let ((turn, best), second) = (scores.best(), scores.second());
    let certain = best >= CERTAIN_SCORE && best >= CERTAIN_RATIO * second;
    Ok(if best > 0.0 { Orientation { turn, certain } } else { Orientation { turn: Turn::None, certain: false } })
}

/// The clockwise turns in order, and how a box is cut out under each.
const WAYS: [(Turn, Cut); 4] = [
    (Turn::None, Cut::AsIs),
    (Turn::Quarter, Cut::Clockwise),
    (Turn::Half, Cut::Half),
    (Turn::ThreeQuarters, Cut::CounterClockwise),
];

/// What speaks for each turn, in the order of [`WAYS`].
#[derive(Debug, Default)]
struct Scores([f32; 4]);

impl Scores {
    /// The best turn and its score; the lesser turn where several are equal.
    fn best(&self) -> (Turn, f32) {
        WAYS.iter().zip(self.0).fold((Turn::None, 0.0), |b, (way, score)| if score > b.1 { (way.0, score) } else { b })
    }

    /// Whether a turn scores `least` and leads the next one.
    fn is_clear(&self, least: f32) -> bool {
        let best = self.best().1;
        best >= least && best >= CERTAIN_RATIO * self.second()
    }

    fn second(&self) -> f32 {
        let mut sorted = self.0;
        sorted.sort_by(|a, b| b.total_cmp(a));
        sorted[1]
    }
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

/// Reads a few wide boxes as they lie and half turned: enough for a page of rows.
fn read_both_ways(
    engine: &mut dyn Engine,
    page: &RgbImage,
    quads: &[Quad],
    scores: &mut Scores,
) -> Result<(), OcrError> {
    for quad in quads.iter().take(SAMPLES).map(|q| shortened(q, ENOUGH_ROW)) {
        for way in [0, 2] {
            scores.0[way] += weight(&engine.recognise(&crop(page, &quad, WAYS[way].1))?);
        }
        if scores.is_clear(CLEAR_ROW) {
            break;
        }
    }
    Ok(())
}

/// Reads a few boxes under all four turns: as a row where the turn makes them wide, as a column where it makes them tall.
///
/// The recogniser has learnt turned columns: it reads characters that stand upright and characters that lie on their
/// left side. So the upright turn is the one that reads well itself and a quarter before it, too.
fn read_all_ways(
    engine: &mut dyn Engine,
    page: &RgbImage,
    quads: &[Quad],
    scores: &mut Scores,
) -> Result<(), OcrError> {
    for quad in quads.iter().take(SAMPLES).map(|q| shortened(q, ENOUGH_LENGTH)) {
        let mut weights = [0.0; 4];
        for (i, (turn, cut)) in WAYS.into_iter().enumerate() {
            let wide = (quad.width() >= quad.height()) == matches!(turn, Turn::None | Turn::Half);
            weights[i] = if wide {
                weight(&engine.recognise(&crop(page, &quad, cut))?)
            } else {
                stacked(engine, page, &quad, cut)?.map_or(0.0, |(read, _)| weight(&read))
            };
        }
        for (i, score) in scores.0.iter_mut().enumerate() {
            *score += weights[i].min(weights[(i + 3) % 4]);
        }
        if scores.is_clear(CLEAR_SCORE) {
            break;
        }
    }
    Ok(())
}

/// The middle of an overlong box: `length` times as long as wide.
fn shortened(quad: &Quad, length: f32) -> Quad {
    let (w, h) = (quad.width(), quad.height());
    let keep = (length * w.min(h) / w.max(h)).min(1.0);
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

#[cfg(test)]
mod tests {
    use image::Rgb;
    use image::imageops::{rotate90, rotate180, rotate270};

    use super::super::engine::fake::{Fake, said};
    use super::*;

    /// A page of rows of T-shaped characters.
    fn page() -> (RgbImage, Vec<Quad>) {
        let mut page = RgbImage::from_pixel(600, 400, Rgb([240; 3]));
        let mut quads = Vec::new();
        for row in 0..4 {
            let top = 40 + 80 * row;
            for x in (40..400).step_by(30) {
                (x..x + 20).for_each(|x| (top..top + 5).for_each(|y| page.put_pixel(x, y, Rgb([10; 3]))));
                (x + 8..x + 12).for_each(|x| (top..top + 20).for_each(|y| page.put_pixel(x, y, Rgb([10; 3]))));
            }
            quads.push(Quad::upright(36.0, top as f32 - 4.0, 396.0, top as f32 + 24.0));
        }
        (page, quads)
    }

    /// Reads characters that stand upright (bar on top) or lie on their left side (bar to the left), as the real one.
    fn reader(crop: &RgbImage) -> Recognised {
        let dark = |x: u32, y: u32| crop.get_pixel(x, y).0[0] < 120;
        let (w, h) = crop.dimensions();
        let rows: Vec<usize> = (0..h).map(|y| (0..w).filter(|&x| dark(x, y)).count()).filter(|n| *n > 0).collect();
        let columns: Vec<usize> = (0..w).map(|x| (0..h).filter(|&y| dark(x, y)).count()).filter(|n| *n > 0).collect();
        let first_is_longer = |v: &[usize]| v.first().zip(v.last()).is_some_and(|(a, b)| *a > 3 * b);
        if first_is_longer(&rows) || first_is_longer(&columns) {
            said("端端正正的一行字", 0.98)
        } else {
            said("", 0.0)
        }
    }

    #[test]
    fn every_turn_of_a_page_is_found() {
        let (upright, quads) = page();
        let detected = Detected { quads, size: upright.dimensions() };
        let cases = [
            (upright.clone(), detected.clone(), Turn::None),
            (rotate270(&upright), detected.turned(Turn::ThreeQuarters), Turn::Quarter),
            (rotate180(&upright), detected.turned(Turn::Half), Turn::Half),
            (rotate90(&upright), detected.turned(Turn::Quarter), Turn::ThreeQuarters),
        ];
        for (raster, detected, turn) in cases {
            let mut engine = Fake { quads: detected.quads, reader };
            let (found, _) = orientation(&mut engine, &raster, 150.0).expect("a fake does not fail");
            assert_eq!(found, Orientation { turn, certain: true });
        }
    }

    #[test]
    fn an_upright_page_is_settled_after_a_few_readings() {
        let (raster, quads) = page();
        let mut readings = 0;
        let counted = |c: &RgbImage| {
            readings += 1;
            reader(c)
        };
        orientation(&mut Fake { quads, reader: counted }, &raster, 150.0).expect("a fake does not fail");
        assert!(readings <= 4, "{readings}");
    }

    #[test]
    fn too_little_text_is_never_certain() {
        let (raster, quads) = page();
        let none = Orientation { turn: Turn::None, certain: false };
        let decide = |quads: Vec<Quad>, text: &'static str, confidence: f32| {
            let mut engine = Fake { quads, reader: move |_: &RgbImage| said(text, confidence) };
            orientation(&mut engine, &raster, 150.0).expect("a fake does not fail").0
        };
        assert_eq!(decide(vec![], "字", 1.0), none);
        assert_eq!(decide(quads.clone(), "8096", 1.0), none, "digits turn into digits");
        assert_eq!(decide(quads.clone(), "看不清楚的几个字", 0.5), none);
        assert!(!decide(quads, "两边都读得通的字", 0.99).certain, "as well upside down");
    }
}
