//! `missing-watermark` over facts.
