//! Rule packs: every mistake has its place, and a pack that is taken can be judged by.

use material_audit::model::packet::Applicant;
use material_audit::pack::{self, PackError};
use material_audit::run::Past;
use material_audit::run::packet::{ObservedPacket, judge};

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = pack::parse("p.toml", text);
    assert_eq!(pack::parse("p.toml", text), read, "the same text, the same pack");
    match read {
        Err(PackError::Invalid { mistakes, .. }) => {
            assert!(!mistakes.is_empty());
            let lines = text.bytes().filter(|b| *b == b'\n').count() + 1;
            for mistake in mistakes {
                assert!((1..=lines).contains(&mistake.line), "{mistake:?} of {lines} lines");
                assert!(!mistake.expected.is_empty(), "{mistake:?}");
            }
        }
        Err(other) => panic!("of a text only its mistakes are told: {other}"),
        Ok(pack) => {
            let longer = format!("{text}\n# 备注\n");
            assert_eq!(pack::parse("p.toml", &longer).as_ref(), Ok(&pack), "a remark changes nothing");
            let packet = ObservedPacket {
                folder: "1".into(),
                applicant: Applicant::default(),
                pages: Vec::new(),
                unreadable: Vec::new(),
            };
            let report = judge(packet, &pack, Past::first("1")).report;
            assert!(report.not_examined.is_empty(), "{:?}", report.not_examined);
        }
    }
}
