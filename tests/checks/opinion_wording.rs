//! `opinion-wording` over facts.
