use crate::finding::Report;
use crate::model::{Entry, Id, Mention, Target};
use crate::rules::{NOTE, Subject};
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
        let used = links.chain(single_mentions(subject, entry));
        reports.extend(used.filter_map(|(id, span)| report(subject, entry, id, span)));
    }
    crate::rules::words::keep_first_of_each_place(reports);
    plan.entries().len()
}

/// The ids in the texts of an entry that are no end of a range there: `DEP-101 to DEP-111`.
fn single_mentions<'e>(subject: &Subject<'_>, entry: &'e Entry<'_>) -> impl Iterator<Item = (Id, Span)> + 'e {
    let mentions = entry.mentions();
    let joins = |from: &Mention, to: &Mention| {
        let (from_end, to_start) = (from.span.end as usize, to.span.start as usize);
        let text = subject.sources.file(from.span.file).text();
        from.id.prefix == to.id.prefix
            && from.span.file == to.span.file
            && text.get(from_end..to_start).is_some_and(crate::model::id::joins_range)
    };
    let is_joined: Vec<bool> = mentions.windows(2).map(|pair| joins(&pair[0], &pair[1])).collect();
    let is_end = move |at: usize| {
        is_joined.get(at).copied().unwrap_or(false)
            || (at > 0 && is_joined.get(at - 1).copied().unwrap_or(false))
    };
    let all = mentions.iter().enumerate();
    all.filter(move |(at, _)| !is_end(*at)).map(|(_, mention)| (mention.id, mention.span))
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
