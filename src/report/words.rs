//! The contract's identifiers as a clerk reads them (VOCABULARY).

use crate::model::finding::{Decision, Severity, Status, Verdict};
use crate::model::packet::{Level, Route};

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Defect => "缺陷",
        Verdict::Review => "待核",
    }
}

pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Reject => "不予受理",
        Severity::Correct => "补正",
        Severity::Advise => "提示",
    }
}

pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::New => "新增",
        Status::Open => "未整改",
        Status::Fixed => "已整改",
    }
}

/// A decision as it stands beside a status.
pub(super) const fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Confirmed => "已确认",
        Decision::Rejected => "已驳回",
        Decision::Checked => "已核",
    }
}

pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Technician => "技术员",
        Level::AssistantEngineer => "助理工程师",
        Level::Engineer => "工程师",
        Level::SeniorEngineer => "高级工程师",
    }
}

pub(super) const fn route(route: Route) -> &'static str {
    match route {
        Route::First => "初次申报",
        Route::Promotion => "正常晋升",
        Route::Transfer => "转评",
        Route::Exceptional => "破格",
        Route::SkilledWorker => "高技能人才",
        Route::Qualification => "职业资格",
        Route::HighLevel => "高层次人才",
        Route::GreenChannel => "绿色通道",
        Route::Again => "再申报",
        Route::Entrusted => "委托评审",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_json() {
        let json = |v: serde_json::Result<serde_json::Value>| v.expect("a word").as_str().map(str::to_owned);
        for value in [Level::Technician, Level::AssistantEngineer, Level::Engineer, Level::SeniorEngineer] {
            assert_eq!(json(serde_json::to_value(value)).as_deref(), Some(level(value)));
        }
        for value in [
            Route::First,
            Route::Promotion,
            Route::Transfer,
            Route::Exceptional,
            Route::SkilledWorker,
            Route::Qualification,
            Route::HighLevel,
            Route::GreenChannel,
            Route::Again,
            Route::Entrusted,
        ] {
            assert_eq!(json(serde_json::to_value(value)).as_deref(), Some(route(value)));
        }
    }
}
