//! Which rooms a source text names, by its `crate::`, `super::` and `material_audit::` paths.

/// A room named at a line.
#[derive(Debug)]
pub(crate) struct Used {
    pub(crate) room: String,
    /// 1-based.
    pub(crate) line: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Other(char),
}

/// The rooms that `source`, the text of module `module`, names, in order, `*` for the crate's root as a whole.
pub(crate) fn rooms_used(source: &str, module: &[String]) -> Vec<Used> {
    let tokens = tokens(source);
    let mut out = Vec::new();
    // The inline modules around the present place, each with the brace depth at which it ends.
    let mut inline: Vec<usize> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].0 {
            Token::Other('{') => {
                depth += 1;
                if is_module_head(&tokens[..at]) {
                    inline.push(depth);
                }
            }
            Token::Other('}') => {
                if inline.last() == Some(&depth) {
                    inline.pop();
                }
                depth = depth.saturating_sub(1);
            }
            Token::Word(word) if starts_path(&tokens[..at]) => {
                let here = module.len() + inline.len();
                let level = match word.as_str() {
                    "crate" | "material_audit" => Some(0),
                    "super" => Some(here.saturating_sub(1)),
                    _ => None,
                };
                if let Some(level) = level {
                    // Only a path or an alias of the root names a room; `pub(crate)` does not.
                    let next = tokens.get(at + 1).map(|t| &t.0);
                    if next == Some(&Token::Path) {
                        tree(&tokens, at + 2, level, &mut out);
                    } else if level == 0 && next == Some(&Token::Word("as".into())) {
                        out.push(Used { room: "*".into(), line: tokens[at].1 });
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    out
}

/// Reads a path's rest from `at`, `level` modules below the root; returns where it ends.
fn tree(tokens: &[(Token, usize)], at: usize, level: usize, out: &mut Vec<Used>) -> usize {
    let Some((token, line)) = tokens.get(at) else {
        return at;
    };
    match token {
        Token::Other('{') => {
            let mut at = at + 1;
            while at < tokens.len() && tokens[at].0 != Token::Other('}') {
                at = if tokens[at].0 == Token::Other(',') { at + 1 } else { tree(tokens, at, level, out).max(at + 1) };
            }
            at + 1
        }
        Token::Word(word) if word == "super" => {
            if tokens.get(at + 1).map(|t| &t.0) == Some(&Token::Path) {
                tree(tokens, at + 2, level.saturating_sub(1), out)
            } else {
                at + 1
            }
        }
        Token::Word(word) => {
            if level == 0 {
                let room = if word == "self" { "*" } else { word };
                out.push(Used { room: room.into(), line: *line });
            }
            if tokens.get(at + 1).map(|t| &t.0) == Some(&Token::Path) {
                tree(tokens, at + 2, level + 1, out)
            } else {
                at + 1
            }
        }
        Token::Other('*') if level == 0 => {
            out.push(Used { room: "*".into(), line: *line });
            at + 1
        }
        _ => at,
    }
}

/// The word after these tokens begins a path, rather than continuing one.
fn starts_path(before: &[(Token, usize)]) -> bool {
    let mut back = before.iter().rev().map(|t| &t.0);
    match back.next() {
        Some(Token::Path) => false,
        // `super` in braces was read with the path before them.
        Some(Token::Other('{' | ',')) => !in_use_braces(before),
        _ => true,
    }
}

/// The innermost open brace follows a `::`.
fn in_use_braces(before: &[(Token, usize)]) -> bool {
    let mut closed = 0;
    for at in (0..before.len()).rev() {
        match before[at].0 {
            Token::Other('}') => closed += 1,
            Token::Other('{') if closed > 0 => closed -= 1,
            Token::Other('{') => return at > 0 && before[at - 1].0 == Token::Path,
            Token::Other(';') if closed == 0 => return false,
            _ => {}
        }
    }
    false
}

/// The brace after these tokens opens an inline module: `mod name {`.
fn is_module_head(before: &[(Token, usize)]) -> bool {
    matches!(before, [.., (Token::Word(kind), _), (Token::Word(_), _)] if kind == "mod")
}

/// Words, `::` and single characters, with their lines; comments, strings, characters and lifetimes left out.
fn tokens(source: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut out, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let from = at;
        match get(at) {
            '/' if get(at + 1) == '/' => {
                while at < chars.len() && get(at) != '\n' {
                    at += 1;
                }
            }
            '/' if get(at + 1) == '*' => at = block_comment_end(&chars, at),
            '"' => at = string_end(&chars, at),
            '\'' if get(at + 1) == '\\' => {
                at += 3;
                while at < chars.len() && get(at) != '\'' {
                    at += 1;
                }
                at += 1;
            }
            '\'' if get(at + 2) == '\'' => at += 3,
            ':' if get(at + 1) == ':' => {
                out.push((Token::Path, line));
                at += 2;
            }
            c if is_word(c) => {
                while is_word(get(at)) {
                    at += 1;
                }
                let word: String = chars[from..at].iter().collect();
                let hashes = (at..).take_while(|i| get(*i) == '#').count();
                if matches!(word.as_str(), "r" | "br" | "cr") && get(at + hashes) == '"' {
                    at = raw_string_end(&chars, at + hashes + 1, hashes);
                } else {
                    out.push((Token::Word(word), line));
                }
            }
            c => {
                if !c.is_whitespace() {
                    out.push((Token::Other(c), line));
                }
                at += 1;
            }
        }
        at = at.min(chars.len());
        line += chars[from..at].iter().filter(|c| **c == '\n').count();
    }
    out
}

fn block_comment_end(chars: &[char], mut at: usize) -> usize {
    let mut open = 0;
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => open += 1,
            ['*', '/', ..] => open -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if open == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn raw_string_end(chars: &[char], mut at: usize, hashes: usize) -> usize {
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}
