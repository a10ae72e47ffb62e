//! Which packets a part has.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of so many parts; `1/1` is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// From 1.
    pub number: usize,
    pub of: usize,
}

/// More parts than packets a province has are a slip of the finger.
pub const MOST: usize = 100_000;

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}”不对，应写作 2/7 这样：第几片/共几片");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of) = (number.trim().parse().map_err(|_| wrong())?, of.trim().parse().map_err(|_| wrong())?);
        if of > MOST {
            return Err(format!("“{text}”太多，最多分 {MOST} 片"));
        }
        if (1..=of).contains(&number) { Ok(Self { number, of }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// The part (from 1) of each packet, given all packets' weights in their order: the heaviest first, each to the part
/// that has least so far. Of equal packets the first comes first, of equal parts the lowest number. No part is heavier
/// than the mean and one packet together.
#[must_use]
pub fn split(weights: &[u64], parts: usize) -> Vec<usize> {
    let mut by_weight: Vec<usize> = (0..weights.len()).collect();
    by_weight.sort_by_key(|at| (Reverse(weights[*at]), *at));
    let mut lightest: BinaryHeap<Reverse<(u64, usize)>> = (1..=parts.max(1)).map(|part| Reverse((0, part))).collect();
    let mut part_of = vec![1; weights.len()];
    for at in by_weight {
        let Some(Reverse((weight, part))) = lightest.pop() else { break };
        part_of[at] = part;
        // A packet of no bytes is one to judge all the same.
        lightest.push(Reverse((weight.saturating_add(weights[at].max(1)), part)));
    }
    part_of
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_disjoint_complete_balanced_and_the_same_every_time(
            weights in prop::collection::vec(0u64..1_000_000_000, 0..400),
            parts in 1usize..40,
        ) {
            let part_of = split(&weights, parts);
            // One part a packet: disjoint and complete by construction, if each number is one of the parts'.
            prop_assert_eq!(part_of.len(), weights.len());
            prop_assert!(part_of.iter().all(|p| (1..=parts).contains(p)));
            let mut loads = vec![0u64; parts];
            for (weight, part) in weights.iter().zip(&part_of) {
                loads[part - 1] += weight.max(&1);
            }
            let all: u64 = loads.iter().sum();
            let heaviest = weights.iter().max().copied().unwrap_or(0).max(1);
            prop_assert!(loads.iter().all(|load| *load <= all / parts as u64 + 1 + heaviest), "{:?}", loads);
            if weights.len() >= parts {
                prop_assert!(loads.iter().all(|load| *load > 0), "{:?}", loads);
            }
            prop_assert_eq!(&part_of, &split(&weights, parts));
        }
    }

    #[test]
    fn the_heaviest_goes_first_and_ties_go_by_order() {
        assert_eq!(split(&[5, 9, 5, 1], 2), [2, 1, 2, 1]);
        assert_eq!(split(&[3, 3, 3], 3), [1, 2, 3]);
        assert_eq!(split(&[3], 4), [1]);
        assert_eq!(split(&[], 4), Vec::<usize>::new());
    }

    #[test]
    fn shards_are_written_as_a_fraction() {
        let shard: Shard = "3/7".parse().expect("one of seven");
        assert_eq!((shard.number, shard.of, shard.to_string().as_str()), (3, 7, "3/7"));
        for wrong in ["0/7", "8/7", "7", "a/b", "1/0", "-1/2", "1/2/3", "", "1/100001"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
