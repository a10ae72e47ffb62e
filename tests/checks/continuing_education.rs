//! `continuing-education` over facts.
