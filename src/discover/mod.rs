//! A folder of submissions to packets.
//!
//! In: the submissions folder and, where there is one, the roster. Out: [`crate::model::packet::Packet`]s in natural
//! order of names, with every skipped or unusable file accounted for. Must not know: what is inside a document
//! beyond its first bytes, any notice.
