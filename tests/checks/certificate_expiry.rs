//! `certificate-expiry` over facts.
