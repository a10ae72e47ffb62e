//! On whom a clause is binding: level, route, employer and what else a notice distinguishes by.

use crate::model::material::Material;
use crate::model::packet::{Applicant, Archive, Education, Employer, Level, Route, UnitAt};

/// Typed conditions; an empty list does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    pub level: Vec<Level>,
    pub route: Vec<Route>,
    pub employer: Vec<Employer>,
    /// Holds when the roster's 呈报渠道 names any of these.
    pub channel: Vec<String>,
    /// Holds when the packet has any of these materials.
    pub submits: Vec<Material>,
    /// Holds for applicants whose 评审表 names a degree.
    pub degree: bool,
    /// Where the unit is: under the city itself or in a county or district.
    pub unit_at: Vec<UnitAt>,
    /// Who keeps the applicant's file (人事档案).
    pub archive: Vec<Archive>,
    /// The highest education.
    pub education: Vec<Education>,
}

/// Whether a condition holds for an applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    Yes,
    No,
    /// What is not known, in plain Chinese (申报级别未知).
    Unknown(String),
}

impl When {
    /// Decides the condition. `submitted` tells whether the packet has a material.
    #[must_use]
    pub fn holds(&self, applicant: &Applicant, submitted: impl Fn(Material) -> bool) -> Holds {
        let mut unknown = None;
        let mut ask = |list_empty: bool, known: Option<bool>, what: &str| {
            if list_empty {
                return true;
            }
            match known {
                Some(yes) => yes,
                None => {
                    unknown.get_or_insert_with(|| format!("{what}未知"));
                    true
                }
            }
        };
        let all = [
            ask(self.level.is_empty(), applicant.level.map(|v| self.level.contains(&v)), "申报级别"),
            ask(self.route.is_empty(), applicant.route.map(|v| self.route.contains(&v)), "申报类型"),
            ask(self.employer.is_empty(), applicant.employer.map(|v| self.employer.contains(&v)), "单位性质"),
            ask(
                self.channel.is_empty(),
                applicant.channel.as_ref().map(|v| self.channel.iter().any(|c| v.contains(c.as_str()))),
                "呈报渠道",
            ),
            ask(!self.degree, applicant.degree, "有无学位"),
            ask(self.unit_at.is_empty(), applicant.unit_at.map(|v| self.unit_at.contains(&v)), "单位是市直还是县区"),
            ask(self.archive.is_empty(), applicant.archive.map(|v| self.archive.contains(&v)), "人事档案是否代理"),
            ask(self.education.is_empty(), applicant.education.map(|v| self.education.contains(&v)), "学历"),
            self.submits.is_empty() || self.submits.iter().any(|m| submitted(*m)),
        ];
        if all.contains(&false) { Holds::No } else { unknown.map_or(Holds::Yes, Holds::Unknown) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_level_is_unknown_unless_another_condition_fails() {
        let when = When { level: vec![Level::Engineer], route: vec![Route::First], ..When::default() };
        let mut who = Applicant::default();
        assert_eq!(when.holds(&who, |_| false), Holds::Unknown("申报级别未知".into()));
        who.route = Some(Route::Promotion);
        assert_eq!(when.holds(&who, |_| false), Holds::No);
        who.route = Some(Route::First);
        who.level = Some(Level::Engineer);
        assert_eq!(when.holds(&who, |_| false), Holds::Yes);
    }

    #[test]
    fn unit_archive_and_education_say_what_is_unknown() {
        let cases = [
            (When { unit_at: vec![UnitAt::County], ..When::default() }, "单位是市直还是县区未知"),
            (When { archive: vec![Archive::Agency], ..When::default() }, "人事档案是否代理未知"),
            (When { education: vec![Education::Master], ..When::default() }, "学历未知"),
        ];
        for (when, unknown) in cases {
            assert_eq!(when.holds(&Applicant::default(), |_| false), Holds::Unknown(unknown.into()));
            let who = Applicant {
                unit_at: Some(UnitAt::County),
                archive: Some(Archive::Agency),
                education: Some(Education::Master),
                ..Applicant::default()
            };
            assert_eq!(when.holds(&who, |_| false), Holds::Yes);
            let other = Applicant {
                unit_at: Some(UnitAt::City),
                archive: Some(Archive::Elsewhere),
                education: Some(Education::Bachelor),
                ..Applicant::default()
            };
            assert_eq!(when.holds(&other, |_| false), Holds::No);
        }
    }
}
