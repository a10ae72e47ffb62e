//! `wrong-person` over facts.
