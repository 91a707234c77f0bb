use crate::finding::Report;
use crate::model::{Choice, Entry, Id, Link, LinkKind, Target};
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// An entry that links to another twice, by the same kind of link.
    ///
    /// Nothing is gained by the second link, and it hides the entry that was
    /// probably meant instead. Ranges are looked into.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001, TEST-002, TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: TEST-002
    ///   title: A saved search survives an upgrade
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001, TEST-002
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: TEST-002
    ///   title: A saved search survives an upgrade
    /// ```
    "RP0307", "duplicate-link", WARNING, since "0.1.0"
}

/// What a link covers: a kind, and ids from one to another.
type Covered = (LinkKind, Id, Id, usize);

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut covered: Vec<Covered> = Vec::new();
    for entry in subject.plan.entries().iter().filter(|entry| may_repeat(&entry.links)) {
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

/// Whether two links overlap, or there are too many to compare each with each.
fn may_repeat(links: &[Link]) -> bool {
    const FEW: usize = 12;
    let overlap = |(at, link): (usize, &Link)| {
        let (_, first, last, _) = cover(at, link);
        links[..at].iter().any(|other| {
            let (kind, other_first, other_last, _) = cover(0, other);
            kind == link.kind && first <= other_last && other_first <= last
        })
    };
    links.len() > FEW || links.iter().enumerate().any(overlap)
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
    let message = format!("{}: duplicate link to `{}` in `{}`", entry.id.value, other.1, second.kind.word());
    let report = Report::at(second.span, message)
        .and(first.span, "already linked here")
        .help("remove one of the links, or correct it");
    let same = open.1 == open.2 && other.1 == other.2 && second.note.is_none();
    match same.then(|| with_separator(subject, second.span)).flatten() {
        Some(span) => report.safe_fix("remove the second link", vec![Edit::replace(span, "")]),
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
    // `API-001/002`: what follows the slash takes its family from here.
    let ends = !text.get(link.end as usize..)?.trim_start_matches(' ').starts_with('/');
    (follows && whole && ends).then(|| Span::new(link.file, before.len(), link.end as usize))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(links: &str, expect: &[&str]) {
        let yaml = format!("{{id: RUN-1, covers: {links}}}");
        let found = messages("duplicate-link", &yaml, "");
        let expect: Vec<String> =
            expect.iter().map(|id| format!("RUN-1: duplicate link to `{id}` in `covers`")).collect();
        assert_eq!(found, expect, "{links}");
    }

    #[test]
    fn ranges_are_looked_into() {
        check("[MON-1, MON-2, MON-1 (again)]", &["MON-1"]);
        check("[MON-3, MON-1 to MON-5]", &["MON-3"]);
        check("[MON-1 to MON-3, MON-3 to MON-5, MON-6]", &["MON-3"]);
        check("[MON-1 to MON-3, MON-4 to MON-5, FEA-2]", &[]);
        let many: Vec<String> = (1..40).chain([20]).map(|number| format!("MON-{number}")).collect();
        check(&format!("[{}]", many.join(", ")), &["MON-20"]);
    }

    #[test]
    fn kinds_are_kept_apart() {
        let yaml = "{id: EPIC-1, tests: TEST-1, verified_by: TEST-2, linked_ids: TEST-1}";
        assert_eq!(messages("duplicate-link", yaml, ""), [""; 0]);
        let yaml = "{id: EPIC-1, tests: TEST-1, verified_by: TEST-1}";
        assert_eq!(messages("duplicate-link", yaml, "").len(), 1);
    }

    #[test]
    fn the_fix_leaves_what_hangs_on_the_link() {
        let fix = |links: &str| {
            let yaml = format!("id: RUN-1\ncovers: {links}\n");
            let found = crate::rules::tests::findings(&yaml, "");
            let finding = found.into_iter().find(|finding| finding.name == "duplicate-link");
            let edits = finding.expect("a finding").fix?.edits;
            Some(crate::source::edit::apply(&yaml, &edits).0)
        };
        assert_eq!(fix("MON-1, MON-2 (a), MON-1"), Some("id: RUN-1\ncovers: MON-1, MON-2 (a)\n".into()));
        assert_eq!(fix("MON-1, FEA-2, MON-1/003"), None);
        assert_eq!(fix("MON-1, MON-1 (again)"), None);
        assert_eq!(fix("MON-1..MON-3, MON-2"), None);
    }
}
