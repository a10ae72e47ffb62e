//! `publicity-period`.

use super::CheckResult;
use crate::model::finding::CheckId;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 公示期。
    PublicityPeriod, id = CheckId::PublicityPeriod, judge = judge
}

fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}
