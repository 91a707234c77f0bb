use crate::finding::Report;
use crate::model::epic::State;
use crate::model::{Entry, Kind, LinkKind};
use crate::rules::{Subject, WARNING, words};
use crate::source::Spanned;

declare_rule! {
    /// A complete EPIC that depends on one that is not.
    ///
    /// What an EPIC depends on is done before it. Either the dependency is done
    /// too and its state is out of date, or the EPIC was called complete on top
    /// of something that is missing, or it does not depend on it after all.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Sign-in with OpenID Connect
    ///   state: Deferred
    /// - id: EPIC-02
    ///   title: Single sign-out
    ///   state: Complete
    ///   depends_on: EPIC-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Sign-in with OpenID Connect
    ///   state: Complete
    /// - id: EPIC-02
    ///   title: Single sign-out
    ///   state: Complete
    ///   depends_on: EPIC-01
    /// ```
    "RP0414", "complete-epic-with-open-dependency", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for edge in subject.graph.edges().filter(|edge| edge.kind == LinkKind::DependsOn) {
        let (entry, dependency) = (subject.plan.entry(edge.from), subject.plan.entry(edge.to));
        let (Some(state), Some(other)) = (state(entry), state(dependency)) else { continue };
        looked_at += 1;
        if state.value != State::Complete || other.value == State::Complete {
            continue;
        }
        let (id, on) = (entry.id.value, dependency.id.value);
        let message = format!("{id} is `Complete`, and depends on {on}, which is `{}`", other.value);
        reports.push(
            Report::at(state.span, message)
                .and(other.span, format!("the state of {on}"))
                .and(edge.span, "the dependency")
                .help(format!(
                    "complete {on}, set {id} back to `In Progress`, or remove {on} from its `depends_on`"
                )),
        );
    }
    words::keep_first_of_each_message(reports);
    looked_at
}

fn state(entry: &Entry<'_>) -> Option<Spanned<State>> {
    match &entry.kind {
        Kind::Epic(epic) => epic.state,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(state: &str, other: &str, expect: &[&str]) {
        let yaml = format!(
            "- {{id: EPIC-1, title: A{other}}}\n- {{id: EPIC-2, title: B, depends_on: EPIC-1{state}}}"
        );
        assert_eq!(messages("complete-epic-with-open-dependency", &yaml, ""), expect, "{state} {other}");
    }

    #[test]
    fn a_dependency_is_complete_first() {
        for (word, shown) in [("Planned", "Planned"), ("deferred", "Deferred"), ("Testing", "Testing")] {
            let message = format!("EPIC-2 is `Complete`, and depends on EPIC-1, which is `{shown}`");
            check(", state: Complete", &format!(", state: {word}"), &[&message]);
        }
        check(", state: Complete", ", state: Complete", &[]);
        check(", state: In Progress", ", state: Planned", &[]);
        check(", state: Complete", "", &[]);
    }
}
