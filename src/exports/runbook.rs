//! A runbook in Markdown for each rollback trigger, from the plan's own facts.

use super::target::{Content, Export, ExportFile, ExportRequest, Subject, Target};
use crate::report::Line;
use crate::report::runbook::{index, report};

/// Runbooks.
pub static TARGET: Target = Target {
    name: "runbook",
    about: "a runbook in Markdown for each rollback: meaning, impact, diagnosis, mitigation, escalation",
    subject: Subject::Rollback,
    takes: &[],
    needs: &[],
    write,
};

fn write(request: &ExportRequest) -> Export {
    let mut export = Export::default();
    if request.runbooks.is_empty() {
        return export;
    }
    let document = |name: String, report| ExportFile { name, content: Content::Document(Box::new(report)) };
    export.files.push(document("README.md".to_owned(), index(&request.runbooks, |id| Line::id(id))));
    for runbook in &request.runbooks {
        export.files.push(document(format!("{}.md", runbook.rollback.id), report(runbook)));
    }
    export
}
