use super::*;
use proptest::prelude::*;

fn check(setting: &str, expect: bool) {
    let (key, value) = setting.split_once('=').expect("KEY=value");
    assert_eq!(is_secret(key, value), expect, "{setting}");
}

#[test]
fn a_literal_value_behind_the_name_of_a_secret_is_one() {
    for setting in ["DB_PASSWORD=hunter2", "apiKey=4f9a1c", "jwt.secret=Zm9v", "API_KEY_PROD=abc123"] {
        check(setting, true);
    }
    for setting in ["PRIVATE_KEY=MIIEvQ", "SECRET_KEY_BASE=0af3", "smtp-pass=s3cr3t", "TOKEN_2=a1b2"] {
        check(setting, true);
    }
}

#[test]
fn a_reference_or_a_remark_is_none() {
    for value in ["${DB_PASSWORD}", "$DB_PASSWORD", "vault:db/prod", "{{ db_password }}", "<from CI>"] {
        check(&format!("DB_PASSWORD={value}"), false);
    }
    for value in ["arn:aws:secretsmanager:eu-west-1:1:secret:db", "/run/secrets/db", "op://ops/db/password"] {
        check(&format!("DB_PASSWORD={value}"), false);
    }
    for value in ["from Secrets Manager", "enabled", "rotated", "3600", "30d", "", "****", "n/a", "true"] {
        check(&format!("DB_PASSWORD={value}"), false);
    }
}

#[test]
fn a_key_may_speak_about_a_secret() {
    for setting in ["TOKEN_TTL=short", "PASSWORD_POLICY=strict", "SECRET_NAME=db", "MAX_TOKENS=many"] {
        check(setting, false);
    }
    for setting in ["PUBLIC_KEY=abc", "CACHE_KEY=user", "TOKENIZER=bpe", "BYPASS=internal", "pass=abc"] {
        check(setting, false);
    }
}

/// The lines of a corpus that are neither comments nor headings.
fn lines(corpus: &str) -> impl Iterator<Item = String> {
    let lines = corpus.lines().filter(|line| !line.starts_with("# ") && !line.starts_with("## "));
    lines.map(|line| line.replace('¦', ""))
}

/// A line with the mask for each part in `«…»`, and without those signs.
fn masked_as_marked(line: &str) -> String {
    let parts = line.split(['«', '»']).enumerate();
    parts.map(|(index, part)| if index % 2 == 1 { MASK } else { part }).collect()
}

#[test]
fn the_corpus_of_secrets_is_masked_and_nothing_else_of_it() {
    let corpus = include_str!("../../../tests/secrets/secrets.txt");
    let wrong: Vec<String> = lines(corpus)
        .filter_map(|line| {
            let expect = masked_as_marked(&line);
            let shown = mask(&line.replace(['«', '»'], "")).into_owned();
            (shown != expect).then(|| format!("{shown}\n  instead of\n{expect}"))
        })
        .collect();
    assert!(lines(corpus).count() > 140 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_masked_in_the_corpus_of_harmless_texts() {
    let corpus = include_str!("../../../tests/secrets/harmless.txt");
    let wrong: Vec<String> = lines(corpus)
        .filter_map(|line| {
            let shown = mask(&line).into_owned();
            (shown != line).then(|| format!("{shown}\n  instead of\n{line}"))
        })
        .collect();
    assert!(lines(corpus).count() > 90 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_private_key_is_masked_to_its_end_or_that_of_the_text() {
    let key = |end: &str| format!("a: |\n  -----BEGIN RSA {} KEY-----\n  MIIE\n  abc\n{end}", "PRIVATE");
    assert_eq!(mask(&key("  -----END RSA PRIVATE KEY-----\nb: c\n")), format!("a: |\n  {MASK}\nb: c\n"));
    assert_eq!(mask(&key("")), format!("a: |\n  {MASK}"));
}

#[test]
fn searching_is_linear() {
    // A quadratic search takes minutes for each of these.
    for part in [
        "eyJ",
        "eyJ-",
        "token",
        "token=",
        "key ",
        "key:",
        "://a:",
        "-----BEGIN ",
        "AKIA",
        "xoxb-",
        "a.atlasv1.",
    ] {
        let text = part.repeat(500_000 / part.len());
        let began = std::time::Instant::now();
        let _ = find_all(&text);
        assert!(began.elapsed().as_secs() < 20, "{part}: {:?}", began.elapsed());
    }
}

proptest! {
    #[test]
    fn secrets_lie_in_the_text_and_apart(
        text in "(token|key|=|:|: | |\"|'|eyJ|://|@|ü|a1B2c3D4|\n|Bearer |AKIA|--|<|>){0,40}",
    ) {
        let mut end = 0;
        for secret in find_all(&text) {
            prop_assert!(secret.range.start >= end && secret.range.start < secret.range.end);
            prop_assert!(text.get(secret.range.clone()).is_some());
            end = secret.range.end;
        }
    }

    #[test]
    fn masking_a_second_time_changes_nothing(
        text in "(password|token|api_key|=|: | |\"|abc12345|hunter2|\n|x){0,20}",
    ) {
        let once = mask(&text).into_owned();
        let twice = mask(&once).into_owned();
        prop_assert_eq!(&twice, &once);
    }
}
