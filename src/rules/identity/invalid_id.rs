use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::id::{self, IdError};
use crate::rules::{ERROR, Subject, words};
use crate::source::edit::Edit;

declare_rule! {
    /// An entry whose id cannot be read.
    ///
    /// An id is a prefix in capitals, a hyphen and a number: `DEP-001`. A small
    /// letter may follow the number, and words may follow that. Without a
    /// readable id nothing can link to the entry, and its fields are not read.
    ///
    /// ```yaml,bad
    /// - id: fea-001
    ///   title: Saved searches
    /// - id: FEA_002
    ///   title: Shared searches
    /// - id: FEA-XXX
    ///   title: Search in pictures
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    /// - id: FEA-002
    ///   title: Shared searches
    /// ```
    "RP0202", "invalid-id", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for defect in subject.plan.defects.iter().filter(|defect| defect.owner.is_none()) {
        if let DefectKind::NotAnId { found, reason } = &defect.kind {
            reports.push(report(subject, defect, found, reason));
        }
    }
    subject.plan.entries().len()
}

fn report(subject: &Subject<'_>, defect: &Defect, found: &str, reason: &IdError) -> Report {
    let report = Report::at(defect.span, format!("`{}` {}", words::short(found), reason.words()));
    if let IdError::LetterCase(id) = reason {
        let edit = Edit::replace(defect.span, id.respell(found));
        return report
            .help("write the prefix in capitals, and a letter after the number in lower case")
            .safe_fix(format!("write `{id}`"), vec![edit]);
    }
    let report = report.note("the entry was skipped");
    let near = id::nearest(found).filter(|id| subject.config.families.of(&id.prefix).is_some());
    match (near, reason) {
        // Another entry may have that id; then only its writer knows a better one.
        (Some(id), _) if subject.plan.find(id).is_none() => report
            .help(format!("did you mean `{id}`?"))
            .suggested_fix(format!("write `{id}`"), vec![Edit::replace(defect.span, id.to_string())]),
        (_, IdError::Placeholder | IdError::NumberMissing) => {
            report.help("give the entry one id, such as `DEP-001`")
        }
        _ => report.help(how_to_keep(found)),
    }
}

/// What to do with the id of another tool: a number of an issue tracker, or a name without a number.
fn how_to_keep(found: &str) -> String {
    let plain = found.trim().trim_start_matches('#');
    let is_number = !plain.is_empty() && plain.len() <= 9 && plain.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return format!(
            "give the entry an id such as `FEA-001`, and keep the number as its `external_id`; entries that live in an \
             issue tracker are of a family of their own: `ISSUE-{plain}`, with `[families.ISSUE]` in `relplan.toml`"
        );
    }
    if let Some(id) = id::nearest(found) {
        return format!("write `{id}`, with `[families.{}]` in `relplan.toml`", id.prefix);
    }
    "write a prefix in capitals, a hyphen and a number, such as `DEP-001`; an id of another tool is its \
     `external_id`"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn ids_of_other_tools_are_told_how_to_be_kept() {
        let help = |id: &str| {
            let found = crate::rules::tests::findings(&format!("{{id: '{id}', title: T}}"), "");
            let found = found.into_iter().find(|finding| finding.name == "invalid-id");
            found.and_then(|finding| finding.help).unwrap_or_default()
        };
        assert_eq!(help("REQ001"), "write `REQ-001`, with `[families.REQ]` in `relplan.toml`");
        for id in ["4411", "#123"] {
            assert!(
                help(id).contains("its `external_id`") && help(id).contains("`ISSUE-"),
                "{id}: {}",
                help(id)
            );
        }
        assert!(help("SDOC-HIGH-REQS-MANAGEMENT").contains("`external_id`"));
        assert_eq!(help("DEP001"), "did you mean `DEP-001`?");
    }

    #[test]
    fn links_to_what_was_meant_are_not_reported_as_well() {
        let yaml = "[{id: EPIC3}, {id: EPIC-1, depends_on: 'EPIC-3, EPIC-4'}]";
        assert_eq!(messages("invalid-id", yaml, ""), ["`EPIC3` is not an id such as `DEP-001`"]);
        let missing = messages("link-target-missing", yaml, "");
        assert_eq!(missing, ["EPIC-1: it links to `EPIC-4`, which does not exist"]);
    }
}
