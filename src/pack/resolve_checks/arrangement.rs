//! The checks of catalogue, page numbers, paper and page counts, as written.

use super::super::rules::arrangement::{
    Arrangement, CatalogueMismatch, EntryName, NumberingAsk, PageCount, PageNumbering, Paper, PaperSize,
};
use super::super::schema::{Choice, Reader};
use super::{Scope, each};
use crate::model::material::Material;

const ASKS: [(&str, NumberingAsk); 2] = [("numbers", NumberingAsk::Numbers), ("total", NumberingAsk::Total)];
const PAPERS: [(&str, Paper); 2] = [("A3", Paper::A3), ("A4", Paper::A4)];
const LISTS: [(&str, Material); 2] = [("catalogue", Material::Catalogue), ("material-list", Material::MaterialList)];

pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Arrangement {
    Arrangement {
        catalogue_mismatch: each(table, "catalogue-mismatch", "check.catalogue-mismatch", |r| catalogue(scope, r)),
        page_numbering: each(table, "page-numbering", "check.page-numbering", |r| numbering(scope, r)),
        paper_size: each(table, "paper-size", "check.paper-size", |r| paper_size(scope, r)),
        page_count: each(table, "page-count", "check.page-count", |r| page_count(scope, r)),
    }
}

fn catalogue(scope: &Scope<'_>, reader: &Reader<'_>) -> CatalogueMismatch {
    let list = reader.pick_optional("list", &Choice::new("清单", LISTS)).unwrap_or(Material::Catalogue);
    scope.known(reader, "list", &[list]);
    CatalogueMismatch {
        basis: scope.basis(reader),
        list,
        names: each(reader, "name", "check.catalogue-mismatch.name", |r| EntryName {
            words: r.some_texts("words"),
            materials: scope.materials(r, "material"),
        }),
    }
}

fn numbering(scope: &Scope<'_>, reader: &Reader<'_>) -> PageNumbering {
    PageNumbering {
        basis: scope.basis(reader),
        volume: reader.pick("volume", &scope.names.volumes).unwrap_or_default(),
        asks: reader.pick("asks", &Choice::new("页码要求", ASKS)).unwrap_or(NumberingAsk::Numbers),
    }
}

fn paper_size(scope: &Scope<'_>, reader: &Reader<'_>) -> PaperSize {
    let volumes = reader.picks("volume", &scope.names.volumes);
    let materials = reader.picks("material", &scope.names.materials);
    scope.known(reader, "material", &materials);
    if volumes.is_empty() && materials.is_empty() {
        reader.mistake("material", "没有写 material，也没有写 volume", "至少写一个：哪种材料，或哪一册", None);
    }
    PaperSize {
        basis: scope.basis(reader),
        materials,
        volumes,
        except: reader.picks("except", &scope.names.materials),
        size: reader.pick("size", &Choice::new("纸张", PAPERS)).unwrap_or(Paper::A4),
    }
}

fn page_count(scope: &Scope<'_>, reader: &Reader<'_>) -> PageCount {
    let material = reader.pick("material", &scope.names.materials).unwrap_or(Material::Other);
    scope.known(reader, "material", &[material]);
    let max_pages = reader.number("max_pages", None);
    if max_pages == 0 {
        reader.mistake("max_pages", "写着 0", "至少为 1 的整数", None);
    }
    PageCount {
        basis: scope.basis(reader),
        material,
        max_pages,
        paper: reader.pick_optional("paper", &Choice::new("纸张", PAPERS)).unwrap_or(Paper::A4),
    }
}
