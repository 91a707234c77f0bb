//! JSON Schemas: of the plan and of `relplan.toml`, made from the same tables
//! that relplan reads by, and of its own machine formats.

mod spelling;

use serde_json::{Map, Value, json};

use crate::config;
use crate::model::Choice;
use crate::model::dep::{Criteria, DepType, Environment, Rollback, Step, Validation};
use crate::model::document::WRAPPER;
use crate::model::entry::{HEADER, PLAIN};
use crate::model::epic::Epic;
use crate::model::field::{Field, Shape};
use crate::model::flag::Flag;
use crate::model::graded::Graded;
use crate::model::handoff::Handoff;
use crate::model::incident::{Action, Incident};
use crate::model::indicator::{Kpi, Mon};
use crate::model::rel::Rel;
use crate::model::risk::Risk;
use crate::model::runbook::Run;
use crate::model::test::Test;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// An id, as a regular expression.
const ID: &str = "^[A-Z][A-Z0-9_]*(-[A-Z0-9_]+)*-[0-9]{1,9}[a-z]?(-[A-Za-z][A-Za-z0-9_]*)*$";

/// Keys of the writer's own, and the one that merges a mapping.
const OWN_KEY: &str = "^[xX]-|^<<$";

/// A schema that editors look up for files of a project.
#[derive(Debug, Clone, Copy)]
pub enum EditorSchema {
    /// That of the YAML files of a plan.
    Plan,
    /// That of `relplan.toml`.
    Config,
}

impl EditorSchema {
    /// The name of its file.
    pub const fn file_name(self) -> &'static str {
        match self {
            EditorSchema::Plan => "relplan-plan.json",
            EditorSchema::Config => "relplan-config.json",
        }
    }

    /// The schema.
    pub fn schema(self) -> Value {
        match self {
            EditorSchema::Plan => plan(),
            EditorSchema::Config => config(),
        }
    }

    /// The schema as a file.
    pub fn text(self) -> String {
        serde_json::to_string_pretty(&self.schema()).unwrap_or_default() + "\n"
    }

    /// Its identifier: the address of a schema of this name in SchemaStore.
    fn id(self) -> String {
        format!("https://www.schemastore.org/{}", self.file_name())
    }
}

/// The entries for the catalogue of SchemaStore. Plans have no file name of their own, so that theirs is chosen by name.
pub fn catalog() -> Value {
    let entry = |schema: EditorSchema, name: &str, description: &str, files: &[&str]| json!({ "name": name, "description": description, "fileMatch": files, "url": schema.id() });
    json!([
        entry(
            EditorSchema::Config,
            "relplan.toml",
            "Configuration of a release plan for relplan",
            &["relplan.toml"]
        ),
        entry(EditorSchema::Plan, "relplan plan", "A file of a release plan for relplan", &[]),
    ])
}

/// The schema of a YAML file of a plan, in any of its four shapes.
fn plan() -> Value {
    let mut definitions = Definitions::default();
    let mut families = vec![("DEP", definitions.deployment_item())];
    families.extend(typed_families().map(|(prefix, fields)| (prefix, definitions.entry_of(fields))));
    // `relplan.toml` may declare more fields of them, and more families.
    let mut plain = definitions.entry_of(PLAIN);
    plain["additionalProperties"] = json!(true);
    for (name, schema) in &families {
        definitions.define(name, schema.clone());
    }
    definitions.define("plain", plain);
    let prefixes: Vec<&str> = families.iter().map(|(prefix, _)| *prefix).collect();
    let wrapper = definitions.wrapper();
    definitions.define("wrapper", wrapper);
    definitions.define("named", named(&prefixes));
    definitions.define("notation", notation(&prefixes));
    definitions.define("keyed", keyed(&prefixes));
    definitions.define("list", json!({ "type": "array", "items": item() }));
    let mut schema = json!({
        "$schema": DRAFT,
        "$id": EditorSchema::Plan.id(),
        "title": "A file of a release plan for relplan",
        "type": ["object", "array", "null"],
        "if": { "type": "array" },
        "then": reference("list"),
        "else": then(&json!({ "type": "object" }), document()),
    });
    schema["$defs"] = definitions.into_value();
    schema
}

/// The schema of `relplan.toml`.
fn config() -> Value {
    let mut definitions = Definitions::default();
    let declared = definitions.object(config::DECLARED_FIELD);
    let mut family = definitions.object(config::FAMILY);
    family["properties"]["fields"] = json!({ "type": "object", "additionalProperties": declared });
    let mut schema = with_schema(definitions.object(config::TABLES));
    let words = crate::model::field::words::<config::LevelWord>();
    let level = definitions.refer("level", json!({ "enum": words }));
    schema["$schema"] = json!(DRAFT);
    schema["$id"] = json!(EditorSchema::Config.id());
    schema["title"] = json!("relplan.toml");
    schema["properties"]["rules"] = json!({
        "type": "object",
        "description": "The level of rules, by name or code.",
        "properties": crate::rules::ALL.iter().map(|rule| {
            (rule.name.to_owned(), json!({ "description": rule.summary(), "$ref": level["$ref"] }))
        }).collect::<Map<_, _>>(),
        "additionalProperties": level,
    });
    schema["properties"]["calendar"] = definitions.calendar();
    schema["properties"]["roles"] = json!({
        "type": "object",
        "description": "Approvers by role, with the time in which they hold it.",
        "additionalProperties": definitions.object(config::roster::ROLE),
    });
    schema["properties"]["team"] = json!({
        "type": "object",
        "description": "People and teams by name: capacity, absences, skills.",
        "additionalProperties": definitions.object(config::team::TEAM),
    });
    schema["properties"]["families"] = json!({
        "type": "object",
        "description": "Custom families of entries, by prefix.",
        "propertyNames": { "pattern": "^[A-Z][A-Z0-9_]*(-[A-Z0-9_]+)*$" },
        "additionalProperties": family,
    });
    schema["$defs"] = definitions.into_value();
    schema
}

fn typed_families() -> impl Iterator<Item = (&'static str, &'static [Field])> {
    [
        ("EPIC", Epic::FIELDS),
        ("TEST", Test::FIELDS),
        ("RISK", Risk::FIELDS),
        ("REL", Rel::FIELDS),
        ("MON", Mon::FIELDS),
        ("RUN", Run::FIELDS),
        ("KPI", Kpi::FIELDS),
        ("INC", Incident::FIELDS),
        ("ACT", Action::FIELDS),
        ("HND", Handoff::FIELDS),
        ("FLAG", Flag::FIELDS),
        ("API", Graded::API),
        ("BUG", Graded::DEFECT),
        ("UJ", Graded::JOURNEY),
    ]
    .into_iter()
}

/// A document that is no list. The shapes are told apart by keys alone, so that an editor reports what is wrong with
/// one shape and not that none of them fits.
fn document() -> Value {
    let is_wrapper = json!({ "anyOf": WRAPPER.iter().map(|field| has_key(&spelling::key(field.name))).collect::<Vec<_>>() });
    either(
        &has_key(&spelling::key("id")),
        reference("named"),
        either(
            &all_keys_are_ids(),
            reference("keyed"),
            either(
                &has_key(ID),
                reference("notation"),
                either(&is_wrapper, reference("wrapper"), needs_id()),
            ),
        ),
    )
}

/// An item of a list.
fn item() -> Value {
    let mut alone = all_keys_are_ids();
    alone["maxProperties"] = json!(1);
    let unnamed = either(&alone, reference("keyed"), either(&has_key(ID), reference("notation"), needs_id()));
    either(&has_key(&spelling::key("id")), reference("named"), unnamed)
}

fn needs_id() -> Value {
    json!({ "type": "object", "required": ["id"] })
}

/// An entry named by `id`.
fn named(prefixes: &[&str]) -> Value {
    let is_of = |prefix: &str| json!({ "patternProperties": { spelling::key("id"): { "type": "string", "pattern": of_prefix(prefix) } } });
    json!({
        "type": "object",
        "patternProperties": { spelling::key("id"): { "type": "string", "pattern": ID } },
        "propertyNames": { "not": { "pattern": ID } },
        "allOf": prefixes.iter().map(|prefix| then(&is_of(prefix), reference(prefix))).collect::<Vec<_>>(),
        "if": { "not": { "anyOf": prefixes.iter().map(|prefix| is_of(prefix)).collect::<Vec<_>>() } },
        "then": reference("plain"),
    })
}

/// An entry in the methodology's own notation: the first key is the id and its value the title.
fn notation(prefixes: &[&str]) -> Value {
    let case = |prefix: &&str| then(&has_key(&of_prefix(prefix)), reference(prefix));
    json!({ "type": "object", "allOf": prefixes.iter().map(case).collect::<Vec<_>>() })
}

/// A mapping from ids to entries, or to their titles.
fn keyed(prefixes: &[&str]) -> Value {
    let entry = |prefix: &&str| {
        let inner = json!({ "if": { "type": "object" }, "then": reference(prefix) });
        (of_prefix(prefix), inner)
    };
    json!({ "type": "object", "patternProperties": prefixes.iter().map(entry).collect::<Map<_, _>>() })
}

/// The ids of a family, as a regular expression.
fn of_prefix(prefix: &str) -> String {
    format!("^{prefix}-[0-9]")
}

fn all_keys_are_ids() -> Value {
    json!({
        "minProperties": 1,
        "propertyNames": { "anyOf": [{ "pattern": ID }, { "pattern": OWN_KEY }, { "const": "$schema" }] },
    })
}

/// A mapping in which some key matches.
fn has_key(pattern: &str) -> Value {
    json!({ "not": { "propertyNames": { "not": { "pattern": pattern } } } })
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn then(condition: &Value, schema: Value) -> Value {
    json!({ "if": condition, "then": schema })
}

fn either(condition: &Value, schema: Value, otherwise: Value) -> Value {
    json!({ "if": condition, "then": schema, "else": otherwise })
}

/// The schema of a document that may name its schema, as editors want it.
fn with_schema(mut schema: Value) -> Value {
    schema["properties"]["$schema"] = json!({ "type": "string" });
    schema
}

/// The named parts of a schema. What several fields have in common is there once.
#[derive(Debug, Default)]
struct Definitions(Map<String, Value>);

impl Definitions {
    fn define(&mut self, name: &str, schema: Value) {
        self.0.insert(name.to_owned(), schema);
    }

    /// A reference to this schema, under this name or, if another one has it, with a number behind it.
    fn refer(&mut self, name: &str, schema: Value) -> Value {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        for name in std::iter::once(name.to_owned()).chain(numbered) {
            match self.0.get(&name) {
                Some(known) if *known != schema => {}
                Some(_) => return reference(&name),
                None => {
                    self.define(&name, schema);
                    return reference(&name);
                }
            }
        }
        schema
    }

    fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    /// A document with entries, approvals or waivers under keys of their own.
    fn wrapper(&mut self) -> Value {
        let mut schema = self.object(WRAPPER);
        let entries = either(
            &json!({ "type": "array" }),
            reference("list"),
            json!({ "type": "object", "if": { "minProperties": 1 }, "then": { "allOf": [all_keys_are_ids(), reference("keyed")] } }),
        );
        schema["properties"]["entries"] = entries;
        schema["properties"]["defaults"] = json!({ "type": "object" });
        with_schema(schema)
    }

    /// `[calendar]`: two of its tables have release types for keys.
    fn calendar(&mut self) -> Value {
        let mut schema = self.object(config::calendar::CALENDAR);
        let of_types = |inner: &Value| {
            let types = crate::model::field::words::<crate::model::rel::RelType>();
            types.into_iter().map(|name| (name.to_owned(), inner.clone())).collect::<Map<_, _>>()
        };
        let offsets = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        for (key, inner) in [("milestones", offsets), ("minimum", self.object(config::calendar::MINIMUM))] {
            schema["properties"][key] = json!({ "type": "object", "properties": of_types(&inner) });
        }
        schema["description"] = json!("Working days, holidays, freezes, milestones and release trains.");
        schema
    }

    /// The five kinds of deployment item: which one is chosen by `type`.
    fn deployment_item(&mut self) -> Value {
        let kinds = [
            (DepType::Environment, Environment::FIELDS),
            (DepType::Criteria, Criteria::FIELDS),
            (DepType::Rollback, Rollback::FIELDS),
            (DepType::Validation, Validation::FIELDS),
            (DepType::Step, Step::FIELDS),
        ];
        let type_key = spelling::key("type");
        let has_type = has_key(&type_key);
        let mut cases = Vec::new();
        for (kind, fields) in kinds {
            let known = DepType::WORDS.iter().chain(DepType::SYNONYMS);
            let words = known.filter(|(_, value)| *value == kind).map(|(word, _)| *word);
            let is_kind = json!({ "pattern": spelling::choice(words) });
            let condition = json!({ "allOf": [has_type, { "patternProperties": { &type_key: is_kind } }] });
            let fields = self.entry_of(fields);
            let definition = self.refer(&format!("DEP-{kind}"), fields);
            cases.push(then(&condition, definition));
        }
        let type_shape = Environment::FIELDS.first().map(|field| self.shape(field));
        json!({
            "type": "object",
            "properties": { "type": type_shape },
            "patternProperties": { spelling::other_key("type"): type_shape },
            "allOf": cases,
        })
    }

    /// An entry with these fields, under whatever names it.
    fn entry_of(&mut self, fields: &[Field]) -> Value {
        let all: Vec<Field> = fields.iter().chain(HEADER).copied().collect();
        let mut schema = with_schema(self.object(&all));
        schema["patternProperties"][spelling::key("id")] = json!({});
        schema["patternProperties"][ID] = json!({});
        schema
    }

    /// A mapping with these keys, in any folding of case and separators.
    fn object(&mut self, fields: &[Field]) -> Value {
        let mut properties = Map::new();
        let mut patterns = Map::new();
        for field in fields {
            for name in std::iter::once(&field.name).chain(field.aliases) {
                if !properties.contains_key(*name) {
                    let shape = self.shape(field);
                    patterns.insert(spelling::other_key(name), shape.clone());
                    properties.insert((*name).to_owned(), shape);
                }
            }
        }
        patterns.insert(OWN_KEY.to_owned(), json!({}));
        json!({
            "type": "object",
            "properties": properties,
            "patternProperties": patterns,
            "additionalProperties": false,
        })
    }

    fn shape(&mut self, field: &Field) -> Value {
        let mut schema = match field.shape {
            Shape::Text | Shape::Version => json!({ "type": ["string", "number", "boolean"] }),
            // The list is what editors offer, the pattern what is understood as well.
            Shape::Choice(known) => {
                let known = known();
                let all = known.words.iter().chain(&known.synonyms).copied();
                let pattern = spelling::choice(all);
                json!({ "type": "string", "anyOf": [{ "enum": known.words }, { "pattern": pattern }] })
            }
            Shape::Flag => {
                let words = ["yes", "no", "true", "false", "on", "off", "y", "n"];
                json!({ "anyOf": [{ "type": "boolean" }, { "type": "string", "pattern": spelling::flag(&words) }] })
            }
            Shape::Date => json!({
                "type": "string",
                "pattern": spelling::date(),
                // What editors show in place of the pattern.
                "patternErrorMessage": "Invalid date. Write it as 2027-03-01.",
            }),
            Shape::Moment => json!({
                "type": "string",
                "pattern": spelling::MOMENT,
                "patternErrorMessage": "Invalid time. Write it as 2027-03-01T08:00Z.",
            }),
            Shape::Number => {
                json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": spelling::NUMBER }] })
            }
            Shape::Percentage => {
                json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 100 }, { "type": "string", "pattern": "%|[0-9]" }] })
            }
            Shape::Duration => json!({
                "type": "string",
                "pattern": "[0-9]",
                "patternErrorMessage": "Invalid duration. Write it as 5m or 2h.",
            }),
            Shape::Window => json!({
                "type": "string",
                "pattern": "[0-9]",
                "patternErrorMessage": "Invalid window. Write it as 0h..2h.",
            }),
            Shape::Threshold => json!({ "type": ["string", "number"] }),
            Shape::Links | Shape::List => json!({
                "type": ["string", "number", "boolean", "array"],
                "items": { "type": ["string", "number", "boolean"] },
            }),
            Shape::Structure(fields) => self.structure(fields),
            Shape::Named { known, each } => self.named(known, each),
            Shape::Free => json!({ "type": ["object", "array", "string"] }),
        };
        schema["description"] = json!(field.about);
        self.refer(field.name, schema)
    }

    /// A mapping from names to texts or mappings, or a list of mappings with names.
    fn named(&mut self, known: &[Field], each: &[Field]) -> Value {
        let record = self.object(each);
        let mapping = json!({ "type": "object" });
        let item = json!({
            "type": ["string", "boolean", "object"],
            "if": mapping,
            "then": self.refer("milestone_record", record),
        });
        let item = self.refer("milestone", item);
        let mut names = self.object(known);
        names["additionalProperties"] = item.clone();
        for properties in ["properties", "patternProperties"] {
            if let Some(properties) = names[properties].as_object_mut() {
                properties
                    .iter_mut()
                    .filter(|(key, _)| *key != OWN_KEY)
                    .for_each(|(_, shape)| *shape = item.clone());
            }
        }
        json!({
            "type": ["object", "array"],
            "if": mapping,
            "then": names,
            "items": item,
        })
    }

    /// A mapping, a list of mappings, or texts that stand for mappings.
    fn structure(&mut self, fields: &[Field]) -> Value {
        let inner = self.object(fields);
        let mapping = json!({ "type": "object" });
        json!({
            "type": ["object", "array", "string"],
            "if": mapping,
            "then": inner,
            "else": { "items": { "type": ["object", "string"], "if": mapping, "then": inner } },
        })
    }
}
