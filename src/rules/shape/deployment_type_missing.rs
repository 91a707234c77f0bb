use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::model::dep::DepType;
use crate::model::field;
use crate::rules::{ERROR, Subject, defects, words};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// A deployment item that does not say which of the five kinds it is.
    ///
    /// Environment, Criteria, Rollback, Validation and Step have different fields
    /// and different duties. Without `type` the kind is guessed from the fields.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Too many requests fail
    /// trigger: More than two requests in a hundred fail
    /// threshold: "> 2% of requests for 5m"
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// type: Rollback
    /// title: Too many requests fail
    /// trigger: More than two requests in a hundred fail
    /// threshold: "> 2% of requests for 5m"
    /// ```
    "RP0115", "deployment-type-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::KindMissing { inferred } = defect.kind else { return None };
        let id = defects::text(subject, defect.span);
        let message = format!("`{id}` has no `type`");
        let report = Report::at(defect.span, message);
        let Some(inferred) = inferred else {
            let kinds: Vec<String> =
                field::words::<DepType>().iter().map(|word| format!("`{word}`")).collect();
            return Some(report.help(format!("add `type:` with one of {}", words::any_of(&kinds))));
        };
        let report = report.help(format!("its fields suggest `type: {inferred}`"));
        Some(match type_line(subject, defect.span, inferred) {
            Some(edit) => report.suggested_fix(format!("add `type: {inferred}`"), vec![edit]),
            None => report,
        })
    })
}

/// The line that says the type, behind the line of the id; nothing where the
/// layout leaves a doubt about where it belongs.
fn type_line(subject: &Subject<'_>, id: Span, inferred: &str) -> Option<Edit> {
    let file = subject.sources.file(id.file);
    let line = file.line_index(id.start as usize);
    let start = file.line_start(line);
    let text = file.line_text(line);
    let before = text.get(..id.start as usize - start)?;
    let after = text.get(id.end as usize - start..)?;
    let next = if line + 1 < file.line_count() { file.line_text(line + 1) } else { "" };
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let column = match after.trim() {
        _ if text.contains(['{', '[', '\t', '&', '#']) || next.contains('\t') => return None,
        // `id: DEP-001`, perhaps behind a dash.
        "" if before.trim_end().ends_with(':') => before.find(|first| !matches!(first, ' ' | '-'))?,
        // `DEP-001:` with the fields below it.
        ":" if indentation(next) > indentation(text) && next.contains(": ") => indentation(next),
        // `DEP-001: title`, unless the title goes on in the next line.
        after if after.starts_with(": ") && !after.ends_with(['>', '|', '-', '+']) => {
            let column = before.len();
            if indentation(next) > column && !before.contains('-') {
                return None;
            }
            column
        }
        _ => return None,
    };
    let line_break = if file.text().contains("\r\n") { "\r\n" } else { "\n" };
    let end = start + text.len();
    let place = Span::new(id.file, end, end);
    Some(Edit::insert(place, format!("{line_break}{}type: {inferred}", " ".repeat(column))))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::edit;

    fn check(text: &str, expect: Option<&str>) {
        let found = findings(text, "");
        let finding = found.iter().find(|finding| finding.code == "RP0115").expect("found");
        let fixed = finding.fix.as_ref().map(|fix| edit::apply(text, &fix.edits).0);
        assert_eq!(fixed.as_deref(), expect, "{text}");
        if let Some(fixed) = fixed {
            let after = findings(&fixed, "");
            assert!(after.iter().all(|finding| finding.code != "RP0115"), "{fixed}");
        }
    }

    #[test]
    fn the_type_is_put_into_the_column_of_the_other_keys() {
        check("id: DEP-001\ntrigger: x\n", Some("id: DEP-001\ntype: Rollback\ntrigger: x\n"));
        check(
            "- id: DEP-001\r\n  check: x\r\n",
            Some("- id: DEP-001\r\n  type: Validation\r\n  check: x\r\n"),
        );
        check("DEP-001: T\naction: x\n", Some("DEP-001: T\ntype: Step\naction: x\n"));
        check("- DEP-001: T\n  action: x\n", Some("- DEP-001: T\n  type: Step\n  action: x\n"));
        check("DEP-001:\n    name: x\n", Some("DEP-001:\n    type: Environment\n    name: x\n"));
    }

    #[test]
    fn a_kind_that_nothing_shows_is_neither_guessed_nor_held_to_its_duties() {
        for yaml in [
            "{id: DEP-001, title: x, owner: y, stage: Deploy, linked_ids: DEP-001}",
            "{id: DEP-001, title: x, owner: y, stage: Deploy, linked_ids: DEP-001, type: Gate}",
        ] {
            let found = findings(yaml, "");
            let of_criteria = found.iter().filter(|finding| finding.name.starts_with("criterion-"));
            assert_eq!(of_criteria.count(), 0, "{found:?}");
        }
        let found = findings("{id: DEP-001, title: x}", "");
        let missing = found.iter().find(|finding| finding.code == "RP0115");
        let help = missing.and_then(|finding| finding.help.as_deref());
        assert_eq!(
            help,
            Some("add `type:` with one of `Environment`, `Criteria`, `Rollback`, `Validation` or `Step`")
        );
    }

    #[test]
    fn a_layout_that_leaves_a_doubt_is_left_alone() {
        check("{id: DEP-001, trigger: x}\n", None);
        check("DEP-001: A title\n  of two lines\ntrigger: x\n", None);
        check("DEP-001: >\n  A title\ntrigger: x\n", None);
        check("id: DEP-001 # the first\ntrigger: x\n", None);
    }
}
