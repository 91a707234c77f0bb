use crate::finding::Report;
use crate::model::LinkKind;
use crate::model::effort::Lag;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A lag of a dependency that cannot be read.
    ///
    /// A lag is the working time between the end of a dependency and the start
    /// of what depends on it: `depends_on: EPIC-02 (lag 3d)`. A forecast cannot
    /// take one into account that is not an amount of time.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Mobile app
    ///   depends_on: EPIC-02 (lag -2d)
    /// - id: EPIC-02
    ///   title: Sign-in with a second factor
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Mobile app
    ///   depends_on: EPIC-02 (lag 3d)
    /// - id: EPIC-02
    ///   title: Sign-in with a second factor
    /// ```
    "RP0330", "invalid-lag", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for entry in subject.plan.entries() {
        for link in entry.links.iter().filter(|link| link.kind == LinkKind::DependsOn) {
            let Some(note) = &link.note else { continue };
            let text = subject.sources.slice(**note);
            looked_at += usize::from(Lag::parse(text) != Lag::NotStated);
            if Lag::parse(text) == Lag::Unreadable {
                let message = format!("{}: `{text}` is not a lag", entry.id.value);
                reports.push(Report::at(**note, message).help("write working time from 0 on: `(lag 3d)`"));
            }
        }
    }
    looked_at
}
