//! Cell texts as offices write them, to typed values.

use crate::model::packet::{Archive, Education, Employer, Level, Route, UnitAt};

/// Why a text has no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It may mean several; says why.
    Ambiguous(&'static str),
    /// It means none; lists what may be written.
    Wrong(&'static str),
}

/// A value that a roster states in words.
pub(super) trait Typed: Sized {
    fn typed(text: &str) -> Result<Self, Meaning>;
}

/// A cell without what a spreadsheet put around it: `="…"`, a leading apostrophe, spaces.
pub(super) fn cell(raw: &str) -> String {
    let text = trim(raw);
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let text = text.strip_prefix('\'').unwrap_or(text);
    trim(text).to_owned()
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Nothing was meant.
pub(super) fn is_void(text: &str) -> bool {
    text.is_empty()
        || text.chars().all(|c| matches!(c, '/' | '-' | '—' | '－' | '／' | '\\'))
        || matches!(text, "无" | "不详" | "未知")
}

/// Text for comparison: no spaces, no remark in brackets, no asterisk, full-width forms narrowed.
pub(super) fn plain(text: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::new();
    for c in text.chars().map(narrow) {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' => {}
            c if c.is_whitespace() || depth > 0 => {}
            c => out.push(c),
        }
    }
    out
}

/// The ASCII form of a full-width character.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

impl Typed for Level {
    fn typed(text: &str) -> Result<Self, Meaning> {
        let text = plain(text);
        let ends = |words: &[&str]| words.iter().any(|w| text.ends_with(w));
        let starts = |words: &[&str]| words.iter().any(|w| text.starts_with(w));
        if starts(&["正高"]) || ends(&["正高级工程师", "正高级", "正高"]) {
            return Err(Meaning::Ambiguous("（正高级）不在本工具的级别之内"));
        }
        if matches!(text.as_str(), "初级" | "初级职称") {
            return Err(Meaning::Ambiguous("可能是助理工程师，也可能是技术员"));
        }
        // From the longest word down: 高级工程师 and 助理工程师 end in 工程师.
        if ends(&["高级工程师", "副高级", "副高", "高级", "高级职称", "高工"]) || starts(&["副高", "高级"])
        {
            Ok(Self::SeniorEngineer)
        } else if ends(&["助理工程师", "助理级", "助理", "助工"]) {
            Ok(Self::AssistantEngineer)
        } else if ends(&["技术员", "员级"]) {
            Ok(Self::Technician)
        } else if ends(&["工程师", "中级", "中级职称"]) || starts(&["中级"]) {
            Ok(Self::Engineer)
        } else {
            Err(Meaning::Wrong("技术员、助理工程师、工程师（中级）、高级工程师（副高级）"))
        }
    }
}

impl Typed for Route {
    fn typed(text: &str) -> Result<Self, Meaning> {
        let text = plain(text);
        // In this order: 高技能人才 and 高层次人才 before 破格, which may stand beside them; 再次申报 before 申报.
        const WORDS: &[(&str, Route)] = &[
            ("高技能", Route::SkilledWorker),
            ("高层次", Route::HighLevel),
            ("绿色通道", Route::GreenChannel),
            ("破格", Route::Exceptional),
            ("委托", Route::Entrusted),
            ("再申报", Route::Again),
            ("再次申报", Route::Again),
            ("重新申报", Route::Again),
            ("转评", Route::Transfer),
            ("转系列", Route::Transfer),
            ("改系列", Route::Transfer),
            ("改评", Route::Transfer),
            ("职业资格", Route::Qualification),
            ("初次", Route::First),
            ("首次", Route::First),
            ("初评", Route::First),
            ("初聘", Route::First),
            ("初定", Route::First),
            ("晋升", Route::Promotion),
            ("晋级", Route::Promotion),
            ("正常", Route::Promotion),
        ];
        WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, route)| *route).ok_or(Meaning::Wrong(
            "初次申报、正常晋升、转评、破格、高技能人才、职业资格、高层次人才、绿色通道、再申报、委托评审",
        ))
    }
}

impl Typed for Employer {
    fn typed(text: &str) -> Result<Self, Meaning> {
        const WORDS: &[(&str, Employer)] = &[
            ("劳务派遣", Employer::Dispatched),
            ("派遣", Employer::Dispatched),
            ("自由职业", Employer::Freelance),
            ("灵活就业", Employer::Freelance),
            ("非国有", Employer::Private),
            ("非公", Employer::Private),
            ("民办非企业", Employer::Private),
            ("私营", Employer::Private),
            ("私企", Employer::Private),
            ("私有", Employer::Private),
            ("民营", Employer::Private),
            ("民企", Employer::Private),
            ("个体", Employer::Private),
            ("外资", Employer::Private),
            ("外企", Employer::Private),
            ("外商", Employer::Private),
            ("港澳台", Employer::Private),
            ("事业", Employer::PublicInstitution),
            ("全额", Employer::PublicInstitution),
            ("差额", Employer::PublicInstitution),
            ("自收自支", Employer::PublicInstitution),
            ("国有", Employer::StateEnterprise),
            ("国企", Employer::StateEnterprise),
            ("央企", Employer::StateEnterprise),
            ("国资", Employer::StateEnterprise),
            ("集体", Employer::Collective),
        ];
        // What kind of company, not whose: state-owned ones are limited companies too.
        const FORMS: &[&str] = &["有限公司", "有限责任", "股份", "公司", "企业", "合资"];
        let text = plain(text);
        if let Some((_, employer)) = WORDS.iter().find(|(word, _)| text.contains(word)) {
            return Ok(*employer);
        }
        if FORMS.iter().any(|form| text.contains(form)) {
            return Err(Meaning::Ambiguous("看不出是国有还是非公有制"));
        }
        Err(Meaning::Wrong("事业单位、国有企业、集体企业、非公有制（私营、民营、个体、外资）、劳务派遣、自由职业"))
    }
}

// These columns are the office's own addition, often made for something else: an odd value is left unknown, not refused.
impl Typed for UnitAt {
    fn typed(text: &str) -> Result<Self, Meaning> {
        let text = plain(text);
        let holds = |words: &[&str]| words.iter().any(|w| text.contains(w));
        let city = holds(&["市直", "市属", "市本级", "市级", "地市"]);
        // A district's own name ends in 区, but so does 开发区; a name in 市 may be the city's or a county-level city's.
        let zone = holds(&["开发区", "高新区", "经开区", "园区", "示范区", "新区"]);
        let county = holds(&["县", "区属", "区直", "市辖区", "区级"]) || (text.ends_with('区') && !zone);
        match (city, county) {
            (true, false) => Ok(Self::City),
            (false, true) => Ok(Self::County),
            _ => Err(Meaning::Ambiguous("看不出是市直还是县区")),
        }
    }
}

impl Typed for Archive {
    fn typed(text: &str) -> Result<Self, Meaning> {
        let text = plain(text);
        let holds = |words: &[&str]| words.iter().any(|w| text.contains(w));
        if holds(&["外地", "异地", "外市", "外省", "省外", "市外"]) {
            Ok(Self::Elsewhere)
        } else if matches!(text.as_str(), "否" | "无代理")
            || holds(&["未代理", "未办理", "没有代理", "不代理", "未办", "无代理"])
        {
            Ok(Self::NoAgency)
        } else if text == "是" || holds(&["代理", "人才", "公共就业", "已办"]) {
            Ok(Self::Agency)
        } else {
            Err(Meaning::Ambiguous("看不出档案是否代理"))
        }
    }
}

impl Typed for Education {
    fn typed(text: &str) -> Result<Self, Meaning> {
        Self::named(&plain(text)).ok_or(Meaning::Ambiguous("看不出是什么学历"))
    }
}

/// An identity number as typed, or what a spreadsheet did to it. Its check digit is another matter.
pub(super) fn id_number(text: &str) -> Result<String, &'static str> {
    let text: String = text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if text.contains(['.', '+']) && text.contains('E') {
        return Err("已被 Excel 变成科学计数，号码不全；请把这一列设为“文本”后重新填写");
    }
    let digits = text.strip_suffix('X').unwrap_or(&text);
    if matches!(text.len(), 15 | 18) && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text)
    } else {
        Err("不是 18 位（或 15 位）身份证号")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (text, level) in [
            ("工程师", Level::Engineer),
            ("中级", Level::Engineer),
            ("中级工程师", Level::Engineer),
            ("大数据工程师（中级）", Level::Engineer),
            ("高级工程师", Level::SeniorEngineer),
            ("副高", Level::SeniorEngineer),
            ("高级", Level::SeniorEngineer),
            ("高级经济师", Level::SeniorEngineer),
            ("机械高级工程师", Level::SeniorEngineer),
            ("助理工程师", Level::AssistantEngineer),
            ("助 工", Level::AssistantEngineer),
            ("技术员", Level::Technician),
        ] {
            assert_eq!(Level::typed(text), Ok(level), "{text}");
        }
        for text in ["初级", "正高级工程师", "正高"] {
            assert!(matches!(Level::typed(text), Err(Meaning::Ambiguous(_))), "{text}");
        }
        for text in ["专家", "3", "级"] {
            assert!(matches!(Level::typed(text), Err(Meaning::Wrong(_))), "{text}");
        }
    }

    #[test]
    fn routes() {
        for (text, route) in [
            ("正常", Route::Promotion),
            ("正常申报", Route::Promotion),
            ("晋升", Route::Promotion),
            ("破格晋升", Route::Exceptional),
            ("初次申报", Route::First),
            ("首次", Route::First),
            ("转评", Route::Transfer),
            ("高技能人才", Route::SkilledWorker),
            ("再次申报", Route::Again),
            ("委托评审", Route::Entrusted),
        ] {
            assert_eq!(Route::typed(text), Ok(route), "{text}");
        }
        assert!(matches!(Route::typed("申报"), Err(Meaning::Wrong(_))));
    }

    #[test]
    fn employers() {
        for (text, employer) in [
            ("私营企业", Employer::Private),
            ("非公", Employer::Private),
            ("非国有企业", Employer::Private),
            ("民营有限公司", Employer::Private),
            ("个体", Employer::Private),
            ("国企", Employer::StateEnterprise),
            ("国有控股有限公司", Employer::StateEnterprise),
            ("事业", Employer::PublicInstitution),
            ("全额事业", Employer::PublicInstitution),
            ("差额拨款", Employer::PublicInstitution),
            ("劳务派遣（国企）", Employer::Dispatched),
        ] {
            assert_eq!(Employer::typed(text), Ok(employer), "{text}");
        }
        assert_eq!(Employer::typed("集体企业"), Ok(Employer::Collective));
        for text in ["有限公司", "企业", "股份制"] {
            assert!(matches!(Employer::typed(text), Err(Meaning::Ambiguous(_))), "{text}");
        }
        assert!(matches!(Employer::typed("学校食堂"), Err(Meaning::Wrong(_))));
    }

    #[test]
    fn where_the_unit_is() {
        for text in ["市直", "市属单位", "市本级"] {
            assert_eq!(UnitAt::typed(text), Ok(UnitAt::City), "{text}");
        }
        for text in ["县区", "县（区）", "嘉善县", "南湖区", "区属"] {
            assert_eq!(UnitAt::typed(text), Ok(UnitAt::County), "{text}");
        }
        for text in ["海宁市", "省属", "市直/县区", "经济开发区", "一车间"] {
            assert!(matches!(UnitAt::typed(text), Err(Meaning::Ambiguous(_))), "{text}");
        }
    }

    #[test]
    fn who_keeps_the_file() {
        for (text, archive) in [
            ("代理", Archive::Agency),
            ("是", Archive::Agency),
            ("市人才中心", Archive::Agency),
            ("未代理", Archive::NoAgency),
            ("未办理代理", Archive::NoAgency),
            ("否", Archive::NoAgency),
            ("外地代理", Archive::Elsewhere),
        ] {
            assert_eq!(Archive::typed(text), Ok(archive), "{text}");
        }
        assert!(matches!(Archive::typed("本单位"), Err(Meaning::Ambiguous(_))));
    }

    #[test]
    fn educations() {
        for (text, education) in [
            ("本科", Education::Bachelor),
            ("大学", Education::Bachelor),
            ("研究生/硕士", Education::Master),
            ("大专", Education::College),
            ("高级工班", Education::TechnicalCollege),
        ] {
            assert_eq!(Education::typed(text), Ok(education), "{text}");
        }
        assert!(matches!(Education::typed("其他"), Err(Meaning::Ambiguous(_))));
    }

    #[test]
    fn spreadsheet_forms_of_text() {
        for raw in ["=\"330102199001011234\"", "'330102199001011234", "330102199001011234\t", "　330102199001011234 "]
        {
            assert_eq!(cell(raw), "330102199001011234");
        }
        assert_eq!(cell("=A1"), "=A1");
    }

    #[test]
    fn identity_numbers() {
        assert_eq!(id_number("33010219900101123x").as_deref(), Ok("33010219900101123X"));
        assert_eq!(id_number("３３０１０２１９９００１０１１２３４").as_deref(), Ok("330102199001011234"));
        for text in ["3.30102E+17", "33010219900101123", "X30102199001011234", "abc"] {
            assert!(id_number(text).is_err(), "{text}");
        }
    }
}
