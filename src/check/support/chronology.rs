//! Dates of forms compared with each other and with the notice's.

use super::cells::{Written, column, document_of, key, written};
use super::coverage::covered;
use super::documents::{Document, is_old_copy};
use super::gates::{LIKELY_SPAN, SURE_CHARACTER};
use super::moments::{Period, Stamp, periods, periods_under};
use super::sureness::is_certain;
use crate::model::field::Field;
use crate::model::geometry::Rect;
use crate::model::material::Material;
use crate::model::packet::PacketFacts;
use crate::pack::rules::fields::{ColumnRef, DateAt, FieldRef, Moment};
use crate::pack::rules::{FieldKind, RulePack};

/// Dates read with less confidence than this contradict nothing.
const LEGIBLE: f32 = 0.6;

/// Two dates that cannot both be, or one that cannot be at all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contradiction {
    pub(crate) material: Material,
    /// Index into `RulePack::materials`.
    pub(crate) entry: Option<usize>,
    pub(crate) page: usize,
    pub(crate) rect: Rect,
    pub(crate) key: String,
    pub(crate) seen: String,
    pub(crate) what: String,
    pub(crate) suggestion: &'static str,
    pub(crate) confidence: f32,
    pub(crate) certain: bool,
    /// What is uncertain is not the reading but what the notice asks.
    pub(crate) by_clause: bool,
}

/// What the rules look at.
pub(crate) struct Sight<'a> {
    pub(crate) facts: &'a PacketFacts,
    pub(crate) pack: &'a RulePack,
    pub(crate) documents: &'a [Document],
}

/// A date that a rule compares.
struct Dated<'a> {
    period: Period,
    /// None for one that the notice says.
    written: Option<Written<'a>>,
}

impl<'a> Sight<'a> {
    fn contradiction(&self, at: &Written, what: String, also: Option<&Written>) -> Contradiction {
        let sure = |w: &Written| is_certain(self.facts, w.field, w.document);
        let field = at.field;
        Contradiction {
            material: field.material,
            entry: at.document.and_then(|d| d.entry),
            page: field.page,
            rect: field.rect,
            key: key(at),
            seen: format!("“{}”", field.text.split_whitespace().collect::<String>()),
            what,
            suggestion: "请核对有关证书和档案，改正日期后重新提交。",
            confidence: also.map_or(1.0, |w| w.field.confidence).min(field.confidence),
            certain: sure(at) && also.is_none_or(sure),
            by_clause: false,
        }
    }

    fn legible(&self, of: &FieldRef) -> Vec<Written<'a>> {
        let mut found = written(self.facts, self.pack, self.documents, of);
        found.retain(|w| w.field.confidence >= LEGIBLE && !w.field.hand);
        found
    }

    /// The date of a field; where forms disagree, or a cell has several dates, there is none.
    fn date(&self, at: &DateAt) -> Option<Dated<'a>> {
        let of = match at {
            DateAt::Fixed(moment) => {
                return Some(Dated { period: Period { from: (*moment).into(), to: None, open: false }, written: None });
            }
            DateAt::Field(of) => of,
        };
        let mut found: Option<Dated> = None;
        for written in self.legible(of) {
            let [period] = periods(&written.field.text)[..] else { continue };
            if !period.from.has_month() {
                continue;
            }
            match &found {
                Some(other)
                    if (other.period.from.year, other.period.from.month) != (period.from.year, period.from.month) =>
                {
                    return None;
                }
                Some(_) => {}
                None => found = Some(Dated { period, written: Some(written) }),
            }
        }
        found
    }

    /// Days that are none, ranges that end before they begin, and dates yet to come.
    pub(crate) fn impossible(&self, materials: &[Material], latest: Option<Moment>) -> Vec<Contradiction> {
        let mut found: Vec<Contradiction> = Vec::new();
        let mut seen: Vec<(&Field, usize)> = Vec::new();
        for field in self.facts.fields.iter().filter(|f| materials.contains(&f.material)) {
            let dated = matches!(self.kind(field), Some(FieldKind::Date | FieldKind::DateWithin));
            if !dated || field.hand || field.confidence < LEGIBLE {
                continue;
            }
            let document = document_of(self.documents, field.page);
            if document.is_some_and(|d| is_old_copy(d, self.pack))
                || seen.iter().any(|(f, _)| f.page == field.page && f.rect.iou(&field.rect) > 0.7)
            {
                continue;
            }
            let ordinal = document.map_or(0, |d| d.ordinal);
            seen.push((field, ordinal));
            let row = seen.iter().filter(|(f, o)| f.label == field.label && *o == ordinal).count();
            let Some(why) = periods_under(&field.label, &field.text).iter().find_map(|p| impossible(p, latest)) else {
                continue;
            };
            let at = Written { field, document };
            let mut one = self.contradiction(&at, format!("“{}”栏的日期{}", field.label, why.words), None);
            if why.may_be_due {
                one.what.push_str("；是聘期、合同期的止点则不算，请人工核对");
                (one.certain, one.by_clause) = (false, true);
            }
            one.key = format!("{}/{row}", one.key);
            found.push(one);
        }
        found
    }

    fn kind(&self, field: &Field) -> Option<FieldKind> {
        self.pack.form(field.material)?.fields.iter().find(|f| f.labels.contains(&field.label)).map(|f| f.kind)
    }

    /// `later` before `earlier`, or less than `months` after it.
    pub(crate) fn too_close(&self, earlier: &DateAt, later: &DateAt, months: u16) -> Option<Contradiction> {
        let (a, b) = (self.date(earlier)?, self.date(later)?);
        let due = a.period.from.months_later(months);
        if b.period.from.last() >= due.first() {
            return None;
        }
        let said = |d: &Dated, fixed: &str| match d.written {
            Some(w) => format!("“{}”{}", w.field.label, d.period.from),
            None => format!("{fixed}{}", d.period.from),
        };
        let (first, second) = (said(&a, "规定的"), said(&b, "规定的"));
        let what = match (months, months % 12) {
            (0, _) => format!("{first}晚于{second}"),
            (_, 0) => format!("{first}到{second}不满{}年", months / 12),
            _ => format!("{first}到{second}不满{months}个月"),
        };
        let (at, also) = match (&a.written, &b.written) {
            (Some(w), also) => (w, also.as_ref()),
            (None, Some(w)) => (w, None),
            (None, None) => return None,
        };
        Some(self.contradiction(at, what, also))
    }

    /// Rows that ended before `start`: one for all of them.
    pub(crate) fn before_start(&self, of: &ColumnRef, start: &DateAt) -> Vec<Contradiction> {
        let Some(start) = self.date(start) else { return Vec::new() };
        let rows = column(self.facts, self.pack, self.documents, of);
        let early: Vec<Written> = rows
            .into_iter()
            .filter(|w| !w.field.hand && w.field.confidence >= SURE_CHARACTER)
            .filter(|w| match periods_under(&w.field.label, &w.field.text)[..] {
                [period] => period.end().is_some_and(|end| end.has_month() && end.last() < start.period.from.first()),
                _ => false,
            })
            .collect();
        let Some(first) = early.first() else { return Vec::new() };
        let more = if early.len() > 1 { format!("等{}行", early.len()) } else { String::new() };
        let bare: String = first.field.text.split_whitespace().collect();
        let what = format!("“{}”栏的{bare}{more}早于任现职的时间{}", first.field.label, start.period.from);
        vec![self.contradiction(first, what, start.written.as_ref())]
    }

    /// Of retirement age or more on a day. Where the sex is not known the men's age holds.
    pub(crate) fn too_old(
        &self,
        birth: &FieldRef,
        sex: &FieldRef,
        on: Moment,
        (men, women): (u16, u16),
    ) -> Option<Contradiction> {
        let born = self.date(&DateAt::Field(birth.clone()))?;
        let at = born.written?;
        let woman = self.legible(sex).iter().any(|w| w.field.text.trim() == "女");
        let limit = if woman { women } else { men };
        let birthday = born.period.from.months_later(limit * 12);
        // The month of retirement itself still counts as before it.
        (birthday.last() < Stamp::from(on).first()).then(|| {
            let what = format!("“{}”{}，到{}已满{limit}周岁", at.field.label, born.period.from, Stamp::from(on));
            Contradiction {
                suggestion: "请核对是否已办理退休或已达退休年龄；是的，不在申报范围。",
                ..self.contradiction(&at, what, None)
            }
        })
    }

    /// A number of years larger than the whole years since a date.
    pub(crate) fn too_many_years(&self, value: &FieldRef, since: &FieldRef, on: Moment) -> Option<Contradiction> {
        let start = self.date(&DateAt::Field(since.clone()))?;
        let most = start.period.from.whole_years_to(on.into());
        self.legible(value).into_iter().find_map(|at| {
            let figures: String =
                at.field.text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            let years: u16 = figures.parse().ok()?;
            (years > most && years < 80).then(|| {
                let what = format!(
                    "“{}”填{years}年，自{}到{}实足只有{most}年",
                    at.field.label,
                    start.period.from,
                    Stamp::from(on)
                );
                self.contradiction(&at, what, start.written.as_ref())
            })
        })
    }
}

/// Fewer months on all proofs together than are asked for.
pub(crate) fn too_few_months(
    facts: &PacketFacts,
    documents: &[Document],
    materials: &[Material],
    least: u16,
) -> Option<Contradiction> {
    let wanted = |d: &&Document| materials.contains(&d.material) && d.confidence >= LIKELY_SPAN;
    let proofs: Vec<&Document> = documents.iter().filter(wanted).collect();
    let found = covered(facts, &proofs).filter(|c| c.months < least)?;
    let document = proofs.iter().find(|d| d.pages.contains(&found.page))?;
    let months = found.months;
    let seen = if found.stated {
        format!("写明累计{months}个月")
    } else {
        format!("列出的起止时间合计{months}个月")
    };
    Some(Contradiction {
        material: document.material,
        entry: document.entry,
        page: found.page,
        rect: found.rect.unwrap_or(Rect::PAGE),
        key: format!("{}#{}/months", document.material, document.ordinal),
        what: format!("{seen}，少于要求的{least}个月"),
        seen,
        suggestion: "请补交能覆盖所要求时间的证明；分几处参保的，各处的证明都要交。",
        confidence: document.confidence,
        certain: found.certain,
        by_clause: false,
    })
}

/// Why a date or range cannot be.
struct Impossible {
    words: String,
    /// A stretch that has begun and ends later: a term of office ends in the future and is right.
    may_be_due: bool,
}

fn impossible(period: &Period, latest: Option<Moment>) -> Option<Impossible> {
    let (from, to) = (period.from, period.to);
    let because = |words: String| Some(Impossible { words, may_be_due: false });
    let dates = || std::iter::once(from).chain(to);
    if let Some(none) = dates().find(|d| d.has_month() && !d.day_exists()) {
        return because(format!("{none}不存在"));
    }
    // A month that is none is `date-format`'s matter, and says nothing here.
    if dates().any(|d| d.month.is_some() && !d.has_month()) {
        return None;
    }
    if let Some(to) = to.filter(|to| to.last() < from.first()) {
        return because(format!("止点{to}早于起点{from}"));
    }
    let latest = Stamp::from(latest?);
    let coming = dates().find(|d| d.first() > latest.last())?;
    let words = format!("{coming}晚于{latest}，申报时还没有到");
    Some(Impossible { words, may_be_due: from.first() <= latest.last() })
}
