//! Whether a value is a secret itself, or says where one is kept, or something about it.

use super::tokens::is_mixed;

/// Whether a value is the secret itself, and not a word about it.
pub(super) fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let one_word = !value.is_empty() && !value.contains(char::is_whitespace);
    one_word && !is_reference(value) && !is_number(value) && !is_remark(value)
}

/// Whether a value says where the secret is kept: `${DB_PASSWORD}`, `vault:db/prod`.
pub(super) fn is_reference(value: &str) -> bool {
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
    // Base64 may begin with a slash; a path has a point, more slashes, or no digits among capital letters.
    if value.starts_with('/') && value.len() >= 30 && value.matches('/').count() < 4 && is_mixed(value) {
        return value.contains('.');
    }
    let value = value.to_ascii_lowercase();
    let begins = BEGINNINGS.iter().any(|beginning| value.starts_with(beginning));
    begins || value.contains("://") || STORES.iter().any(|store| value.contains(store))
}

/// A number, perhaps with a unit: `3600`, `30d`, `2048-bit`.
pub(super) fn is_number(value: &str) -> bool {
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
pub(super) fn is_remark(value: &str) -> bool {
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
    // `password=••••` inside of another value was masked before.
    let value = if value.ends_with(super::MASK) { super::MASK } else { &value };
    let masked = value.chars().all(|c| matches!(c, '*' | 'x' | '.' | '•' | '…' | '-' | '_' | '?' | '#'));
    masked || REMARKS.contains(&value)
}
