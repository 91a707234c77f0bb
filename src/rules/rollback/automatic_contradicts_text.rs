use crate::finding::Report;
use crate::model::dep::{Rollback, Step};
use crate::model::value::WithRemark;
use crate::model::wording::{Word, split};
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING, words};
use crate::source::Spanned;

declare_rule! {
    /// A rollback or a step whose words and whose flag differ on who starts it.
    ///
    /// If the text says that traffic rolls back automatically and the flag says
    /// `automatic: no`, neither a person nor a machine may act, or both do. The
    /// decision tree and exports for deployment tools follow the flag.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Traffic is rolled back automatically above 2% errors
    /// automatic: no
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Traffic is rolled back automatically above 2% errors
    /// automatic: yes
    /// ```
    "RP1020", "automatic-contradicts-text", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let rollbacks = subject.plan.rollbacks().map(|(entry, rollback)| of_rollback(entry, rollback));
    let steps = subject.plan.steps().map(|(entry, step)| of_step(entry, step));
    let mut looked_at = 0;
    for stated in rollbacks.chain(steps) {
        looked_at += 1;
        reports.extend(report(subject, &stated));
    }
    looked_at
}

/// What an entry says of who starts it.
struct Stated<'e> {
    entry: &'e Entry<'e>,
    /// The key of the flag.
    key: &'static str,
    flag: &'e Option<Spanned<WithRemark<bool>>>,
    /// Its words, with the names of their fields.
    texts: Vec<(&'static str, &'e Text<'e>)>,
}

fn of_rollback<'e>(entry: &'e Entry<'e>, rollback: &'e Rollback<'e>) -> Stated<'e> {
    let texts = [
        ("title", entry.title.as_ref()),
        ("trigger", rollback.trigger.as_ref()),
        ("description", entry.description()),
        ("authority", rollback.authority.as_ref()),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    let texts = texts.chain(rollback.procedure.iter().map(|text| ("procedure", text))).collect();
    Stated { entry, key: "automatic", flag: &rollback.automatic, texts }
}

fn of_step<'e>(entry: &'e Entry<'e>, step: &'e Step<'e>) -> Stated<'e> {
    let texts = [("title", entry.title.as_ref()), ("action", step.action.as_ref())];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    Stated { entry, key: "automated", flag: &step.automated, texts }
}

fn report(subject: &Subject<'_>, stated: &Stated<'_>) -> Option<Report> {
    let flag = stated.flag.as_ref()?;
    let is_automatic = flag.value.value;
    let (name, text, part) = stated.texts.iter().find_map(|(name, text)| {
        let part = if is_automatic { by_hand(&text.value) } else { by_machine(&text.value) };
        Some((*name, *text, part?))
    })?;
    let (key, word, other) =
        (stated.key, if is_automatic { "yes" } else { "no" }, if is_automatic { "no" } else { "yes" });
    let message = format!("{}: the {name} says `{part}`, and `{key}: {word}`", stated.entry.id.value);
    Some(
        Report::at(flag.span, message)
            .and(words::place_of(subject, text, part), "stated here")
            .help(format!("write `{key}: {other}`, or correct the {name}")),
    )
}

/// The words that say that a machine does it.
fn by_machine(text: &str) -> Option<&str> {
    const MACHINE: &[&str] = &["automatic", "automatically", "auto", "automated", "unattended"];
    let words = split(text);
    if let Some(word) = words.iter().find(|word| is_compound(word.text)) {
        return (!is_negated(&words, word)).then_some(word.text);
    }
    with_action(&words, MACHINE)
}

/// The words that say that a person does it.
fn by_hand(text: &str) -> Option<&str> {
    const HAND: &[&str] = &["manual", "manually", "by-hand"];
    // What is done by hand if the machine fails leaves the machine in charge.
    let conditional = |word: &Word<'_>| word.is(&["if", "when", "fallback", "else", "otherwise"]);
    let words = split(text);
    if words.iter().any(conditional) { None } else { with_action(&words, HAND) }
}

/// `auto-rollback`, `autorollback`.
fn is_compound(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.strip_prefix("auto").is_some_and(|rest| is_action(rest.trim_start_matches('-')))
}

/// What is done when a release is taken back or deployed.
fn is_action(word: &str) -> bool {
    const ACTIONS: &[&str] = &[
        "abort",
        "deploy",
        "deployment",
        "failover",
        "promote",
        "promotion",
        "revert",
        "reversal",
        "roll",
        "rollback",
        "rolled",
        "rolling",
        "rollout",
        "switch",
        "undo",
        "undone",
    ];
    let word = word.to_ascii_lowercase();
    let stem = word.trim_end_matches(['s', 'd']).trim_end_matches("ing").trim_end_matches('e');
    ACTIONS.iter().any(|action| {
        *action == word || action.trim_end_matches('e') == stem || word == format!("{action}ed")
    })
}

/// The part of a text in which one of some words stands beside an action, and no word denies it.
fn with_action<'t>(words: &[Word<'t>], known: &[&str]) -> Option<&'t str> {
    let at = (0..words.len()).find(|&at| {
        words[at].is(known)
            && !is_negated(words, &words[at])
            && near(words, at).iter().any(|word| is_action(word.text))
    })?;
    Some(words[at].text)
}

/// The words around one, within its clause.
fn near<'a, 't>(words: &'a [Word<'t>], at: usize) -> &'a [Word<'t>] {
    const REACH: usize = 3;
    let start = (0..at).rev().find(|&at| words[at].ends_clause).map_or(0, |start| start + 1);
    let end = (at..words.len()).find(|&at| words[at].ends_clause).map_or(words.len(), |end| end + 1);
    &words[start.max(at.saturating_sub(REACH))..end.min(at + REACH + 1)]
}

fn is_negated(words: &[Word<'_>], word: &Word<'_>) -> bool {
    const DENIALS: &[&str] = &[
        "never", "no", "not", "without", "isn't", "aren't", "doesn't", "instead", "non", "disabled", "off",
        "unless",
    ];
    let at = words.iter().position(|other| std::ptr::eq(other.text, word.text)).unwrap_or(0);
    near(words, at).iter().any(|word| word.is(DENIALS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(text: &str, expect: bool) {
        assert_eq!(by_machine(text).is_some(), expect, "{text}");
    }

    #[test]
    fn a_machine_acts_where_the_words_say_so() {
        machine("Traffic is rolled back automatically above 2% errors", true);
        machine("Automatic rollback above 2% errors", true);
        machine("The canary is automatically reverted", true);
        machine("Auto-rollback by Argo Rollouts", true);
        machine("Automatically switch the traffic to blue", true);
        machine("Rollback is automatic", true);
    }

    #[test]
    fn other_machines_and_denials_are_none() {
        machine("Automatic alert on the error rate", false);
        machine("The rollback is not automatic", false);
        machine("No automatic rollback: the on-call engineer decides", false);
        machine("Automated tests fail after the deployment", false);
        machine("The autoscaler stops adding instances", false);
        machine("Automatic backups are older than 1 hour", false);
        machine("Error rate rises", false);
    }

    #[test]
    fn a_person_acts_where_the_words_say_so() {
        assert_eq!(by_hand("Manual rollback by the on-call engineer"), Some("Manual"));
        assert_eq!(by_hand("Roll back manually"), Some("manually"));
        assert_eq!(by_hand("Roll back manually if the automation fails"), None);
        assert_eq!(by_hand("The manual is out of date"), None);
        assert_eq!(by_hand("No manual rollback is needed"), None);
    }

    #[test]
    fn the_flag_is_held_against_the_words() {
        let check = |fields: &str, expect: &[&str]| {
            let yaml = format!("{{id: DEP-1, {fields}}}");
            let found = crate::rules::tests::messages(RULE.name, &yaml, "");
            assert_eq!(found, expect, "{fields}");
        };
        check(
            "type: Rollback, trigger: Automatic rollback above 2%, automatic: no",
            &["DEP-1: the trigger says `Automatic`, and `automatic: no`"],
        );
        check(
            "type: Rollback, procedure: [Roll back manually], automatic: yes",
            &["DEP-1: the procedure says `manually`, and `automatic: yes`"],
        );
        check(
            "type: Step, action: Automatically deploy the images, automated: no",
            &["DEP-1: the action says `Automatically`, and `automated: no`"],
        );
        check("type: Rollback, trigger: Automatic rollback above 2%, automatic: yes", &[]);
        check("type: Rollback, trigger: Automatic rollback above 2%", &[]);
        check("type: Rollback, trigger: Automatic alerts fire, automatic: no", &[]);
    }
}
