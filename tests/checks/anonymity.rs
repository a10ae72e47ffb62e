//! `anonymity` over facts.
