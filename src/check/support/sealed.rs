//! The sealed strip (密封栏): the part of a page, beyond the 密封线, where name and unit may stand.

use crate::model::geometry::Rect;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

use super::passage::folded;

/// On which side of the line the strip lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Strip {
    /// Above this height.
    Above(f32),
    /// Left of it.
    Left(f32),
    Right(f32),
}

/// Characters that a 密封线 is printed of.
const SIGNS: &str = "密封线栏装订内不要答题写外…·.-—–_―─┄┈・•○。~～|｜丨";
/// What a strip asks for.
const LABELS: [&str; 12] = [
    "姓名",
    "单位",
    "工作单位",
    "所在单位",
    "申报职称",
    "申报专业",
    "申报级别",
    "申报职务",
    "身份证号",
    "部门",
    "编号",
    "联系电话",
];
/// How far from the page's edge a line across, and a line down, can run.
const DEEPEST: f32 = 0.35;
const WIDEST: f32 = 0.22;

impl Strip {
    /// Where a page's 密封线 runs: at least two of its three characters, level with or below each other near an edge.
    pub(crate) fn of(page: &PageFacts) -> Option<Self> {
        let pieces: Vec<&TextLine> = page.lines.iter().filter(|l| is_line_piece(l)).collect();
        let signs = |pieces: &[&TextLine]| {
            ['密', '封', '线'].iter().filter(|s| pieces.iter().any(|p| p.text.contains(**s))).count()
        };
        let across = |p: &&&TextLine| {
            let (_, y) = p.rect.centre();
            let level = pieces.iter().filter(|o| (o.rect.centre().1 - y).abs() < 0.02).copied().collect::<Vec<_>>();
            y < DEEPEST && !p.vertical && signs(&level) >= 2
        };
        let down = |p: &&&TextLine| {
            let (x, _) = p.rect.centre();
            let below = pieces.iter().filter(|o| (o.rect.centre().0 - x).abs() < 0.03).copied().collect::<Vec<_>>();
            !(WIDEST..=1.0 - WIDEST).contains(&x) && signs(&below) >= 2
        };
        if let Some(piece) = pieces.iter().find(across) {
            return Some(Self::Above(piece.rect.bottom()));
        }
        pieces
            .iter()
            .find(down)
            .map(|p| if p.rect.centre().0 < 0.5 { Self::Left(p.rect.right()) } else { Self::Right(p.rect.x) })
    }

    pub(crate) fn holds(self, rect: Rect) -> bool {
        let (x, y) = rect.centre();
        match self {
            Self::Above(line) => y < line,
            Self::Left(line) => x < line,
            Self::Right(line) => x > line,
        }
    }
}

/// Whether a line is (a piece of) the 密封线 itself.
pub(crate) fn is_line_piece(line: &TextLine) -> bool {
    let text = folded(&line.text);
    text.iter().any(|c| "密封线".contains(*c)) && text.iter().all(|c| SIGNS.contains(*c))
}

/// Whether a line is a strip's own row: a label with a value behind it.
pub(crate) fn is_labelled(line: &TextLine) -> bool {
    let text: String = folded(&line.text).into_iter().collect();
    // 单位领导 and 部门之间 begin sentences; the other labels don't.
    let heads = |label: &str, rest: &str| {
        let value = rest.chars().count();
        value == 0 || rest.starts_with([':', '_']) || (value <= 20 && !matches!(label, "单位" | "部门" | "编号"))
    };
    LABELS.iter().any(|l| text.strip_prefix(l).is_some_and(|rest| heads(l, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f32, y: f32) -> TextLine {
        TextLine {
            text: text.into(),
            rect: Rect::new(x, y, 0.02, 0.012),
            confidence: 0.99,
            chars: vec![],
            vertical: false,
            hand: false,
        }
    }

    #[test]
    fn pieces_and_labels() {
        for text in ["密", "封 线", "密封线", "……密……封……线……", "装订线内不要答题密封"]
        {
            assert!(is_line_piece(&line(text, 0.3, 0.08)), "{text}");
        }
        for text in ["密封性试验", "———", "线路"] {
            assert!(!is_line_piece(&line(text, 0.3, 0.08)), "{text}");
        }
        assert!(
            is_labelled(&line("单位:云泉县智汇公司 姓名:甲", 0.1, 0.03)) && is_labelled(&line("姓 名：", 0.1, 0.03))
        );
        assert!(!is_labelled(&line("单位领导重视", 0.1, 0.03)));
    }
}
