//! Which applicant of the last round a packet belongs to, also where its folder was renamed.

use std::collections::BTreeSet;

use crate::model::packet::{Applicant, Packet};
use crate::model::round::ApplicantRecord;

/// Where a packet comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// Its place among the last round's records.
    pub before: Option<usize>,
    /// What its finding ids are made of: the folder name under which the applicant was first seen.
    pub origin: String,
}

/// Each packet's lineage: by identity number, else by name and unit, both as the roster gives them, else by the folder's
/// name, unless the roster says that it is somebody else's now.
#[must_use]
pub fn trace(packets: &[Packet], records: &[ApplicantRecord]) -> Vec<Lineage> {
    let rules: [fn(&Packet, &ApplicantRecord) -> bool; 4] = [
        |p, r| same_number(&p.applicant, r) && p.folder == r.folder,
        |p, r| same_number(&p.applicant, r),
        |p, r| same_person(&p.applicant, r),
        |p, r| p.folder == r.folder && !is_another(&p.applicant, r),
    ];
    let mut before = vec![None; packets.len()];
    let mut free: Vec<bool> = vec![true; records.len()];
    for rule in rules {
        let open: Vec<usize> = (0..packets.len()).filter(|p| before[*p].is_none()).collect();
        for &p in &open {
            let fits: Vec<usize> = (0..records.len()).filter(|r| free[*r] && rule(&packets[p], &records[*r])).collect();
            let rivals = open.iter().filter(|q| fits.iter().any(|r| rule(&packets[**q], &records[*r]))).count();
            // Two folders of one person, or two namesakes in one unit: only the folder's name can tell.
            let chosen = match fits.as_slice() {
                [only] if rivals == 1 => Some(*only),
                several => several.iter().copied().find(|r| records[*r].folder == packets[p].folder),
            };
            if let Some(r) = chosen {
                free[r] = false;
                before[p] = Some(r);
            }
        }
    }
    let mut taken: BTreeSet<String> = records.iter().map(|r| r.origin.clone()).collect();
    let named = packets.iter().zip(before).map(|(packet, before)| {
        let origin = before.map_or_else(|| fresh(&packet.folder, &mut taken), |r| records[r].origin.clone());
        Lineage { before, origin }
    });
    named.collect()
}

/// The folder's name, numbered where an applicant of another folder has it already. No folder's name holds a `/`.
fn fresh(folder: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2u32..).map(|n| format!("{folder}/{n}"));
    let free = std::iter::once(folder.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let origin = free.unwrap_or_else(|| folder.to_owned());
    taken.insert(origin.clone());
    origin
}

fn same_number(a: &Applicant, r: &ApplicantRecord) -> bool {
    a.id_number.is_some() && a.id_number == r.id_number
}

fn other_number(a: &Applicant, r: &ApplicantRecord) -> bool {
    a.id_number.is_some() && r.id_number.is_some() && a.id_number != r.id_number
}

fn same_person(a: &Applicant, r: &ApplicantRecord) -> bool {
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && bare(a) == bare(b);
    same(&a.name, &r.name) && same(&a.unit, &r.unit) && !other_number(a, r)
}

fn is_another(a: &Applicant, r: &ApplicantRecord) -> bool {
    let other_name = a.name.is_some() && r.name.is_some() && bare(&a.name) != bare(&r.name);
    other_number(a, r) || (other_name && !same_number(a, r))
}

fn bare(text: &Option<String>) -> Option<String> {
    text.as_ref().map(|t| t.chars().filter(|c| !c.is_whitespace()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(folder: &str, name: &str, unit: &str, number: &str) -> Packet {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let applicant =
            Applicant { name: some(name), unit: some(unit), id_number: some(number), ..Applicant::default() };
        Packet { folder: folder.into(), documents: Vec::new(), applicant }
    }

    fn record(folder: &str, origin: &str, name: &str, unit: &str, number: &str) -> ApplicantRecord {
        let who = packet(folder, name, unit, number).applicant;
        ApplicantRecord {
            folder: folder.into(),
            origin: origin.into(),
            name: who.name,
            unit: who.unit,
            id_number: who.id_number,
            pack: "p".into(),
            state: String::new(),
            materials: std::collections::BTreeMap::new(),
            findings: Vec::new(),
            past: BTreeSet::new(),
        }
    }

    fn traced(packets: &[Packet], records: &[ApplicantRecord]) -> Vec<(Option<usize>, String)> {
        trace(packets, records).into_iter().map(|l| (l.before, l.origin)).collect()
    }

    #[test]
    fn a_renamed_folder_is_the_same_applicant() {
        let records =
            [record("01张三", "01张三", "张三", "甲公司", "1"), record("02李四", "02李四", "李四", "乙公司", "")];
        let now = [packet("李四（补正）", "李四", "乙 公司", ""), packet("张三二次", "张三", "丙公司", "1")];
        assert_eq!(traced(&now, &records), [(Some(1), "02李四".into()), (Some(0), "01张三".into())]);
    }

    #[test]
    fn without_a_roster_the_folder_counts() {
        let records = [record("01", "01", "", "", ""), record("02", "01/2", "", "", "")];
        let now = [packet("02", "", "", ""), packet("03", "", "", "")];
        assert_eq!(traced(&now, &records), [(Some(1), "01/2".into()), (None, "03".into())]);
        // A roster in one of the rounds only contradicts nothing.
        assert_eq!(traced(&[packet("01", "张三", "甲", "1")], &records), [(Some(0), "01".into())]);
    }

    #[test]
    fn somebody_else_in_an_old_folder_has_other_ids() {
        let records = [record("01", "01", "张三", "甲公司", "1")];
        let now = [packet("01", "李四", "甲公司", ""), packet("09", "张三", "甲公司", "1")];
        assert_eq!(traced(&now, &records), [(None, "01/2".into()), (Some(0), "01".into())]);
        assert_eq!(traced(&[packet("01", "张三", "甲公司", "2")], &records), [(None, "01/2".into())]);
    }

    #[test]
    fn two_folders_of_one_person_are_told_by_name() {
        let records = [record("a", "a", "张三", "甲", "1"), record("b", "b", "张三", "甲", "1")];
        let now = [packet("b", "张三", "甲", "1"), packet("a", "张三", "甲", "1"), packet("c", "张三", "甲", "1")];
        assert_eq!(traced(&now, &records), [(Some(1), "b".into()), (Some(0), "a".into()), (None, "c".into())]);
    }
}
