//! Exit codes, and how two outcomes merge.

/// How a run ended. The worst of several wins, in the order interrupted, not started, incomplete, defects, done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Everything examined, every report written.
    Done,
    /// As `Done`, with defects, where `--fail-on-defects` asks to be told.
    Defects,
    /// Report written, but something was not examined.
    Incomplete,
    /// Could not start: no report.
    NotStarted,
    /// Interrupted; finished packets' reports are valid.
    Interrupted,
}

impl Outcome {
    /// The process's exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Defects => 1,
            Self::Incomplete => 3,
            Self::NotStarted => 2,
            Self::Interrupted => 130,
        }
    }

    /// The worse of the two.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.max(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worst_wins_in_the_contract_order() {
        let order = [Outcome::Interrupted, Outcome::NotStarted, Outcome::Incomplete, Outcome::Defects, Outcome::Done];
        assert_eq!(order.map(Outcome::code), [130, 2, 3, 1, 0]);
        for (i, worse) in order.iter().enumerate() {
            for better in &order[i..] {
                assert_eq!(worse.merge(*better), *worse);
                assert_eq!(better.merge(*worse), *worse);
            }
        }
    }
}
