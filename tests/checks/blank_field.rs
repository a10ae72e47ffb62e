//! `blank-field` over facts.
