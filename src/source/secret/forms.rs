//! Secrets that are known by their form rather than by how they begin alone.

use super::Secret;
use super::literal::{is_literal, is_reference, is_remark};
use super::scan::{Scan, bounded, length};
use super::tokens::{Body, is_mixed};

/// A form, and the text that gives it away.
#[derive(Debug)]
pub(super) struct Form {
    /// What is in every secret of this form, or before it.
    pub sign: &'static str,
    /// The secret whose sign begins and ends here.
    pub find: fn(&mut Scan<'_>, usize, usize) -> Option<Secret>,
}

const fn form(sign: &'static str, find: fn(&mut Scan<'_>, usize, usize) -> Option<Secret>) -> Form {
    Form { sign, find }
}

/// All forms.
pub(super) static FORMS: &[Form] = &[
    form("-----BEGIN ", private_key),
    form("eyJ", web_token),
    form("://", login_in_address),
    form("@tcp(", login_of_go),
    form("@unix(", login_of_go),
    form(":thin:", login_of_oracle),
    form("Bearer ", bearer),
    form("Basic ", basic),
    form("AKIA", secret_beside_access_key),
    form("ASIA", secret_beside_access_key),
    form(".atlasv1.", terraform),
    form(":AA", telegram),
    form("hooks.slack.com/", webhook),
    form("discord.com/api/webhooks/", webhook),
    form("discordapp.com/api/webhooks/", webhook),
    form("webhook.office.com/", webhook),
    form("outlook.office.com/webhook/", webhook),
    form("outlook.office365.com/webhook/", webhook),
    form("hooks.zapier.com/hooks/", webhook),
    form("open-apis/bot/v2/hook/", webhook),
    form("maker.ifttt.com/trigger/", webhook),
    form("?key=", key_in_address),
    form("&key=", key_in_address),
    form("?sig=", key_in_address),
    form("&sig=", key_in_address),
    form("?code=", key_in_address),
    form("&code=", key_in_address),
    form("?auth=", key_in_address),
    form("&auth=", key_in_address),
    form("?jwt=", key_in_address),
    form("signature=", key_in_address),
    form("curl ", login_of_curl),
    form("sshpass -p", password_of_sshpass),
];

/// Whether a word begins here: in the middle of one its letters are a coincidence.
pub(super) fn begins_word(text: &str, start: usize) -> bool {
    !text[..start].ends_with(|letter: char| letter.is_ascii_alphanumeric())
}

fn secret(range: std::ops::Range<usize>, what: &'static str) -> Option<Secret> {
    Some(Secret { range, what })
}

/// A private key of any kind: as far as its last line, or where that is missing, all that follows.
fn private_key(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Secret> {
    let name = bounded(&scan.text[end..]).split("-----").next()?;
    if !(name.ends_with("PRIVATE KEY") || name.ends_with("PRIVATE KEY BLOCK")) {
        return None;
    }
    let end = match memchr::memmem::find(&scan.text.as_bytes()[end..], b"-----END") {
        Some(at) => {
            let end = end + at;
            let last = "-----END".len();
            let closing = scan.text[end + last..].find("-----");
            closing.filter(|length| *length < 64).map_or(end, |length| end + last + length + "-----".len())
        }
        None => scan.text.len(),
    };
    secret(start..end, "a private key")
}

/// Three parts with dots between them, of which the first two are JSON in base64; an encrypted one has
/// five.
fn web_token(scan: &mut Scan<'_>, start: usize, _: usize) -> Option<Secret> {
    if !scan.text[start..].starts_with("eyJ") || !begins_word(scan.text, start) {
        return None;
    }
    let header = scan.word_end(start);
    scan.text[header..].strip_prefix('.')?;
    let payload = scan.word_end(header + 1);
    if header - start < 10 || payload - header < 11 {
        return None;
    }
    let mut end = payload;
    for _ in 0..3 {
        if scan.text[end..].starts_with('.') && scan.word_end(end + 1) > end + 1 {
            end = scan.word_end(end + 1);
        }
    }
    secret(start..end, "a JSON Web Token")
}

/// `postgres://user:password@host`, unless the password is a reference; or `https://token@host`.
fn login_in_address(scan: &mut Scan<'_>, _: usize, start: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[start..]);
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`' | '?' | '<' | '>');
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    // Several hosts have commas between them, and the login comes before the first.
    let (login, _) = authority.rsplit_once('@')?;
    let Some((user, password)) = login.split_once(':') else {
        let is_token = login.len() >= 20 && is_mixed(login);
        return is_token
            .then_some(Secret { range: start..start + login.len(), what: "a token in an address" });
    };
    let from = start + user.len() + 1;
    shown(password).then_some(Secret { range: from..from + password.len(), what: "a password in an address" })
}

/// Whether a password is there for all to read.
fn shown(password: &str) -> bool {
    !password.is_empty() && !is_reference(password) && !is_remark(password)
}

/// `user:password@tcp(host:3306)/name`, as drivers of Go write it.
fn login_of_go(scan: &mut Scan<'_>, start: usize, _: usize) -> Option<Secret> {
    let from = scan.text.floor_char_boundary(start.saturating_sub(256));
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '/');
    let login = scan.text[from..start].rsplit(ends).next()?;
    let (_, password) = login.split_once(':')?;
    shown(password)
        .then_some(Secret { range: start - password.len()..start, what: "a password in an address" })
}

/// `jdbc:oracle:thin:user/password@host`.
fn login_of_oracle(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[end..]);
    let login = &rest[..rest.find('@')?];
    let (user, password) = login.split_once('/')?;
    let is_login = !login.contains(char::is_whitespace) && shown(password);
    let from = end + user.len() + 1;
    is_login.then_some(Secret { range: from..from + password.len(), what: "a password in an address" })
}

/// `Authorization: Bearer …`.
fn bearer(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Secret> {
    let token = &bounded(&scan.text[end..]);
    let length = length(token, Body::Base64);
    let token = token[..length].trim_end_matches('.');
    let is_token = begins_word(scan.text, start)
        && token.len() >= 8
        && token.bytes().any(|byte| byte.is_ascii_digit())
        && token.bytes().any(|byte| byte.is_ascii_alphabetic())
        && is_literal(token);
    is_token.then_some(Secret { range: end..end + token.len(), what: "a bearer token" })
}

/// `Authorization: Basic …`: a name and a password in base64, with a colon between them.
fn basic(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[end..]);
    let login = &rest[..length(rest, Body::Base64)];
    let decoded = decoded(login.trim_end_matches('='));
    let is_login = begins_word(scan.text, start)
        && login.len() >= 6
        && decoded.contains(&b':')
        && decoded.iter().all(|byte| !byte.is_ascii_control());
    is_login.then_some(Secret { range: end..end + login.len(), what: "a login of HTTP" })
}

/// The bytes that a text in base64 stands for; none if it is not.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return Vec::new(),
        };
        held = ((held << 6) | u32::from(value)) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}

/// The secret of an AWS access key, near which it is usually kept: forty characters of base64.
fn secret_beside_access_key(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    const LENGTH: usize = 40;
    let near = &scan.text[end..scan.text.floor_char_boundary(end + 160)];
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+');
    let mut at = end;
    for part in near.split(|c: char| !is_part(c)) {
        if part.len() == LENGTH && is_mixed(part) {
            return secret(at..at + LENGTH, "an AWS secret key");
        }
        // What separates two parts is one character.
        at += part.len();
        at += scan.text[at..].chars().next().map_or(0, char::len_utf8);
    }
    None
}

/// `….atlasv1.…`.
fn terraform(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Secret> {
    let before = scan.text[..start].bytes().rev().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let stop = scan.word_end(end);
    (before >= 10 && stop - end >= 40)
        .then_some(Secret { range: start - before..stop, what: "a Terraform token" })
}

/// `123456789:AA…`, the token of a Telegram bot.
fn telegram(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Secret> {
    let digits = scan.text[..start].bytes().rev().take(12).take_while(u8::is_ascii_digit).count();
    let stop = scan.word_end(end);
    let is_token = scan.text[start..].starts_with(":AA") && digits >= 8 && (30..=40).contains(&(stop - end));
    is_token.then_some(Secret { range: start - digits..stop, what: "a Telegram token" })
}

/// The address of a webhook: whoever knows it may post there. What follows the name of the service is
/// the secret.
fn webhook(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[end..]);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "/_-.@=?&%+".contains(c);
    let path = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let path = path.trim_end_matches('.');
    let is_secret = path.len() >= 16 && path.bytes().any(|byte| byte.is_ascii_digit());
    is_secret.then_some(Secret { range: end..end + path.len(), what: "the address of a webhook" })
}

/// `?key=…` and what else carries a key in an address.
fn key_in_address(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[end..]);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.~%+/=:".contains(c);
    let value = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let value = value.trim_end_matches('.');
    let is_key = value.len() >= 12
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && is_literal(value);
    is_key.then_some(Secret { range: end..end + value.len(), what: "a key in an address" })
}

/// `curl -u user:password`.
fn login_of_curl(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    let line = bounded(&scan.text[end..]).lines().next()?;
    let flag = ["-u ", "-u", "--user ", "--user="].into_iter().find_map(|flag| {
        let at = line.find(flag)?;
        let apart = at == 0 || line[..at].ends_with(' ');
        apart.then_some(at + flag.len())
    })?;
    let quoted = line[flag..].starts_with(['"', '\'']);
    let from = flag + usize::from(quoted);
    let login = line[from..].split(['"', '\'', ' ']).next()?;
    let (user, password) = login.split_once(':')?;
    let from = end + from + user.len() + 1;
    (shown(password) && is_literal(password))
        .then_some(Secret { range: from..from + password.len(), what: "a password" })
}

/// `sshpass -p password`.
fn password_of_sshpass(scan: &mut Scan<'_>, _: usize, end: usize) -> Option<Secret> {
    let rest = bounded(&scan.text[end..]);
    let from = rest.len() - rest.trim_start_matches([' ', '\'', '"']).len();
    let password = rest[from..].split([' ', '\'', '"', '\n']).next()?;
    is_literal(password)
        .then_some(Secret { range: end + from..end + from + password.len(), what: "a password" })
}
