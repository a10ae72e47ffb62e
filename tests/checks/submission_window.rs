//! `submission-window` over facts.
