//! What was typed to a validated plan; one file per subcommand.
//!
//! In: arguments. Out: an [`crate::outcome::Outcome`]. Must not know: how anything is observed or judged.
