//! `publicity-period` over facts.
