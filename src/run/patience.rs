//! When to stop reading a packet whose pages use up the time or memory that a page is given.
//!
//! Which pages are left depends on their order in the packet alone, so a report is the same however many children read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::model::page::Unreadable;

/// So many pages of one packet may end at a limit; what stands behind them is not read. At 60 seconds a page it is
/// 20 minutes of one child. An honest packet has a few, drawings of a wall's size.
const MOST_LOST: usize = 20;

/// Places (of a packet's pages, or its documents) that ended at a limit.
#[derive(Debug, Default)]
pub(super) struct Patience(Mutex<BTreeSet<usize>>);

impl Patience {
    pub(super) fn note<T>(&self, at: usize, result: &Result<T, Unreadable>) {
        if result.as_ref().is_err_and(is_costly) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(at);
        }
    }

    /// Whether this place stands behind too many that are known to have ended at a limit.
    pub(super) fn is_out(&self, at: usize) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).range(..at).count() >= MOST_LOST
    }
}

/// Replaces what stands behind too many lost ones, whether or not it was read in the meantime.
pub(super) fn give_up<'a, T: 'a>(results: impl Iterator<Item = &'a mut Result<T, Unreadable>>) {
    let mut lost = 0;
    for result in results {
        if lost >= MOST_LOST {
            *result = Err(given_up());
        } else if result.as_ref().is_err_and(is_costly) {
            lost += 1;
        }
    }
}

/// Why a page that was not read was not.
pub(super) fn given_up() -> Unreadable {
    Unreadable::OverLimit(format!("本份材料已有 {MOST_LOST} 页超时或内存不足，其后的未再读取"))
}

fn is_costly(why: &Unreadable) -> bool {
    matches!(why, Unreadable::TimedOut | Unreadable::OutOfMemory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_up_depends_on_order_alone() {
        let result = |i: usize| if i.is_multiple_of(2) { Err(Unreadable::TimedOut) } else { Ok(i) };
        let mut all: Vec<Result<usize, Unreadable>> = (0..60).map(result).collect();
        give_up(all.iter_mut());
        let read: Vec<usize> = all.iter().flatten().copied().collect();
        assert_eq!(read, (1..39).step_by(2).collect::<Vec<_>>());
        assert!(all[39..].iter().all(|r| *r == Err(given_up())));

        let patience = Patience::default();
        for i in (0..60).rev() {
            patience.note(i, &result(i));
        }
        assert!(!patience.is_out(38) && patience.is_out(39));
        patience.note(99, &Err::<(), _>(Unreadable::Encrypted));
        assert_eq!(patience.0.into_inner().expect("unpoisoned").len(), 30, "what costs nothing doesn't count");
    }
}
