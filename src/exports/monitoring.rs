//! The monitoring plan in Markdown: what is watched and by whom, from which value on, and whom to tell.

use super::target::{Content, Export, ExportFile, ExportRequest, Subject, Target};
use crate::report::monitoring::report;

/// The monitoring plan.
pub static TARGET: Target = Target {
    name: "monitoring",
    about: "the monitoring plan in Markdown: metrics, thresholds, alerts, escalation",
    subject: Subject::Metric,
    takes: &[],
    needs: &[],
    write,
};

fn write(request: &ExportRequest) -> Export {
    let mut export = Export::default();
    if request.monitored.is_empty() && request.runbooks.is_empty() {
        return export;
    }
    let document = report(&request.monitored, &request.metrics_left_out, &request.runbooks);
    let content = Content::Document(Box::new(document));
    export.files.push(ExportFile { name: "monitoring.md".to_owned(), content });
    export
}
