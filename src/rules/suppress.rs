//! Inline allows: `# relplan: allow(rule-name) reason`.
//!
//! Behind a value it covers the findings of its line. On a line of its own it
//! covers the next line, and the whole entry if one begins there.

use super::config::{allow_without_reason, renamed_rule, unused_allow};
use super::{GUARDED, Levels, Outcome, Rule, Subject, driver, find, nearest};
use crate::finding::{Finding, Report};
use crate::source::{SourceMap, Span, Spanned};

/// One rule named by one comment.
struct Allow {
    rule: Option<&'static Rule>,
    name: Spanned<String>,
    /// The text that it covers.
    covers: Vec<Span>,
    has_reason: bool,
    used: bool,
}

/// Takes out what is allowed, and reports allows that do nothing or give no reason.
pub(super) fn apply(subject: &Subject<'_>, levels: &Levels, outcome: &mut Outcome) {
    let mut allows = Vec::new();
    let mut own = Vec::new();
    for directive in &subject.plan.directives {
        match read(subject, *directive) {
            Some(found) => allows.extend(found),
            None => own.extend(finding(levels, &unused_allow::RULE, not_understood(*directive))),
        }
    }
    if allows.is_empty() && own.is_empty() {
        return;
    }
    let before = outcome.findings.len();
    outcome.findings.retain(|finding| !is_allowed(finding, &mut allows));
    outcome.allowed = before - outcome.findings.len();
    for allow in &allows {
        own.extend(judge(levels, allow));
        let renamed = renamed_rule::report(&allow.name);
        own.extend(renamed.and_then(|report| finding(levels, &renamed_rule::RULE, report)));
    }
    outcome.findings.extend(own);
}

fn finding(levels: &Levels, rule: &'static Rule, report: Report) -> Option<Finding> {
    Some(driver::finding(rule, levels.of(rule)?, report, None))
}

fn is_allowed(finding: &Finding, allows: &mut [Allow]) -> bool {
    let Some(place) = finding.primary() else { return false };
    // A change cannot excuse itself.
    if GUARDED.contains(&finding.name) {
        return false;
    }
    let mut allowed = false;
    for allow in allows {
        let named = allow.rule.is_some_and(|rule| rule.code == finding.code);
        if named && allow.covers.iter().any(|covered| covered.contains(place) && place.start < covered.end) {
            allow.used = true;
            allowed = true;
        }
    }
    allowed
}

fn judge(levels: &Levels, allow: &Allow) -> Option<Finding> {
    let name = &allow.name.value;
    let Some(rule) = allow.rule else {
        let report = Report::at(allow.name.span, format!("unknown rule `{name}`"));
        let report = match nearest(name) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report.help("run `relplan explain --list` for all rules"),
        };
        return finding(levels, &unused_allow::RULE, report);
    };
    if !allow.used && levels.of(rule).is_some() {
        let report = Report::at(allow.name.span, format!("unused allow: `{name}` finds nothing here"));
        return finding(levels, &unused_allow::RULE, report.help("remove the comment"));
    }
    if !allow.has_reason {
        let report = Report::at(allow.name.span, format!("`{name}` is allowed without a reason"));
        let help = format!("add the reason: `# relplan: allow({name}) the reason`");
        return finding(levels, &allow_without_reason::RULE, report.help(help));
    }
    None
}

fn not_understood(directive: Spanned<&str>) -> Report {
    let text = super::words::short(directive.value);
    Report::at(directive.span, format!("unknown directive `{text}`"))
        .help("write `# relplan: allow(rule-name) reason`")
}

/// The rules that a comment names, or nothing if it is not an allow.
fn read(subject: &Subject<'_>, directive: Spanned<&str>) -> Option<Vec<Allow>> {
    let text = directive.value;
    let open = text.find("allow(")? + "allow(".len();
    let close = open + text[open..].find(')')?;
    let has_reason = !text[close + 1..].trim_matches([' ', '\t', ':', '-', '—', '–']).is_empty();
    let covers = covered(subject, directive.span);
    let mut allows = Vec::new();
    let mut at = open;
    for name in text[open..close].split(',') {
        let start = at + (name.len() - name.trim_start().len());
        at += name.len() + 1;
        let name = name.trim();
        if !name.is_empty() {
            allows.push(Allow {
                rule: find(name),
                name: Spanned::new(name.to_owned(), directive.span.within(start, start + name.len())),
                covers: covers.clone(),
                has_reason,
                used: false,
            });
        }
    }
    (!allows.is_empty()).then_some(allows)
}

/// What a comment covers: its line; or the next, with the entry that begins there.
fn covered(subject: &Subject<'_>, comment: Span) -> Vec<Span> {
    let file = subject.sources.file(comment.file);
    let line = file.line_index(comment.start as usize);
    let alone = file.text()[file.line_start(line)..comment.start as usize].trim().is_empty();
    if !alone {
        return vec![line_span(subject.sources, comment, line)];
    }
    // Several comments may stand above what they are about.
    let mut next = line + 1;
    while next < file.line_count() && file.line_text(next).trim_start().starts_with('#') {
        next += 1;
    }
    let covered = line_span(subject.sources, comment, next);
    let entry = subject.plan.entries().iter().find(|entry| {
        // The line behind begins where this one ends, and is not covered.
        let first = crate::source::Span { end: entry.span.start, ..entry.span };
        covered.contains(first) && first.start < covered.end
    });
    std::iter::once(covered).chain(entry.map(|entry| entry.span)).collect()
}

fn line_span(sources: &SourceMap, comment: Span, line: usize) -> Span {
    let file = sources.file(comment.file);
    Span::new(comment.file, file.line_start(line), file.line_start(line + 1))
}
