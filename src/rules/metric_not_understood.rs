use super::{ERROR, Subject, evidence_defects, words};
use crate::evidence::{EvidenceDefectKind, MetricTrouble};
use crate::finding::Report;

declare_rule! {
    /// A measurement that cannot be used.
    ///
    /// It has no name or no value, its value is no number or one that its unit
    /// cannot have, or the header of its table lacks a column or names one twice.
    /// A threshold on it stays open.
    ///
    /// ```json,bad
    /// [{"name": "error rate", "value": "low"}]
    /// ```
    ///
    /// ```json,bad
    /// [{"name": "availability", "value": -1, "unit": "%"}]
    /// ```
    ///
    /// ```csv,bad
    /// name,unit
    /// error rate,%
    /// ```
    ///
    /// ```json,good
    /// [{"name": "error rate", "value": 0.4, "unit": "%"}]
    /// ```
    ///
    /// ```csv,good
    /// name,value,unit
    /// error rate,0.4,%
    /// ```
    "RP0628", "metric-not-understood", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::MetricNotUnderstood(trouble) = kind else { return None };
        let text = words::short(subject.sources.slice(span));
        let (message, help) = match trouble {
            MetricTrouble::Impossible { reason } => (
                format!("this value is impossible: {reason}"),
                "write what was measured; where nothing was, leave the measurement out",
            ),
            MetricTrouble::NoNumber => {
                (format!("`{text}` is no finite number"), "write a number, and its unit beside it")
            }
            MetricTrouble::NoName => {
                ("this measurement has no name".to_owned(), "say what was measured: `name`")
            }
            MetricTrouble::NoValue => {
                ("this measurement has no value".to_owned(), "say how much it is: `value`")
            }
            MetricTrouble::ColumnMissing(column) => (
                format!("the table has no column `{column}`"),
                "begin it with a header such as `name,value,unit,time`",
            ),
            MetricTrouble::ColumnTwice(column) => {
                (format!("the table has the column `{column}` twice"), "leave out the one that is not meant")
            }
            MetricTrouble::FieldCount { expected, found } => (
                format!("this row has {}, and the header {expected}", words::count(*found, "field")),
                "put a text with a comma between double quotes",
            ),
        };
        Some(Report::at(span, message).help(help))
    })
}
