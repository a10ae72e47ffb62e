//! Chinese surnames: what tells a name from other words of two to four characters.

/// Surnames of one character, the common ones and those met in personnel files.
const SINGLE: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔\
谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂\
章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪柯梅童凌毕单季成霍苗涂裴谷曲盛冉蓝辛管解游靳路费应蒙骆屈车欧娄佟闵池仇谌纵逯晏柏瞿\
苟房桂穆滕阳郎戚景卜冀鲍褚姬敖匡席栾卓揭刁祁隋桑虞茅储冷艾巩缪沙巫米简荆边鞠古衣时初楼封窦柴乐卞全商茹蔚原宿楚浦郁边巨党宫鹿贡卫荀甄都连晋习占苑仝\
芦翁植练麻尤支暴牟糜狄赖闻芮慕燕湛劳华花喻水昌奚元明臧计伏和皮曲车侯宓蓬全班仰秋仲伊宁仇栗祖刘景詹束幸司韶郜黎蓟薄印怀蒲从鄂索咸籍屠池胥能苍双闻莘翟谭贡逄姬申扶堵\
冉宰郦雍却璩濮寿通扈冀郏农别晏瞿阎充茹宦鱼容古易慎戈廖庾终暨居衡步耿满弘匡国寇广禄阙东殳沃利越夔隆师巩厍聂晁勾敖融訾阚那饶空毋沙乜养须丰巢蒯相查后红游竺权逯盖益桓公来但鄢\
项酆廉岑邬禹谈危裘宗宣贲诸吉钮嵇滑羊於惠羿汲邴乌巴弓隗郗钭厉戎邰阴郤仉佘佴笪谯墨哈帅缑亢况汝钦昝冼侣洛撒漆";

/// Surnames of two characters.
const DOUBLE: [&str; 52] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "尉迟", "公孙", "慕容", "仲孙",
    "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "亓官", "司寇", "子车", "颛孙", "端木", "巫马", "公西",
    "漆雕", "乐正", "壤驷", "公良", "拓跋", "夹谷", "宰父", "谷梁", "令狐", "皇甫", "申屠", "呼延", "公羊", "赫连",
    "澹台", "公冶", "宗政", "濮阳", "淳于", "轩辕", "东郭", "羊舌", "梁丘", "左丘",
];

/// Words that begin with a surname and are none.
const WORDS: [&str; 60] = [
    "高级", "中级", "初级", "工程", "成绩", "成果", "单位", "专业", "时间", "文化", "文件", "管理", "任职", "任现",
    "明确", "通过", "全国", "全体", "和", "方向", "方案", "应用", "申报", "申请", "常规", "时任", "曾任", "平时",
    "能源", "能力", "建设", "安全", "安装", "水利", "水平", "计算", "计划", "石油", "华北", "国家", "广播", "连续",
    "关于", "关系", "路线", "向导", "党员", "明细", "相关", "相应", "易于", "居民", "商务", "农业", "通信", "边防",
    "宣传", "宗旨", "吉林", "项目",
];

/// Whether a text can be a Han name: a surname and one or two characters (three after a surname of two), or a transcribed
/// name with its dot.
pub(crate) fn is_name(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let is_dot = |c: char| "·•．.".contains(c);
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c);
    if chars.iter().any(|c| is_dot(*c)) {
        let parts: Vec<&str> = text.split(is_dot).collect();
        return (4..=15).contains(&chars.len())
            && parts.len() <= 4
            && parts.iter().all(|p| p.chars().count() >= 2 && p.chars().all(han));
    }
    if !chars.iter().all(|c| han(*c)) || WORDS.iter().any(|w| text.starts_with(w)) {
        return false;
    }
    let double = DOUBLE.iter().any(|d| text.starts_with(d));
    match chars.len() {
        2 => SINGLE.contains(chars[0]) && !double,
        3 => double || SINGLE.contains(chars[0]),
        4 => double,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_other_words() {
        for name in
            ["龚磊", "孙俊杰", "司马国栋", "上官珺", "阿依古丽·买买提", "欧阳修", "项东海", "公羊述", "濮阳青", "吉文"]
        {
            assert!(is_name(name), "{name}");
        }
        for word in [
            "性别",
            "以上",
            "高级工",
            "工程师",
            "该",
            "出生年月",
            "阳泉市大数据",
            "中共党员",
            "司马",
            "项目组",
            "宣传部",
            "Zhang",
            "",
        ] {
            assert!(!is_name(word), "{word}");
        }
    }
}
