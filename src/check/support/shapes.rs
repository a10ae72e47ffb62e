//! How alike characters look in print: whether one may be the other misread.

use std::collections::HashMap;
use std::sync::LazyLock;

const AXES: usize = 16;
/// The letter that stands for 0.
const ZERO: i8 = b'M' as i8;
/// Below this cosine two characters have no more in common than any two.
const LEAST_ALIKE: f32 = 0.1;

/// The characters of GB 2312 with their shapes, by `tools/shapes.py`.
static SHAPES: LazyLock<HashMap<char, [i8; AXES]>> = LazyLock::new(|| {
    let of = |line: &str| {
        let mut chars = line.chars();
        let char = chars.next()?;
        let axes: Vec<i8> = chars.map(|c| c as i8 - ZERO).collect();
        Some((char, axes.try_into().ok()?))
    };
    include_str!("shapes.txt").lines().filter_map(of).collect()
});

/// Whether two characters look so little alike that a sure reader does not take one for the other; not where one is rare.
pub(crate) fn are_unlike(a: char, b: char) -> bool {
    cosine(a, b).is_some_and(|c| c < LEAST_ALIKE)
}

fn cosine(a: char, b: char) -> Option<f32> {
    let (a, b) = (SHAPES.get(&a)?, SHAPES.get(&b)?);
    let dot = |x: &[i8; AXES], y: &[i8; AXES]| x.iter().zip(y).map(|(x, y)| f32::from(*x) * f32::from(*y)).sum::<f32>();
    let length = (dot(a, a) * dot(b, b)).sqrt();
    (length > 0.0).then(|| dot(a, b) / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_a_shape_like_its_own_only() {
        assert_eq!(SHAPES.len(), 6763);
        for (a, b) in [('己', '已'), ('土', '士'), ('晓', '骁'), ('日', '曰'), ('娜', '挪'), ('洁', '浩'), ('辉', '晖')]
        {
            assert!(!are_unlike(a, b) && !are_unlike(b, a), "{a} and {b}: {:?}", cosine(a, b));
        }
        for (a, b) in [('晓', '小'), ('华', '娜'), ('丽', '丹'), ('飞', '云'), ('林', '木')] {
            assert!(are_unlike(a, b), "{a} and {b}: {:?}", cosine(a, b));
        }
        assert!(!are_unlike('华', '華') && !are_unlike('华', 'a'), "unknown characters may be anything");
        assert!(SHAPES.keys().all(|c| !are_unlike(*c, *c)));
    }
}
