//! Which keys name secrets.

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
        || SECRET_ENDS.iter().any(|end| word.ends_with(end))
        || (word == "key" && SECRET_KEYS.contains(&before))
        || (word == "pass" && !before.is_empty())
}

const SECRET_WORDS: &[&str] = &["pwd", "credential", "credentials", "pat"];

/// How words end that name a secret, alone or written together with others: `PGPASSWORD`, `authtoken`.
const SECRET_ENDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "secretkey",
    "privatekey",
    "accesskey",
    "accountkey",
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
    "shared",
    "client",
    "webhook",
    "integration",
    "deploy",
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
