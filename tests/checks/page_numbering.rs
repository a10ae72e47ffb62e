//! `page-numbering` over facts.
