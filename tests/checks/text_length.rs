//! `text-length` over facts.
