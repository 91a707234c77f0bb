use crate::finding::Report;
use crate::model::Id;
use crate::model::defect::{Defect, DefectKind};
use crate::model::id;
use crate::model::link::{self, LinkErrorKind, Reference};
use crate::rules::link_rules::is_garbled_link;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A TEST that nothing links to and that links to nothing.
    ///
    /// Whether it passes or fails changes no verdict: no work package, feature
    /// or criterion asks for it. Name it where it proves something, by `tests`
    /// or `verified_by`.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// - id: TEST-002
    ///   title: A flow is drawn within a second
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001, TEST-002
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// - id: TEST-002
    ///   title: A flow is drawn within a second
    /// ```
    "RP0311", "unused-test", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.graph.link_count == 0 {
        return 0;
    }
    let mut looked_at = 0;
    let garbled: Vec<(Id, Id)> = subject
        .plan
        .defects
        .iter()
        .filter(|defect| is_garbled_link(defect))
        .flat_map(|defect| named_in(text_of(subject, defect)))
        .collect();
    for (entry, _) in subject.plan.tests() {
        looked_at += 1;
        let Some(index) = subject.plan.find(entry.id.value) else { continue };
        let linked = !entry.links.is_empty() || subject.graph.any_edge(index, |edge| edge.from != edge.to);
        // A link that could not be read may have asked for it, and is reported as such.
        let id = entry.id.value;
        let asked_for = || garbled.iter().any(|&(first, last)| (first..=last).contains(&id));
        if !linked && !asked_for() {
            let message = format!("{}: unused test: no entry requires it", entry.id.value);
            reports.push(
                Report::at(entry.id.span, message).help("add it to `verified_by` of an entry, or remove it"),
            );
        }
    }
    looked_at
}

/// The text of a link that could not be read: under a misspelt key it is all that stands behind the key.
fn text_of<'s>(subject: &Subject<'s>, defect: &Defect) -> &'s str {
    if !matches!(defect.kind, DefectKind::UnknownKey { .. }) {
        return subject.sources.slice(defect.span);
    }
    let file = subject.sources.file(defect.span.file);
    let (start, end) = (defect.span.start as usize, defect.span.end as usize);
    let column = start - file.line_start(file.line_index(start));
    let text = file.text().get(end..).unwrap_or("");
    let mut length = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim_start();
        let indented = line.len() - content.len();
        let belongs = indented > column || (indented == column && content.starts_with("- "));
        if number > 0 && !belongs && !content.is_empty() {
            break;
        }
        length += line.len();
    }
    &text[..length]
}

/// What a text names that is no proper link: single ids, and the ends of ranges.
fn named_in(text: &str) -> Vec<(Id, Id)> {
    let (references, errors) = link::parse(text.trim_start_matches([':', ' ']).trim_end());
    let mut named: Vec<(Id, Id)> = references
        .iter()
        .filter_map(|reference| match reference {
            Reference::One { id, .. } => Some((*id, *id)),
            Reference::Span { from, to, .. } => Some((from.0, to.0)),
            Reference::Member { .. } => None,
        })
        .collect();
    let backwards = errors.iter().any(|error| error.kind == LinkErrorKind::Backwards);
    if let ([(last, _), (first, _)], true) = (named.as_slice(), backwards) {
        named = vec![(*first, *last)];
    }
    named.extend(id::find_in(text).map(|(id, _)| (id, id)));
    named.extend(id::nearest(text.trim()).map(|id| (id, id)));
    named
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn a_link_that_could_not_be_read_may_ask_for_a_test() {
        let unused = |link: &str| {
            let tests = "- id: TEST-1\n- id: TEST-2\n- id: TEST-3\n- {id: KPI-1, linked_ids: KPI-1}\n";
            let yaml = format!("- id: EPIC-1\n  title: x\n{link}\n{tests}");
            messages("unused-test", &yaml, "").len()
        };
        assert_eq!(unused("  tests: TEST-3 to TEST-1"), 0);
        assert_eq!(unused("  tests: TEST_2"), 2);
        assert_eq!(unused("  verifed_by: TEST-1 to TEST-3"), 0);
        assert_eq!(unused("  verifed_by:\n  - TEST-1\n  - TEST-2\n  owner: TEST-3"), 1);
        assert_eq!(unused("  tests: {a: TEST-2}"), 2);
        assert_eq!(unused("  tests: TEST-2"), 2);
    }
}
