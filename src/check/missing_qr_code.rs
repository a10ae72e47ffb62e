//! `missing-qr-code`.

use super::CheckResult;
use crate::model::finding::CheckId;
use crate::model::packet::PacketFacts;
use crate::pack::rules::RulePack;

check! {
    /// 缺少二维码。
    MissingQrCode, id = CheckId::MissingQrCode, judge = judge
}

fn judge(_facts: &PacketFacts, _pack: &RulePack) -> Vec<CheckResult> {
    Vec::new()
}
