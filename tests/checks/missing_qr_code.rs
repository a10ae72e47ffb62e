//! `missing-qr-code` over facts.
