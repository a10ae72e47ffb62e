//! `inspect`: what the tool sees on a page, as text and as boxes on its picture.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

use super::args::InspectArgs;
use super::draw::{self, Mark};
use super::scratch::Scratch;
use super::{plan, private, say, setup, words};
use crate::model::packet::{Document, PacketFacts, PageRecord};
use crate::model::page::PageFacts;
use crate::outcome::Outcome;
use crate::pack::{self, rules::RulePack};
use crate::report::escape::visible as plain;
use crate::run::Folders;
use crate::run::packet::{self, ObservedPacket};
use crate::{check, run};

pub(super) fn run(args: &InspectArgs) -> anyhow::Result<Outcome> {
    let rules = args.rules.as_deref().map(pack::load).transpose()?;
    let models = setup::ready(args.offline)?;
    private::owner_only();
    let scratch = Scratch::open()?;
    let folders = Folders { read: vec![args.file.clone()], write: vec![scratch.path().to_owned()] };
    let pool = plan::pool(&models, folders)?;
    let document = run::document(&args.file);
    // Which material a page is follows from its neighbours, so with a rule pack every page is read.
    let only = if rules.is_some() { None } else { args.page };
    let records = match run::observe_document(&pool, &document, only)? {
        Ok(records) => records,
        Err(why) => anyhow::bail!("{}：{}", args.file.display(), check::unreadable_reason(&why)),
    };
    if args.page.is_some_and(|n| !records.iter().any(|r| r.page == n)) {
        anyhow::bail!("{} 没有第 {} 页", args.file.display(), args.page.unwrap_or_default());
    }
    let facts = judged(records, rules.as_ref());
    let mut whole = true;
    for (index, record) in facts.pages.iter().enumerate() {
        if args.page.is_some_and(|n| n != record.page) {
            continue;
        }
        match &record.facts {
            Ok(page) => {
                say(&describe(index, record, page, &facts))?;
                if let Some(png) = &args.png {
                    let drawn = scratch.path().join("page.png");
                    picture(&pool, &document, record.page, &drawn)?;
                    annotate(&drawn, png, index, page, &facts)?;
                    say(&format!("已画出：{}\n", png.display()))?;
                }
            }
            Err(why) => {
                whole = false;
                say(&format!("第 {} 页：{}\n", record.page, check::unreadable_reason(why)))?;
            }
        }
    }
    Ok(if whole { Outcome::Done } else { Outcome::Incomplete })
}

fn judged(pages: Vec<PageRecord>, rules: Option<&RulePack>) -> PacketFacts {
    match rules {
        Some(rules) => packet::facts(
            ObservedPacket {
                folder: String::new(),
                applicant: crate::model::packet::Applicant::default(),
                pages,
                unreadable: Vec::new(),
            },
            rules,
        ),
        None => PacketFacts { pages, ..PacketFacts::default() },
    }
}

fn describe(index: usize, record: &PageRecord, page: &PageFacts, facts: &PacketFacts) -> String {
    let mut out = String::new();
    let q = &page.quality;
    let _ = writeln!(out, "第 {} 页", record.page);
    let _ = writeln!(
        out,
        "  纸张 {:.0} x {:.0} 毫米{}，分辨率 {}，{}，转正需 {} 度{}，纠偏 {:.1} 度",
        page.size.width_mm,
        page.size.height_mm,
        if page.size.known { "" } else { "（推测）" },
        q.dpi.map_or_else(|| "未知".to_owned(), |d| format!("{d} dpi")),
        words::colour_mode(q.colour),
        u16::from(page.pose.turn),
        if page.pose.turn_certain { "" } else { "（不确定）" },
        page.pose.deskew,
    );
    let _ = writeln!(
        out,
        "  墨迹 {:.4}，对比度 {:.2}，清晰度 {:.2}，切边 {}{}{}",
        q.ink,
        q.contrast,
        q.sharpness,
        q.cut_sides,
        if q.blank { "，空白页" } else { "" },
        words::degraded(&q.degraded),
    );
    if let Some(span) = facts.spans.iter().find(|s| s.pages.contains(&index)) {
        let _ = writeln!(
            out,
            "  材料 {}（{}），把握 {:.2}，其它可能：{}",
            span.material.name(),
            span.material.id(),
            span.confidence,
            if span.guesses.is_empty() { "无".to_owned() } else { words::materials(&span.guesses) },
        );
    }
    for field in facts.fields.iter().filter(|f| f.page == index) {
        let _ = writeln!(out, "  栏目 {}：{}（{:.2}）", plain(&field.label), plain(&field.text), field.confidence);
    }
    for place in facts.places.iter().filter(|p| p.page == index) {
        let _ = writeln!(out, "  位置 {} {:?}：{}", place.id, <[f32; 4]>::from(place.rect), plain(&place.text));
    }
    for seal in &page.seals {
        let _ = writeln!(
            out,
            "  公章 {} {} {:.0} 毫米 {}（{:.2}）{:?}",
            words::shape(seal.shape),
            words::ink(seal.colour),
            seal.diameter_mm,
            plain(seal.text.as_deref().unwrap_or("")),
            seal.confidence,
            <[f32; 4]>::from(seal.rect)
        );
    }
    for photo in &page.photos {
        let _ = writeln!(
            out,
            "  {} {} 底色{}（{:.2}）{:?}",
            words::photo_kind(photo.kind),
            words::photo_colour(photo.colour),
            words::background(photo.background),
            photo.confidence,
            <[f32; 4]>::from(photo.rect)
        );
    }
    for code in &page.codes {
        let _ = writeln!(out, "  二维码 {}", plain(&code.text));
    }
    for table in &page.tables {
        let _ = writeln!(out, "  表格 {} 格 {:?}", table.cells.len(), <[f32; 4]>::from(table.rect));
    }
    for line in &page.lines {
        let _ = writeln!(
            out,
            "  {:.2} {:?}{}{} {}",
            line.confidence,
            <[f32; 4]>::from(line.rect),
            if line.vertical { " 竖排" } else { "" },
            if line.hand { " 手写" } else { "" },
            plain(&line.text)
        );
    }
    out
}

fn picture(pool: &run::Pool, document: &Document, page: u32, png: &Path) -> anyhow::Result<()> {
    match run::picture_page(pool, document, page, png)? {
        Ok(()) => Ok(()),
        Err(why) => anyhow::bail!("第 {page} 页无法画出：{}", check::unreadable_reason(&why)),
    }
}

fn annotate(drawn: &Path, png: &Path, index: usize, page: &PageFacts, facts: &PacketFacts) -> anyhow::Result<()> {
    let mut picture = image::open(drawn).with_context(|| format!("无法读取 {}", drawn.display()))?.to_rgb8();
    let mut draw = |rect, mark| draw::outline(&mut picture, page.displayed(rect), mark);
    page.lines.iter().for_each(|l| draw(l.rect, Mark::Line));
    page.tables.iter().flat_map(|t| &t.cells).for_each(|c| draw(c.rect, Mark::Cell));
    facts.fields.iter().filter(|f| f.page == index).for_each(|f| draw(f.rect, Mark::Field));
    facts.places.iter().filter(|p| p.page == index).for_each(|p| draw(p.rect, Mark::Place));
    page.codes.iter().for_each(|c| draw(c.rect, Mark::Code));
    page.photos.iter().for_each(|p| draw(p.rect, Mark::Photo));
    page.seals.iter().for_each(|s| draw(s.rect, Mark::Seal));
    if let Some(span) = facts.spans.iter().find(|s| s.pages.contains(&index)) {
        draw::label(&mut picture, 4, 4, span.material.id(), Mark::Place);
    }
    picture.save(png).with_context(|| format!("无法写入 {}", png.display()))
}
