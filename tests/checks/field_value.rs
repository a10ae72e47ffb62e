//! `field-value` over facts.
