use super::{NOTE, Subject};
use crate::finding::Report;
use crate::model::{Entry, Id, Target};
use crate::source::edit::Edit;
use crate::source::{Span, Spanned};

declare_rule! {
    /// A link or a text that uses the former id of an entry.
    ///
    /// `formerly` keeps the link working. A reader who looks for the id does
    /// not find it, so new text should use the current one. Ranges may keep a
    /// former id: they name every entry between their ends.
    ///
    /// ```yaml,bad
    /// - id: RUN-002
    ///   formerly: RUN-001
    ///   title: Restore the database
    /// - id: FEA-001
    ///   title: Saved searches
    ///   linked_ids: RUN-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-002
    ///   formerly: RUN-001
    ///   title: Restore the database
    /// - id: FEA-001
    ///   title: Saved searches
    ///   linked_ids: RUN-002
    /// ```
    "RP0319", "former-id-linked", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    if plan.entries().iter().all(|entry| entry.former_ids().is_empty()) {
        return 0;
    }
    for entry in plan.entries() {
        let links = entry.links.iter().filter_map(|link| match link.target {
            Target::One(id) => Some((id, link.span)),
            Target::Range(_) => None,
        });
        let mentions = entry.mentions().iter().map(|mention| (mention.id, mention.span));
        let used = links.chain(mentions);
        reports.extend(used.filter_map(|(id, span)| report(subject, entry, id, span)));
    }
    super::words::keep_first_of_each_place(reports);
    plan.entries().len()
}

fn report(subject: &Subject<'_>, entry: &Entry<'_>, id: Id, span: Span) -> Option<Report> {
    let plan = subject.plan;
    let current = plan.entry(plan.find(id)?).id;
    if current.value == id {
        return None;
    }
    let Spanned { value: now, span: place } = current;
    let report = Report::at(span, format!("{}: `{id}` is a former id of {now}", entry.id.value))
        .and(place, "the entry today")
        .help(format!("write `{now}`"));
    let written = subject.sources.slice(span);
    Some(match crate::model::id::parse(written) == Ok(id) {
        true => {
            let edit = Edit::replace(span, now.respell(written));
            report.safe_fix(format!("write `{now}`"), vec![edit])
        }
        false => report,
    })
}
