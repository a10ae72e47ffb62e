//! Packs that load, and mistakes told with their places.

use super::*;

/// A small sound pack; tests break one thing at a time.
const SOUND: &str = r#"
id = "demo"
version = "1"
[notice]
title = "通知"
year = 2024
levels = ["工程师"]
[[volume]]
name = "评审材料"
titles = ["评审材料"]
[[category]]
name = "第一"
titles = ["第一"]
volume = "评审材料"
order = ["education-certificate", ["paper", "paper-index-page"]]
[[material]]
material = "education-certificate"
name = "学历证书"
category = "第一"
titles = ["毕业证书"]
[[material]]
material = "review-form"
name = "评审表"
titles = ["评审表"]
[[material]]
material = "paper"
name = "论文"
[[material]]
material = "paper-index-page"
name = "检索页"
[[form]]
material = "review-form"
[[form.place]]
id = "photo"
name = "相片"
kind = "photo"
labels = ["相片"]
[[form.field]]
labels = ["时间"]
kind = "date"
[[check.missing-photo]]
clause = "一"
required = "要贴照片。"
severity = "correct"
material = "review-form"
place = "photo"
[[check.missing-seal]]
clause = "二"
required = "要盖章。"
severity = "correct"
material = ["education-certificate"]
seal = "单位公章"
"#;

fn mistakes(text: &str) -> Vec<String> {
    match parse("demo.toml", text) {
        Err(PackError::Invalid { mistakes, .. }) => mistakes.iter().map(ToString::to_string).collect(),
        other => panic!("expected mistakes, got {other:?}"),
    }
}

fn broken(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "the sound pack has {from}");
    mistakes(&SOUND.replacen(from, to, 1)).join("\n")
}

#[test]
fn every_builtin_pack_loads_under_its_own_id() {
    for id in builtin_ids() {
        let pack = load(id).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(pack.id, *id);
        assert!(!pack.checks.missing_material.is_empty() && !pack.checks.missing_seal.is_empty());
        assert_eq!(pack.checks.intake.len(), 7);
        assert!(source(id).contains("（裁定）"), "{id} repeats the decisions");
    }
}

#[test]
fn categories_and_volumes_resolve_to_indices() {
    let pack = parse("demo.toml", SOUND).expect("the pack is sound");
    assert_eq!(pack.categories[0].order.len(), 2);
    assert_eq!(pack.categories[0].order[1].len(), 2);
    assert_eq!(pack.materials[0].volume, Some(0), "taken from the category");
    assert_eq!(pack.materials[1].volume, None);
}

#[test]
fn an_unknown_key_names_its_line_and_the_nearest_valid_one() {
    let said = broken("titles = [\"毕业证书\"]", "titels = [\"毕业证书\"]");
    assert!(said.contains("第 20 行，[[material]] 第 1 项，键 titels：不认识的键"), "{said}");
    assert!(said.contains("是否想写“titles”？"), "{said}");
}

#[test]
fn names_that_do_not_exist_are_refused_with_a_hint() {
    let cases = [
        ("\"paper\",", "\"papers\",", "写着“papers”；应为材料代码", "是否想写“paper”？"),
        ("levels = [\"工程师\"]", "levels = [\"工程帅\"]", "写着“工程帅”；应为申报级别", "是否想写“工程师”？"),
        (
            "volume = \"评审材料\"\norder",
            "volume = \"评审资料\"\norder",
            "写着“评审资料”；应为册名",
            "是否想写“评审材料”？",
        ),
        ("place = \"photo\"", "place = \"foto\"", "写着“foto”；应为review-form 的位置：photo", "photo"),
        ("severity = \"correct\"", "severity = \"corect\"", "写着“corect”；应为程度", "是否想写“correct”？"),
        ("[[check.missing-photo]]", "[[check.missing-foto]]", "不认识的键", "是否想写“missing-photo”？"),
    ];
    for (from, to, seen, hint) in cases {
        let said = broken(from, to);
        assert!(said.contains(seen) && said.contains(hint), "{to}: {said}");
    }
}

#[test]
fn missing_and_repeated_things_are_refused() {
    let cases = [
        ("clause = \"二\"\n", "", "键 clause：缺少这一项"),
        ("clause = \"二\"", "clause = \"\"", "键 clause：是空的"),
        ("year = 2024", "year = \"2024\"", "键 year：写成了文字；应为0 到 65535 的整数"),
        ("titles = [\"毕业证书\"]", "titles = \"毕业证书\"", "键 titles：写成了文字；应为方括号括起的一列文字"),
        (
            "[[form.field]]",
            "[[form.place]]\nid = \"photo\"\nname = \"照片\"\nkind = \"photo\"\nlabels = [\"照片\"]\n[[form.field]]",
            "“photo”重复",
        ),
        ("[[category]]", "[[volume]]\nname = \"评审材料\"\ntitles = [\"卷\"]\n[[category]]", "“评审材料”重复"),
        ("material = [\"education-certificate\"]", "material = [\"labour-contract\"]", "没有它的 [[material]] 表"),
        ("material = [\"education-certificate\"]", "material = []", "没有列出任何一项"),
    ];
    for (from, to, seen) in cases {
        let said = broken(from, to);
        assert!(said.contains(seen), "{to}: {said}");
    }
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_the_file() {
    let text = SOUND
        .replace("levels = [\"工程师\"]", "levels = [\"师\"]")
        .replace("seal = \"单位公章\"", "seel = \"单位公章\"");
    let said = mistakes(&text);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].contains("levels") && said[1].contains("键 seal：缺少这一项") && said[2].contains("键 seel"),
        "{said:?}"
    );
}

#[test]
fn syntax_files_and_ids_say_what_to_do() {
    let said = parse("x.toml", "id = \"a\nversion = 1").expect_err("a quote is missing").to_string();
    assert!(said.contains("第 1 行，文件开头，键 id：少了右边的引号"), "{said}");
    let said = parse("x.toml", "id = 1\nid = 2").expect_err("the key is repeated").to_string();
    assert!(said.contains("第 2 行") && said.contains("写了两次"), "{said}");
    let said = load("yangquan-bigdata-2042").expect_err("no such pack").to_string();
    assert!(said.contains("是否想写“yangquan-bigdata-2024”？"), "{said}");
    assert!(load("nowhere/none.toml").expect_err("no such file").to_string().contains("没有这个文件"));
}

#[test]
fn a_file_loads_like_the_builtin_pack_even_with_a_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, format!("\u{feff}{}", source("yangquan-bigdata-2024"))).expect("a written file");
    let mine = load(path.to_str().expect("a plain path")).expect("a sound pack");
    assert_eq!(mine, load("yangquan-bigdata-2024").expect("a sound pack"));
}

#[test]
fn slips_of_the_pen_and_wrong_names_come_together() {
    let text = SOUND
        .replace("title = \"通知\"", "title = “通知”")
        .replace("year = 2024", "year = 2024年")
        .replace("name = \"学历证书\"", "nam = \"学历证书\"")
        .replace("seal = \"单位公章\"", "seal = 单位公章\nverdict = \"待核\"\nseal = \"公章\"");
    let said = mistakes(&text);
    for (at, part) in [
        (0, "第 5 行，[notice]，键 title：写着全角的““”"),
        (1, "第 6 行，[notice]，键 year：写着“2024年”；应为2024（数字后面不写单位）"),
        (2, "[[material]] 第 1 项，键 name：缺少这一项"),
        (3, "第 18 行，[[material]] 第 1 项，键 nam：不认识的键"),
        (4, "第 52 行，[[check.missing-seal]]，键 seal：文字没有加引号；应为\"单位公章\""),
        (
            5,
            "第 53 行，[[check.missing-seal]] 第 1 项，键 verdict：写着“待核”；应为结论：defect（缺陷）、review（待核）。是否想写“review”？",
        ),
        (6, "第 54 行，本段，键 seal：写了两次"),
    ] {
        assert!(said.get(at).is_some_and(|s| s.contains(part)), "{part}\n{said:#?}");
    }
    assert_eq!(said.len(), 7, "{said:#?}");
}

#[test]
fn what_people_call_a_thing_is_understood_as_a_hint() {
    let cases = [
        ("order = [\"education-certificate\"", "order = [\"毕业证书复印件\"", "是否想写“education-certificate”？"),
        (
            "severity = \"correct\"",
            "severity = \"补正\"",
            "reject（不予受理）、correct（补正）、advise（提示）。是否想写“correct”？",
        ),
        ("levels = [\"工程师\"]", "levels = [\"中级\"]", "是否想写“工程师”？"),
        ("place = \"photo\"", "place = \"照片\"", "review-form 的位置：photo（相片）"),
        ("[[check.missing-photo]]", "[[check.\"缺少照片\"]]", "是否想写“missing-photo”？"),
        ("kind = \"date\"", "kind = \"时间\"", "是否想写“date”？"),
    ];
    for (from, to, hint) in cases {
        let said = broken(from, to);
        assert!(said.contains(hint), "{to}: {said}");
    }
}

#[test]
fn a_mistake_is_told_once_without_what_follows_from_it() {
    let only = |from: &str, to: &str| {
        let said = broken(from, to);
        assert_eq!(said.lines().count(), 1, "{to}: {said}");
        said
    };
    let twice = "category = \"第一\"\ntitles = [\"毕业证书\"]\n[[material]]\nmaterial = \"education-certificate\"\nname = \"学历证书\"";
    let said = only("category = \"第一\"\ntitles = [\"毕业证书\"]", &twice.replace("第一", "第二"));
    assert!(said.contains("写着“第二”") && !said.contains("重复"), "{said}");
    assert!(only("year = 2024", "year = -5").contains("写着数字 -5；应为0 到 65535 的整数，不加引号"));
    assert!(only("year = 2024", "year = 24").contains("写着 24；应为四位年份，如 2026"));
    let pages = |pages: &str| format!("name = \"学历证书\"\npages = {pages}");
    assert!(only("name = \"学历证书\"", &pages("[3, 1]")).contains("写着 [3, 1]"));
    assert!(only("name = \"学历证书\"", &pages("3")).contains("写着数字 3；应为[最少页数, 最多页数]"));
}

#[test]
fn an_order_names_what_can_be_recognised() {
    let said = broken("\"paper-index-page\"]]", "\"labour-contract\"]]");
    assert!(
        said.contains("[[category]] 第 1 项，键 order：写着“labour-contract”，但没有它的 [[material]] 表"),
        "{said}"
    );
}

#[test]
fn a_pack_and_its_table_are_checked_together_whatever_excel_made_of_the_table() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("mine.toml");
    let table = folder.path().join("mine.clauses.csv");
    let load = || load(path.to_str().expect("a plain path"));
    std::fs::write(&path, SOUND).expect("a written file");
    let sound = "clause,quote,check,automatable\n一,贴照片,missing-photo,auto\n二,盖章,missing-seal,auto\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(sound);
    for bytes in [sound.as_bytes().to_vec(), format!("\u{feff}{sound}").into_bytes(), gbk.into_owned()] {
        std::fs::write(&table, bytes).expect("a written file");
        assert_eq!(load().expect("both are sound").citations.len(), 2);
    }
    std::fs::write(&table, sound.replace("二,", "三,").replace("missing-seal", "缺少公章")).expect("a written file");
    let said = load().expect_err("a wrong clause and a wrong check").to_string();
    assert!(said.contains("有 2 处错误") && said.contains("写着“二”"), "{said}");
    assert!(said.contains("第 3 行，条款表 mine.clauses.csv 的 check 列：写着“缺少公章”"), "{said}");
    std::fs::write(&table, "").expect("a written file");
    let said = load().expect_err("an empty table").to_string();
    assert!(said.contains("有 1 处错误") && said.contains("缺少 clause"), "{said}");
    assert!(clause_table(path.to_str().expect("a plain path")).expect("a table").is_some_and(|t| t == "\u{feff}"));
    assert!(clause_table("yangquan-bigdata-2024").expect("a table").is_some_and(|t| t.starts_with("\u{feff}clause")));
}
