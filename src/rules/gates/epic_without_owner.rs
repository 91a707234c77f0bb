use crate::finding::Report;
use crate::model::epic::State;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An EPIC without an owner.
    ///
    /// Its owner reports its state and answers for its completion. A role or a
    /// team is enough, and `defaults` can set the owner of many entries. Deferred
    /// EPICs need none.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Sign-in with OpenID Connect
    /// state: In Progress
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Sign-in with OpenID Connect
    /// state: In Progress
    /// owner: Identity team
    /// ```
    "RP0415", "epic-without-owner", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = crate::model::UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        looked_at += 1;
        let deferred = epic.state.is_some_and(|state| state.value == State::Deferred);
        if entry.owner.is_none()
            && !deferred
            && !words::is_put_off(entry)
            && !unreadable.has(entry.id.value, "owner")
        {
            reports.push(
                Report::at(entry.id.span, format!("{} has no owner", entry.id.value))
                    .help("add `owner: Engineering Lead`, with the role or the person who answers for it"),
            );
        }
    }
    looked_at
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn an_epic_has_an_owner() {
        let check = |fields: &str, expect: &[&str]| {
            let yaml = format!("{{id: EPIC-1, title: E{fields}}}");
            assert_eq!(messages("epic-without-owner", &yaml, ""), expect, "{fields}");
        };
        check("", &["EPIC-1 has no owner"]);
        check(", state: In Progress", &["EPIC-1 has no owner"]);
        check(", state: Complete", &["EPIC-1 has no owner"]);
        check(", owner: TBD", &[]);
        check(", owner: Identity team", &[]);
        check(", state: Deferred", &[]);
        check(", owner:", &[]);
    }
}
