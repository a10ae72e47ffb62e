//! The checks of values of forms and certificates, as written.

use regex::Regex;

use super::super::rules::fields::{
    BlankField, ColumnRef, DateAt, DateRule, DateValue, EntryOrder, FieldRef, FieldValue, Fields, IdentityNumber,
    Moment, Named, Target, UnitName, ValueRule, WrongPerson,
};
use super::super::schema::{Choice, Reader, nearest};
use super::{Scope, each};
use crate::model::material::Material;

const NAMED: [(&str, Named); 3] = [("holder", Named::Holder), ("among", Named::Among), ("first", Named::First)];

/// What a `date-value` entry may be.
#[derive(Clone, Copy)]
enum Kind {
    Possible,
    Apart,
    Since,
    Age,
    WholeYears,
    CoveredMonths,
    AfterPublicity,
}

const KINDS: [(&str, Kind); 7] = [
    ("possible", Kind::Possible),
    ("apart", Kind::Apart),
    ("since", Kind::Since),
    ("age", Kind::Age),
    ("whole-years", Kind::WholeYears),
    ("covered-months", Kind::CoveredMonths),
    ("after-publicity", Kind::AfterPublicity),
];

/// The keys of `field-value` of which an entry has exactly one.
const RULES: [&str; 8] =
    ["one_of", "none_of", "pattern", "max_length", "between", "topics", "must_be_empty", "same_as"];

pub(super) fn read(table: &Reader<'_>, scope: &Scope<'_>) -> Fields {
    Fields {
        wrong_person: each(table, "wrong-person", "check.wrong-person", |r| WrongPerson {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
            named: r.pick_optional("named", &Choice::new("署名方式", NAMED)).unwrap_or(Named::Holder),
            category: r.picks("category", &scope.names.categories),
        }),
        identity_number: each(table, "identity-number", "check.identity-number", |r| IdentityNumber {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
        }),
        date_value: each(table, "date-value", "check.date-value", |r| DateValue {
            basis: scope.basis(r),
            rule: scope.date_rule(r),
        }),
        blank_field: each(table, "blank-field", "check.blank-field", |r| scope.blank_field(r)),
        field_value: each(table, "field-value", "check.field-value", |r| scope.field_value(r)),
        unit_name: each(table, "unit-name", "check.unit-name", |r| UnitName {
            basis: scope.basis(r),
            material: scope.materials(r, "material"),
        }),
        entry_order: each(table, "entry-order", "check.entry-order", |r| EntryOrder {
            basis: scope.basis(r),
            column: scope.column_ref(r),
        }),
    }
}

impl Scope<'_> {
    /// A label that a check names must be a field of each material's form; gives the field's first label.
    fn label(&self, reader: &Reader<'_>, key: &str, label: &str, materials: &[Material]) -> String {
        let mut first = label.to_owned();
        if label.is_empty() {
            return first;
        }
        for material in materials {
            let fields = self.forms.iter().filter(|f| f.material == *material).flat_map(|f| &f.fields);
            let fields: Vec<_> = fields.collect();
            if let Some(field) = fields.iter().find(|f| f.labels.iter().any(|l| l == label)) {
                first = field.labels[0].clone();
                continue;
            }
            let valid: Vec<&str> = fields.iter().filter_map(|f| f.labels.first()).map(String::as_str).collect();
            let expected = if valid.is_empty() {
                format!("{material} 的 [[form]] 中的一个 [[form.field]]（现在没有）")
            } else {
                format!("{material} 的栏目：{}", valid.join("、"))
            };
            reader.mistake(key, format!("写着“{label}”"), expected, nearest(label, valid.into_iter()));
        }
        first
    }

    fn field_ref(&self, reader: &Reader<'_>, key: &'static str) -> FieldRef {
        let Some(table) = reader.table(key) else {
            if !reader.has(key) {
                reader.mistake(key, "缺少这一项", "{ material = [材料代码], label = \"栏目\" }", None);
            }
            return FieldRef { material: Vec::new(), label: String::new() };
        };
        let material = self.materials(&table, "material");
        let label = self.label(&table, "label", &table.text("label"), &material);
        table.finish();
        FieldRef { material, label }
    }

    /// The keys `material`, `label` and `beside` of a table.
    fn column_ref(&self, reader: &Reader<'_>) -> ColumnRef {
        let material = self.materials(reader, "material");
        let label = self.label(reader, "label", &reader.text("label"), &material);
        let beside = reader.texts("beside").iter().map(|l| self.label(reader, "beside", l, &material)).collect();
        ColumnRef { field: FieldRef { material, label }, beside }
    }

    fn date_at(&self, reader: &Reader<'_>, key: &'static str) -> DateAt {
        let dated = reader.table(key).filter(|t| t.has("date"));
        let Some(table) = dated else { return DateAt::Field(self.field_ref(reader, key)) };
        let at = moment(&table, "date");
        table.finish();
        DateAt::Fixed(at)
    }

    fn date_rule(&self, r: &Reader<'_>) -> DateRule {
        match r.pick("kind", &Choice::new("时间规则", KINDS)).unwrap_or(Kind::Possible) {
            Kind::Possible => DateRule::Possible {
                material: self.materials(r, "material"),
                latest: r.has("latest").then(|| moment(r, "latest")),
            },
            Kind::Apart => DateRule::Apart {
                earlier: self.date_at(r, "earlier"),
                later: self.date_at(r, "later"),
                months: r.number("months", Some(0)),
            },
            Kind::Since => DateRule::Since { column: self.column_ref(r), start: self.date_at(r, "start") },
            Kind::Age => DateRule::Age {
                birth: self.field_ref(r, "birth"),
                sex: self.field_ref(r, "sex"),
                on: moment(r, "on"),
                men: r.number("men", Some(60)),
                women: r.number("women", Some(55)),
            },
            Kind::WholeYears => DateRule::WholeYears {
                value: self.field_ref(r, "value"),
                since: self.field_ref(r, "since"),
                on: moment(r, "on"),
            },
            Kind::CoveredMonths => {
                DateRule::CoveredMonths { material: self.materials(r, "material"), months: r.number("months", None) }
            }
            Kind::AfterPublicity => {
                let opinion = self.materials(r, "opinion");
                let place = r.optional("place");
                if let Some(place) = &place {
                    for material in &opinion {
                        self.place(r, *material, place, None);
                    }
                }
                DateRule::AfterPublicity { opinion, place, publicity: self.materials(r, "publicity") }
            }
        }
    }

    fn blank_field(&self, r: &Reader<'_>) -> BlankField {
        let material = self.materials(r, "material");
        let labels = r.texts("labels").iter().map(|l| self.label(r, "labels", l, &material)).collect();
        let places = r.texts("places");
        for place in &places {
            for material in &material {
                self.place(r, *material, place, None);
            }
        }
        let entry = BlankField { basis: self.basis(r), material, labels, places };
        if entry.labels.is_empty() && entry.places.is_empty() {
            r.mistake("labels", "没有列出任何栏目", "labels 或 places 至少一项", None);
        }
        entry
    }

    fn field_value(&self, r: &Reader<'_>) -> FieldValue {
        let material = self.materials(r, "material");
        let target = match r.optional("place") {
            Some(place) => {
                for material in &material {
                    self.place(r, *material, &place, None);
                }
                Target::Place(place)
            }
            None => match r.optional("label") {
                Some(label) => Target::Label(self.label(r, "label", &label, &material)),
                None => Target::Document,
            },
        };
        let written: Vec<&str> = RULES.into_iter().filter(|k| r.has(k)).collect();
        if written.len() != 1 {
            let found = if written.is_empty() {
                "一项也没有写".to_owned()
            } else {
                format!("写了 {}", written.join("、"))
            };
            r.mistake(
                written.first().copied().unwrap_or("one_of"),
                found,
                format!("{} 中写一项", RULES.join("、")),
                None,
            );
        }
        FieldValue {
            basis: self.basis(r),
            material,
            target,
            rule: self.value_rule(r),
            any_document: r.flag("any_document"),
        }
    }

    fn value_rule(&self, r: &Reader<'_>) -> ValueRule {
        // Every key is asked for, so that the keys an entry may hold are told whichever it has.
        r.flag("must_be_empty");
        let lists = [("one_of", r.texts("one_of")), ("none_of", r.texts("none_of"))];
        let pattern = r.optional("pattern");
        let except = r.texts("except");
        let most = r.number("max_length", Some(0));
        let between = r.range("between", (0, 0));
        let topics: Vec<Vec<String>> = r
            .texts("topics")
            .iter()
            .map(|t| t.split('/').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect())
            .collect();
        if let Some(pattern) = pattern {
            return match Regex::new(&pattern) {
                Ok(regex) => ValueRule::Matches(regex),
                Err(_) => {
                    r.mistake("pattern", format!("写着“{pattern}”"), "正则表达式", None);
                    ValueRule::Empty
                }
            };
        }
        if r.has("same_as") {
            return ValueRule::SameAs(self.field_ref(r, "same_as"));
        }
        for (key, list) in lists {
            if r.has(key) {
                return if key == "one_of" { ValueRule::OneOf(list) } else { ValueRule::NoneOf(list) };
            }
        }
        if r.has("between") {
            ValueRule::Between(between.0, between.1)
        } else if r.has("topics") {
            ValueRule::Topics(topics)
        } else if r.has("max_length") {
            ValueRule::AtMost(most, except)
        } else {
            ValueRule::Empty
        }
    }
}

/// `2018年12月31日` or `2018年12月`.
fn moment(reader: &Reader<'_>, key: &'static str) -> Moment {
    let text = reader.text(key);
    let stand_in = Moment { year: 1, month: 1, day: None };
    if text.is_empty() {
        return stand_in;
    }
    let read = |text: &str| -> Option<Moment> {
        let (year, rest) = text.split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        let day = match rest.trim() {
            "" => None,
            day => Some(day.strip_suffix('日')?.parse().ok().filter(|d| (1..=31).contains(d))?),
        };
        Some(Moment {
            year: year.trim().parse().ok().filter(|y| (1900..=2999).contains(y))?,
            month: month.trim().parse().ok().filter(|m| (1..=12).contains(m))?,
            day,
        })
    };
    read(text.trim()).unwrap_or_else(|| {
        reader.mistake(key, format!("写着“{text}”"), "如 2018年12月31日，或 2018年12月", None);
        stand_in
    })
}
