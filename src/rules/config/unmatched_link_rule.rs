use crate::config::LinkRule;
use crate::finding::Report;
use crate::model::Prefix;
use crate::rules::{Subject, WARNING, link_rules, words};

declare_rule! {
    /// A link rule of `relplan.toml` that cannot find anything.
    ///
    /// It selects no entry, or asks for links to something that the plan does
    /// not have, or sets no bound. A gate that cannot fail looks like one that
    /// was passed. `if_any = true` says that the rule is meant to wait for the
    /// first entry at the other end.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Search is fast
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: 95% of the searches are answered within 200 ms
    ///   verification: Load run on the release candidate
    ///   blocker: Yes
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
    /// ```
    /// ```toml,bad
    /// [[link_rules]]
    /// name = "security-criteria-are-tested"
    /// from = "DEP"
    /// where = { type = "Criteria", category = "Secure" }
    /// to = "TEST"
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Search keeps strangers out
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   category: Security
    ///   requirement: No search shows what its user may not see
    ///   verification: Access run on the release candidate
    ///   blocker: Yes
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Searches of every role
    /// ```
    /// ```toml,good
    /// [[link_rules]]
    /// name = "security-criteria-are-tested"
    /// from = "DEP"
    /// where = { type = "Criteria", category = "Security" }
    /// to = "TEST"
    /// ```
    "RP1106", "unmatched-link-rule", WARNING, since "0.1.0", formerly "idle-link-rule"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    reports.extend(subject.config.link_rules.iter().filter_map(|rule| judge(subject, rule)));
    subject.config.link_rules.len()
}

fn judge(subject: &Subject<'_>, rule: &LinkRule) -> Option<Report> {
    let span = rule.span?;
    let named = link_rules::named(subject.sources.slice(span).trim_matches(['"', '\'']));
    let at = |message: String| Some(Report::at(span, format!("{named} {message}")));
    if rule.min == 0 && rule.max.is_none() {
        let report = at("cannot be broken: it sets no bound".to_owned())?;
        return Some(report.help("ask for links by `min`, or bound them by `max`"));
    }
    if link_rules::selected(subject, rule).next().is_none() {
        let which = if rule.when.is_empty() { "" } else { " that `where` selects" };
        let families = words::any_of(&rule.from.iter().map(Prefix::as_str).collect::<Vec<_>>());
        let report = at(format!("is about no entry: the plan has no {families}{which}"))?;
        return Some(with_selectors(rule, report).help(match misspelt(subject, &rule.from) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "correct `from` and `where`, or remove the rule".to_owned(),
        }));
    }
    if !rule.if_any && !link_rules::has_other_end(subject, rule) {
        let report = at(format!("asks for {}, and the plan has none", what_it_asks_for(rule)))?;
        return Some(report.help(match misspelt(subject, &rule.to) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "correct `to` and `to_where`, or write `if_any = true` to wait for the first".to_owned(),
        }));
    }
    None
}

fn what_it_asks_for(rule: &LinkRule) -> String {
    let which = if rule.to_when.is_empty() { "" } else { " that `to_where` selects" };
    format!("{}{which}", words::one_of(&rule.to))
}

fn with_selectors(rule: &LinkRule, report: Report) -> Report {
    rule.when.iter().fold(report, |report, selector| report.and(selector.span, "selected by this field"))
}

/// The family that was meant by a prefix that no family has.
fn misspelt(subject: &Subject<'_>, prefixes: &[Prefix]) -> Option<Prefix> {
    prefixes.iter().find_map(|prefix| words::nearest_family(subject, prefix))
}
