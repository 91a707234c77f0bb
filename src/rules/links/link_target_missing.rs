use crate::finding::Report;
use crate::graph::{Dangling, RangeEnd};
use crate::model::{Id, Plan, id};
use crate::rules::words::MOST_OF_A_FIELD;
use crate::rules::{ERROR, Subject, words};
use crate::source::Spanned;

/// What to do about many ids that do not exist.
pub(super) const ADD_THEM: &str =
    "add them, or declare their family with `external = true` if its entries live elsewhere";

declare_rule! {
    /// A link to an entry that does not exist.
    ///
    /// Whatever the link was to prove is proved by nothing. Entries that live
    /// outside the plan, such as those of an issue tracker, are declared in
    /// `relplan.toml` as an external family.
    ///
    /// Of one field the first twenty such ids are reported one by one, and the
    /// rest in one finding that counts them. An entry that exists is suggested
    /// if one slip of the pen makes its id of the missing one.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// covers: MON-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP0301", "link-target-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let same_field =
        |first: &Dangling, second: &Dangling| (first.from, first.kind) == (second.from, second.kind);
    for field in subject.graph.dangling.chunk_by(same_field) {
        let (shown, rest) = field.split_at(field.len().min(MOST_OF_A_FIELD));
        reports.extend(shown.iter().map(|link| report(subject, link)));
        if let Some(first) = rest.first() {
            let message = words::and_more(subject, first.from, first.id, rest.len(), "that it links to");
            reports.push(Report::at(first.span, message).saying("from here on").help(ADD_THEM));
        }
    }
    words::keep_first_of_each_place(reports);
    subject.graph.link_count
}

fn report(subject: &Subject<'_>, link: &Dangling) -> Report {
    let from = subject.plan.entry(link.from).id.value;
    let what = match link.end {
        None => "it links to",
        Some(RangeEnd::Beginning) => "the range begins at",
        Some(RangeEnd::End) => "the range ends at",
    };
    let report = Report::at(link.span, format!("{from}: {what} `{}`, which does not exist", link.id))
        .saying("no entry has this id");
    match as_range(subject.plan, link.id) {
        Some(range) => report.help(format!("for a range, write `{range}`")),
        None => with_help(subject, link.id, from, report),
    }
}

fn with_help(subject: &Subject<'_>, missing: Id, from: Id, report: Report) -> Report {
    if let Some(near) = words::nearest_family(subject, &missing.prefix) {
        let meant = missing.of_family(near);
        return report.help(format!("did you mean `{meant}`? There is no family {}", missing.prefix));
    }
    match subject.plan.near(missing).find(|entry| entry.id.value != from).map(|entry| entry.id) {
        Some(Spanned { value: near, span }) => report
            .and(span, format!("similar id: `{near}`"))
            .help(format!("add {missing}, or link to `{near}`")),
        None => report.help(words::what_if_missing(subject, missing)),
    }
}

/// `API-001 to API-020`, if `API-001-020` is no entry but its beginning is.
fn as_range(plan: &Plan<'_>, id: Id) -> Option<String> {
    let first = id::parse(id.prefix.as_str()).ok().filter(|_| id.prefix.ends_in_number())?;
    plan.find(first)?;
    let mut last = first.with_number(id.number);
    last.width = id.width;
    Some(format!("{first} to {last}"))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, messages};

    #[test]
    fn the_ends_of_a_range_are_told_apart() {
        let yaml = "[{id: FEA-1, linked_ids: TEST-1 to TEST-9}]";
        assert_eq!(
            messages("link-target-missing", yaml, ""),
            [
                "FEA-1: the range begins at `TEST-1`, which does not exist",
                "FEA-1: the range ends at `TEST-9`, which does not exist"
            ]
        );
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let check = |missing: &str, expect: &str| {
            let yaml = format!("[{{id: FEA-1, linked_ids: {missing}}}, {{id: MON-012}}, {{id: MON-12b}}]");
            let found = findings(&yaml, "");
            let found = found.iter().find(|finding| finding.name == "link-target-missing");
            let help = found.and_then(|finding| finding.help.clone()).unwrap_or_default();
            assert!(help.contains(expect), "{missing}: {help}");
        };
        check("MON-021", "`MON-012`");
        check("MON-01", "`MON-012`");
        check("MON-112", "`MON-012`");
        check("MON-0012c", "`MON-012`");
        check("MON-22b", "`MON-12b`");
        check("MON-345", "add MON-345, or use an existing id");
        check("MON-7", "add MON-7, or use");
        check("KPI-012", "external");
    }

    #[test]
    fn a_field_full_of_missing_ids_is_no_flood() {
        let ids: Vec<String> = (1..=175_000).map(|number| format!("TEST-{number}")).collect();
        let yaml = format!("[{{id: FEA-1, linked_ids: '{}', depends_on: KPI-1}}]", ids.join(", "));
        let found = messages("link-target-missing", &yaml, "");
        assert_eq!(found.len(), 22, "{found:?}");
        assert_eq!(found[20], "FEA-1: `TEST-21` and 174979 more that it links to do not exist");
        assert!(found[21].contains("KPI-1"), "{found:?}");
    }
}
