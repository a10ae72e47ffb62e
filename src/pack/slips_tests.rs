//! What a clerk writes with an input method on, and what is said of it.

use super::mend;

/// Each slip in a file of its own: what is told, and what the line means.
#[test]
fn one_slip_is_told_with_its_line_and_mended() {
    for (written, told, meant) in [
        ("seal = 单位公章", "文字没有加引号；应为\"单位公章\"", "seal = \"单位公章\""),
        ("seal = 单位公章\"", "少了左边的引号", "seal = \"单位公章\""),
        ("seal = \"单位公章", "少了右边的引号", "seal = \"单位公章\""),
        ("seal = “单位公章”", "写着全角的““”；应为半角的双引号", "seal = \"单位公章\""),
        ("seal = \"单位公章”", "右边的引号是全角的“””", "seal = \"单位公章\""),
        ("seal = \"单位\"公章\"\"", "引号里面又有半角的引号", "seal = \"单位“公章”\""),
        ("seal = \"单位\\公章\"", "单独的反斜线", "seal = \"单位\\\\公章\""),
        ("seal ＝ \"单位公章\"", "写着“＝”；应为半角的等号", "seal = \"单位公章\""),
        ("seal：\"单位公章\"", "写着“：”；应为半角的等号", "seal = \"单位公章\""),
        ("seal \"单位公章\"", "键和值之间没有等号", "seal = \"单位公章\""),
        ("seal = \"单位公章\" 必须有", "值的后面还有“必须有”", "seal = \"单位公章\""),
        ("any_of = 【\"photo\"】", "写着全角的“【”", "any_of = [\"photo\"]"),
        ("any_of = [\"photo\"，\"paper\"]", "写着“，”；应为几项之间用半角的逗号", "any_of = [\"photo\",\"paper\"]"),
        ("any_of = [\"photo\"、\"paper\"]", "写着“、”；应为几项之间用半角的逗号", "any_of = [\"photo\",\"paper\"]"),
        ("any_of = [\"photo\" \"paper\"]", "两项之间没有逗号", "any_of = [\"photo\" ,\"paper\"]"),
        ("any_of = [\"photo\", \"paper]", "少了右边的引号", "any_of = [\"photo\", \"paper\"]"),
        ("any_of = [photo, \"paper\"]", "文字没有加引号", "any_of = [\"photo\", \"paper\"]"),
        ("any_of = [\"photo\"", "括号没有配对；应为在这一项的末尾加上半角的 ]", "any_of = [\"photo\"]"),
        ("any_of = \"photo\"]", "多了一个 ]", "any_of = \"photo\""),
        ("when = { level = [\"工程师\"]", "加上半角的 }", "when = { level = [\"工程师\"]}"),
        ("when = { level ＝ [\"工程师\"] }", "写着全角的“＝”", "when = { level = [\"工程师\"] }"),
        ("when = ｛ level = [“工程师”] ｝", "写着全角的“｛”", "when = { level = [\"工程师\"] }"),
        ("days = 7天", "写着“7天”；应为7（数字后面不写单位）", "days = 7"),
        ("days = ７", "写着全角的“７”；应为半角的 7", "days = 7"),
        ("days = 七", "写着“七”；应为半角的阿拉伯数字", "days = 1"),
        ("loose = 是", "写着“是”；应为true", "loose = true"),
        ("loose = True", "写着“True”；应为true", "loose = true"),
        ("days =", "等号后面没有值", "days = \"\""),
        ("本通知没有规定装订", "写着“本通知没有规定装订”；应为“键 = 值”，或以 # 开头的说明", "# 本通知没有规定装订"),
        ("[[check.missing-seal]", "写着 [[check.missing-seal]；应为[[check.missing-seal]]", "[[check.missing-seal]]"),
        ("【【check.missing-seal】】", "应为[[check.missing-seal]]，都用半角", "[[check.missing-seal]]"),
    ] {
        let mended = mend(&format!("# 说明\nid = \"a\"\n{written}\n"));
        let said: Vec<String> = mended.slips.iter().map(ToString::to_string).collect();
        assert!(
            said.iter().any(|s| s.starts_with("第 3 行，文件开头") || s.starts_with("第 3 行，[[check")),
            "{said:?}"
        );
        assert!(said.iter().any(|s| s.contains(told)), "{written}: {said:?}");
        assert_eq!(mended.text.lines().nth(2).map(str::trim_end), Some(meant), "{written}");
        assert_eq!(mended.text.lines().count(), 3, "{written}");
        if !meant.starts_with("[[") {
            assert!(toml::de::DeTable::parse(&mended.text).is_ok(), "{written}: {}", mended.text);
        }
    }
}

#[test]
fn an_open_list_ends_where_something_new_begins() {
    let mended = mend("a = [\n  \"x\", # 一\n  [\"y\"],\n\n[[volume]]\nname = \"b\"\n");
    assert_eq!(mended.slips.len(), 1, "{:?}", mended.slips);
    assert_eq!(mended.slips[0].line, 1);
    assert_eq!(mended.text, "a = [\n  \"x\", # 一\n  [\"y\"],]\n\n[[volume]] \nname = \"b\"\n");
}

#[test]
fn what_is_sound_stays_as_it_is() {
    let sound = "# 一\nid = \"a“b”，c\" # 二\nn = -3\nd = 2026-09-01\nt = true\nl = [ \"x\", [\"y\", 'z\\d'], 1 ]\n\
        w = { level = [\"工程师\"], degree = true }\n[notice] # 三\ntitle = \"x\\\"y\\\\z\"\n[[check.a-b]]\nm = [\n  \"p\", # 四\n]\n";
    let mended = mend(sound);
    assert_eq!(mended.slips, []);
    let read = |text: &str| toml::from_str::<toml::Table>(text).expect("sound");
    assert_eq!(read(&mended.text), read(sound));
}

#[test]
fn several_slips_are_all_told_each_on_its_line() {
    let mended = mend("a = 甲\nb ＝ \"乙\"\n\nc = [\"丙\"，\"丁\"\nd = \"戊\n");
    let lines: Vec<usize> = mended.slips.iter().map(|m| m.line).collect();
    assert_eq!(lines, [1, 2, 4, 4, 5], "{:?}", mended.slips);
    assert!(toml::de::DeTable::parse(&mended.text).is_ok(), "{}", mended.text);
}

proptest::proptest! {
    #[test]
    fn any_text_is_mended_line_for_line(text in "([a\\[\\]{}=＝“”\"',，、# \\\\\n１甲]|\\PC){0,40}") {
        let mended = mend(&text);
        let lines = if text.contains("\"\"\"") || text.contains("'''") { mended.text.lines().count() } else { text.lines().count() };
        proptest::prop_assert_eq!(mended.text.lines().count(), lines);
    }
}
