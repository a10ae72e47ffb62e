//! `catalogue-mismatch` over facts.
