use super::evidence_defects;
use crate::evidence::{EvidenceDefectKind, MetricTrouble};
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};

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
    "RP0628", "invalid-metric", ERROR, since "0.1.0", formerly "metric-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    evidence_defects::each(subject, reports, |span, kind| {
        let EvidenceDefectKind::MetricNotUnderstood(trouble) = kind else { return None };
        let text = words::short(subject.sources.slice(span));
        let (message, help) = match trouble {
            MetricTrouble::Impossible { reason } => (
                format!("impossible value: {reason}"),
                "write the measured value; leave out what was not measured",
            ),
            MetricTrouble::NoNumber => {
                (format!("`{text}` is not a finite number"), "write a number, with the unit in its own field")
            }
            MetricTrouble::NoName => ("measurement without a name".to_owned(), "add `name`"),
            MetricTrouble::NoValue => ("measurement without a value".to_owned(), "add `value`"),
            MetricTrouble::ColumnMissing(column) => (
                format!("the table has no column `{column}`"),
                "start the table with a header such as `name,value,unit,time`",
            ),
            MetricTrouble::ColumnTwice(column) => {
                (format!("the table has the column `{column}` twice"), "remove one of them")
            }
            MetricTrouble::FieldCount { expected, found } => (
                format!("this row has {}, but the header has {expected}", words::count(*found, "field")),
                "put text with a comma in double quotes",
            ),
        };
        Some(Report::at(span, message).help(help))
    })
}
