//! The shape of a rule pack as a JSON Schema for editors, noted down while packs are being read: the code that reads a
//! key is the only place that says what the key may hold.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// What a key may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Texts,
    /// One of these names; none listed where the pack declares them itself.
    Name(Vec<String>),
    Names(Vec<String>),
    /// Names, or lists of names of equal rank.
    Ranks(Vec<String>),
    Whole,
    Share,
    Range,
    Flag,
    Table,
    Tables,
}

#[derive(Debug, Default)]
struct Key {
    shape: Option<Shape>,
    required: usize,
}

#[derive(Debug, Default)]
struct Kind {
    visits: usize,
    keys: BTreeMap<&'static str, Key>,
}

/// What was asked of each kind of table; a kind is named by its place (`check.missing-seal.when`), the pack itself by "".
#[derive(Debug, Default)]
pub(super) struct Shapes(BTreeMap<String, Kind>);

impl Shapes {
    pub(super) fn visit(&mut self, kind: &str) {
        self.0.entry(kind.to_owned()).or_default().visits += 1;
    }

    /// A choice is read as a text first: the narrower shape stays.
    pub(super) fn note(&mut self, kind: &str, key: &'static str, shape: Shape, required: bool) {
        let known = self.0.entry(kind.to_owned()).or_default().keys.entry(key).or_default();
        known.required += usize::from(required);
        match known.shape {
            None => known.shape = Some(shape),
            Some(Shape::Text | Shape::Texts) if shape != Shape::Text => known.shape = Some(shape),
            _ => {}
        }
    }

    /// What several packs asked, together.
    pub(super) fn join(&mut self, other: Self) {
        for (name, kind) in other.0 {
            let mine = self.0.entry(name).or_default();
            mine.visits += kind.visits;
            for (key, asked) in kind.keys {
                let known = mine.keys.entry(key).or_default();
                known.required += asked.required;
                known.shape = known.shape.take().or(asked.shape);
            }
        }
    }

    /// The whole pack as JSON Schema (draft 2020-12).
    pub(super) fn schema(&self) -> Value {
        let mut root = self.table("");
        if let Some(root) = root.as_object_mut() {
            root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
            root.insert("title".into(), json!("material-audit 规则包"));
        }
        root
    }

    fn table(&self, name: &str) -> Value {
        let Some(kind) = self.0.get(name) else { return json!({ "type": "object" }) };
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, asked) in &kind.keys {
            let below = if name.is_empty() { (*key).to_owned() } else { format!("{name}.{key}") };
            properties.insert((*key).to_owned(), self.value(asked.shape.as_ref(), &below));
            if asked.required == kind.visits {
                required.push(*key);
            }
        }
        json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
    }

    fn value(&self, shape: Option<&Shape>, below: &str) -> Value {
        let text = json!({ "type": "string", "minLength": 1 });
        let name = |names: &[String]| if names.is_empty() { text.clone() } else { json!({ "enum": names }) };
        match shape {
            None => json!({}),
            Some(Shape::Text) => text,
            Some(Shape::Texts) => json!({ "type": "array", "items": text }),
            Some(Shape::Name(names)) => name(names),
            Some(Shape::Names(names)) => json!({ "type": "array", "items": name(names) }),
            Some(Shape::Ranks(names)) => {
                let one = name(names);
                json!({ "type": "array", "items": { "anyOf": [one, { "type": "array", "items": one }] } })
            }
            Some(Shape::Whole) => json!({ "type": "integer", "minimum": 0, "maximum": u16::MAX }),
            Some(Shape::Share) => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
            Some(Shape::Range) => {
                let end = json!({ "type": "integer", "minimum": 0, "maximum": u16::MAX });
                json!({ "type": "array", "items": end, "minItems": 2, "maxItems": 2 })
            }
            Some(Shape::Flag) => json!({ "type": "boolean" }),
            Some(Shape::Table) => self.table(below),
            Some(Shape::Tables) => json!({ "type": "array", "items": self.table(below) }),
        }
    }
}
