//! How far the system keeps a child, in whose hands hostile bytes are, from the rest of the machine.

use serde::{Deserialize, Serialize};

/// How far the system's kernel holds one promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    None,
    Partial,
    Full,
}

/// What a child cannot do even when a document has taken it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// Read anything but the submissions, write anywhere but into its scratch.
    pub files: Held,
    /// Reach a network, or another program through a socket.
    pub network: Held,
    /// Start or touch another program.
    pub programs: Held,
}

impl Isolation {
    /// A child is only another process.
    pub const NONE: Self = Self { files: Held::None, network: Held::None, programs: Held::None };

    /// What holds for both.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        Self {
            files: self.files.min(other.files),
            network: self.network.min(other.network),
            programs: self.programs.min(other.programs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_children_promise_what_both_do() {
        let one = Isolation { files: Held::Full, network: Held::Partial, programs: Held::None };
        let other = Isolation { files: Held::Partial, network: Held::Full, programs: Held::Full };
        let both = Isolation { files: Held::Partial, network: Held::Partial, programs: Held::None };
        assert_eq!(one.weaker(other), both);
        assert_eq!(one.weaker(Isolation::NONE), Isolation::NONE);
    }
}
