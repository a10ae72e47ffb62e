//! `date-value` over facts.
