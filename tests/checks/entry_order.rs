//! `entry-order` over facts.
