//! `assessment-years` over facts.
