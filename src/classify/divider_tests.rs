//! Sheets that part a volume's categories.

use super::classify;
use super::tests::{ACCEPTANCE, COVER, DEGREE, DIPLOMA, document, materials, yangquan};
use crate::model::material::Material;

#[test]
fn dividers_are_other_and_set_the_category() {
    let pages = document(
        "a.pdf",
        &[
            COVER,
            "第一：基本材料",
            DIPLOMA,
            "第二：专业技术工作业绩材料",
            "城市数据平台建设情况/本项目由本单位承担。",
            ACCEPTANCE,
        ],
    );
    let spans = classify(&pages, &yangquan());
    let found = materials(&spans, 6);
    assert_eq!((found[1], found[3]), (Material::Other, Material::Other));
    assert_eq!(spans.iter().find(|s| s.pages.contains(&3)).expect("page 3 is covered").category, Some(1));
    assert_eq!(spans.iter().find(|s| s.pages.contains(&4)).expect("page 4 is covered").category, Some(1));
    assert_eq!(found[5], Material::PerformanceMaterial);
}

#[test]
fn a_divider_may_list_what_follows_it_and_a_list_with_pages_is_no_divider() {
    let items = [
        "学历证书",
        "学位证书",
        "任职资格证书",
        "聘任文件",
        "2022年度考核登记表",
        "2023年度考核登记表",
        "任职期满考核登记表",
        "三公示证明",
        "三公示照片",
        "荣誉证书",
        "继续教育证书（2022年起）",
        "继续教育证书（2024年起）",
    ];
    let of = |list: String| {
        let pages = document("a.pdf", &[COVER, &list, DIPLOMA, DEGREE]);
        materials(&classify(&pages, &yangquan()), 4)[1]
    };
    let numbered = items.iter().enumerate().map(|(i, t)| format!("{}.{t}", i + 1)).collect::<Vec<_>>();
    assert_eq!(of(format!("第一：基本材料/{}/第1页", items.join("/"))), Material::Other);
    assert_eq!(of(format!("第一：基本材料/{}/1/24", numbered.join("/"))), Material::Other);
    let paged = items.iter().enumerate().map(|(i, t)| format!("{t}　{}", i + 1)).collect::<Vec<_>>();
    assert_eq!(of(format!("目录/第一：基本材料/{}", paged.join("/"))), Material::Catalogue);
    assert_eq!(of(format!("第一：基本材料/{}", paged.join("/"))), Material::Catalogue, "its heading was not read");
}
