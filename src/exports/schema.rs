//! JSON Schemas: of the plan and of `relplan.toml`, made from the same tables
//! that relplan reads by, and of its own machine formats.

use serde_json::{Map, Value, json};

use crate::config;
use crate::model::dep::{Criteria, Environment, Rollback, Step, Validation};
use crate::model::document::WRAPPER;
use crate::model::entry::{HEADER, PLAIN};
use crate::model::epic::Epic;
use crate::model::field::{Field, Shape};
use crate::model::indicator::{Kpi, Mon};
use crate::model::rel::Rel;
use crate::model::risk::Risk;
use crate::model::runbook::Run;
use crate::model::test::Test;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// An id, as a regular expression.
const ID: &str = "^[A-Z][A-Z0-9_]*(-[A-Z0-9_]+)*-[0-9]{1,9}[a-z]?(-[A-Za-z][A-Za-z0-9_]*)*$";

/// The schema of a YAML file of a plan, in any of its four shapes.
pub fn plan() -> Value {
    let mut definitions = Map::new();
    let mut cases = Vec::new();
    for (name, prefix, fields) in families() {
        definitions.insert(name.to_owned(), entry_of(fields));
        cases.push(case(prefix, name));
    }
    definitions.insert("DEP".to_owned(), deployment_item());
    definitions.insert("plain".to_owned(), entry_of(PLAIN));
    cases.push(case("DEP", "DEP"));
    definitions.insert("fields".to_owned(), json!({ "type": "object" }));
    definitions.insert("entry".to_owned(), json!({ "type": "object", "allOf": cases }));
    definitions.insert(
        "keyed".to_owned(),
        json!({
            "type": "object",
            "propertyNames": { "anyOf": [{ "pattern": ID }, { "pattern": "^[xX]-" }, { "const": "$schema" }] },
        }),
    );
    definitions.insert(
        "list".to_owned(),
        json!({
            "type": "array",
            "items": { "anyOf": [{ "$ref": "#/$defs/named" }, { "$ref": "#/$defs/notation" }] },
        }),
    );
    definitions.insert(
        "named".to_owned(),
        json!({
            "allOf": [{ "type": "object", "required": ["id"] }, { "$ref": "#/$defs/entry" }],
        }),
    );
    // The methodology's own notation: the first key is the id and its value the title.
    definitions.insert(
        "notation".to_owned(),
        json!({
            "type": "object",
            // Some key is an id, and none is `id`.
            "allOf": [
                { "not": { "propertyNames": { "not": { "pattern": ID } } } },
                { "not": { "required": ["id"] } },
            ],
        }),
    );
    definitions.insert("records".to_owned(), records());
    json!({
        "$schema": DRAFT,
        "title": "A file of a release plan for relplan",
        "$defs": definitions,
        "anyOf": [
            { "$ref": "#/$defs/named" },
            { "$ref": "#/$defs/list" },
            {
                "type": "object",
                "required": ["entries"],
                "properties": {
                    "entries": { "anyOf": [{ "$ref": "#/$defs/list" }, { "$ref": "#/$defs/keyed" }] },
                    "defaults": { "type": "object" },
                },
            },
            { "$ref": "#/$defs/records" },
            { "$ref": "#/$defs/notation" },
            { "$ref": "#/$defs/keyed" },
        ],
    })
}

/// A document of approvals and waivers, which may have entries beside them.
fn records() -> Value {
    let known = WRAPPER.iter().filter(|field| matches!(field.shape, Shape::Structure(_)));
    let mut properties: Map<_, _> = known.map(|field| (field.name.to_owned(), shape(field))).collect();
    let required: Vec<Value> = properties.keys().map(|name| json!({ "required": [name] })).collect();
    let entries = json!({ "anyOf": [{ "$ref": "#/$defs/list" }, { "$ref": "#/$defs/keyed" }] });
    properties.insert("entries".to_owned(), entries);
    properties.insert("defaults".to_owned(), json!({ "type": "object" }));
    with_schema(json!({
        "type": "object",
        "anyOf": required,
        "properties": properties,
        "patternProperties": { "^[xX]-": {} },
        "additionalProperties": false,
    }))
}

/// The schema of `relplan.toml`.
pub fn config() -> Value {
    let level = json!({ "enum": words(crate::model::field::words::<config::LevelWord>()) });
    let declared = object(config::DECLARED_FIELD);
    let mut family = object(config::FAMILY);
    family["properties"]["fields"] = json!({ "type": "object", "additionalProperties": declared });
    let mut schema = with_schema(object(config::TABLES));
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!("relplan.toml");
    schema["properties"]["rules"] = json!({
        "type": "object",
        "description": "The level of rules, by name or code.",
        "properties": crate::rules::ALL.iter().map(|rule| {
            (rule.name.to_owned(), json!({ "description": rule.summary(), "enum": words(crate::model::field::words::<config::LevelWord>()) }))
        }).collect::<Map<_, _>>(),
        "additionalProperties": level,
    });
    schema["properties"]["calendar"] = calendar();
    schema["properties"]["roles"] = json!({
        "type": "object",
        "description": "Approvers by role, with the time in which they hold it.",
        "additionalProperties": object(config::roster::ROLE),
    });
    schema["properties"]["families"] = json!({
        "type": "object",
        "description": "Custom families of entries, by prefix.",
        "propertyNames": { "pattern": "^[A-Z][A-Z0-9_]*(-[A-Z0-9_]+)*$" },
        "additionalProperties": family,
    });
    schema
}

/// `[calendar]`: two of its tables have release types for keys.
fn calendar() -> Value {
    let mut schema = object(config::calendar::CALENDAR);
    let of_types = |inner: &Value| {
        let types = crate::model::field::words::<crate::model::rel::RelType>();
        types.into_iter().map(|name| (name.to_owned(), inner.clone())).collect::<Map<_, _>>()
    };
    let offsets = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    for (key, inner) in [("milestones", offsets), ("minimum", object(config::calendar::MINIMUM))] {
        schema["properties"][key]["type"] = json!("object");
        schema["properties"][key]["properties"] = Value::Object(of_types(&inner));
    }
    schema["description"] = json!("Working days, holidays, freezes, milestones and release trains.");
    schema
}

fn families() -> [(&'static str, &'static str, &'static [Field]); 7] {
    [
        ("EPIC", "EPIC", Epic::FIELDS),
        ("TEST", "TEST", Test::FIELDS),
        ("RISK", "RISK", Risk::FIELDS),
        ("REL", "REL", Rel::FIELDS),
        ("MON", "MON", Mon::FIELDS),
        ("RUN", "RUN", Run::FIELDS),
        ("KPI", "KPI", Kpi::FIELDS),
    ]
}

/// An entry whose id begins with the prefix must be of the definition.
fn case(prefix: &str, definition: &str) -> Value {
    json!({
        "if": { "required": ["id"], "properties": { "id": { "type": "string", "pattern": format!("^{prefix}-[0-9]") } } },
        "then": { "$ref": format!("#/$defs/{definition}") },
    })
}

/// The five kinds of deployment item: which one is chosen by `type`.
fn deployment_item() -> Value {
    let kinds = [
        ("Environment", Environment::FIELDS),
        ("Criteria", Criteria::FIELDS),
        ("Rollback", Rollback::FIELDS),
        ("Validation", Validation::FIELDS),
        ("Step", Step::FIELDS),
    ];
    let cases: Vec<Value> = kinds
        .into_iter()
        .map(|(kind, fields)| {
            json!({
                "if": { "required": ["type"], "properties": { "type": { "const": kind } } },
                "then": entry_of(fields),
            })
        })
        .collect();
    json!({ "type": "object", "properties": { "type": Environment::FIELDS.first().map(shape) }, "allOf": cases })
}

fn entry_of(fields: &[Field]) -> Value {
    let all: Vec<Field> = fields.iter().chain(HEADER).copied().collect();
    with_schema(object(&all))
}

/// The schema of a document that may name its schema, as editors want it.
fn with_schema(mut schema: Value) -> Value {
    schema["properties"]["$schema"] = json!({ "type": "string" });
    schema
}

/// A mapping with these keys, in any folding of case and separators.
fn object(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    let mut patterns = Map::new();
    for field in fields {
        for name in std::iter::once(&field.name).chain(field.aliases) {
            properties.entry((*name).to_owned()).or_insert_with(|| shape(field));
            patterns.insert(folded_pattern(name), json!({}));
        }
    }
    patterns.insert("^[xX]-".to_owned(), json!({}));
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": false,
    })
}

/// `linked_ids` as a regular expression that takes `Linked IDs` too.
fn folded_pattern(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        '_' => "[ _-]?".to_owned(),
        letter => format!("[{letter}{}]", letter.to_ascii_uppercase()),
    });
    format!("^{}$", letters.collect::<String>())
}

fn shape(field: &Field) -> Value {
    let mut schema = match field.shape {
        Shape::Text | Shape::Version => json!({ "type": ["string", "number", "boolean"] }),
        // Words fold, and a remark may follow; the list is for completion.
        Shape::Choice(known) => {
            json!({ "type": "string", "anyOf": [{ "enum": known() }, { "type": "string" }] })
        }
        Shape::Flag => {
            json!({ "anyOf": [{ "type": "boolean" }, { "type": "string", "pattern": "^([Yy]es|[Nn]o|[Tt]rue|[Ff]alse|YES|NO)" }] })
        }
        Shape::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" }),
        Shape::Number => json!({ "type": ["number", "string"] }),
        Shape::Percentage => {
            json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 100 }, { "type": "string", "pattern": "%|[0-9]" }] })
        }
        Shape::Duration | Shape::Window => json!({ "type": "string", "pattern": "[0-9]" }),
        Shape::Threshold => json!({ "type": ["string", "number"] }),
        Shape::Links | Shape::List => json!({
            "anyOf": [{ "type": ["string", "number"] }, { "type": "array", "items": { "type": ["string", "number"] } }],
        }),
        Shape::Structure(fields) => {
            let inner = object(fields);
            json!({ "anyOf": [inner, { "type": "array", "items": { "anyOf": [inner, { "type": "string" }] } }, { "type": "string" }] })
        }
        Shape::Open(fields) => {
            let mut inner = object(fields);
            inner["additionalProperties"] = json!({ "type": ["string", "boolean"] });
            inner
        }
        Shape::Free => json!({ "type": ["object", "array"] }),
    };
    schema["description"] = json!(field.about);
    schema
}

fn words(known: Vec<&'static str>) -> Vec<&'static str> {
    known
}
