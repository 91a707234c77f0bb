//! Feature flags for flagd, the provider of OpenFeature (<https://flagd.dev/reference/flag-definitions/>).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::target::{Export, ExportFile, ExportRequest, Subject, Target};
use crate::graph::Selection;
use crate::model::flag::{Flag, TargetingRule};
use crate::model::{Choice, Entry, Id, Plan};
use crate::trigger::LeftOut;

/// flagd.
pub static TARGET: Target = Target {
    name: "flagd",
    about: "flag definitions of flagd (OpenFeature) with each FLAG entry",
    subject: Subject::Flag,
    takes: &[],
    needs: &[],
    write,
};

/// A feature flag as flagd defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagDefinition {
    /// Its entry.
    pub id: Id,
    /// Its key.
    pub key: String,
    /// Its definition.
    pub definition: Value,
}

/// Why a flag has no definition, and what to do about it.
type Refusal = (String, String);

/// The flags of a selection that are in the code, and those that cannot be defined, each with the reason.
pub(super) fn flags(plan: &Plan<'_>, selection: &Selection) -> (Vec<FlagDefinition>, Vec<LeftOut>) {
    let mut defined: BTreeMap<String, FlagDefinition> = BTreeMap::new();
    let mut left_out: Vec<LeftOut> = Vec::new();
    for (entry, flag) in plan.flags().filter(|(_, flag)| !flag.is_removed()) {
        let id = entry.id.value;
        if plan.find_current(id).is_none_or(|index| !selection.has(index)) {
            continue;
        }
        let refusal = match definition(entry, flag) {
            Ok(new) => match defined.get(&new.key).map(|other| other.id) {
                Some(other) => {
                    Some((format!("{other} has its key"), "give one of the flags another key".to_owned()))
                }
                None => {
                    defined.insert(new.key.clone(), new);
                    None
                }
            },
            Err(refusal) => Some(refusal),
        };
        left_out.extend(refusal.map(|(reason, help)| LeftOut { id, reason, help, is_automatic: false }));
    }
    (defined.into_values().collect(), left_out)
}

fn definition(entry: &Entry<'_>, flag: &Flag<'_>) -> Result<FlagDefinition, Refusal> {
    let missing = |field: &str| (format!("it has no `{field}`"), format!("add `{field}`"));
    let key = flag.key().ok_or_else(|| missing("key"))?;
    let default = flag.default.as_ref().ok_or_else(|| missing("default"))?.value.trim();
    variant(flag, "default", default)?;
    let mut definition = json!({
        "state": "ENABLED",
        "variants": variants(flag)?,
        "defaultVariant": default,
        "metadata": metadata(entry, flag),
    });
    if let Some(targeting) = targeting(flag, default)? {
        definition["targeting"] = targeting;
    }
    Ok(FlagDefinition { id: entry.id.value, key: key.to_owned(), definition })
}

/// Refuses a variant that the flag does not have.
fn variant(flag: &Flag<'_>, field: &str, name: &str) -> Result<(), Refusal> {
    match flag.has_variant(name) {
        true => Ok(()),
        false => Err((
            format!("its `{field}` is `{name}`, which is none of its variants"),
            format!("name one of its variants as `{field}`"),
        )),
    }
}

/// The variants, all of one type, as flagd asks for it.
fn variants(flag: &Flag<'_>) -> Result<Value, Refusal> {
    let stated = flag.variants();
    let all = |read: &dyn Fn(&str) -> Option<Value>| -> Option<Map<String, Value>> {
        stated.iter().map(|(name, value)| Some(((*name).to_owned(), read(value)?))).collect()
    };
    let boolean = |text: &str| match text {
        "true" => Some(json!(true)),
        "false" => Some(json!(false)),
        _ => None,
    };
    let number = |text: &str| text.parse::<serde_json::Number>().ok().map(Value::Number);
    let variants = all(&boolean).or_else(|| all(&number)).or_else(|| all(&|text: &str| Some(json!(text))));
    let variants = variants.unwrap_or_default();
    if variants.len() < stated.len() {
        return Err((
            "two of its variants have one name".to_owned(),
            "rename one of the variants".to_owned(),
        ));
    }
    // Above, a number is not the same in every language.
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if variants.values().any(|value| value.as_f64().is_some_and(|number| number.abs() > SAFE)) {
        return Err((
            "the value of a variant is beyond the numbers that flagd takes".to_owned(),
            "write a number of at most 15 digits".to_owned(),
        ));
    }
    Ok(Value::Object(variants))
}

fn metadata(entry: &Entry<'_>, flag: &Flag<'_>) -> Value {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let all = [
        ("relplanId", Some(entry.id.value.to_string())),
        ("title", text(entry.title())),
        ("owner", entry.owner.as_ref().and_then(|owner| text(&owner.value))),
        ("category", flag.category.map(|category| category.value.word().to_owned())),
        ("expires", flag.expires.map(|day| day.value.to_string())),
        ("removalTicket", flag.removal_ticket.as_ref().and_then(|ticket| text(&ticket.value))),
        ("killSwitch", flag.kill_switch.as_ref().and_then(|variant| text(&variant.value))),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::String(value?)))).collect()
}

/// The rules as JsonLogic. Where none matches, the result is nothing, and flagd serves the default.
fn targeting(flag: &Flag<'_>, default: &str) -> Result<Option<Value>, Refusal> {
    let mut branches = Vec::new();
    for (rule, number) in flag.targeting.iter().zip(1..) {
        let serve = rule.serve.as_ref().ok_or_else(|| {
            (format!("targeting rule {number} serves no variant"), "add `serve` to the rule".to_owned())
        })?;
        let serve = serve.value.trim();
        variant(flag, "serve", serve)?;
        let result = share(rule, number, serve, default)?;
        match condition(rule, number)? {
            Some(condition) => branches.extend([condition, result]),
            // It matches everyone, so that no later rule is reached.
            None if branches.is_empty() => return Ok(Some(json!({"if": [true, result]}))),
            None => {
                branches.push(result);
                return Ok(Some(json!({"if": branches})));
            }
        }
    }
    Ok((!branches.is_empty()).then(|| json!({"if": branches})))
}

/// Whom a rule matches; nothing if it is everyone.
fn condition(rule: &TargetingRule<'_>, number: usize) -> Result<Option<Value>, Refusal> {
    match (&rule.attribute, rule.values.as_slice(), &rule.audience) {
        (Some(attribute), [_, ..], _) => {
            let values: Vec<&str> = rule.values.iter().map(|value| value.value.trim()).collect();
            Ok(Some(json!({"in": [{"var": attribute.value.trim()}, values]})))
        }
        (Some(_), [], _) => Err((
            format!("targeting rule {number} has an attribute without values"),
            "add `in` with the values that match".to_owned(),
        )),
        (None, [_, ..], _) => Err((
            format!("targeting rule {number} has values without an attribute"),
            "add `attribute` to the rule".to_owned(),
        )),
        (None, [], Some(_)) => Err((
            format!("the audience of targeting rule {number} is stated in words"),
            "add `attribute` and `in`, which flagd can evaluate".to_owned(),
        )),
        (None, [], None) if rule.percentage.is_none() => Err((
            format!("targeting rule {number} does not say whom it targets"),
            "add `attribute` and `in`, or `percentage`".to_owned(),
        )),
        (None, [], None) => Ok(None),
    }
}

/// What those get whom a rule matches.
fn share(rule: &TargetingRule<'_>, number: usize, serve: &str, default: &str) -> Result<Value, Refusal> {
    let Some(percentage) = rule.percentage else { return Ok(json!(serve)) };
    let percent = percentage.value.0;
    if percent >= 100.0 {
        return Ok(json!(serve));
    }
    // flagd weighs with whole numbers.
    let scale = [1.0, 10.0, 100.0, 1000.0].into_iter().find(|scale| {
        let scaled = percent * scale;
        (scaled - scaled.round()).abs() < 1e-6
    });
    let Some(scale) = scale else {
        return Err((
            format!("the percentage of targeting rule {number} has more than three decimals"),
            "round the percentage".to_owned(),
        ));
    };
    let whole = |number: f64| number.round() as u64;
    let (served, rest) = (whole(percent * scale), whole(100.0 * scale) - whole(percent * scale));
    if served == 0 {
        return Ok(json!(default));
    }
    Ok(json!({"fractional": [[serve, served], [default, rest]]}))
}

fn write(request: &ExportRequest) -> Export {
    let mut export = Export { left_out: request.flags_left_out.clone(), ..Export::default() };
    if request.flags.is_empty() {
        return export;
    }
    let flags = request.flags.iter().map(|flag| (flag.key.clone(), flag.definition.clone()));
    let document = json!({
        "$schema": "https://flagd.dev/schema/v0/flags.json",
        "metadata": {"generatedBy": TARGET.generated()},
        "flags": flags.collect::<Map<String, Value>>(),
    });
    let text = serde_json::to_string_pretty(&document).unwrap_or_default() + "\n";
    export.files.push(ExportFile::text("flags.flagd.json", text));
    export
}
