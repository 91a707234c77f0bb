use crate::finding::Report;
use crate::model::{EntryIndex, Id};
use crate::rules::{Subject, WARNING, words};
use crate::source::edit::Edit;

declare_rule! {
    /// An id with another number of digits than most of its family.
    ///
    /// `EPIC-1` and `EPIC-001` are the same entry to relplan. They are not to a
    /// search, to a list sorted by name, or to the next reader. Links find the
    /// entry by its number, so it can be respelt without touching them. A
    /// family that is not padded at all, `EPIC-9` and `EPIC-10`, is fine.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    /// - id: FEA-002
    ///   title: Shared searches
    /// - id: FEA-3
    ///   title: Search in pictures
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    /// - id: FEA-002
    ///   title: Shared searches
    /// - id: FEA-003
    ///   title: Search in pictures
    /// ```
    "RP0204", "id-width", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (_, family) in subject.plan.families() {
        let Some(usual) = common_width(subject, family) else { continue };
        for &index in family {
            let id = subject.plan.entry(index).id.value;
            if id.width != usual.max(digits(id)) {
                reports.push(report(subject, family, index, usual));
            }
        }
    }
    subject.plan.entries().len()
}

/// The number of digits to which more ids of a family are written than to any other.
fn common_width(subject: &Subject<'_>, family: &[EntryIndex]) -> Option<u8> {
    let ids = || family.iter().map(|&index| subject.plan.entry(index).id.value);
    // Ids that are alike in this are no family with a misfit, and need no vote.
    let first = subject.plan.entry(*family.first()?).id.value;
    if ids().all(|id| id.width == first.width) {
        return None;
    }
    let votes = |width: u8| ids().filter(|id| id.width == width.max(digits(*id))).count();
    let most = (1..=9).map(votes).max()?;
    let mut widths = (1..=9).filter(|width| votes(*width) == most);
    widths.next().filter(|_| most == family.len() || widths.next().is_none())
}

/// How many digits the number has without any padding.
fn digits(id: Id) -> u8 {
    id.number.checked_ilog10().map_or(1, |power| u8::try_from(power + 1).unwrap_or(u8::MAX))
}

fn report(subject: &Subject<'_>, family: &[EntryIndex], index: EntryIndex, usual: u8) -> Report {
    let entry = subject.plan.entry(index);
    let (id, width) = (entry.id.value, usual.max(digits(entry.id.value)));
    let mut meant = id;
    meant.width = width;
    let message = match usual {
        1 => format!("`{id}` is zero-padded, unlike most of its family"),
        _ => format!(
            "`{id}` has {}, but most of its family have {usual}",
            words::count(id.width.into(), "digit")
        ),
    };
    let report = Report::at(entry.id.span, message).help(format!("write `{meant}`; links still find it"));
    let like =
        family.iter().map(|&other| subject.plan.entry(other)).find(|other| other.id.value.width == usual);
    let report = match like {
        Some(other) => report.and(other.id.span, "like most of them"),
        None => report,
    };
    let written = subject.sources.slice(entry.id.span);
    match written.starts_with(&id.to_string()) {
        true => report
            .safe_fix(format!("write `{meant}`"), vec![Edit::replace(entry.id.span, meant.respell(written))]),
        false => report,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    fn check(ids: &[&str], expect: &[&str]) {
        let yaml: String = ids.iter().map(|id| format!("- id: {id}\n")).collect();
        let found: Vec<String> = findings(&yaml, "")
            .into_iter()
            .filter(|finding| finding.name == "id-width")
            .filter_map(|finding| Some(finding.fix?.title))
            .collect();
        assert_eq!(found, expect, "{ids:?}");
    }

    #[test]
    fn only_numbers_that_could_be_as_wide_as_the_others_must_be() {
        check(&["EPIC-9", "EPIC-10", "EPIC-11"], &[]);
        check(&["EPIC-08", "EPIC-09", "EPIC-100"], &[]);
        check(&["EPIC-01", "EPIC-002"], &[]);
        check(&["EPIC-01", "EPIC-02b", "EPIC-3b-login"], &["write `EPIC-03b`"]);
        check(&["EPIC-001", "EPIC-002", "EPIC-0003", "EPIC-1000"], &["write `EPIC-003`"]);
        check(&["EPIC-1", "EPIC-2", "EPIC-10", "EPIC-011"], &["write `EPIC-11`"]);
    }
}
