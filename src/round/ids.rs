//! Finding ids (编号): the same in every round for the same defect at the same place.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::model::finding::CheckId;
use crate::model::material::Material;

use super::settle::Found;

/// Crockford's base 32: no I, L, O or U to misread over the telephone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 50 bits: among 100,000 findings of one batch two share an id with odds of about 1 in 200,000.
const DIGITS: usize = 10;

/// The id of a finding: `F` and ten characters. The letter keeps spreadsheets from reading a number.
///
/// `key` names the place without page numbers or wording, so that inserting a page keeps the id.
#[must_use]
pub fn finding_id(applicant: &str, check: CheckId, material: Option<Material>, key: &str, clause: &str) -> String {
    numbered(applicant, check, material, key, clause, 0)
}

/// The ids of one applicant's findings, all different. `continued` has the id of the last round's finding that each one
/// goes on, where it does; `taken` are ids that no other finding may have. Findings that agree in everything an id is
/// made of are numbered in the order given: the first has the id that [`finding_id`] gives.
#[must_use]
pub(super) fn assign(
    findings: &[Found],
    continued: &[Option<String>],
    applicant: &str,
    mut taken: BTreeSet<String>,
) -> Vec<String> {
    taken.extend(continued.iter().flatten().cloned());
    let mut next = BTreeMap::new();
    let mut ids = Vec::with_capacity(findings.len());
    for (found, continued) in findings.iter().zip(continued) {
        if let Some(id) = continued {
            ids.push(id.clone());
            continue;
        }
        let f = &found.finding;
        let ordinal = next.entry((f.check, f.material, found.key.as_str(), f.clause.as_str())).or_insert(0u32);
        loop {
            let id = numbered(applicant, f.check, f.material, &found.key, &f.clause, *ordinal);
            *ordinal += 1;
            // A chance collision within a packet takes the next number: ids must tell its findings apart.
            if taken.insert(id.clone()) {
                ids.push(id);
                break;
            }
        }
    }
    ids
}

fn numbered(
    applicant: &str,
    check: CheckId,
    material: Option<Material>,
    key: &str,
    clause: &str,
    ordinal: u32,
) -> String {
    let mut hash = Sha256::new();
    for part in [applicant, check.id(), material.map_or("", Material::id), key, clause] {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(ordinal.to_le_bytes());
    let digest = hash.finalize();
    let bits = digest.iter().take(8).fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let digits = (0..DIGITS).map(|i| char::from(ALPHABET[(bits >> (59 - 5 * i)) as usize & 31]));
    std::iter::once('F').chain(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    fn ids(keys: &[&str], continued: &[Option<&str>], taken: &[&str]) -> Vec<String> {
        let found: Vec<Found> = keys.iter().map(|key| found(key, "没有印章")).collect();
        let continued: Vec<Option<String>> =
            (0..keys.len()).map(|i| continued.get(i).copied().flatten().map(str::to_owned)).collect();
        assign(&found, &continued, "a", taken.iter().map(|id| (*id).to_owned()).collect())
    }

    /// Ids are in letters already sent: a change here breaks every office's rounds.
    #[test]
    fn ids_never_change() {
        let id = finding_id("01_张三", CheckId::MissingSeal, Some(Material::ReviewForm), "unit-opinion", "五、4");
        assert_eq!(id, "FVXS32V4ENW");
    }

    #[test]
    fn every_part_counts() {
        let base = finding_id("a", CheckId::MissingSeal, None, "k", "c");
        let others = [
            finding_id("b", CheckId::MissingSeal, None, "k", "c"),
            finding_id("a", CheckId::MissingPhoto, None, "k", "c"),
            finding_id("a", CheckId::MissingSeal, Some(Material::Other), "k", "c"),
            finding_id("a", CheckId::MissingSeal, None, "kc", ""),
            finding_id("a", CheckId::MissingSeal, None, "", "kc"),
        ];
        let all: BTreeSet<_> = others.iter().chain([&base]).collect();
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn equal_keys_are_numbered_in_order() {
        let all = ids(&["k", "other", "k", "k"], &[], &[]);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 4);
        assert_eq!(all[0], finding_id("a", CheckId::MissingSeal, Some(Material::ReviewForm), "k", "五、4"));
        assert_eq!(ids(&["k", "k"], &[], &[]), [all[0].clone(), all[2].clone()]);
    }

    #[test]
    fn an_id_of_the_last_round_is_never_given_to_another() {
        let first = ids(&["k"], &[], &[])[0].clone();
        assert_ne!(ids(&["k"], &[], &[&first])[0], first);
        // The second goes on what was the first: the newcomer before it takes another number.
        let both = ids(&["k", "k"], &[None, Some(&first)], &[&first]);
        assert_eq!(both[1], first);
        assert_ne!(both[0], first);
    }

    #[test]
    fn ids_read_well() {
        let id = finding_id("a", CheckId::DateFormat, None, "", "");
        assert_eq!(id.len(), 11);
        assert!(id[1..].bytes().all(|b| ALPHABET.contains(&b)), "{id}");
    }
}
