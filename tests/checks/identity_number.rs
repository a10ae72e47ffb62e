//! `identity-number` over facts.
