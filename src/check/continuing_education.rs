//! `continuing-education`.

use super::CheckResult;
use crate::model::finding::CheckId;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 继续教育。
    ContinuingEducation, id = CheckId::ContinuingEducation, judge = judge
}

fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}
