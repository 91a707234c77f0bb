use crate::finding::Report;
use crate::rules::{Subject, WARNING, renamed};
use crate::source::Spanned;

declare_rule! {
    /// A rule under the name of an earlier version.
    ///
    /// The earlier name still works. Write the present one: it is the name in findings, in
    /// `relplan explain` and in the documentation.
    ///
    /// ```yaml,bad
    /// id: MON-001
    /// title: Error rate
    /// unit: percent
    /// ```
    /// ```toml,bad
    /// [rules]
    /// unknown-word = "warning"
    /// ```
    ///
    /// ```yaml,good
    /// id: MON-001
    /// title: Error rate
    /// unit: percent
    /// ```
    /// ```toml,good
    /// [rules]
    /// unknown-value = "warning"
    /// ```
    "RP1114", "renamed-rule", WARNING, since "0.1.0"
}

/// The names in `relplan.toml`; those of inline allows are reported where allows are applied.
fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let levels = &subject.config.levels;
    reports.extend(levels.iter().filter_map(|line| report(&line.rule)));
    levels.len() + subject.plan.directives.len()
}

/// What to say of a rule that is written with an earlier name.
pub(in crate::rules) fn report(written: &Spanned<String>) -> Option<Report> {
    let name = renamed(&written.value)?.name;
    let message = format!("rule `{}` is called `{name}`", written.value);
    Some(Report::at(written.span, message).help(format!("write `{name}`")))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::{findings, messages};
    use crate::rules::{ALL, find, renamed};

    #[test]
    fn earlier_names_find_their_rules_and_are_no_names_of_others() {
        for rule in ALL.iter() {
            for former in rule.formerly {
                assert_eq!(find(former).map(|found| found.code), Some(rule.code), "{former}");
                assert!(renamed(&former.to_uppercase()).is_some(), "{former}");
                assert!(ALL.iter().all(|other| other.name != *former), "{former}");
            }
            assert!(renamed(rule.name).is_none(), "{}", rule.name);
            assert!(renamed(rule.code).is_none(), "{}", rule.code);
        }
    }

    #[test]
    fn an_allow_by_an_earlier_name_works_and_names_the_present_one() {
        let yaml = "id: EPIC-001\ntitle: Search\nstate: Somewhere # relplan: allow(unknown-word) agreed\n";
        assert_eq!(messages("unknown-value", yaml, ""), [""; 0]);
        assert_eq!(messages("renamed-rule", yaml, ""), ["rule `unknown-word` is called `unknown-value`"]);
    }

    #[test]
    fn a_level_by_an_earlier_name_works() {
        let off = "[rules]\nUNKNOWN-WORD = \"off\"\n";
        let yaml = "id: EPIC-001\ntitle: Search\nstate: Somewhere\n";
        assert_eq!(messages("unknown-value", yaml, "").len(), 1);
        assert_eq!(messages("unknown-value", yaml, off), [""; 0]);
        let found = findings(yaml, off);
        let help =
            found.iter().find(|finding| finding.name == "renamed-rule").and_then(|own| own.help.clone());
        assert_eq!(help.as_deref(), Some("write `unknown-value`"));
    }
}
