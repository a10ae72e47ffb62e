//! What was observed, in the clerk's words.

use crate::model::marks::{Background, PhotoColour, PhotoKind, SealColour, SealShape};
use crate::model::material::Material;
use crate::model::page::{ColourMode, Degraded};

pub(super) const fn colour_mode(mode: ColourMode) -> &'static str {
    match mode {
        ColourMode::Colour => "彩色",
        ColourMode::Grey => "灰度",
        ColourMode::Bilevel => "黑白",
    }
}

pub(super) const fn shape(shape: SealShape) -> &'static str {
    match shape {
        SealShape::Circle => "圆形",
        SealShape::Ellipse => "椭圆形",
        SealShape::Square => "方形",
        SealShape::Rect => "长方形",
    }
}

pub(super) const fn ink(colour: SealColour) -> &'static str {
    match colour {
        SealColour::Red => "红色",
        SealColour::Blue => "蓝色",
        SealColour::Black => "黑色（复印）",
        SealColour::Unknown => "颜色不明",
    }
}

pub(super) const fn photo_kind(kind: PhotoKind) -> &'static str {
    match kind {
        PhotoKind::Portrait => "人像照片",
        PhotoKind::Picture => "图片",
    }
}

pub(super) const fn photo_colour(colour: PhotoColour) -> &'static str {
    match colour {
        PhotoColour::Colour => "彩色",
        PhotoColour::Mono => "黑白",
        PhotoColour::Unknown => "颜色不明",
    }
}

pub(super) const fn background(background: Background) -> &'static str {
    match background {
        Background::Red => "红色",
        Background::Blue => "蓝色",
        Background::White => "白色",
        Background::Other => "其它颜色",
        Background::Unknown => "不明",
    }
}

pub(super) fn materials(materials: &[Material]) -> String {
    materials.iter().map(|m| m.name()).collect::<Vec<_>>().join("、")
}

/// What was not decoded, as the end of a sentence; nothing where all was.
pub(super) fn degraded(lost: &[Degraded]) -> String {
    let word = |d: &Degraded| match d {
        Degraded::ImageDropped(_) => "有图像无法解码",
        Degraded::ImageTruncated(_) => "图像数据不完整",
        Degraded::FontMissing(_) => "缺少字体",
        Degraded::ContentDamaged(_) => "页面数据损坏",
    };
    lost.iter().map(word).fold(String::new(), |text, word| text + "，" + word)
}
