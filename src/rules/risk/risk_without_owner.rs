use crate::finding::Report;
use crate::rules::missing_statement::{self, MissingStatement};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A risk without an owner.
    ///
    /// Its owner watches for the trigger, drives the mitigation and closes the
    /// risk. Name the role or the person. A resolved risk needs no owner.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// probability: 20%
    /// impact: High
    /// mitigation: Contract tests run every night
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
    /// probability: 20%
    /// impact: High
    /// mitigation: Contract tests run every night
    /// ```
    "RP0807", "risk-without-owner", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    missing_statement::each(
        subject,
        reports,
        subject.plan.risks(),
        |entry, risk| entry.owner.is_some() || risk.is_resolved(),
        &MISSING,
    )
}

const MISSING: MissingStatement<'_> =
    MissingStatement { field: "owner", message: "risk without an owner", help: "add `owner: Data Lead`" };
