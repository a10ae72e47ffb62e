//! `photo-file` over facts.
