use crate::finding::Report;
use crate::model::{Choice, Entry, Id, Link, LinkKind, Target};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An entry that links to itself.
    ///
    /// It says nothing at best. Mostly another entry was meant, and that link
    /// is missing now.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001
    ///   depends_on: EPIC-01
    /// - id: EPIC-02
    ///   title: Flow store
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001
    ///   depends_on: EPIC-02
    /// - id: EPIC-02
    ///   title: Flow store
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// ```
    "RP0306", "self-link", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for entry in subject.plan.entries() {
        reports.extend(entry.links.iter().filter_map(|link| judge(entry, link)));
    }
    subject.graph.link_count
}

fn judge(entry: &Entry<'_>, link: &Link) -> Option<Report> {
    let id = entry.id.value;
    let message = match &link.target {
        Target::One(target) if *target == id => format!("{id}: link to itself in `{}`", link.kind.word()),
        Target::Range(ends) if holds(ends.0.value, ends.1.value, id) && !is_harmless(link.kind) => {
            let (first, last) = (ends.0.value, ends.1.value);
            format!(
                "{id}: the range `{first}` to `{last}` in `{}` includes the entry itself",
                link.kind.word()
            )
        }
        _ => return None,
    };
    let help = "correct the link, or remove it";
    Some(Report::at(link.span, message).and(entry.id.span, "this entry").help(help))
}

fn holds(first: Id, last: Id, id: Id) -> bool {
    first.prefix == id.prefix && first <= id && id <= last
}

/// Whether `TEST-001 to TEST-050` in TEST-007 plainly means the others.
fn is_harmless(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::LinkedIds | LinkKind::ConflictsWith | LinkKind::Declared)
}
