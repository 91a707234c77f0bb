use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::dep::DepType;
use crate::model::{Choice, Kind};
use crate::rules::{Subject, WARNING, defects};

declare_rule! {
    /// A key that belongs to another kind of deployment item.
    ///
    /// A threshold on a criterion is not checked by anything. Either the field is
    /// in the wrong entry, or the entry has the wrong `type`.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// type: Criteria
    /// title: Few requests fail
    /// requirement: Fewer than two requests in a hundred fail
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
    "RP0103", "misplaced-key", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::MisplacedKey { home } = defect.kind else { return None };
        // Of an entry whose type was guessed, the guess may be what is wrong.
        let stated = stated_type(subject, defect)?;
        let key = defects::text(subject, defect.span);
        let message = format!(
            "{}`{key}` belongs to type {home}, but this entry has type {}",
            defects::of(defect),
            stated.word()
        );
        let help = format!("set `type: {home}`, or move the field to an entry of that type");
        Some(Report::at(defect.span, message).help(help))
    })
}

fn stated_type(subject: &Subject<'_>, defect: &Defect) -> Option<DepType> {
    match &subject.plan.entry(subject.plan.find(defect.owner?)?).kind {
        Kind::Dep(dep) => dep.stated_type.as_ref().map(|_| dep.dep_type()),
        _ => None,
    }
}
