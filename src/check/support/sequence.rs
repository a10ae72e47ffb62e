//! The prescribed order of a volume, and the heaviest part of a packet that follows it.

use crate::model::material::Material;
use crate::pack::rules::RulePack;

use super::documents::{Document, name};
use super::gates::SURE_SPAN;

/// One position of the prescribed order: materials that may stand there in any order.
#[derive(Debug, Clone, PartialEq)]
struct Slot {
    category: Option<usize>,
    materials: Vec<Material>,
}

/// The prescribed order of one volume.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slots {
    volume: usize,
    slots: Vec<Slot>,
}

/// Neighbouring documents of one material, as one thing to keep or move.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) material: Material,
    entry: Option<usize>,
    pub(crate) ordinal: usize,
    /// First and last page, indices into `PacketFacts::pages`.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// Pages: what moving it costs.
    weight: usize,
    pub(crate) confidence: f32,
    /// Titled and confidently recognised.
    pub(crate) sure: bool,
    /// Slots it may stand in, its own first.
    may: Vec<usize>,
}

impl Item {
    /// The slot it belongs to: of several, the one in the category it stands in, else the first.
    pub(crate) fn own_slot(&self) -> usize {
        self.may[0]
    }

    pub(crate) fn name(&self, pack: &RulePack) -> String {
        name(pack, self.material, self.entry)
    }
}

impl Slots {
    pub(crate) fn of(pack: &RulePack, volume: usize) -> Self {
        let mut head: Vec<Material> = Vec::new();
        for entry in &pack.materials {
            let at_head = entry.volume == Some(volume) && entry.category.is_none();
            if at_head && entry.material != Material::Other && !head.contains(&entry.material) {
                head.push(entry.material);
            }
        }
        let mut slots = vec![Slot { category: None, materials: head }];
        for (index, category) in pack.categories.iter().enumerate().filter(|(_, c)| c.volume == volume) {
            slots.extend(category.order.iter().map(|m| Slot { category: Some(index), materials: m.clone() }));
        }
        Self { volume, slots }
    }

    /// Whether the order names this material.
    pub(crate) fn holds(&self, material: Material) -> bool {
        self.slots.iter().any(|s| s.materials.contains(&material))
    }

    pub(crate) fn category(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot).and_then(|s| s.category)
    }

    /// What of the documents has a prescribed position, in the order it stands.
    pub(crate) fn items(&self, documents: &[Document]) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut broken = true;
        for document in documents.iter().filter(|d| d.volume == Some(self.volume)) {
            let mut may: Vec<usize> =
                (0..self.slots.len()).filter(|s| self.slots[*s].materials.contains(&document.material)).collect();
            if may.is_empty() || document.material == Material::Other {
                broken = true;
                continue;
            }
            if let Some(home) = may.iter().position(|s| self.category(*s) == document.category) {
                may.swap(0, home);
            }
            let last = document.pages.last().copied().unwrap_or(document.first());
            let sure = document.titled && document.confidence >= SURE_SPAN;
            match items.last_mut() {
                Some(item) if !broken && item.material == document.material && item.may == may => {
                    item.last = last;
                    item.weight += document.pages.len();
                    item.sure |= sure;
                    item.confidence = item.confidence.min(document.confidence);
                }
                _ => items.push(Item {
                    material: document.material,
                    entry: document.entry,
                    ordinal: document.ordinal,
                    first: document.first(),
                    last,
                    weight: document.pages.len(),
                    confidence: document.confidence,
                    sure,
                    may,
                }),
            }
            broken = false;
        }
        self.allow_groups(&mut items);
        items
    }

    /// A paper with its index page, then the next paper with its own: the order holds group by group. A repeated
    /// material may then stand as late as what stands between it and its forerunner.
    fn allow_groups(&self, items: &mut [Item]) {
        // Whether the item before stands in a repeated group.
        let mut in_group = false;
        for index in 0..items.len() {
            let material = items[index].material;
            let own = items[index].own_slot();
            let category = self.category(own);
            let previous = (0..index).rev().find(|i| items[*i].material == material);
            let between = previous.map_or(&items[..0], |p| &items[p + 1..index]);
            let local = !between.is_empty() && between.iter().all(|i| self.category(i.own_slot()) == category);
            let begins = || {
                let one_kind = between.iter().all(|i| i.material == between[0].material);
                one_kind || items.get(index + 1).is_some_and(|n| between.iter().any(|i| i.material == n.material))
            };
            let latest = between.iter().map(Item::own_slot).max().unwrap_or(own);
            in_group = local && (in_group || begins());
            if in_group {
                items[index].may.extend(own + 1..=latest);
            }
        }
    }
}

/// The slot each item takes in the heaviest sequence that follows the prescribed order; `None` for what must move.
/// Of equally heavy ones, the one that keeps more sure items wins: a misread page is likelier than a misplaced one.
pub(crate) fn in_order(items: &[Item]) -> Vec<Option<usize>> {
    let slots = items.iter().flat_map(|i| i.may.iter().copied()).max().map_or(0, |m| m + 1);
    // best[s]: the heaviest sequence so far that ends in slot s, as (weight, last link).
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); slots];
    // A link: item, slot, link before it.
    let mut links: Vec<(usize, usize, Option<usize>)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut ends: Vec<(usize, usize, usize)> = Vec::new();
        for &slot in &item.may {
            let (weight, before) = best[..=slot].iter().fold((0, None), |top, b| if b.0 > top.0 { *b } else { top });
            links.push((index, slot, before));
            ends.push((slot, weight + 2 * item.weight + usize::from(item.sure), links.len() - 1));
        }
        for (slot, weight, link) in ends {
            if weight > best[slot].0 {
                best[slot] = (weight, Some(link));
            }
        }
    }
    let mut kept = vec![None; items.len()];
    let mut link = best.iter().fold((0, None), |top, b| if b.0 > top.0 { *b } else { top }).1;
    while let Some(at) = link {
        let (item, slot, before) = links[at];
        kept[item] = Some(slot);
        link = before;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(material: Material, weight: usize, may: &[usize]) -> Item {
        Item {
            material,
            entry: None,
            ordinal: 1,
            first: 0,
            last: 0,
            weight,
            confidence: 1.0,
            sure: true,
            may: may.to_vec(),
        }
    }

    fn moved(items: &[Item]) -> Vec<usize> {
        in_order(items).iter().enumerate().filter(|(_, k)| k.is_none()).map(|(i, _)| i).collect()
    }

    #[test]
    fn the_fewest_pages_move() {
        let at = |slots: &[(usize, usize)]| -> Vec<Item> {
            slots.iter().map(|(slot, pages)| item(Material::Paper, *pages, &[*slot])).collect()
        };
        assert_eq!(moved(&at(&[(0, 1), (1, 5), (2, 2)])), [] as [usize; 0]);
        assert_eq!(moved(&at(&[(0, 1), (2, 2), (1, 7), (3, 1)])), [1], "two pages are cheaper than seven");
        assert_eq!(moved(&at(&[(0, 1), (2, 7), (1, 2), (3, 1)])), [2]);
        assert_eq!(moved(&at(&[(3, 1), (0, 1), (1, 1), (2, 1)])), [0]);
        assert_eq!(moved(&[]), [] as [usize; 0]);
    }

    #[test]
    fn a_material_of_several_places_takes_the_one_that_fits() {
        let one = |may: &[usize]| item(Material::Paper, 1, may);
        assert_eq!(moved(&[one(&[0]), one(&[0, 2]), one(&[1])]), [] as [usize; 0]);
        assert_eq!(moved(&[one(&[1]), one(&[0, 2]), one(&[3])]), [] as [usize; 0]);
        assert_eq!(moved(&[one(&[1]), one(&[0]), one(&[2])]).len(), 1);
    }
}
