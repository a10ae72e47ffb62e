//! What people call the names that a pack writes in English, and other words for Chinese ones: for hints only.

/// A name, and a word for it.
type Word = (&'static str, &'static str);

/// The words for one kind of names (as `Choice::what` calls it); each name's usual word first.
pub(super) fn of(what: &str) -> &'static [Word] {
    KINDS.iter().find(|(kind, _)| *kind == what).map_or(&[], |(_, words)| *words)
}

const KINDS: &[(&str, &[Word])] = &[
    (
        "程度",
        &[("reject", "不予受理"), ("correct", "补正"), ("advise", "提示"), ("correct", "缺陷"), ("advise", "建议")],
    ),
    ("结论", &[("defect", "缺陷"), ("review", "待核"), ("review", "人工核对")]),
    (
        "底色",
        &[("red", "红色"), ("blue", "蓝色"), ("white", "白色"), ("red", "红底"), ("blue", "蓝底"), ("white", "白底")],
    ),
    ("复印的章", &[("fail", "不算"), ("review", "待核"), ("pass", "算")]),
    (
        "时间写法",
        &[
            ("××××年××月", "XXXX年XX月"),
            ("××××年×月", "XXXX年X月"),
            ("××××年××月", "2008年06月"),
            ("××××年×月", "2008年6月"),
        ],
    ),
    (
        "能否由程序判断",
        &[
            ("auto", "全部能看出"),
            ("partial", "看出一部分"),
            ("manual", "须由人看"),
            ("auto", "自动"),
            ("partial", "部分"),
            ("manual", "人工"),
        ],
    ),
    ("页码要求", &[("numbers", "页码"), ("total", "总页数")]),
    ("署名方式", &[("holder", "本人的"), ("among", "列有本人"), ("first", "第一作者")]),
    (
        "时间规则",
        &[
            ("possible", "日期存在"),
            ("apart", "相隔年限"),
            ("since", "任现职以来"),
            ("age", "年龄"),
            ("whole-years", "实足年数"),
            ("after-publicity", "公示以后"),
        ],
    ),
    (
        "栏目类型",
        &[
            ("date", "时间"),
            ("date-within", "时间和别的字"),
            ("name", "姓名"),
            ("unit", "单位"),
            ("level", "级别"),
            ("route", "申报类型"),
            ("employer", "单位性质"),
            ("id-number", "身份证号"),
            ("number", "数字"),
            ("text", "文字"),
            ("date", "日期"),
        ],
    ),
    (
        "位置类型",
        &[
            ("cover", "封面"),
            ("box", "意见栏"),
            ("photo", "照片"),
            ("anywhere", "任意位置"),
            ("photo", "相片"),
            ("box", "方框"),
        ],
    ),
    (
        "申报级别",
        &[
            ("技术员", "员级"),
            ("助理工程师", "助理级"),
            ("工程师", "中级"),
            ("高级工程师", "高级"),
            ("高级工程师", "副高"),
            ("高级工程师", "高工"),
            ("助理工程师", "初级"),
        ],
    ),
    (
        "单位性质",
        &[
            ("非公有制", "私营企业"),
            ("非公有制", "民营企业"),
            ("非公有制", "非公企业"),
            ("国有企业", "国企"),
            ("事业单位", "事业"),
        ],
    ),
    ("申报类型", &[("正常晋升", "晋升"), ("初次申报", "初定"), ("转评", "转系列"), ("破格", "破格申报")]),
    ("学历", &[("专科", "大专"), ("本科", "大学本科"), ("硕士", "研究生"), ("中专", "中等专业")]),
];
