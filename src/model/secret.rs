//! Which texts are secrets, so that they are found, and never shown.
//!
//! A setting is a secret if its value looks like one wherever it stands, or if
//! its key names one and its value is literal: no reference to a store, no
//! number, and no word that only says how the secret is managed.

use std::ops::Range;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The bytes that hold it.
    pub range: Range<usize>,
    /// What it looks like, with its article: `an AWS access key`.
    pub what: &'static str,
}

/// What is shown in place of a secret.
pub const MASK: &str = "••••";

/// Whether a setting holds a secret, which no output may show.
pub fn is_secret(key: &str, value: &str) -> bool {
    find(value).is_some() || (names_secret(key) && is_literal(value))
}

/// Whether a key names a secret: `DB_PASSWORD`, `apiKey`, `jwt.secret`, but not
/// `TOKEN_TTL` or `SECRET_NAME`, which say something about one.
pub fn names_secret(key: &str) -> bool {
    let words = words(key);
    let last = words.iter().rposition(|word| !says_which(word));
    let Some(at) = last else { return false };
    let word = words[at].as_str();
    let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
    // Rails calls its secret `SECRET_KEY_BASE`.
    let (word, before) = match (word, at.checked_sub(2)) {
        ("base", Some(first)) => (before, words[first].as_str()),
        _ => (word, before),
    };
    SECRET_WORDS.contains(&word)
        || (word == "key" && SECRET_KEYS.contains(&before))
        || (word == "pass" && !before.is_empty())
}

/// The first text that looks like a secret by its form.
pub fn find(text: &str) -> Option<Secret> {
    // Most settings are short, and no form is.
    if text.len() < SHORTEST {
        return None;
    }
    let possible = TOKENS.iter().filter(|token| text.len() >= token.begins.len() + token.follows);
    let tokens = possible.filter_map(|shape| shape.find(text));
    let others = [private_key(text), web_token(text), password_in_address(text)];
    tokens.chain(others.into_iter().flatten()).min_by_key(|secret| secret.range.start)
}

/// Fewer bytes than this hold no text of a known form: `x://:y@` has seven.
const SHORTEST: usize = 7;

const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "credentials",
    "apikey",
    "secretkey",
    "privatekey",
    "accesskey",
];

/// What makes a `KEY` a secret when it stands before it.
const SECRET_KEYS: &[&str] = &[
    "api",
    "private",
    "access",
    "secret",
    "signing",
    "encryption",
    "auth",
    "master",
    "service",
    "account",
    "ssh",
    "license",
];

/// Whether the last word of a key only says which of several secrets is meant.
fn says_which(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(
            word,
            "prod" | "production" | "staging" | "dev" | "test" | "old" | "new" | "primary" | "secondary"
        )
        || matches!(word, "value" | "current" | "previous" | "backup" | "live")
}

/// The words of a key in small letters: `dbPassword` and `DB_PASSWORD` have two.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in key.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if !letter.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value is the secret itself, and not a word about it.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let one_word = !value.is_empty() && !value.contains(char::is_whitespace);
    one_word && !is_reference(value) && !is_number(value) && !is_remark(value)
}

/// Whether a value says where the secret is kept: `${DB_PASSWORD}`, `vault:db/prod`.
fn is_reference(value: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "$",
        "{{",
        "<",
        "%",
        "/",
        "./",
        "~/",
        "@",
        "enc[",
        "ref+",
        "arn:",
        "vault:",
        "ssm:",
        "sm:",
        "kms:",
        "env:",
        "env.",
        "file:",
        "secret:",
        "secrets:",
        "secret.",
        "secrets.",
        "op:",
        "sops:",
        "valuefrom",
    ];
    const STORES: &[&str] = &[
        "vault",
        "secretsmanager",
        "secrets-manager",
        "secretmanager",
        "secret-manager",
        "keychain",
        "1password",
        "sealed",
        "sealed-secret",
        "external-secret",
        "secretkeyref",
        "doppler",
    ];
    let value = value.to_ascii_lowercase();
    let begins = BEGINNINGS.iter().any(|beginning| value.starts_with(beginning));
    begins || value.contains("://") || STORES.iter().any(|store| value.contains(store))
}

/// A number, perhaps with a unit: `3600`, `30d`, `2048-bit`.
fn is_number(value: &str) -> bool {
    let rest = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_'));
    let unit = rest.trim_start_matches('-');
    rest.len() < value.len()
        && unit.len() <= 7
        && unit.chars().all(char::is_alphabetic)
        && (unit.is_empty() || UNITS.contains(&unit.to_ascii_lowercase().as_str()))
}

const UNITS: &[&str] = &[
    "ms", "s", "m", "h", "d", "w", "sec", "min", "hour", "hours", "day", "days", "week", "weeks", "bit",
    "bits", "byte", "bytes", "kb", "chars",
];

/// A word that says how a secret is managed, or hides it.
fn is_remark(value: &str) -> bool {
    const REMARKS: &[&str] = &[
        "enabled",
        "disabled",
        "required",
        "optional",
        "mandatory",
        "rotated",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "none",
        "null",
        "nil",
        "n/a",
        "na",
        "tbd",
        "todo",
        "set",
        "unset",
        "managed",
        "masked",
        "redacted",
        "hidden",
        "encrypted",
        "hashed",
        "generated",
        "injected",
        "external",
        "environment",
        "env",
        "default",
        "unchanged",
        "present",
        "absent",
        "expired",
        "revoked",
        "kms",
        "ssm",
        "sops",
        "okta",
        "keycloak",
        "oauth",
        "oauth2",
        "oidc",
        "saml",
        "jwt",
        "bearer",
        "basic",
        "bcrypt",
        "argon2id",
        "hs256",
        "rs256",
        "es256",
        "kubernetes",
        "shared",
        "opaque",
        "per-tenant",
        "short-lived",
        "auto-rotated",
        "auto-generated",
    ];
    let value = value.to_ascii_lowercase();
    let masked = value.chars().all(|c| matches!(c, '*' | 'x' | '.' | '•' | '…' | '-' | '_' | '?' | '#'));
    masked || REMARKS.contains(&value.as_str())
}

/// A token that its issuer begins with a known text.
struct Token {
    begins: &'static str,
    /// How many letters, digits, hyphens and underscores follow at least.
    follows: usize,
    what: &'static str,
}

const fn token(begins: &'static str, follows: usize, what: &'static str) -> Token {
    Token { begins, follows, what }
}

const TOKENS: &[Token] = &[
    token("AKIA", 16, "an AWS access key"),
    token("ASIA", 16, "an AWS access key"),
    token("ghp_", 20, "a GitHub token"),
    token("gho_", 20, "a GitHub token"),
    token("ghu_", 20, "a GitHub token"),
    token("ghs_", 20, "a GitHub token"),
    token("ghr_", 20, "a GitHub token"),
    token("github_pat_", 20, "a GitHub token"),
    token("glpat-", 16, "a GitLab token"),
    token("sk_live_", 10, "a Stripe key"),
    token("rk_live_", 10, "a Stripe key"),
    token("sk_test_", 10, "a Stripe key"),
    token("whsec_", 16, "a webhook secret"),
    token("xoxa-", 10, "a Slack token"),
    token("xoxb-", 10, "a Slack token"),
    token("xoxp-", 10, "a Slack token"),
    token("xoxr-", 10, "a Slack token"),
    token("xoxs-", 10, "a Slack token"),
    token("AIza", 35, "a Google API key"),
    token("hvs.", 20, "a Vault token"),
    token("npm_", 30, "an npm token"),
    token("pypi-AgEI", 20, "a PyPI token"),
    token("sk-proj-", 20, "an API key"),
    token("sk-ant-", 20, "an API key"),
    token("SG.", 40, "a SendGrid key"),
];

impl Token {
    fn find(&self, text: &str) -> Option<Secret> {
        let found = text.match_indices(self.begins).find_map(|(start, begins)| {
            let body = start + begins.len();
            let length = token_length(&text[body..]);
            // In the middle of a word the letters are a coincidence.
            let apart = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
            (apart && length >= self.follows).then_some(start..body + length)
        });
        found.map(|range| Secret { range, what: self.what })
    }
}

fn token_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count()
}

fn private_key(text: &str) -> Option<Secret> {
    let begins = "-----BEGIN ";
    let found = text.match_indices(begins).find_map(|(start, _)| {
        let name = &text[start + begins.len()..];
        let kind = name.split("-----").next()?;
        let end = name.find("-----END").map_or(text.len(), |end| start + begins.len() + end);
        kind.ends_with("PRIVATE KEY").then_some(start..end)
    });
    found.map(|range| Secret { range, what: "a private key" })
}

/// Three parts with dots between them, of which the first two are JSON in base64.
fn web_token(text: &str) -> Option<Secret> {
    let found = text.match_indices("eyJ").find_map(|(start, _)| {
        let header = token_length(&text[start..]);
        let body = text[start + header..].strip_prefix('.')?;
        let payload = token_length(body);
        let signature = body[payload..].strip_prefix('.').map_or(0, |rest| 1 + token_length(rest));
        let whole = header + 1 + payload + signature;
        (header >= 10 && payload >= 10).then_some(start..start + whole)
    });
    found.map(|range| Secret { range, what: "a JSON Web Token" })
}

/// `postgres://user:password@host`, unless the password is a reference.
fn password_in_address(text: &str) -> Option<Secret> {
    let found = text.match_indices("://").find_map(|(colon, separator)| {
        let start = colon + separator.len();
        let rest = &text[start..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | ',' | '?');
        let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
        let (login, _) = authority.rsplit_once('@')?;
        let (user, password) = login.split_once(':')?;
        let from = start + user.len() + 1;
        let shown = !password.is_empty() && !is_reference(password) && !is_remark(password);
        shown.then_some(from..from + password.len())
    });
    found.map(|range| Secret { range, what: "a password in an address" })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for value in
            ["arn:aws:secretsmanager:eu-west-1:1:secret:db", "/run/secrets/db", "op://ops/db/password"]
        {
            check(&format!("DB_PASSWORD={value}"), false);
        }
        for value in ["from Secrets Manager", "enabled", "rotated", "3600", "30d", "", "****", "n/a", "true"]
        {
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

    fn check_shape(text: &str, expect: Option<(&str, &str)>) {
        let found = find(text).map(|secret| (&text[secret.range], secret.what));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        // Put together here, so that scanners of this repository stay quiet.
        let aws = format!("AKIA{}", "IOSFODNN7EXAMPLE");
        check_shape(&format!("key {aws} of CI"), Some((&aws, "an AWS access key")));
        let github = format!("ghp_{}", "a1".repeat(18));
        check_shape(&github, Some((&github, "a GitHub token")));
        let stripe = format!("sk_live_{}", "a1b2c3d4e5f6");
        check_shape(&stripe, Some((&stripe, "a Stripe key")));
        let web = format!("eyJ{}.eyJ{}.{}", "hbGciOiJIUzI1NiJ9", "zdWIiOiIxMjM0In0", "c2ln");
        check_shape(&format!("Bearer {web}"), Some((&web, "a JSON Web Token")));
        let key = format!("-----BEGIN RSA {} KEY-----\nMIIE", "PRIVATE");
        check_shape(&key, Some((&key, "a private key")));
        check_shape("postgres://app:hunter2@db:5432/x", Some(("hunter2", "a password in an address")));
    }

    #[test]
    fn other_texts_are_not() {
        for text in ["AKIA", "ghp_short", "eyJ.x.y", "https://example.org/a:b@c", "postgres://app@db/x"] {
            check_shape(text, None);
        }
        for text in
            ["postgres://app:${DB_PASSWORD}@db/x", "postgres://app:****@db", "-----BEGIN CERTIFICATE-----"]
        {
            check_shape(text, None);
        }
        check_shape("XAKIAIOSFODNN7EXAMPLE", None);
    }
}
