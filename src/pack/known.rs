//! How each material is usually recognised: what a pack's `[[material]]` leaves out comes from `checks/materials.toml`.

use std::sync::LazyLock;

use toml::de::DeTable;

use super::schema::{Choice, Log, Reader};
use crate::model::material::Material;

/// The list built into the program; rule packs and this list change together.
pub(super) const SOURCE: &str = include_str!("../../checks/materials.toml");

/// Words that speak for a material or against it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recognition {
    pub(super) titles: Vec<String>,
    pub(super) hints: Vec<String>,
    pub(super) unlike: Vec<String>,
    pub(super) file_names: Vec<String>,
}

/// The usual words of a material; empty for one that the list doesn't name.
pub(super) fn recognition(material: Material) -> Recognition {
    static KNOWN: LazyLock<Vec<(Material, Recognition)>> =
        LazyLock::new(|| read(SOURCE).unwrap_or_else(|mistakes| panic!("checks/materials.toml: {mistakes}")));
    KNOWN.iter().find(|(known, _)| *known == material).map(|(_, words)| words.clone()).unwrap_or_default()
}

/// What people call each material: its identifier, then a word; the usual name first.
pub(super) fn words() -> Vec<(&'static str, String)> {
    let usual = Material::ALL.iter().map(|m| (m.id(), m.name().to_owned()));
    let titles = Material::ALL.iter().flat_map(|m| recognition(*m).titles.into_iter().map(|t| (m.id(), t)));
    usual.chain(titles.filter(|(_, title)| !title.contains('…'))).collect()
}

fn read(source: &str) -> Result<Vec<(Material, Recognition)>, String> {
    let table = DeTable::parse(source).map_err(|e| e.to_string())?;
    let log = Log::new(source);
    let root = Reader::new(&log, table.get_ref());
    let materials = Choice::new("材料代码", Material::ALL.iter().map(|m| (m.id(), *m)));
    let mut out: Vec<(Material, Recognition)> = Vec::new();
    for table in root.tables("material", "material") {
        let material = table.pick("material", &materials);
        let words = Recognition {
            titles: table.texts("titles"),
            hints: table.texts("hints"),
            unlike: table.texts("unlike"),
            file_names: table.texts("file_names"),
        };
        if material.is_some_and(|m| out.iter().any(|(known, _)| *known == m)) {
            table.mistake("material", "重复", "每种材料一项", None);
        }
        table.finish();
        out.extend(material.map(|m| (m, words)));
    }
    root.finish();
    let mistakes = log.into_mistakes();
    if mistakes.is_empty() { Ok(out) } else { Err(mistakes.iter().map(ToString::to_string).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_material_but_other_is_known() {
        for material in Material::ALL.iter().filter(|m| **m != Material::Other) {
            let words = recognition(*material);
            assert!(!words.titles.is_empty() && !words.file_names.is_empty(), "{material}");
        }
        assert_eq!(recognition(Material::Other), Recognition::default());
    }

    #[test]
    fn a_list_with_a_mistake_is_refused() {
        assert!(read("[[material]]\nmaterial = \"papers\"\n").is_err());
        assert!(read("[[material]]\nmaterial = \"paper\"\n[[material]]\nmaterial = \"paper\"\n").is_err());
    }
}
