//! A cell's characters as the signs dates are made of.

/// One sign, with the characters it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// Digits as ASCII; `chinese` where written 二〇一九.
    Number {
        digits: String,
        text: String,
        chinese: bool,
    },
    /// 年.
    Year,
    /// 月.
    Month,
    /// 日, 号.
    Day,
    Point(char),
    Slash(char),
    Dash(char),
    /// 至, 到, ~, commas: stands between dates, never inside one.
    Between(char),
    /// 至今, 现在.
    OpenEnd(String),
    Word(char),
}

impl Token {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Number { text, .. } => text.clone(),
            Self::OpenEnd(text) => text.clone(),
            Self::Year => "年".into(),
            Self::Month => "月".into(),
            Self::Day => "日".into(),
            Self::Point(c) | Self::Slash(c) | Self::Dash(c) | Self::Between(c) | Self::Word(c) => c.to_string(),
        }
    }
}

/// Words for the open end of a range that need no mention in a pack.
const OPEN_ENDS: [&str; 5] = ["至今", "现在", "目前", "今", "现"];

pub(crate) fn tokens(text: &str, open_end: &[String]) -> Vec<Token> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (token, used) = open(rest, open_end)
            .or_else(|| arabic(&chars, at))
            .or_else(|| numerals(&chars, at))
            .unwrap_or_else(|| (sign(&chars, at), 1));
        found.push(token);
        at += used;
    }
    found
}

/// Full-width forms are a typewriter's or reader's habit, not another way to write a date.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn open(rest: &[char], extra: &[String]) -> Option<(Token, usize)> {
    let starts = |word: &str| {
        let n = word.chars().count();
        (n > 0 && rest.len() >= n && word.chars().zip(rest).all(|(a, b)| a == *b)).then_some(n)
    };
    extra
        .iter()
        .map(String::as_str)
        .chain(OPEN_ENDS)
        .find_map(|word| starts(word).map(|n| (Token::OpenEnd(word.to_owned()), n)))
}

/// Digits, with the letters that readers take for them where they stand among digits.
fn arabic(chars: &[char], at: usize) -> Option<(Token, usize)> {
    let digit = |i: usize| -> Option<char> {
        let c = *chars.get(i)?;
        match c {
            '0'..='9' => Some(c),
            'O' | 'o' | 'l' | 'I' => {
                let beside = |j: Option<usize>| j.and_then(|j| chars.get(j)).is_some_and(char::is_ascii_digit);
                let alike = if matches!(c, 'O' | 'o') { '0' } else { '1' };
                (beside(i.checked_sub(1)) || beside(i.checked_add(1))).then_some(alike)
            }
            _ => None,
        }
    };
    let digits: String = (at..).map_while(digit).collect();
    if digits.is_empty() {
        return None;
    }
    let used = digits.len();
    let text = chars[at..at + used].iter().collect();
    Some((Token::Number { digits, text, chinese: false }, used))
}

/// 二〇一九 digit by digit, and 七, 十, 十二 before 月 or 日. Elsewhere 一 is a dash: 2014年03月一2016年05月.
fn numerals(chars: &[char], at: usize) -> Option<(Token, usize)> {
    let value = |c: char| {
        "〇一二三四五六七八九".chars().position(|d| d == c).or(match c {
            '○' | '零' => Some(0),
            _ => None,
        })
    };
    let used = chars[at..].iter().take_while(|c| value(**c).is_some() || **c == '十').count();
    let run = &chars[at..at + used];
    let closed = |signs: &[char]| chars.get(at + used).is_some_and(|c| signs.contains(c));
    let digits = match run {
        [] => return None,
        _ if used == 4 && !run.contains(&'十') && closed(&['年']) => {
            run.iter().filter_map(|c| value(*c)).map(|v| v.to_string()).collect::<String>()
        }
        _ if used <= 3 && closed(&['月', '日', '号']) => small(run, value)?.to_string(),
        _ => return None,
    };
    Some((Token::Number { digits, text: run.iter().collect(), chinese: true }, used))
}

fn small(run: &[char], value: impl Fn(char) -> Option<usize>) -> Option<usize> {
    match run {
        ['十'] => Some(10),
        ['十', unit] => value(*unit).map(|u| 10 + u),
        [tens, '十'] => value(*tens).map(|t| 10 * t),
        [tens, '十', unit] => Some(10 * value(*tens)? + value(*unit)?),
        [unit] => value(*unit),
        ['〇' | '零' | '○', unit] => value(*unit),
        _ => None,
    }
}

fn sign(chars: &[char], at: usize) -> Token {
    let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let after_digit = digit(at.checked_sub(1));
    let before_digit = digit(at.checked_add(1));
    match chars[at] {
        '年' => Token::Year,
        '月' => Token::Month,
        '日' | '号' => Token::Day,
        // Shapes that readers confuse with 年 and 月, where only those make sense.
        '午' | '牛' | '生' if after_digit && before_digit => Token::Year,
        '目' | '用' | '曰' if after_digit => Token::Month,
        c @ ('.' | '·' | '•' | '。') => Token::Point(c),
        c @ ('/' | '\\') => Token::Slash(c),
        c @ ('-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '一' | 'ー' | '_') => Token::Dash(c),
        c @ ('~' | '～' | '〜' | '至' | '到' | ',' | '、' | ';' | '，' | '；') => Token::Between(c),
        c => Token::Word(c),
    }
}
