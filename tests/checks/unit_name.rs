//! `unit-name` over facts.
