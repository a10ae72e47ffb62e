//! `paper-size` over facts.
