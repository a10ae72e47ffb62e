//! Slips inside a value: quotes, commas, brackets, figures.

use super::slips::bare_key;

/// Characters an input method writes instead of quotes, and those that end a text begun with one.
const WIDE_QUOTES: &str = "“”＂‘’";

/// A value, or the part of one on a line, being read.
pub(super) struct Value {
    chars: Vec<char>,
    at: usize,
    /// What was read, mended.
    pub(super) code: String,
    pub(super) comment: String,
    /// Brackets still open.
    pub(super) open: Vec<char>,
    /// What was found, and what it should be.
    pub(super) told: Vec<(String, String)>,
    /// The last thing read was a whole value: a comma, a bracket or nothing must follow.
    whole: bool,
}

impl Value {
    pub(super) fn new(written: &str, open: Vec<char>) -> Self {
        let chars = written.chars().collect();
        Self { chars, at: 0, code: String::new(), comment: String::new(), open, told: Vec::new(), whole: false }
    }

    fn tell(&mut self, found: impl Into<String>, expected: impl Into<String>) {
        let said = (found.into(), expected.into());
        if !self.told.contains(&said) {
            self.told.push(said);
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn read(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() => {
                    self.code.push(c);
                    self.at += 1;
                }
                '#' => {
                    self.comment = self.chars[self.at..].iter().collect();
                    return;
                }
                '[' | '【' | '［' | '{' | '｛' => self.opening(c),
                ']' | '】' | '］' | '}' | '｝' => self.closing(c),
                ',' | '，' | '、' | '；' | ';' if !self.open.is_empty() => self.comma(c),
                _ if self.whole && self.open.is_empty() => return self.rest(),
                _ => self.item(c),
            }
        }
    }

    fn opening(&mut self, c: char) {
        self.separate();
        let half = if "{｛".contains(c) { '{' } else { '[' };
        if c != half {
            self.tell(format!("写着全角的“{c}”"), format!("半角的 {half}"));
        }
        self.code.push(half);
        self.open.push(half);
        self.at += 1;
    }

    fn closing(&mut self, c: char) {
        let (half, begun) = if "}｝".contains(c) { ('}', '{') } else { (']', '[') };
        self.at += 1;
        if c != half {
            self.tell(format!("写着全角的“{c}”"), format!("半角的 {half}"));
        }
        if self.open.last() != Some(&begun) {
            return self.tell(format!("多了一个 {half}"), "左右括号成对");
        }
        self.open.pop();
        self.code.push(half);
        self.whole = true;
    }

    fn comma(&mut self, c: char) {
        if c != ',' {
            self.tell(format!("写着“{c}”"), "几项之间用半角的逗号 ,");
        }
        self.code.push(',');
        self.whole = false;
        self.at += 1;
    }

    /// A comma where two values stand side by side.
    fn separate(&mut self) {
        if self.whole && !self.open.is_empty() {
            self.tell("两项之间没有逗号", "几项之间用半角的逗号 ,");
            self.code.push(',');
        }
        self.whole = false;
    }

    fn item(&mut self, c: char) {
        self.separate();
        match c {
            '"' | '\'' => self.quoted(c),
            c if WIDE_QUOTES.contains(c) => {
                self.tell(format!("写着全角的“{c}”"), "半角的双引号 \"");
                self.quoted(c);
            }
            _ => self.bare(),
        }
    }

    /// A text behind its opening quote.
    fn quoted(&mut self, begun: char) {
        self.at += 1;
        let from = self.at;
        let ends = |c: char| if WIDE_QUOTES.contains(begun) { c == '"' || WIDE_QUOTES.contains(c) } else { c == begun };
        while let Some(c) = self.peek() {
            if c == '\\' && begun != '\'' {
                self.at += 1;
            } else if ends(c) {
                let inside: String = self.chars[from..self.at].iter().collect();
                self.at += 1;
                return self.text(&inside, begun == '\'');
            }
            self.at += 1;
        }
        self.unclosed(from, begun);
    }

    /// No closing quote on this line: the text ends before the brackets that close the line.
    fn unclosed(&mut self, from: usize, begun: char) {
        let mut to = self.chars.len();
        let mut open = self.open.clone();
        let mut cut = to;
        while to > from {
            match self.chars[to - 1] {
                c if c.is_whitespace() || c == ',' || c == '，' => {}
                c @ (']' | '}') if open.pop() == Some(if c == ']' { '[' } else { '{' }) => cut = to - 1,
                _ => break,
            }
            to -= 1;
        }
        // A closing quote of the wrong width.
        let wide = self.chars[from..to].last().copied().filter(|c| WIDE_QUOTES.contains(*c));
        match wide {
            Some(c) => self.tell(format!("右边的引号是全角的“{c}”"), "半角的双引号 \""),
            None => self.tell("少了右边的引号", format!("文字的末尾加上半角的 {begun}")),
        }
        let end = if wide.is_some() { to - 1 } else { to };
        let inside: String = self.chars[from..end].iter().collect();
        self.text(&inside, begun == '\'');
        self.at = if cut < self.chars.len() { cut } else { self.chars.len() };
    }

    /// Writes a text down; a backslash that begins no escape is doubled.
    fn text(&mut self, inside: &str, literal: bool) {
        let chars: Vec<char> = inside.chars().collect();
        self.code.push('"');
        let mut at = 0;
        while at < chars.len() {
            match chars[at] {
                '\\' if literal => self.code.push_str("\\\\"),
                '\\' if chars.get(at + 1).is_some_and(|c| "\"\\bfnrtuUex".contains(*c)) => {
                    self.code.extend([chars[at], chars[at + 1]]);
                    at += 1;
                }
                '\\' => {
                    self.tell("引号里有单独的反斜线 \\", "写两个反斜线 \\\\，或不用反斜线");
                    self.code.push_str("\\\\");
                }
                '"' => self.code.push_str("\\\""),
                c => self.code.push(c),
            }
            at += 1;
        }
        self.code.push('"');
        self.whole = true;
    }

    /// Something without quotes: a figure, true or false, a key of an inline table, or a text that lacks them.
    fn bare(&mut self) {
        let stop = if self.open.is_empty() { "#" } else { "#,，、；;]】］}｝=＝\"“”" };
        let from = self.at;
        while self.peek().is_some_and(|c| !stop.contains(c)) {
            self.at += 1;
        }
        let token: String = self.chars[from..self.at].iter().collect();
        let token = token.trim();
        if self.open.last() == Some(&'{') && self.peek().is_some_and(|c| c == '=' || c == '＝') {
            if self.peek() == Some('＝') {
                self.tell("写着全角的“＝”", "半角的等号 =");
            }
            self.at += 1;
            self.code.push_str(&format!("{} =", bare_key(token)));
            return;
        }
        if token.is_empty() {
            // A sign that begins nothing; passed over so that reading goes on.
            let sign = self.peek().unwrap_or_default();
            self.tell(format!("多了“{sign}”"), "键 = 值");
            self.at += 1;
            return;
        }
        self.whole = true;
        let half: String = token.chars().map(narrow).collect();
        let figures = half.chars().take_while(char::is_ascii_digit).count();
        if is_plain(&half) {
            if half != token {
                self.tell(format!("写着全角的“{token}”"), format!("半角的 {half}"));
            }
            self.code.push_str(&half);
        } else if let Some(flag) = flag(&half) {
            self.tell(format!("写着“{token}”"), format!("{flag}（小写，不加引号）"));
            self.code.push_str(flag);
        } else if figures > 0 && half[figures..].chars().all(|c| "天个工作日页份年周岁枚字以上内%".contains(c))
        {
            self.tell(format!("写着“{token}”"), format!("{}（数字后面不写单位）", &half[..figures]));
            self.code.push_str(&half[..figures]);
        } else if token.chars().all(|c| "零一二三四五六七八九十百千两".contains(c)) {
            self.tell(format!("写着“{token}”"), "半角的阿拉伯数字，如 2");
            // No rule finds fault with 1.
            self.code.push('1');
        } else {
            let plain = token.trim_matches(|c| c == '"' || c == '\'' || WIDE_QUOTES.contains(c));
            let found = if plain == token { "文字没有加引号" } else { "少了左边的引号" };
            self.tell(found, format!("\"{plain}\""));
            self.text(plain, true);
        }
    }

    /// More behind a whole value: quotes inside quotes, or something that does not belong there.
    fn rest(&mut self) {
        let rest: String = self.chars[self.at..].iter().collect();
        self.at = self.chars.len();
        let text = self.code.trim_end().to_owned();
        if text.ends_with('"') && rest.contains('"') {
            self.tell("引号里面又有半角的引号", "里面的引号写成全角的“”，只有最外面的用半角");
            let rest = rest.trim_end();
            let inner = rest.strip_suffix('"').unwrap_or(rest).replace('"', "”");
            let begun = text[..text.len() - 1].to_owned();
            self.code = format!("{begun}“{inner}\"");
        } else {
            let short: String = rest.trim().chars().take(20).collect();
            self.tell(format!("值的后面还有“{short}”"), "一行只写一个值；说明以 # 开头");
        }
    }
}

/// Full width to half width, for figures and letters.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '－' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// A figure, a date, true or false: needs no quotes.
fn is_plain(token: &str) -> bool {
    let figure = token.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c))
        && token.chars().all(|c| c.is_ascii_digit() || "+-._:TZ ".contains(c));
    figure || token == "true" || token == "false"
}

fn flag(token: &str) -> Option<&'static str> {
    match token.to_lowercase().as_str() {
        "true" | "是" | "真" | "yes" => Some("true"),
        "false" | "否" | "假" | "no" => Some("false"),
        _ => None,
    }
}
