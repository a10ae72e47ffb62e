//! Roster rows to packets.

use crate::model::packet::Packet;

use super::{Roster, RosterRow, values};
use crate::discover::naming;

/// Gives each packet its row's applicant: by folder name, else by the one name that its folder name contains.
///
/// Returns what a person should look at: rows without a packet, packets without a row, and matches that are likely
/// but not certain. A row or packet with several candidates is left unmatched.
#[must_use]
pub fn apply(roster: &Roster, packets: &mut [Packet]) -> Vec<String> {
    let mut notes = roster.notes.clone();
    let mut row_of: Vec<Option<usize>> = vec![None; packets.len()];
    let mut used = vec![false; roster.rows.len()];

    for (r, row) in roster.rows.iter().enumerate() {
        let at = row.folder.as_ref().and_then(|folder| by_folder(folder, packets, &row_of));
        if let Some(p) = at {
            row_of[p] = Some(r);
            used[r] = true;
        }
    }
    // A row that names a folder is about that folder, also where it is not there.
    let free = |r: usize, used: &[bool]| !used[r] && roster.rows[r].folder.is_none();
    for fit in [Fit::Delimited, Fit::Inside] {
        let pairs: Vec<(usize, usize)> = (0..roster.rows.len())
            .filter(|r| free(*r, &used))
            .flat_map(|r| (0..packets.len()).map(move |p| (r, p)))
            .filter(|(r, p)| row_of[*p].is_none() && is_named(&roster.rows[*r], &packets[*p].folder, fit))
            .collect();
        let longest = |p: usize| {
            pairs.iter().filter(|pair| pair.1 == p).map(|pair| name_len(&roster.rows[pair.0])).max().unwrap_or(0)
        };
        // 张三丰's folder also contains 张三: the longer name is meant.
        let pairs: Vec<(usize, usize)> =
            pairs.iter().copied().filter(|(r, p)| name_len(&roster.rows[*r]) == longest(*p)).collect();
        for &(r, p) in &pairs {
            if pairs.iter().filter(|pair| pair.0 == r || pair.1 == p).count() == 1 {
                row_of[p] = Some(r);
                used[r] = true;
                if fit == Fit::Inside {
                    let name = roster.rows[r].applicant.name.as_deref().unwrap_or_default();
                    notes.push(format!(
                        "花名册第 {} 行“{}”按姓名对应到“{}”，请核对是否同一人",
                        roster.rows[r].line,
                        naming::printable(name),
                        naming::printable(&packets[p].folder)
                    ));
                }
            }
        }
    }
    for (packet, row) in packets.iter_mut().zip(&row_of) {
        match row {
            Some(r) => packet.applicant = roster.rows[*r].applicant.clone(),
            None => notes.push(format!("“{}”在花名册中没有对应的行", naming::printable(&packet.folder))),
        }
    }
    for (row, _) in roster.rows.iter().zip(&used).filter(|(_, used)| !**used) {
        let who = row.folder.as_deref().or(row.applicant.name.as_deref()).unwrap_or_default();
        notes.push(format!("花名册第 {} 行“{}”没有找到对应的申报材料", row.line, naming::printable(who)));
    }
    notes
}

/// The packet of this name; a name with the archive's or document's extension is the same.
fn by_folder(folder: &str, packets: &[Packet], row_of: &[Option<usize>]) -> Option<usize> {
    let wanted = comparable(folder);
    let free = |p: &usize| row_of[*p].is_none();
    let exact = (0..packets.len()).filter(free).find(|p| comparable(&packets[*p].folder) == wanted);
    exact.or_else(|| {
        let same_stem = |p: &usize| {
            let other = comparable(&packets[*p].folder);
            naming::stem(&other) == wanted || naming::stem(&wanted) == other
        };
        let mut found = (0..packets.len()).filter(free).filter(same_stem);
        found.next().filter(|_| found.next().is_none())
    })
}

/// Without spaces, letter case and width.
fn comparable(name: &str) -> String {
    name.chars().map(values::narrow).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// No other Chinese character touches the name: certainly the whole name.
    Delimited,
    /// Part of a longer run of Chinese characters (张三申报材料, or 张三丰).
    Inside,
}

fn name_len(row: &RosterRow) -> usize {
    row.applicant.name.as_ref().map_or(0, |n| n.chars().count())
}

fn is_named(row: &RosterRow, folder: &str, fit: Fit) -> bool {
    let Some(name) = row.applicant.name.as_deref().map(comparable).filter(|n| !n.is_empty()) else {
        return false;
    };
    let folder = comparable(folder);
    folder.match_indices(&name).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let touched = letter(folder[..at].chars().next_back()) || letter(folder[at + name.len()..].chars().next());
        fit == Fit::Inside || !touched
    })
}
