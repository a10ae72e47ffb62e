//! Hostile text made harmless: file names, recognised text and document metadata come from anywhere.

/// Text on one line with nothing in it that a terminal, an editor or a reader could be misled by: line ends become
/// ` / `, tabs a space, control, direction and invisible characters their code (`⟨U+202E⟩`).
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lines = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str(" / ");
        }
        for c in line.chars() {
            match c {
                '\t' => out.push(' '),
                c if is_hidden(c) => out.push_str(&format!("⟨U+{:04X}⟩", c as u32)),
                c => out.push(c),
            }
        }
    }
    out
}

/// Control characters, direction marks, zero-width characters and tags. Variation selectors stay: names need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text cell for a spreadsheet: [`visible`], and marked with a leading apostrophe where a spreadsheet would run it
/// as a formula or turn it into something else (3-5 into a day in March, 2019年01月 into 2019年1月, an identity
/// number into 3.3E+17).
///
/// The apostrophe is what a person types for "this is text". In a CSV file Excel, WPS and LibreOffice show it, which
/// is the price: `="…"` would be a formula itself, and a leading tab or space is lost on the way through LibreOffice.
#[must_use]
pub fn cell(text: &str) -> String {
    let shown = visible(text);
    if is_formula(text) || is_formula(&shown) || is_converted(&shown) { format!("'{shown}") } else { shown }
}

/// Begins, after whatever a spreadsheet may strip, with a sign that starts a formula or a command.
fn is_formula(text: &str) -> bool {
    const STARTS: &str = "=+-@|%＝＋－＠｜﹢﹣﹦﹫−";
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    text.chars().find(|c| !c.is_whitespace() && !is_hidden(*c)).is_some_and(|c| STARTS.contains(c))
}

/// A spreadsheet would take it for a number, date, time or truth value and show something else.
fn is_converted(text: &str) -> bool {
    // Up to here a spreadsheet shows a whole number as written (12 digits and more turn into 3.3E+17).
    const PLAIN_DIGITS: usize = 11;
    const MARKS: &str = ".,-–—/:%+$¥￥()年月日号时分秒点上下午，．－／：％（）";
    const WORDS: [&str; 15] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "am", "pm", "e"];
    let lower = text.to_ascii_lowercase();
    if lower == "true" || lower == "false" {
        return true;
    }
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if !lower.contains(is_digit) {
        return false;
    }
    if lower.chars().all(|c| c.is_ascii_digit()) {
        return lower.len() > PLAIN_DIGITS || (lower.len() > 1 && lower.starts_with('0'));
    }
    let fits = |c: char| is_digit(c) || c.is_whitespace() || MARKS.contains(c) || c.is_ascii_lowercase();
    let mut letters = lower.split(|c: char| !c.is_ascii_lowercase()).filter(|word| !word.is_empty());
    lower.chars().all(fits)
        && letters.all(|word| WORDS.iter().any(|w| word == *w || (w.len() == 3 && word.starts_with(w))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_inert() {
        for text in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "-",
            "@SUM(A1)",
            "  =1",
            "\u{3000}=1",
            "\t=1",
            "\tx",
            "\rx",
            "\n=1",
            "\u{feff}=1",
            "\u{200b}@x",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            "\u{0}=1",
        ] {
            let made = cell(text);
            assert!(made.starts_with('\''), "{text:?} became {made:?}");
            assert!(!made.contains(['\t', '\r', '\n', '\0', '\u{200b}', '\u{feff}']), "{made:?}");
        }
    }

    #[test]
    fn text_that_a_spreadsheet_would_turn_stays_text() {
        for text in [
            "330102199001011234",
            "33010219900101123",
            "330102900101123",
            "3-5",
            "3/5",
            "12:30",
            "2019-01",
            "2019.10",
            "2019年01月",
            "2019年1月1日",
            "2019年1月-2020年3月",
            "007",
            "1E5",
            "1.50",
            "50%",
            "1,234",
            "5 Mar 2020",
            "MAR1",
            "TRUE",
            "（3）",
            "３－５",
        ] {
            assert_eq!(cell(text), format!("'{text}"));
        }
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in [
            "",
            "评审表",
            "3",
            "2024",
            "第3-5页",
            "01_张三",
            "3-5.pdf",
            "写作“2019.1”",
            "a=b",
            "五、4",
            "七（二）",
            "一（一）1",
            "F0123456789",
            "至今",
            "page 1",
        ] {
            assert_eq!(cell(text), *text);
        }
    }

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(visible("a\u{202e}fdp.exe"), "a⟨U+202E⟩fdp.exe");
        assert_eq!(visible("\u{1b}[31mred"), "⟨U+001B⟩[31mred");
        assert_eq!(visible("一\r\n二\n\n三\u{2028}四"), "一 / 二 / 三 / 四");
        assert_eq!(visible(" a\tb "), "a b");
        assert_eq!(visible("\u{e0041}x"), "⟨U+E0041⟩x");
        assert_eq!(visible("葛\u{e0100}"), "葛\u{e0100}");
    }
}
