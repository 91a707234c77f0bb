use super::{Subject, WARNING, words};
use crate::finding::Report;
use crate::model::{Choice, Entry, Id, Link, LinkKind, Target};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// An entry that links to another twice, by the same kind of link.
    ///
    /// Nothing is gained by the second link, and it hides the entry that was
    /// probably meant instead. Ranges are looked into.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001, MON-002, MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: MON-002
    ///   title: Response time
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001, MON-002
    /// - id: MON-001
    ///   title: Error rate
    /// - id: MON-002
    ///   title: Response time
    /// ```
    "RP0307", "duplicate-link", WARNING, since "0.1.0"
}

/// What a link covers: a kind, and ids from one to another.
type Covered = (LinkKind, Id, Id, usize);

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut covered: Vec<Covered> = Vec::new();
    for entry in subject.plan.entries() {
        covered.clear();
        covered.extend(entry.links.iter().enumerate().map(|(at, link)| cover(at, link)));
        // The second of two is the one that stands later, whatever comes first by number.
        covered.sort_unstable();
        let mut farthest: Option<Covered> = None;
        for &link in &covered {
            match farthest {
                Some(open) if open.0 == link.0 && link.1 <= open.2 => {
                    reports.push(report(subject, entry, open, link));
                    farthest = Some(if link.2 > open.2 { link } else { open });
                }
                _ => farthest = Some(link),
            }
        }
    }
    words::keep_first_of_each_place(reports);
    subject.graph.link_count
}

fn cover(at: usize, link: &Link) -> Covered {
    let (first, last) = match &link.target {
        Target::One(id) => (*id, *id),
        Target::Range(ends) => (ends.0.value, ends.1.value),
    };
    (link.kind, first, last, at)
}

fn report(subject: &Subject<'_>, entry: &Entry<'_>, open: Covered, other: Covered) -> Report {
    let (earlier, later) = (open.3.min(other.3), open.3.max(other.3));
    let (first, second) = (&entry.links[earlier], &entry.links[later]);
    // Both cover what the later one by number begins with.
    let message = format!("{}: it links to `{}` twice by `{}`", entry.id.value, other.1, second.kind.word());
    let report = Report::at(second.span, message)
        .and(first.span, "covers it already")
        .help("take one of them out, or name the entry that was meant");
    let same = open.1 == open.2 && other.1 == other.2 && second.note.is_none();
    match same.then(|| with_separator(subject, second.span)).flatten() {
        Some(span) => report.safe_fix("take out the second link", vec![Edit::replace(span, "")]),
        None => report,
    }
}

/// The link and the comma before it, if it is one of several in a line of text.
fn with_separator(subject: &Subject<'_>, link: Span) -> Option<Span> {
    let text = subject.sources.file(link.file).text();
    let before = text.get(..link.start as usize)?.trim_end_matches(' ');
    let before = before.strip_suffix([',', ';'])?;
    let follows = before.ends_with(|last: char| last.is_ascii_alphanumeric() || last == ')');
    let whole = text.get(link.range())?.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (follows && whole).then(|| Span::new(link.file, before.len(), link.end as usize))
}
