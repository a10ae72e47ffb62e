//! Numbers of page facts as they come back from a child or the cache, which may say anything.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Of fractions, millimetres and measures; sums and products of such numbers stay finite.
const FARTHEST: f32 = 1e6;

/// A number that can be counted with. What isn't is no fact: the page counts as not read.
pub(super) fn bounded<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let value = f32::deserialize(from)?;
    if value.abs() <= FARTHEST { Ok(value) } else { Err(D::Error::custom("a number out of bounds")) }
}

/// As [`bounded`]; something can be divided by it.
pub(super) fn length<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let value = bounded(from)?;
    if value > 0.0 { Ok(value) } else { Err(D::Error::custom("a length of nothing")) }
}

#[cfg(test)]
mod tests {
    use crate::model::page::PageSize;

    #[test]
    fn a_page_has_a_size_that_can_be_divided_by() {
        let read = |width: &str| {
            serde_json::from_str::<PageSize>(&format!(r#"{{"width_mm":{width},"height_mm":297.0,"known":true}}"#))
        };
        assert!(read("210.0").is_ok() && read("0.01").is_ok());
        for width in ["0", "-210", "1e300", "1e7", "null"] {
            assert!(read(width).is_err(), "{width}");
        }
    }
}
