//! The checks of publicity days, assessment years, training years and validity, as written.

use jiff::civil::Date;

use super::super::rules::periods::{
    AssessmentYears, CertificateExpiry, ContinuingEducation, Days, Kind, Periods, PublicityPeriod, Years,
};
use super::super::schema::{Choice, Reader};
use super::{Scope, VERDICTS, each};

/// The entries; the calendar belongs to the pack as a whole and is read with it.
pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Periods {
    Periods {
        publicity: each(table, "publicity-period", "check.publicity-period", |r| publicity(r, scope)),
        assessment: each(table, "assessment-years", "check.assessment-years", |r| assessment(r, scope)),
        education: each(table, "continuing-education", "check.continuing-education", |r| education(r, scope)),
        expiry: each(table, "certificate-expiry", "check.certificate-expiry", |r| expiry(r, scope)),
        ..Periods::default()
    }
}

fn publicity(reader: &Reader<'_>, scope: &Scope<'_>) -> PublicityPeriod {
    let working = reader.number("working_days", Some(0));
    let calendar = reader.number("days", Some(0));
    if working > 0 && calendar > 0 {
        reader.mistake("days", "同时写了 working_days", "working_days（工作日）与 days（自然日）只写一个", None);
    }
    let shown_by = reader.picks("shown_by", &scope.names.materials);
    scope.known(reader, "shown_by", &shown_by);
    PublicityPeriod {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        shown_by,
        kinds: kinds(reader, "check.publicity-period.kind"),
        days: match (working, calendar) {
            (0, 0) => None,
            (0, days) => Some(Days::Calendar(days)),
            (days, _) => Some(Days::Working(days)),
        },
    }
}

fn kinds(reader: &Reader<'_>, full: &str) -> Vec<Kind> {
    each(reader, "kind", full, |r| Kind { name: r.text("name"), words: r.some_texts("words") })
}

fn years(reader: &Reader<'_>) -> Years {
    let year = |key, text: String| match text.parse::<i16>() {
        Ok(year) if (1990..=2100).contains(&year) => Some(year),
        _ => {
            reader.mistake(key, format!("写着“{text}”"), "加引号的四位年份，如 \"2023\"", None);
            None
        }
    };
    let list = |key| reader.texts(key).into_iter().filter_map(|text| year(key, text)).collect();
    let term_to = reader.optional("term_to").and_then(|text| year("term_to", text));
    let term_most = match reader.number("term_most", Some(0)) {
        0 => None,
        most => Some(most),
    };
    if term_most.is_some() && !reader.has("term_to") {
        reader.mistake("term_most", "没有写 term_to", "与 term_to 同时使用", None);
    }
    Years { each: list("years"), any: list("any_year"), term_to, term_most }
}

fn assessment(reader: &Reader<'_>, scope: &Scope<'_>) -> AssessmentYears {
    AssessmentYears {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        years: years(reader),
        count: reader.number("count", Some(0)),
        below: reader.pick_optional("below", &Choice::new("结论", VERDICTS)),
    }
}

fn education(reader: &Reader<'_>, scope: &Scope<'_>) -> ContinuingEducation {
    let summary = reader.pick_optional("summary", &scope.names.materials);
    if let Some(material) = summary {
        scope.known(reader, "summary", &[material]);
    }
    ContinuingEducation {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        years: years(reader),
        kinds: kinds(reader, "check.continuing-education.kind"),
        passed: reader.flag("passed"),
        summary,
    }
}

fn expiry(reader: &Reader<'_>, scope: &Scope<'_>) -> CertificateExpiry {
    let text = reader.text("closes");
    let closes = text.parse::<Date>().unwrap_or_else(|_| {
        if !text.is_empty() {
            reader.mistake(
                "closes",
                format!("写着“{text}”"),
                "加引号的、日历上有的日期，如 \"2024-11-30\"（月、日都写两位）",
                None,
            );
        }
        Date::ZERO
    });
    CertificateExpiry {
        basis: scope.basis(reader),
        material: scope.materials(reader, "material"),
        closes,
        months: reader.number("months", Some(3)),
    }
}
