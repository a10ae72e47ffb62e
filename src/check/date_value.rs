//! `date-value`.

use super::CheckResult;
use crate::model::finding::CheckId;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 时间有误。
    DateValue, id = CheckId::DateValue, judge = judge
}

fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}
