//! `missing-watermark`.

use super::CheckResult;
use crate::model::finding::CheckId;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 缺少水印。
    MissingWatermark, id = CheckId::MissingWatermark, judge = judge
}

fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}
