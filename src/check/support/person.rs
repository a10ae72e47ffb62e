//! Whom a document is made out to, as its words tell.

use std::sync::LazyLock;

use regex::Regex;

use super::surnames::is_name;
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::model::page::PageFacts;
use crate::model::text::TextLine;

/// A name in the place of a document's holder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Holder {
    pub(crate) name: String,
    pub(crate) rect: Rect,
    /// The least sure of the name's characters, 0 to 1.
    pub(crate) confidence: f32,
    pub(crate) hand: bool,
}

/// Labels beside or over the holder's name, on forms and certificates.
const LABELS: [&str; 22] = [
    "姓名",
    "持证人",
    "持证人姓名",
    "持有人",
    "申报人",
    "申报人姓名",
    "申请人",
    "申请人姓名",
    "本人姓名",
    "学员姓名",
    "学生姓名",
    "参保人",
    "参保人姓名",
    "参保人员姓名",
    "劳动者",
    "劳动者姓名",
    "职工姓名",
    "乙方",
    "乙方姓名",
    "被考核人",
    "被聘任人",
    "获奖者",
];

/// Phrases of certificates and letters around the holder's name. A phrase ends where no name can go on.
static PHRASES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 学生 张三，性别男 · 学员张三同志
        r"(?:学生|学员|研究生|毕业生)[:：]?(?P<n>\p{Han}{2,4}?)(?:同志)?(?:[,，]|性别|男[,，]|女[,，]|系|于[一二12○〇])",
        // 张三，男，1989年
        r"^(?P<n>\p{Han}{2,4})[,，](?:性别)?[:：]?[男女][,，]",
        // 兹聘任张三同志为 · 聘请张三担任
        r"(?:兹?聘任|兹?聘请|兹聘|续聘|任命)[:：]?(?P<n>\p{Han}{2,4}?)(?:同志|先生|女士|为|担任|任|到)",
        // 兹证明张三同志 · 兹保证张三同志
        r"(?:证明|保证|推荐|鉴定)(?P<n>\p{Han}{2,4}?)(?:同志|先生|女士|[,，]身份证)",
        // 授予张三同志
        r"(?:授予|表彰|奖给|颁给)(?P<n>\p{Han}{2,4}?)(?:同志|先生|女士)",
        // 张三同志：· 张三同志（身份证号…）于 · 经考核，张三同志
        r"(?:^|[,，。：:；;“])(?P<n>\p{Han}{2,4})(?:同志|先生|女士)(?:[:：（(,，于在从自系为是任该经同被荣参按工]|20|19|$)",
        // 姓名：张三
        r"(?:^|[^\p{Han}])(?:姓名|持证人|申报人|申请人|学员|参保人|劳动者|乙方)[^\p{Han}]*[:：][^\p{Han}]*(?P<n>\p{Han}{2,4})(?:$|[^\p{Han}]|性别|身份证|出生|单位|工作)",
    ]
    .into_iter()
    .map(|p| Regex::new(p).expect("written and tested here"))
    .collect()
});

/// Every name in a holder's place on a page.
pub(crate) fn holders(page: &PageFacts) -> Vec<Holder> {
    let mut found: Vec<Holder> = Vec::new();
    for line in page.lines.iter().filter(|l| !l.text.trim().is_empty()) {
        let plain = Plain::of(line);
        if let Some(label) = LABELS.iter().filter(|l| plain.text.starts_with(**l)).max_by_key(|l| l.len()) {
            let rest = plain.text.trim_start_matches(label).trim_start_matches([':', '：']);
            if rest.is_empty() {
                found.extend(beside(page, line).or_else(|| below(page, line)));
                continue;
            }
            if is_name(rest) {
                found.extend(plain.holder(line, rest));
                continue;
            }
        }
        for name in PHRASES.iter().filter_map(|p| p.captures(&plain.text)?.name("n")) {
            if is_name(name.as_str()) {
                found.extend(plain.holder(line, name.as_str()));
            }
        }
    }
    found.dedup_by(|a, b| a.name == b.name && a.rect == b.rect);
    found
}

/// A line without white space, with the way back to its characters.
struct Plain {
    text: String,
    from: Vec<usize>,
}

impl Plain {
    fn of(line: &TextLine) -> Self {
        let kept = line.text.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
        let (from, text): (Vec<usize>, String) = kept.unzip();
        Self { text, from }
    }

    /// The name as a holder, with the confidence of its own characters.
    fn holder(&self, line: &TextLine, name: &str) -> Option<Holder> {
        let at = self.text[..self.text.find(name)?].chars().count();
        let own = self.from.get(at..at + name.chars().count())?;
        let confidence = own
            .iter()
            .filter_map(|i| line.chars.get(*i))
            .map(|c| c.confidence)
            .fold(if line.chars.is_empty() { line.confidence } else { 1.0 }, f32::min);
        Some(Holder { name: name.to_owned(), rect: line.rect, confidence, hand: line.hand })
    }
}

fn whole(line: &TextLine) -> Option<Holder> {
    let plain = Plain::of(line);
    let name = plain.text.trim_start_matches([':', '：']).to_owned();
    if is_name(&name) { plain.holder(line, &name) } else { None }
}

/// The nearest line to the right of a label, level with it, where it is a name.
fn beside(page: &PageFacts, label: &TextLine) -> Option<Holder> {
    let level = |l: &&TextLine| {
        l.rect.x >= label.rect.centre().0
            && (l.rect.centre().1 - label.rect.centre().1).abs() < 0.6 * l.rect.h.max(label.rect.h)
            && !std::ptr::eq(*l, label)
    };
    page.lines.iter().filter(level).min_by(|a, b| a.rect.x.total_cmp(&b.rect.x)).and_then(whole)
}

/// The nearest line under a label, where it is a name.
fn below(page: &PageFacts, label: &TextLine) -> Option<Holder> {
    let under = |l: &&TextLine| {
        let shared = l.rect.right().min(label.rect.right()) - l.rect.x.max(label.rect.x);
        let gap = l.rect.y - label.rect.bottom();
        shared > 0.5 * l.rect.w.min(label.rect.w) && gap > -0.2 * label.rect.h && gap < 2.0 * label.rect.h
    };
    page.lines
        .iter()
        .filter(under)
        .min_by(|a, b| a.rect.y.total_cmp(&b.rect.y))
        .filter(|l| (l.rect.centre().0 - label.rect.centre().0).abs() < 0.8 * label.rect.w)
        .and_then(whole)
}

/// How a name read on a page relates to the one expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Same,
    /// One character differs, or some are missing: a misreading or a variant will explain it.
    Similar,
    Other,
}

pub(crate) fn likeness(name: &str, expected: &str) -> Likeness {
    let letters = |t: &str| t.chars().filter(|c| !c.is_whitespace() && !"·•．.".contains(*c)).collect::<Vec<char>>();
    let (a, b) = (letters(name), letters(expected));
    if a == b {
        return Likeness::Same;
    }
    let within = |short: &[char], long: &[char]| {
        let mut long = long.iter();
        short.iter().all(|c| long.any(|l| l == c))
    };
    let one_apart = a.len() == b.len() && a.iter().zip(&b).filter(|(x, y)| x != y).count() == 1;
    let part = a.len().min(b.len()) >= 2 && (within(&a, &b) || within(&b, &a));
    // In a name of two characters one that differs is half of it, but still one misreading.
    if one_apart || part { Likeness::Similar } else { Likeness::Other }
}

/// Whether a page's text has the name, spread over spaces or a line's end or not.
pub(crate) fn has_name(page: &PageFacts, name: &str) -> bool {
    let all: String = page.lines.iter().flat_map(|l| l.text.chars()).filter(|c| !c.is_whitespace()).collect();
    all.contains(name) || {
        let upright: String = page.lines.iter().filter(|l| l.vertical).flat_map(|l| l.text.chars()).collect();
        upright.contains(name)
    }
}

/// Whether something on the page may be the name misread: all but one of its characters in a row.
pub(crate) fn may_have_name(page: &PageFacts, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    page.lines.iter().any(|l| {
        let chars: Vec<char> = l.text.chars().filter(|c| !c.is_whitespace()).collect();
        // Half a name of two characters is in many a sentence.
        if name.len() == 2 && chars.len() > 3 {
            return false;
        }
        chars
            .windows(name.len())
            .any(|w| w.iter().zip(&name).filter(|(a, b)| a != b).count() <= 1)
            // Part of it stands alone where a seal hides the rest.
            || (chars.len() < name.len() && chars.len() >= 2 && likeness(&chars.iter().collect::<String>(), &name.iter().collect::<String>()) == Likeness::Similar)
    })
}

/// Whether a page lists persons: behind a label for those who took part, as the holders of a certificate, or as names with
/// their titles. Many papers of an award or project name nobody but the unit.
pub(crate) fn lists_persons(page: &PageFacts) -> bool {
    const ROLES: [&str; 16] = [
        "发明人",
        "设计人",
        "作者",
        "第一作者",
        "完成人",
        "主要完成人",
        "完成人员",
        "获奖人",
        "获奖者",
        "获奖人员",
        "项目负责人",
        "负责人",
        "编制人",
        "执笔人",
        "主持人",
        "项目组成员",
    ];
    let listed = |line: &TextLine| {
        let text = Plain::of(line).text;
        let role = ROLES.iter().filter(|r| text.starts_with(**r)).max_by_key(|r| r.len());
        if let Some(role) = role {
            let rest = text.trim_start_matches(role).trim_start_matches([':', '：']);
            let first = rest.split(['、', '，', ',', '；', ';']).next().unwrap_or_default();
            return if rest.is_empty() { beside(page, line).is_some() } else { is_name(first) };
        }
        let mut words = line.text.split_whitespace();
        words.next().is_some_and(is_name)
            && words.next().is_some_and(|w| w.ends_with("工程师") || w.ends_with("技术员"))
    };
    page.lines.iter().any(listed) || !holders(page).is_empty()
}

/// The applicant's 曾用名, where the 评审表 names one.
pub(crate) fn former_name(facts: &PacketFacts) -> Option<String> {
    let forms = facts.spans.iter().filter(|s| s.material == Material::ReviewForm);
    forms.flat_map(|s| s.pages.clone()).filter_map(|i| facts.page(i)).find_map(|page| {
        let label = page.lines.iter().find(|l| Plain::of(l).text == "曾用名")?;
        beside(page, label).map(|h| h.name)
    })
}

/// Whether in the line of authors another name stands before this one.
pub(crate) fn names_before(page: &PageFacts, name: &str) -> bool {
    static UNIT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[（(\[【][^）)\]】]*(?:[）)\]】]|$)").expect("written and tested here"));
    let authors = page.lines.iter().filter(|l| l.text.contains(name)).map(|l| {
        // Their unit often follows them in brackets.
        let text = UNIT.replace_all(&l.text, " ").into_owned();
        let parts = text.split(|c: char| c.is_whitespace() || "、，,；;*·".contains(c) || c.is_ascii_digit());
        parts
            .map(|p| p.trim_start_matches("作者").trim_start_matches([':', '：']).to_owned())
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
    });
    // A line of nothing but names is the line of authors.
    authors
        .filter(|parts| parts.len() >= 2 && parts.iter().all(|p| is_name(p)))
        .any(|parts| parts.iter().position(|p| p == name).is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(text: &str) -> Option<String> {
        let names = PHRASES.iter().filter_map(|p| p.captures(text)?.name("n")).map(|m| m.as_str());
        names.filter(|n| is_name(n)).map(str::to_owned).next()
    }

    #[test]
    fn phrases_name_their_holder() {
        for (text, expected) in [
            ("学生孙俊杰性别男，一九八九年六月三日生，", Some("孙俊杰")),
            ("学生司马国栋性别男，一九九一年十一月二", Some("司马国栋")),
            ("龚磊，男，1990年9月8日生。在南京邮电大学软件", Some("龚磊")),
            ("兹聘任孙俊杰同志为我单位工程师，聘期自2018年", Some("孙俊杰")),
            ("兹保证毛梦瑶同志确系本单位职工", Some("毛梦瑶")),
            ("乔泽宇同志（身份证号140302***396）于2018年度参加专业技术", Some("乔泽宇")),
            ("程春霞同志于2021年5月参加质量工程与可靠性培训，", Some("程春霞")),
            ("经考核，孙俊杰同志2020年度考核等次为合格。", Some("孙俊杰")),
            ("授予龚磊同志先进个人称号", Some("龚磊")),
            ("乙方:孙俊杰身份证号:140311198906030795", Some("孙俊杰")),
            ("以上同志聘期自2018年1月至2026年12月，期满经考核合格可续", None),
            ("关于聘任孙俊杰等同志专业技术职务的通知", None),
            ("该同志本年度遵纪守法，工作认真", None),
            ("经研究决定，聘任以下同志专业技术职务：", None),
            ("甲方（用人单位）：阳泉市鼎固网络科技有限公司", None),
            ("学生成绩优良，准予毕业", None),
        ] {
            assert_eq!(phrase(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn names_alike() {
        assert_eq!(likeness("孙俊杰", "孙俊杰"), Likeness::Same);
        assert_eq!(likeness("孙俊太", "孙俊杰"), Likeness::Similar);
        assert_eq!(likeness("孙俊", "孙俊杰"), Likeness::Similar);
        assert_eq!(likeness("上官珺", "苏雪梅"), Likeness::Other);
        assert_eq!(likeness("孙建国", "孙俊杰"), Likeness::Other);
    }
}
