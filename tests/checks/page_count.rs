//! `page-count` over facts.
