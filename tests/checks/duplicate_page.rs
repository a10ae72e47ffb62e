//! `duplicate-page` over facts.
