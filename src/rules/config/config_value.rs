use super::{calendar_words, gate_words, roster_words};
use crate::finding::Report;
use crate::model::Prefix;
use crate::model::defect::{AuditDefect, Defect, DefectKind, ProfileDefect};
use crate::model::reader::nearest_name;
use crate::model::value::ShareReadings;
use crate::rules::evidence::empty_evidence_requirement;
use crate::rules::shape::invalid_version_pattern;
use crate::rules::{ERROR, Subject, defects, link_rules, words};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// An invalid value in `relplan.toml`.
    ///
    /// A value that a setting does not accept, a text instead of a list, or a link
    /// rule that matches no family. Nothing else is checked until it is fixed.
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
    /// name = "features-are-tested"
    /// kind = "verified_by"
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// ```
    /// ```toml,good
    /// [rules]
    /// unlinked-entry = "off"
    ///
    /// [[link_rules]]
    /// name = "features-are-tested"
    /// from = "FEA"
    /// kind = "verified_by"
    /// ```
    "RP1103", "config-value", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // Behind an error of the syntax nobody knows where a value ends.
    let readable = subject.config.toml_defects.is_empty();
    let defects = subject.config.defects.iter().filter(|_| readable);
    reports.extend(defects.filter_map(|defect| report(subject, defect)));
    subject.sources.iter().filter(|(_, file)| file.name().ends_with(".toml")).count()
}

/// What is wrong with a value; unknown keys are another rule's.
fn report(subject: &Subject<'_>, defect: &Defect) -> Option<Report> {
    let text = subject.sources.slice(defect.span).trim_matches(['"', '\'']);
    let text = &words::short(text);
    let at = |message: String| Report::at(defect.span, message);
    Some(match &defect.kind {
        DefectKind::UnknownKey { .. } | DefectKind::SameKey { .. } => return None,
        DefectKind::UnknownValue { found, known } => unknown_value(subject, defect, found, known),
        DefectKind::WrongShape { key, expected, found } => {
            let name = subject.sources.slice(*key);
            at(format!("`{name}` takes {}, and `{text}` is {}", in_toml(expected), in_toml(found)))
                .and(*key, "of this key")
                .help(format!("write {}", example(expected)))
        }
        DefectKind::EmptyField => {
            at(format!("`{text}` has no value")).help("give it one, or remove the line")
        }
        DefectKind::NotANumber | DefectKind::NotAWholeNumber => {
            at(format!("`{text}` is not a whole number from 0 on"))
                .help("write a number without quotes: `min = 1`")
        }
        DefectKind::NotAPrefix => not_a_prefix(defect, text),
        DefectKind::FieldTypeMissing => at(format!("the declared field `{text}` has no type"))
            .help("add `type`: text, enum, number, date, version, link, list or boolean"),
        DefectKind::ValuesMissing => {
            at(format!("the field `{text}` takes one of several words, and none is given"))
                .help("list them: `values = [\"proposed\", \"accepted\"]`")
        }
        DefectKind::LinkRuleWithoutFrom => at(format!("{} has no `from`", link_rules::named(text)))
            .help("name the families: `from = [\"API\"]`"),
        DefectKind::LinkRuleImpossible => {
            at(format!("`max` is {text}, less than `min`")).help("raise `max` to at least `min`")
        }
        DefectKind::Profile(ProfileDefect::WithoutBase) => {
            at(format!("the profile `{text}` has no `based_on`"))
                .help("name the profile to inherit from: `based_on = \"moderate\"`")
        }
        DefectKind::Profile(ProfileDefect::Unknown { near, known }) => {
            gate_words::unknown(defect.span, "profile", text, near.as_deref(), known)
        }
        DefectKind::Audit(problem) => audit_report(defect.span, text, problem),
        DefectKind::Gate(problem) => gate_words::report(defect.span, text, problem),
        DefectKind::Roster(problem) => roster_words::report(defect.span, text, problem),
        DefectKind::Calendar(problem) => calendar_words::report(defect.span, text, problem),
        DefectKind::NotADate | DefectKind::ImpossibleDate { .. } => {
            at(format!("the date `{text}` does not exist"))
                .help("write a date as year-month-day: `2027-12-25`")
        }
        DefectKind::EmptyEvidenceRequirement | DefectKind::ToolWithoutFindings | DefectKind::AgeOfNothing => {
            return empty_evidence_requirement::report(defect);
        }
        DefectKind::AmbiguousPercentage(ShareReadings { of_one, of_hundred }) => {
            at(format!("`{text}` has no unit and can mean {of_one} or {of_hundred}"))
                .help(format!("write `\"{of_one}\"` or `\"{of_hundred}\"`"))
        }
        DefectKind::NotAPercentage | DefectKind::PercentageOutOfRange => {
            at(format!("`{text}` is not a percentage from 0 to 100")).help("write a percentage: `\"90%\"`")
        }
        DefectKind::Threshold { reason } => at(format!("cannot parse `{text}`: {reason}")),
        DefectKind::NotAnAmount => at(format!("`{text}` is not a number or a range"))
            .help("write a number, or a range with the lower number first: `\"3..6\"`"),
        DefectKind::NotAVersionPattern(error) => {
            invalid_version_pattern::not_a_pattern(defect.span, "", text, error)
        }
        DefectKind::PatternWithoutCalendar => invalid_version_pattern::other_scheme(defect.span, ""),
        DefectKind::NotADuration => {
            at(format!("`{text}` is not a duration")).help("write a number and a unit: `2 weeks`, `3 days`")
        }
        _ => at(format!("cannot parse `{text}`"))
            .help("see `relplan schema config` for what relplan.toml can contain"),
    })
}

/// What is wrong in `[audit]`.
fn audit_report(span: Span, text: &str, problem: &AuditDefect) -> Report {
    let at = |message: String| Report::at(span, message);
    match problem {
        AuditDefect::UnknownFramework { near, known } => {
            gate_words::unknown(span, "framework", text, near.as_deref(), known)
        }
        AuditDefect::ControlWithoutId => at("control without `id`".to_owned()).help("add `id = \"CHG-1\"`"),
        AuditDefect::ControlWithoutRequirement => at(format!("control `{text}` has no `requires`"))
            .help("add `requires = [{ name = \"The decision is recorded\", records = \"decision\" }]`"),
        AuditDefect::RequirementUnclear => {
            at("requirement of a control without `name`, or not with one of `records`, `gate` and `from`"
                .to_owned())
            .help("write one of them: `{ name = \"Changes are tested\", from = \"TEST\" }`")
        }
        AuditDefect::RepeatedControl => at("control with the framework and `id` of another".to_owned())
            .help("remove one, or change its `id`"),
    }
}

fn not_a_prefix(defect: &Defect, text: &str) -> Report {
    let report = Report::at(defect.span, format!("`{text}` is not a valid id prefix"))
        .help("use capital letters and digits: `ADR`, `BR-FEA`");
    let capitals = text.to_ascii_uppercase();
    match Prefix::new(&capitals) {
        Some(_) => {
            report.suggested_fix(format!("write `{capitals}`"), vec![Edit::replace(defect.span, capitals)])
        }
        None => report,
    }
}

fn unknown_value(subject: &Subject<'_>, defect: &Defect, found: &str, known: &[&'static str]) -> Report {
    let field = defects::field(subject, defect);
    let report = Report::at(defect.span, format!("invalid value `{found}` for {field}"));
    let words = words::any_of(&known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>());
    match nearest_name(found, known.iter().copied()) {
        Some(near) => report.help(format!("did you mean `{near}`? Possible values: {words}")).suggested_fix(
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
