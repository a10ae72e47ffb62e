//! Lines of text for pages built in code.

use material_audit::model::geometry::Rect;
use material_audit::model::text::TextLine;

/// These lines below each other, sure to the last character.
pub(crate) fn lines(text: &[&str]) -> Vec<TextLine> {
    let line = |(n, text): (usize, &&str)| TextLine {
        text: (*text).to_owned(),
        rect: Rect::new(0.1, 0.1 + 0.05 * n as f32, 0.02 * text.chars().count() as f32, 0.02),
        confidence: 0.98,
        chars: vec![],
        vertical: false,
        hand: false,
    };
    text.iter().enumerate().map(line).collect()
}
