//! `missing-signature` over facts.
