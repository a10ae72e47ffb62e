//! `shared-page` over facts.
