use super::{ERROR, Subject, words};
use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::reader::nearest;
use crate::source::edit::Edit;

declare_rule! {
    /// A value of `relplan.toml` that cannot be what is meant.
    ///
    /// A word that a setting does not take, a text where a list belongs, a link
    /// rule that is about nobody. Nothing else is checked until it is mended.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,bad
    /// [rules]
    /// unlinked-entry = "of"
    ///
    /// [[link_rules]]
    /// name = "runbooks-cover-something"
    /// kind = "covers"
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: RISK-001
    /// - id: RISK-001
    ///   title: The payment provider changes its interface
    /// ```
    /// ```toml,good
    /// [rules]
    /// unlinked-entry = "off"
    ///
    /// [[link_rules]]
    /// name = "runbooks-cover-something"
    /// from = "RUN"
    /// kind = "covers"
    /// ```
    "RP1103", "config-value", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    reports.extend(subject.config.defects.iter().filter_map(|defect| report(subject, defect)));
    subject.sources.iter().filter(|(_, file)| file.name().ends_with(".toml")).count()
}

/// What is wrong with a value; unknown keys are another rule's.
fn report(subject: &Subject<'_>, defect: &Defect) -> Option<Report> {
    let text = subject.sources.slice(defect.span).trim_matches(['"', '\'']);
    let at = |message: String| Report::at(defect.span, message);
    Some(match &defect.kind {
        DefectKind::UnknownKey { .. } | DefectKind::SameKey { .. } => return None,
        DefectKind::UnknownWord { found, known } => unknown_word(defect, found, known),
        DefectKind::WrongShape { key, expected, found } => at(format!(
            "`{}` takes {}, not {}",
            subject.sources.slice(*key),
            in_toml(expected),
            in_toml(found)
        ))
        .and(*key, "of this key")
        .help(format!("write {}", example(expected))),
        DefectKind::EmptyField => {
            at(format!("`{text}` has no value")).help("give it one, or remove the line")
        }
        DefectKind::NotANumber | DefectKind::NotAWholeNumber => {
            at(format!("`{text}` is not a whole number from 0 on"))
                .help("write a number without quotes: `min = 1`")
        }
        DefectKind::NotAPrefix => at(format!("`{text}` cannot be the prefix of an id"))
            .help("a prefix has capitals and digits: `ADR`, `BR-FEA`"),
        DefectKind::FieldTypeMissing => at(format!("the declared field `{text}` has no type"))
            .help("add `type`: text, enum, number, date, link, list or boolean"),
        DefectKind::ValuesMissing => {
            at(format!("the field `{text}` takes one of several words, and none is given"))
                .help("list them: `values = [\"proposed\", \"accepted\"]`")
        }
        DefectKind::LinkRuleWithoutFrom => {
            at("this link rule does not say whose links it is about".to_owned())
                .help("name the families: `from = [\"API\"]`")
        }
        DefectKind::LinkRuleImpossible => {
            at(format!("this link rule allows {text}, which is fewer than it asks for"))
                .help("make `max` at least as large as `min`")
        }
        _ => at(format!("`{text}` is not understood here")).help("see the reference of relplan.toml"),
    })
}

fn unknown_word(defect: &Defect, found: &str, known: &[&'static str]) -> Report {
    let folded: String = crate::model::value::folded(found).collect();
    let report = Report::at(defect.span, format!("`{found}` is none of the words that can stand here"));
    let words = words::any_of(&known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>());
    match nearest(&folded, known.iter().copied()) {
        Some(near) => report.help(format!("did you mean `{near}`? It takes {words}")).suggested_fix(
            format!("write `{near}`"),
            vec![Edit::replace(defect.span, format!("\"{near}\""))],
        ),
        None => report.help(format!("write {words}")),
    }
}

/// A shape as TOML calls it.
fn in_toml(shape: &str) -> &str {
    match shape {
        "a mapping" => "a table",
        "a single value" => "one value",
        shape => shape,
    }
}

fn example(shape: &str) -> &'static str {
    match shape {
        "a mapping" => "a table: `{ key = \"value\" }`",
        "a list" | "a list of texts" => "a list: `[\"one\", \"two\"]`",
        "yes or no" => "`true` or `false`",
        "a number" => "a number without quotes",
        _ => "one value in quotes",
    }
}
