//! A page that is one portrait: the loose photo file that a notice asks for.

use crate::model::geometry::Rect;
use crate::model::marks::{Photo, PhotoColour, PhotoKind};
use crate::model::page::ColourMode;

use super::colour::Sheet;
use super::photo::{Bounds, Half};
use super::shape::shrunk;
use super::tone::{background, colourfulness, luma};

/// Height to width of a portrait file; A4's 1.41 lies within, so proportion alone says nothing.
const ASPECT: (f32, f32) = (1.1, 1.65);
/// Share of the lower edge's middle that the shoulders cover.
const SHOULDERS: f32 = 0.55;
/// Share of the page that is solid tone, background left out.
const FIGURE: (f32, f32) = (0.22, 0.85);
/// The two upper corners differ by no more than this in colour (channels after the mean difference is taken off) ...
const SAME_COLOUR: i32 = 30;
/// ... and in brightness: a lamp from one side.
const SAME_LIGHT: i32 = 80;
/// Difference from the background, in the channel that differs most, that makes the figure.
const UNLIKE_BACKGROUND: i32 = 40;

/// The photo, if the whole page is one portrait: an even background in both upper corners and along the upper edge,
/// a solid figure that rises from the lower edge and stays clear of the upper corners.
pub(crate) fn whole_page_photo(sheet: &Sheet, mode: ColourMode) -> Option<Photo> {
    let aspect = sheet.h as f32 / sheet.w as f32;
    if aspect < ASPECT.0 || aspect > ASPECT.1 {
        return None;
    }
    let half = Half::of(sheet, &sheet.raw);
    let (w, h) = (half.w, half.h);
    if w < 24 || h < 24 {
        return None;
    }
    let corner = |x0: usize| median(&half, x0, h / 25, w / 7, h / 7);
    let (left, right) = (corner(w / 25), corner(w - w / 25 - w / 7));
    let light = (0..3).map(|c| right[c] - left[c]).sum::<i32>() / 3;
    if light.abs() > SAME_LIGHT || (0..3).any(|c| (right[c] - left[c] - light).abs() > SAME_COLOUR) {
        return None;
    }
    let across = |x: usize, c: usize| left[c] + (right[c] - left[c]) * x as i32 / w as i32;
    let unlike = |(i, p): (usize, &[u8; 3])| {
        (0..3).map(|c| (i32::from(p[c]) - across(i % w, c)).abs()).max().unwrap_or(0) > UNLIKE_BACKGROUND
    };
    let figure: Vec<bool> = half.rgb.iter().enumerate().map(unlike).collect();
    // Strokes of text vanish, at any scale: a fortieth of the width is less than an eye's.
    let solid = shrunk(&figure, w, h, (w / 60).max(1));
    let share = |x0: usize, x1: usize, y0: usize, y1: usize| {
        let n = (y0..y1).map(|y| solid[y * w + x0..y * w + x1].iter().filter(|s| **s).count()).sum::<usize>();
        n as f32 / ((x1 - x0) * (y1 - y0)).max(1) as f32
    };
    let all = share(0, w, 0, h);
    let head = share(w * 3 / 10, w * 7 / 10, h * 3 / 10, h * 6 / 10);
    let shoulders = share(w / 5, w * 4 / 5, h * 86 / 100, h * 96 / 100);
    let above = share(0, w, h / 50, h / 20);
    let beside = share(w / 50, w / 10, h / 10, h * 2 / 5).max(share(w - w / 10, w - w / 50, h / 10, h * 2 / 5));
    if all < FIGURE.0 || all > FIGURE.1 || head < 0.5 || shoulders < SHOULDERS || above > 0.25 || beside > 0.25 {
        return None;
    }
    // A figure has several tones; a cover's solid panel has one.
    let mut tones = [0u32; 12];
    half.rgb.iter().zip(&figure).filter(|(_, f)| **f).for_each(|(c, _)| tones[usize::from(luma(*c)) * 12 / 256] += 1);
    let total = tones.iter().sum::<u32>().max(1) as f32;
    if tones.iter().filter(|t| **t as f32 > 0.04 * total).count() < 3 {
        return None;
    }
    let bounds = Bounds { x0: 0, y0: 0, x1: w, y1: h };
    let colour = if mode == ColourMode::Colour { colourfulness(&half, &bounds, &[]) } else { PhotoColour::Unknown };
    let behind =
        if mode == ColourMode::Colour { background(&half, &bounds) } else { crate::model::marks::Background::Unknown };
    Some(Photo { rect: Rect::PAGE, kind: PhotoKind::Portrait, colour, background: behind, confidence: 0.9 })
}

fn median(half: &Half, x0: usize, y0: usize, w: usize, h: usize) -> [i32; 3] {
    let mut channels: [Vec<u8>; 3] = Default::default();
    for y in y0..y0 + h {
        for c in &half.rgb[y * half.w + x0..y * half.w + x0 + w] {
            (0..3).for_each(|k| channels[k].push(c[k]));
        }
    }
    let middle = channels[0].len() / 2;
    channels.map(|mut v| i32::from(*v.select_nth_unstable(middle).1))
}
