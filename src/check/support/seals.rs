//! Which seal stands in which place, in millimetres.

use crate::model::field::FormPlace;
use crate::model::geometry::Rect;
use crate::model::marks::{Seal, SealColour, SealShape};
use crate::model::page::PageFacts;

use super::gates::{MAYBE_SEAL, SURE_SEAL};

/// A stamp set by hand often lies over its box's edge: this far it still belongs to the box.
const REACH_MM: f32 = 10.0;
/// Further out a seal is no longer in the box, but near enough that nobody should claim the box unsealed.
const NEAR_MM: f32 = 25.0;
/// A seal with this share of it in a box belongs there even where its centre does not.
const SHARE_INSIDE: f32 = 0.4;
/// Two boxes whose shares differ by less than this both have a claim.
const TIE: f32 = 0.15;
/// Round seals of units measure 38 to 58 mm; half of that leaves room for a stamp seen in part.
const ROUND_MM: f32 = 20.0;
/// Square seals of departments; below, it is a person's name chop.
const SQUARE_MM: f32 = 30.0;

/// What a mark says about a 公章 on this sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// Red, round or large and square, surely a seal.
    Fresh,
    /// May be one: unsure, small, oddly shaped or blue.
    Doubtful,
    /// Dark on a colour scan: copied with the paper.
    Copied,
    /// Seen on a colourless scan: a seal, freshness unknowable.
    Colourless,
}

/// `None` for what is no 公章: name chops, text stamps, marks below every gate.
pub(crate) fn evidence(seal: &Seal, size_known: bool) -> Option<Evidence> {
    if seal.confidence < MAYBE_SEAL {
        return None;
    }
    let large = |least: f32| !size_known || seal.diameter_mm >= least;
    let shaped = match seal.shape {
        SealShape::Circle | SealShape::Ellipse => large(ROUND_MM),
        SealShape::Square if large(SQUARE_MM) => true,
        SealShape::Square => return None,
        // A round seal cut by the page's edge may look rectangular; a small stamp is a text stamp.
        SealShape::Rect if size_known && large(SQUARE_MM) => false,
        SealShape::Rect => return None,
    };
    Some(match seal.colour {
        SealColour::Red if shaped && seal.confidence >= SURE_SEAL => Evidence::Fresh,
        SealColour::Red | SealColour::Blue => Evidence::Doubtful,
        SealColour::Black => Evidence::Copied,
        SealColour::Unknown if shaped => Evidence::Colourless,
        SealColour::Unknown => Evidence::Doubtful,
    })
}

/// Seals of one page or place, counted by evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) fresh: u16,
    pub(crate) doubtful: u16,
    pub(crate) copied: u16,
    pub(crate) colourless: u16,
    /// Fresh seals just outside a place, or between two places.
    pub(crate) near: u16,
}

impl Tally {
    fn add(&mut self, evidence: Evidence) {
        match evidence {
            Evidence::Fresh => self.fresh += 1,
            Evidence::Doubtful => self.doubtful += 1,
            Evidence::Copied => self.copied += 1,
            Evidence::Colourless => self.colourless += 1,
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            fresh: self.fresh + other.fresh,
            doubtful: self.doubtful + other.doubtful,
            copied: self.copied + other.copied,
            colourless: self.colourless + other.colourless,
            near: self.near + other.near,
        }
    }
}

/// All seals of a page.
pub(crate) fn on_page(page: &PageFacts) -> Tally {
    let mut tally = Tally::default();
    for found in page.seals.iter().filter_map(|s| evidence(s, page.size.known)) {
        tally.add(found);
    }
    tally
}

/// The seals of `place`, given all places found on its page (itself among them).
pub(crate) fn in_place(page: &PageFacts, place: &FormPlace, all: &[&FormPlace]) -> Tally {
    let mm = page.upright_mm();
    let mut tally = Tally::default();
    for seal in &page.seals {
        let Some(found) = evidence(seal, page.size.known) else { continue };
        match claim(seal.rect, place, all, mm) {
            Claim::Owns => tally.add(found),
            Claim::Shares if matches!(found, Evidence::Fresh | Evidence::Doubtful) => tally.near += 1,
            Claim::Shares => tally.add(found),
            Claim::Near if found == Evidence::Fresh => tally.near += 1,
            Claim::Near | Claim::None => {}
        }
    }
    tally
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Owns,
    Shares,
    Near,
    None,
}

fn claim(seal: Rect, place: &FormPlace, all: &[&FormPlace], mm: (f32, f32)) -> Claim {
    if !reaches(seal, place.rect, mm) {
        let stray = !all.iter().any(|p| reaches(seal, p.rect, mm));
        return if stray && distance_mm(seal.centre(), place.rect, mm) <= NEAR_MM { Claim::Near } else { Claim::None };
    }
    let mine = seal.share_inside(&place.rect);
    let rival = all
        .iter()
        .filter(|p| !same_area(p.rect, place.rect) && reaches(seal, p.rect, mm))
        .map(|p| seal.share_inside(&p.rect))
        .fold(None, |best: Option<f32>, share| Some(best.map_or(share, |b| b.max(share))));
    match rival {
        None => Claim::Owns,
        Some(share) if (mine - share).abs() < TIE => Claim::Shares,
        Some(share) if mine > share => Claim::Owns,
        Some(_) => Claim::None,
    }
}

/// One place found under two identifiers, or one box holding the other: no rivals for a seal.
fn same_area(a: Rect, b: Rect) -> bool {
    a.share_inside(&b).max(b.share_inside(&a)) > 0.8
}

fn reaches(seal: Rect, place: Rect, mm: (f32, f32)) -> bool {
    seal.share_inside(&place) >= SHARE_INSIDE || distance_mm(seal.centre(), place, mm) <= REACH_MM
}

fn distance_mm((x, y): (f32, f32), rect: Rect, (width, height): (f32, f32)) -> f32 {
    let dx = (rect.x - x).max(x - rect.right()).max(0.0) * width;
    let dy = (rect.y - y).max(y - rect.bottom()).max(0.0) * height;
    dx.hypot(dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::material::Material;

    const A4: (f32, f32) = (210.0, 297.0);

    fn seal(shape: SealShape, colour: SealColour, diameter_mm: f32, confidence: f32) -> Seal {
        Seal {
            rect: Rect::new(0.4, 0.4, 0.2, 0.14),
            shape,
            colour,
            diameter_mm,
            text: None,
            confidence,
            layer: false,
            print: None,
        }
    }

    fn place(id: &str, rect: Rect) -> FormPlace {
        FormPlace {
            material: Material::ReviewForm,
            id: id.into(),
            page: 0,
            rect,
            text: String::new(),
            confidence: 1.0,
            hand: false,
        }
    }

    #[test]
    fn only_a_sure_red_seal_of_a_units_size_is_fresh() {
        use Evidence::*;
        use SealColour::*;
        use SealShape::*;
        let table = [
            (Circle, Red, 42.0, 0.9, Some(Fresh)),
            (Ellipse, Red, 40.0, 0.9, Some(Fresh)),
            (Square, Red, 40.0, 0.9, Some(Fresh)),
            (Square, Red, 18.0, 0.9, None),
            (Rect, Red, 25.0, 0.9, None),
            (Circle, Red, 42.0, 0.45, Some(Doubtful)),
            (Circle, Red, 42.0, 0.2, None),
            (Circle, Red, 12.0, 0.9, Some(Doubtful)),
            (Circle, Blue, 42.0, 0.9, Some(Doubtful)),
            (Circle, Black, 42.0, 0.9, Some(Copied)),
            (Circle, Unknown, 42.0, 0.9, Some(Colourless)),
        ];
        for (shape, colour, mm, confidence, want) in table {
            assert_eq!(evidence(&seal(shape, colour, mm, confidence), true), want, "{shape:?} {colour:?} {mm}");
        }
        assert_eq!(evidence(&seal(Circle, Red, 12.0, 0.9), false), Some(Fresh), "an assumed size proves nothing");
    }

    #[test]
    fn a_seal_belongs_to_the_box_that_holds_more_of_it() {
        let upper = place("upper", self::Rect::new(0.1, 0.2, 0.8, 0.2));
        let lower = place("lower", self::Rect::new(0.1, 0.4, 0.8, 0.2));
        let all = [&upper, &lower];
        let at = |y| self::Rect::new(0.5, y, 0.2, 0.14);
        assert_eq!(claim(at(0.25), &upper, &all, A4), Claim::Owns);
        assert_eq!(claim(at(0.25), &lower, &all, A4), Claim::None);
        assert_eq!(claim(at(0.36), &lower, &all, A4), Claim::Owns, "mostly below the line");
        assert_eq!(claim(at(0.36), &upper, &all, A4), Claim::None);
        assert_eq!(claim(at(0.33), &upper, &all, A4), Claim::Shares);
        assert_eq!(claim(at(0.33), &lower, &all, A4), Claim::Shares);
    }

    #[test]
    fn a_seal_over_the_edge_belongs_and_a_stray_one_is_near() {
        let only = place("only", self::Rect::new(0.1, 0.2, 0.5, 0.2));
        let at = |x| self::Rect::new(x, 0.25, 0.2, 0.14);
        assert_eq!(claim(at(0.53), &only, &[&only], A4), Claim::Owns, "centre 6 mm out");
        assert_eq!(claim(at(0.58), &only, &[&only], A4), Claim::Near, "centre 17 mm out");
        assert_eq!(claim(at(0.75), &only, &[&only], A4), Claim::None);
    }

    #[test]
    fn nested_places_do_not_compete() {
        let outer = place("outer", self::Rect::new(0.1, 0.2, 0.8, 0.4));
        let inner = place("inner", self::Rect::new(0.3, 0.3, 0.5, 0.25));
        let rect = self::Rect::new(0.5, 0.35, 0.2, 0.14);
        assert_eq!(claim(rect, &outer, &[&outer, &inner], A4), Claim::Owns);
        assert_eq!(claim(rect, &inner, &[&outer, &inner], A4), Claim::Owns);
    }
}
