//! The built-in rule packs against their notices' clauses, and the JSON Schema against the code that reads packs.

use std::collections::BTreeSet;

use material_audit::check::registry;
use material_audit::model::finding::CheckId;
use material_audit::pack::{self, Automatable};
use serde_json::Value;

/// The schema that editors use; see [`the_schema_is_what_the_code_reads`].
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/checks/rule-pack.schema.json");

#[test]
fn every_clause_is_judged_or_left_to_a_person_with_a_reason() {
    let mut open = Vec::new();
    for id in pack::builtin_ids() {
        let rules = pack::load(id).unwrap_or_else(|e| panic!("{e}"));
        let clauses = pack::clauses(id).expect("a sound table").expect("every pack has its table");
        for row in pack::coverage(&rules, &clauses).iter().filter(|row| row.is_open()) {
            open.push(format!("{id} {} ({}): {}", row.clause.number, row.clause.check, row.clause.quote));
        }
    }
    assert!(open.is_empty(), "{} clauses are in neither list:\n{}", open.len(), open.join("\n"));
}

#[test]
fn a_clause_that_a_scan_shows_whole_is_judged_by_its_own_check() {
    for id in pack::builtin_ids() {
        let rules = pack::load(id).unwrap_or_else(|e| panic!("{e}"));
        let clauses = pack::clauses(id).expect("a sound table").expect("every pack has its table");
        for row in pack::coverage(&rules, &clauses) {
            if row.clause.automatable == Automatable::Auto && row.person.is_none() {
                let own = row.by.iter().any(|c| c.id() == row.clause.check);
                assert!(own, "{id} {}: {} is not among {:?}", row.clause.number, row.clause.check, row.by);
            }
        }
    }
}

#[test]
fn every_check_is_in_a_pack() {
    let mut used = BTreeSet::new();
    for id in pack::builtin_ids() {
        let rules = pack::load(id).unwrap_or_else(|e| panic!("{e}"));
        used.extend(rules.citations.iter().map(|c| c.check));
        used.extend(rules.checks.intake);
    }
    let idle: Vec<CheckId> = registry::all().iter().map(|c| c.id()).filter(|c| !used.contains(c)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// Where the code reads a key that the schema lacks, or the other way round, the new text is printed: put it into the file.
#[test]
fn the_schema_is_what_the_code_reads() {
    let written = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    let read = format!("{:#}\n", pack::schema());
    assert!(written == read, "checks/rule-pack.schema.json should be:\n{read}");
}

#[test]
fn the_schema_accepts_the_packs_and_refuses_what_the_code_refuses() {
    let schema = pack::schema();
    let told = |text: &str| {
        let table: toml::Table = toml::from_str(text).expect("TOML");
        complaint(&schema, &schema, &serde_json::to_value(table).expect("JSON"), "")
    };
    for id in pack::builtin_ids() {
        let text = pack::source(id);
        assert_eq!(told(text), None, "{id}");
        for (from, to) in [
            ("[notice]\n", "[notice]\ntitel = \"x\"\n"),
            ("severity = \"correct\"", "severity = \"corect\""),
            ("severity = \"correct\"\n", ""),
            ("year = 20", "year = \"x\" # "),
            ("[[material]]\nmaterial = \"", "[[material]]\nmaterial = \"no-"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{id} has {from}");
            assert!(pack::parse(id, &broken).is_err(), "{id}: the code refuses {to}");
            assert!(told(&broken).is_some(), "{id}: the schema refuses {to}");
        }
    }
}

/// Where a value breaks a part of the schema, by the keywords that the schema uses.
fn complaint(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let no = |what: &str| Some(format!("{at}: {what}"));
    if let Some(name) = schema["$ref"].as_str() {
        let body = root.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} is defined"));
        return complaint(root, body, value, at);
    }
    if let Some(names) = schema["enum"].as_array() {
        return if names.contains(value) { None } else { no("not among the names") };
    }
    if let Some(ways) = schema["anyOf"].as_array() {
        return if ways.iter().any(|w| complaint(root, w, value, at).is_none()) {
            None
        } else {
            no("none of the ways")
        };
    }
    match (schema["type"].as_str(), value) {
        (Some("object"), Value::Object(table)) => {
            let lacking = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|k| value.get(k.as_str().expect("a key")).is_none());
            if let Some(key) = lacking {
                return no(&format!("lacks {key}"));
            }
            table.iter().find_map(|(key, inner)| match schema["properties"].get(key) {
                Some(below) => complaint(root, below, inner, &format!("{at}.{key}")),
                None => no(&format!("unknown {key}")),
            })
        }
        (Some("array"), Value::Array(items)) => items
            .iter()
            .enumerate()
            .find_map(|(i, item)| complaint(root, &schema["items"], item, &format!("{at}[{i}]"))),
        (Some("string"), Value::String(text)) if !text.is_empty() || schema["minLength"].is_null() => None,
        (Some("integer"), Value::Number(n)) if n.is_u64() => None,
        (Some("number"), Value::Number(n)) if n.as_f64().is_some_and(|n| (0.0..=1.0).contains(&n)) => None,
        (Some("boolean"), Value::Bool(_)) => None,
        _ => no("of another kind"),
    }
}
