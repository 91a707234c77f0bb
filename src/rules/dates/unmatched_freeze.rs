use crate::config::calendar::Freeze;
use crate::finding::Report;
use crate::model::reader::nearest_name;
use crate::model::same_folded;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A freeze of an environment or a family that does not exist.
    ///
    /// The freeze is about nothing, and whatever it was to stop goes out. Where
    /// the plan describes no environment at all, a freeze may name any.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Environment
    /// name: production
    /// ```
    /// ```toml,bad
    /// [[calendar.freezes]]
    /// name = "Quarter end"
    /// from = 2027-04-01
    /// environments = ["prodction"]
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// type: Environment
    /// name: production
    /// ```
    /// ```toml,good
    /// [[calendar.freezes]]
    /// name = "Quarter end"
    /// from = 2027-04-01
    /// environments = ["production"]
    /// ```
    "RP0723", "unmatched-freeze", ERROR, since "0.1.0", formerly "freeze-of-nothing"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let freezes = &subject.config.calendar.freezes;
    let known = environments(subject);
    for freeze in freezes {
        reports.extend(unknown_environments(freeze, &known));
        reports.extend(unknown_families(subject, freeze));
    }
    freezes.len()
}

/// What the environments of the plan are called, and their ids.
fn environments(subject: &Subject<'_>) -> Vec<String> {
    let names = |entry: &crate::model::Entry<'_>, name: Option<String>| {
        name.into_iter().chain([entry.id.value.to_string()]).collect::<Vec<_>>()
    };
    let environments = subject.plan.environments();
    environments
        .flat_map(|(entry, found)| names(entry, found.name.as_ref().map(|name| name.value.to_string())))
        .collect()
}

fn unknown_environments(freeze: &Freeze, known: &[String]) -> Vec<Report> {
    // What is not described may be anything.
    if known.is_empty() {
        return Vec::new();
    }
    let is_unknown =
        |name: &&crate::source::Spanned<String>| !known.iter().any(|known| same_folded(known, &name.value));
    let unknown = freeze.environments.iter().filter(is_unknown);
    unknown
        .map(|name| {
            let message =
                format!("freeze `{}` names environment `{}`, which does not exist", freeze.name, name.value);
            let report = Report::at(name.span, message);
            match nearest_name(&name.value, known.iter().map(String::as_str)) {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help(format!("the plan has {}", words::list(known))),
            }
        })
        .collect()
}

fn unknown_families(subject: &Subject<'_>, freeze: &Freeze) -> Vec<Report> {
    let families = &subject.config.families;
    let unknown = freeze.families.iter().filter(|family| families.of(&family.value).is_none());
    unknown
        .map(|family| {
            let message =
                format!("freeze `{}` names family `{}`, which does not exist", freeze.name, family.value);
            let report = Report::at(family.span, message);
            match words::nearest_family(subject, &family.value) {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help("name a family of the plan, such as `EPIC`"),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::tests::findings;

    fn check(freeze: &str, expect: &[&str]) {
        let yaml = "- {id: DEP-001, type: Environment, name: production}\n- {id: DEP-002, type: Environment, title: Staging}\n";
        let toml = format!("[[calendar.freezes]]\nname = \"Quarter\"\nfrom = 2027-04-01\n{freeze}\n");
        let found = findings(yaml, &toml).into_iter().filter(|finding| finding.code == RULE.code);
        let shown: Vec<String> =
            found.map(|finding| finding.message.replace("freeze `Quarter` names ", "")).collect();
        assert_eq!(shown, expect, "{freeze}");
    }

    #[test]
    fn what_a_freeze_names_must_exist() {
        check("environments = [\"prodction\"]", &["environment `prodction`, which does not exist"]);
        check("environments = [\"Production\", \"DEP-002\"]", &[]);
        check("environments = [\"DEP-003\"]", &["environment `DEP-003`, which does not exist"]);
        check("families = [\"EPICS\"]", &["family `EPICS`, which does not exist"]);
        check("families = [\"EPIC\", \"TEST\"]", &[]);
    }
}
