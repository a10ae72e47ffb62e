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
        let whole = self.table("");
        let mut times = BTreeMap::new();
        count(&whole, &mut times);
        let mut defs = Defs { times, names: BTreeMap::new(), bodies: Map::new() };
        let mut root = defs.shared("", &whole, true);
        if let Some(root) = root.as_object_mut() {
            root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
            root.insert("title".into(), json!("material-audit 规则包"));
            root.insert("$defs".into(), Value::Object(defs.bodies));
        }
        root
    }

    fn table(&self, name: &str) -> Value {
        let Some(kind) = self.0.get(name) else { return json!({ "type": "object" }) };
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, asked) in &kind.keys {
            let below = if name.is_empty() { (*key).to_owned() } else { format!("{name}.{key}") };
            properties.insert((*key).to_owned(), self.value(asked, &below));
            if asked.required == kind.visits {
                required.push(*key);
            }
        }
        json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
    }

    fn value(&self, asked: &Key, below: &str) -> Value {
        let text = json!({ "type": "string", "minLength": 1 });
        let name = |names: &[String]| if names.is_empty() { text.clone() } else { json!({ "enum": names }) };
        match asked.shape.as_ref() {
            None => json!({}),
            // What may be left out may be left empty, too.
            Some(Shape::Text) if asked.required == 0 => json!({ "type": "string" }),
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

/// A schema written in fewer characters than this is not worth a name.
const WORTH_A_NAME: usize = 120;

/// How often each part that is worth a name occurs, by its text.
fn count(schema: &Value, times: &mut BTreeMap<String, usize>) {
    let text = schema.to_string();
    if text.len() >= WORTH_A_NAME {
        *times.entry(text).or_default() += 1;
    }
    for (_, part) in parts(schema) {
        count(part, times);
    }
}

/// The schemas directly inside a schema, each with the key that leads to it.
fn parts(schema: &Value) -> Vec<(&str, &Value)> {
    let properties = schema["properties"].as_object().into_iter().flatten().map(|(key, part)| (key.as_str(), part));
    let items = schema.get("items").into_iter().map(|part| ("items", part));
    let ways = schema["anyOf"].as_array().into_iter().flatten().map(|part| ("way", part));
    properties.chain(items).chain(ways).collect()
}

/// Parts that occur more than once, written once.
struct Defs {
    times: BTreeMap<String, usize>,
    /// By text.
    names: BTreeMap<String, String>,
    bodies: Map<String, Value>,
}

impl Defs {
    /// The schema with references in place of what occurs more than once; `key` leads to it.
    fn shared(&mut self, key: &str, schema: &Value, root: bool) -> Value {
        let text = schema.to_string();
        if !root && self.times.get(&text).is_some_and(|n| *n > 1) {
            let name = match self.names.get(&text) {
                Some(name) => name.clone(),
                None => {
                    let name = self.free(key);
                    self.names.insert(text, name.clone());
                    let body = self.inside(key, schema);
                    self.bodies.insert(name.clone(), body);
                    name
                }
            };
            return json!({ "$ref": format!("#/$defs/{name}") });
        }
        self.inside(key, schema)
    }

    fn inside(&mut self, key: &str, schema: &Value) -> Value {
        let Some(table) = schema.as_object() else { return schema.clone() };
        let mut out = Map::new();
        for (word, value) in table {
            let value = match (word.as_str(), value) {
                ("properties", Value::Object(below)) => {
                    Value::Object(below.iter().map(|(k, v)| (k.clone(), self.shared(k, v, false))).collect())
                }
                ("items", one) => self.shared(key, one, false),
                ("anyOf", Value::Array(ways)) => {
                    Value::Array(ways.iter().map(|way| self.shared(key, way, false)).collect())
                }
                _ => value.clone(),
            };
            out.insert(word.clone(), value);
        }
        Value::Object(out)
    }

    /// The key, numbered where another part has taken it.
    fn free(&self, key: &str) -> String {
        let taken = |name: &String| self.names.values().any(|n| n == name);
        let numbered = (2..).map(|n| format!("{key}-{n}"));
        std::iter::once(key.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}
