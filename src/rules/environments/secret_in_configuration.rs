use crate::finding::Report;
use crate::model::dep::Environment;
use crate::model::{Entry, Text};
use crate::rules::{ERROR, Subject, words};
use crate::source::edit::Edit;
use crate::source::secret;

declare_rule! {
    /// A secret in the plan itself.
    ///
    /// Every reader of the repository can read it, and its history keeps it.
    /// Replace it with a reference to its store, and rotate it: it is no longer
    /// secret. relplan never shows it.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Environment
    /// name: production
    /// configuration:
    ///   DB_HOST: db.internal
    ///   DB_PASSWORD: correct-horse-battery
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// type: Environment
    /// name: production
    /// configuration:
    ///   DB_HOST: db.internal
    ///   DB_PASSWORD: ${DB_PASSWORD}
    /// secrets: Vault, rotated every 30 days
    /// ```
    "RP0905", "secret-in-configuration", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, environment) in subject.plan.environments() {
        for (key, value) in &environment.configuration {
            if secret::is_secret(&key.value, &value.value) {
                reports.push(setting(subject, entry, key, value));
            }
        }
        for (field, text) in texts(environment) {
            reports.extend(prose(subject, entry, field, text));
        }
    }
    subject.plan.environments().count()
}

fn texts<'e, 's>(environment: &'e Environment<'s>) -> impl Iterator<Item = (&'static str, &'e Text<'s>)> {
    let texts = [
        ("infrastructure", &environment.infrastructure),
        ("secrets", &environment.secrets),
        ("access", &environment.access),
        ("gate", &environment.gate),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?)))
}

const HELP: &str =
    "rotate the secret, since it stays in the Git history, and refer to the secret store instead";

fn setting(subject: &Subject<'_>, entry: &Entry<'_>, key: &Text<'_>, value: &Text<'_>) -> Report {
    let what = secret::find(&value.value).map_or("a secret", |secret| secret.what);
    let message = format!("{}: `{}` contains {what} in plain text", entry.id.value, key.value);
    let report =
        Report::at(value.span, message).saying("the secret").help(format!("{HELP}: `${{{}}}`", key.value));
    match reference(subject, key, value) {
        Some(edit) => report.suggested_fix("read it from the environment", vec![edit]),
        None => report,
    }
}

/// Puts `${KEY}` in place of the secret, where that is plain YAML.
fn reference(subject: &Subject<'_>, key: &Text<'_>, value: &Text<'_>) -> Option<Edit> {
    let simple = key.value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let text = subject.sources.file(value.span.file).text();
    let line = text[..key.span.start as usize].rsplit('\n').next().unwrap_or("").trim_start();
    // In `{…}` and `[…]` a plain value cannot hold braces.
    let block = line.is_empty() || line == "-" || line.starts_with("- ");
    let written = subject.sources.slice(value.span);
    let one_line = !written.contains('\n') && value.span != key.span;
    let reference = format!("${{{}}}", key.value);
    (simple && block && one_line).then(|| Edit::replace(value.span, reference))
}

fn prose(subject: &Subject<'_>, entry: &Entry<'_>, field: &str, text: &Text<'_>) -> Option<Report> {
    let secret = secret::find(&text.value)?;
    let message = format!("{}: `{field}` contains {} in plain text", entry.id.value, secret.what);
    let place = words::place_of(subject, text, &text.value[secret.range]);
    Some(Report::at(place, message).saying("the secret").help(HELP))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::tests::findings;

    fn check(configuration: &str, expect: usize) {
        let yaml = format!("id: DEP-001\ntype: Environment\nname: production\n{configuration}");
        let found: Vec<_> =
            findings(&yaml, "").into_iter().filter(|finding| finding.code == RULE.code).collect();
        assert_eq!(found.len(), expect, "{configuration}: {found:#?}");
        let shown = format!("{found:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn secrets_are_found_and_never_repeated() {
        check("configuration:\n  - DB_PASSWORD=hunter2\n  - LOG_LEVEL=info\n", 1);
        check("configuration: {DB_PASSWORD: hunter2}\n", 1);
        check("configuration:\n  DB_URL: postgres://app:hunter2@db/orders\n", 1);
        check("infrastructure: RDS, postgres://app:hunter2@db/orders\n", 1);
        check("configuration:\n  DB_URL: postgres://app:${DB_PASSWORD}@db/orders\n", 0);
        check("secrets: Secrets Manager, rotated monthly\n", 0);
    }
}
