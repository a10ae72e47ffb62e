//! `suspect-seal` over facts.
