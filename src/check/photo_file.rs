//! `photo-file`.

use super::CheckResult;
use super::support::documents::{Document, documents, holds, name, page_name};
use super::support::draft::{At, Draft, Words};
use super::support::gates::{SURE_PHOTO, SURE_SPAN};
use super::support::photos::portrait;
use crate::model::finding::{CheckId, Finding, Place};
use crate::model::geometry::Rect;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;
use crate::pack::rules::marks::PhotoFile as Rule;

check! {
    /// 找出像素、大小、格式不合要求的电子照片。
    ///
    /// ## 为何要求
    /// 网上申报系统只接受规定格式、像素范围和大小的照片文件；纸质照片须为规定的寸别。
    ///
    /// ## 如何判断
    /// 单独提交的图像文件认作照片的，读取它的格式、宽高像素和文件大小，与要求逐项比较，超出即为缺陷。
    /// 要求不同的几条（格式、像素、大小）分别提示。
    ///
    /// ## 何时待核
    /// - 照片放在 PDF 里，或图像文件是一页扫描件：看不到照片文件本身，不作判断
    /// - 文件是不是照片把握不足
    /// - 打印照片量得的尺寸，或照片文件标明的尺寸，与要求的寸别相差明显
    ///
    /// ## 参数
    /// - `material`：材料
    /// - `jpeg`：须为 JPG 格式
    /// - `least_width`、`least_height`：最少的宽、高（像素）
    /// - `most_width`、`most_height`：最多的宽、高（像素）
    /// - `most_kb`：最大的文件（KB，1024 字节）
    /// - `print_width_mm`、`print_height_mm`：打印照片的宽、高（毫米）
    PhotoFile, id = CheckId::PhotoFile, judge = judge
}

/// A photo that fills this share of its page is the file itself, not a scan of a print.
const WHOLE_PAGE: f32 = 0.9;
/// Prints are cut by hand, and a photo's own white edge is not seen: only what differs by more is looked at.
const PRINT_SLACK: f32 = 0.2;

/// Portraits as studios print them. A file that states just such a size is made for it; any other size is a camera's.
const PRINTS: [(f32, f32, &str); 4] =
    [(22.0, 32.0, "小1寸"), (25.0, 35.0, "1寸"), (35.0, 49.0, "2寸"), (35.0, 53.0, "2寸")];
const SAME_PRINT_MM: f32 = 1.0;

/// The name of the print that a file is made for, where that is clearly not the one asked for.
fn other_print((w, h): (f32, f32), asked: (u16, u16)) -> Option<&'static str> {
    let off = |a: f32, b: u16| (a / f32::from(b) - 1.0).abs() > PRINT_SLACK;
    let is = |p: &&(f32, f32, &str)| (p.0 - w).abs() <= SAME_PRINT_MM && (p.1 - h).abs() <= SAME_PRINT_MM;
    PRINTS.iter().find(is).filter(|_| off(w, asked.0) && off(h, asked.1)).map(|p| p.2)
}

fn judge(facts: &PacketFacts, pack: &RulePack) -> Vec<CheckResult> {
    let documents = documents(facts);
    let rules = pack.checks.marks.photo_file.iter();
    rules
        .map(|rule| match Draft::of(CheckId::PhotoFile, &rule.basis, holds(&rule.basis, facts, &documents)) {
            None => CheckResult::Passed,
            Some(draft) => CheckResult::of(
                documents
                    .iter()
                    .filter(|d| rule.material.contains(&d.material))
                    .flat_map(|d| d.pages.iter().filter_map(|p| judge_page(rule, facts, pack, d, *p, &draft)))
                    .collect(),
            ),
        })
        .collect()
}

fn judge_page(
    rule: &Rule,
    facts: &PacketFacts,
    pack: &RulePack,
    document: &Document,
    index: usize,
    draft: &Draft,
) -> Option<Finding> {
    let page = facts.page(index)?;
    let photo = portrait(page).filter(|p| p.confidence >= SURE_PHOTO);
    let title = name(pack, document.material, document.entry);
    let at = |rect: Option<Rect>| At {
        place: rect.map_or_else(|| Place::page(index), |r| Place::on(index, r)),
        material: Some(document.material),
        key: format!(
            "{}#{}/{}",
            document.material,
            document.ordinal,
            if rule.print_mm.is_some() { "print" } else { "file" }
        ),
    };
    if let (Some((w, h)), Some(photo)) = (rule.print_mm, photo) {
        let (wide, high) = page.upright_mm();
        let (pw, ph) = (photo.rect.w * wide, photo.rect.h * high);
        let off = |a: f32, b: u16| (a / f32::from(b) - 1.0).abs() > PRINT_SLACK;
        if page.size.known && photo.rect.area() < WHOLE_PAGE && page.stored.is_none() && off(pw, w) && off(ph, h) {
            let seen = format!("约{pw:.0}×{ph:.0}毫米");
            let message =
                format!("{title}（{}）量得{seen}，要求约{w}×{h}毫米，请核对照片寸别。", page_name(facts, index));
            return Some(draft.review(at(Some(photo.rect)), Words::new(seen, message, "请人工核对照片寸别。"), 0.5));
        }
    }
    let stored = page.stored?;
    if let Some(print) = rule.print_mm
        && page.size.known
        && let Some(called) = other_print(page.upright_mm(), print)
    {
        let (wide, high) = page.upright_mm();
        let seen = format!("{wide:.0}×{high:.0}毫米（{called}）");
        let message = format!(
            "{title}（{}）按文件标明的尺寸打印是{seen}，要求约{}×{}毫米，请核对照片寸别。",
            page_name(facts, index),
            print.0,
            print.1
        );
        return Some(draft.review(at(None), Words::new(seen, message, "请人工核对照片寸别。"), 0.5));
    }
    // An image file that holds a page on which a photo is stuck has its own size, not the photo's.
    let is_file = photo.is_some_and(|p| p.rect.area() >= WHOLE_PAGE);
    let (w, h) = page.pixels;
    let kb = stored.bytes.div_ceil(1024);
    let mut wrong = Vec::new();
    if rule.jpeg && !stored.jpeg {
        wrong.push("格式不是JPG".to_owned());
    }
    if let Some((lw, lh)) = rule.least_px
        && (w < u32::from(lw) || h < u32::from(lh))
    {
        wrong.push(format!("{w}×{h}像素，小于{lw}×{lh}像素"));
    }
    if let Some((mw, mh)) = rule.most_px
        && (w > u32::from(mw) || h > u32::from(mh))
    {
        wrong.push(format!("{w}×{h}像素，大于{mw}×{mh}像素"));
    }
    if let Some(most) = rule.most_kb
        && stored.bytes > u64::from(most) * 1024
    {
        wrong.push(format!("文件大小{kb}KB，超过{most}KB"));
    }
    if wrong.is_empty() {
        return None;
    }
    let seen = wrong.join("，");
    let message = format!("{title}（{}）不合要求：{seen}。", page_name(facts, index));
    if !is_file || document.confidence < SURE_SPAN || page.is_degraded() {
        // A sheet scanned to an image file is no photo file at all.
        let sheet = photo.is_some() && !is_file;
        let words = Words::new(seen, format!("{message}但不能确定这就是照片文件。"), "请人工核对照片文件。");
        return (!sheet).then(|| draft.review(at(None), words, 0.4));
    }
    let words = Words::new(seen, message, "请按要求的格式、像素和大小重新制作照片文件后提交。");
    Some(draft.defect(at(None), words, document.confidence))
}
