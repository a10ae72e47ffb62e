//! What gives an applicant away in a text: name, identity number, unit and its short forms, places.

use std::sync::LazyLock;

use regex::Regex;

use super::passage::{Passage, folded};
use crate::model::packet::Applicant;

/// What was given away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trait {
    Name,
    IdNumber,
    Unit,
    /// A short or misread form of the unit's name.
    UnitLike,
    Place,
    Phone,
}

impl Trait {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Name => "姓名",
            Self::IdNumber => "身份证号",
            Self::Unit => "单位名称",
            Self::UnitLike => "像是单位的简称",
            Self::Place => "市、县（区）名称",
            Self::Phone => "电话号码",
        }
    }
}

/// Something found in a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) what: Trait,
    pub(crate) at: usize,
    pub(crate) length: usize,
    /// Beyond coincidence with other words.
    pub(crate) plain: bool,
}

/// Surnames that end or are words of their own (提高, 由于, 责任): a name that begins so may be a piece of a sentence.
const WORDLIKE: &str = "高于任成易方向时安应和常关文明田江金石水平东南西北白黄温丰全党部经能计达路盛支单项管强车查麻马毛项解干甘万牛古左右门花谷年权通";
const INTRODUCES: [&str; 15] = [
    "本人",
    "作者",
    "姓名",
    "申报人",
    "我叫",
    "我是",
    "撰写人",
    "报告人",
    "参评人",
    "负责人",
    "完成人",
    "设计人",
    "编写人",
    "主持人",
    "撰稿人",
];
const PERSON: [&str; 8] = ["同志", "先生", "女士", "老师", ",男", ",女", "男,", "女,"];
/// What follows 单位 and what units end in; what stands before is the unit's own name.
const ENDINGS: [&str; 22] = [
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "分公司",
    "公司",
    "集团",
    "研究院",
    "研究所",
    "设计院",
    "服务中心",
    "管理局",
    "服务所",
    "管理站",
    "中心",
    "委员会",
    "管理处",
    "总厂",
    "厂",
    "局",
    "院",
    "站",
];
/// Trades between a unit's own name and its ending.
const TRADES: [&str; 38] = [
    "信息技术",
    "网络科技",
    "信息科技",
    "数字科技",
    "数据服务",
    "数据科技",
    "大数据科技",
    "大数据",
    "环保科技",
    "新能源科技",
    "新能源",
    "能源科技",
    "自动化设备",
    "装备制造",
    "机械制造",
    "工程技术",
    "建设工程",
    "建筑工程",
    "电力工程",
    "智能科技",
    "软件技术",
    "软件",
    "科技",
    "技术",
    "信息",
    "网络",
    "数据",
    "数字",
    "智能",
    "工程",
    "建设",
    "设备",
    "机械",
    "制造",
    "煤业",
    "供水",
    "能源",
    "电力",
];
/// Districts whose names are common words.
const COMMON_PLACES: [&str; 24] = [
    "城区",
    "矿区",
    "郊区",
    "新区",
    "园区",
    "社区",
    "小区",
    "景区",
    "库区",
    "林区",
    "港区",
    "片区",
    "厂区",
    "校区",
    "山区",
    "地区",
    "开发区",
    "高新区",
    "示范区",
    "经济区",
    "工业区",
    "保税区",
    "试验区",
    "服务区",
];

/// Everything in the passage that gives the applicant away.
pub(crate) fn hits(passage: &Passage, applicant: &Applicant, places: bool, own_places: &[String]) -> Vec<Hit> {
    let mut found = Vec::new();
    if let Some(name) = &applicant.name {
        names(passage, name, &mut found);
    }
    if let Some(number) = applicant.id_number.as_ref().filter(|n| n.chars().count() >= 15) {
        add(passage, number, Trait::IdNumber, true, &mut found);
    }
    if let Some(unit) = &applicant.unit {
        units(passage, unit, &mut found);
        if places {
            for place in places_of(unit) {
                add(passage, &place, Trait::Place, true, &mut found);
            }
        }
    }
    if places {
        for place in own_places {
            add(passage, place, Trait::Place, false, &mut found);
        }
    }
    phones(passage, &mut found);
    without_inner(found)
}

fn add(passage: &Passage, word: &str, what: Trait, plain: bool, found: &mut Vec<Hit>) {
    let length = folded(word).len();
    found.extend(passage.find(word).into_iter().map(|at| Hit { what, at, length, plain }));
}

fn names(passage: &Passage, name: &str, found: &mut Vec<Hit>) {
    let name: String = name.chars().filter(|c| !"·•.".contains(*c)).collect();
    let length = folded(&name).len();
    if length < 2 {
        return;
    }
    let wordlike = name.chars().next().is_some_and(|c| WORDLIKE.contains(c));
    for at in passage.find(&name) {
        let before = passage.before(at, 4);
        let after = passage.after(at + length, 2);
        let introduced = INTRODUCES.iter().any(|w| before.trim_end_matches([':', '是']).ends_with(w))
            || PERSON.iter().any(|w| after.starts_with(w));
        let parted = passage.parted(at) && passage.parted(at + length);
        let plain = introduced || (length >= 3 && (!wordlike || parted));
        found.push(Hit { what: Trait::Name, at, length, plain });
    }
}

fn units(passage: &Passage, unit: &str, found: &mut Vec<Hit>) {
    let length = folded(unit).len();
    if length < 5 {
        return;
    }
    add(passage, unit, Trait::Unit, true, found);
    let like = passage.find_like(unit, length / 6);
    found.extend(like.into_iter().map(|at| Hit { what: Trait::UnitLike, at, length, plain: false }));
    for short in short_forms(unit) {
        add(passage, &short, Trait::UnitLike, false, found);
    }
}

/// Names a unit goes by in a text: without its place, without its ending, its own name with 公司.
fn short_forms(unit: &str) -> Vec<String> {
    let unit: String = folded(unit).into_iter().collect();
    let local = &unit[place_end(&unit)..];
    let Some(ending) = ENDINGS.iter().find(|e| local.ends_with(**e)) else { return Vec::new() };
    let core = &local[..local.len() - ending.len()];
    let company = ending.ends_with("公司") || *ending == "集团";
    let own = TRADES.iter().find_map(|t| core.strip_suffix(t)).unwrap_or(core);
    let chars = |s: &str| s.chars().count();
    let mut short = Vec::new();
    if company {
        if chars(core) >= 4 && chars(own) >= 2 {
            short.push(core.to_owned());
        }
        if chars(own) >= 2 && chars(own) <= 4 {
            short.extend(["公司", "集团", "科技", "企业"].iter().map(|t| format!("{own}{t}")));
        }
    } else if chars(local) >= 6 && local.len() < unit.len() {
        short.push(local.to_owned());
    }
    short
}

static PLACES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\p{Han}{2,3}省)?(\p{Han}{2,4}?市)?(\p{Han}{1,4}?[县区])?").expect("a fixed pattern")
});

fn place_end(unit: &str) -> usize {
    PLACES.find(unit).map_or(0, |m| m.end())
}

/// City and county in a unit's name, with 市, 县, 区.
fn places_of(unit: &str) -> Vec<String> {
    let unit: String = folded(unit).into_iter().collect();
    let Some(found) = PLACES.captures(&unit) else { return Vec::new() };
    let named = [found.get(1), found.get(2)].into_iter().flatten().map(|m| m.as_str());
    named.filter(|p| !COMMON_PLACES.contains(p) && p.chars().count() >= 2).map(str::to_owned).collect()
}

fn phones(passage: &Passage, found: &mut Vec<Hit>) {
    static MOBILE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"1[3-9]\d{9}").expect("a fixed pattern"));
    let text = passage.text();
    for m in MOBILE.find_iter(&text) {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        if !digit(text[..m.start()].chars().next_back()) && !digit(text[m.end()..].chars().next()) {
            let at = text[..m.start()].chars().count();
            found.push(Hit { what: Trait::Phone, at, length: 11, plain: false });
        }
    }
}

/// A city in a unit's name, a short form in the full one: only the whole is told. In the passage's order.
fn without_inner(mut found: Vec<Hit>) -> Vec<Hit> {
    found.sort_by_key(|h| (h.at, std::cmp::Reverse(h.length), h.what, !h.plain));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in found {
        if kept.last().is_none_or(|k| hit.at >= k.at + k.length) {
            kept.push(hit);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::geometry::Rect;
    use crate::model::text::TextLine;

    fn found(text: &str, name: &str, unit: &str) -> Vec<(Trait, bool)> {
        let line = TextLine {
            text: text.into(),
            rect: Rect::new(0.1, 0.3, 0.8, 0.02),
            confidence: 0.99,
            chars: vec![],
            vertical: false,
            hand: false,
        };
        let mut passage = Passage::default();
        passage.push(0, [&line]);
        let who = Applicant { name: Some(name.into()), unit: Some(unit.into()), ..Applicant::default() };
        hits(&passage, &who, true, &["云泉".into()]).into_iter().map(|h| (h.what, h.plain)).collect()
    }

    #[test]
    fn names_and_words_like_them() {
        use Trait::Name;
        let unit = "云泉县智汇数据服务有限公司";
        for (text, name, expected) in [
            ("经樊晓棠主持完成", "樊晓棠", vec![(Name, true)]),
            ("不断提高建设水平", "高建设", vec![(Name, false)]),
            ("作者：高建设", "高建设", vec![(Name, true)]),
            ("系统运行安静平稳", "安静", vec![(Name, false)]),
            ("安静同志主持", "安静", vec![(Name, true)]),
            ("本人主持完成", "樊晓棠", vec![]),
            ("樊某", "樊", vec![]),
        ] {
            assert_eq!(found(text, name, unit), expected, "{text}");
        }
    }

    #[test]
    fn units_and_places() {
        use Trait::{Place, Unit, UnitLike};
        for (text, unit, expected) in [
            ("在云泉县智汇数据服务有限公司工作", "云泉县智汇数据服务有限公司", vec![(Unit, true)]),
            ("在智汇数据服务工作", "云泉县智汇数据服务有限公司", vec![(UnitLike, false)]),
            ("智汇公司", "云泉县智汇数据服务有限公司", vec![(UnitLike, false)]),
            ("云泉县的数据", "云泉县智汇数据服务有限公司", vec![(Place, true)]),
            ("云泉的数据", "智汇数据服务有限公司", vec![(Place, false)]),
            ("信息技术和数据服务", "云泉县智汇数据服务有限公司", vec![]),
            ("城区路网", "泉阳市城区数联信息中心", vec![]),
            ("平川区供水", "平川区恒源供水有限公司", vec![(Place, true)]),
        ] {
            assert_eq!(found(text, "樊晓棠", unit), expected, "{text}");
        }
    }
}
