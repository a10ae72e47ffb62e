//! `similarity-rate` over facts.
