//! Settings that may differ between environments, as plans accept them.

/// An accepted difference: `LOG_LEVEL (verbose in staging)`, `REPLICAS: one is enough`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedDrift<'t> {
    /// The settings that may differ.
    pub keys: Vec<&'t str>,
    /// Why, in the writer's words.
    pub reason: Option<&'t str>,
}

/// Reads one item of `accepted_drift`: keys with commas between them, then the reason.
pub fn accepted(item: &str) -> AcceptedDrift<'_> {
    let mut keys = Vec::new();
    let mut rest = item;
    loop {
        let from = rest.trim_start();
        let end = from.find(|end: char| end.is_whitespace() || matches!(end, '(' | ':' | ','));
        let (key, behind) = from.split_at(end.unwrap_or(from.len()));
        if !key.is_empty() {
            keys.push(key);
        }
        rest = behind.trim_start();
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    let outside = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | '-' | '–' | '—' | '.');
    let reason = Some(rest.trim_matches(outside)).filter(|reason| !reason.is_empty());
    AcceptedDrift { keys, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(item: &str, keys: &[&str], reason: Option<&str>) {
        assert_eq!(accepted(item), AcceptedDrift { keys: keys.to_vec(), reason }, "{item}");
    }

    #[test]
    fn the_reason_stands_in_brackets_or_behind_a_colon() {
        check("LOG_LEVEL (verbose in staging)", &["LOG_LEVEL"], Some("verbose in staging"));
        check("REPLICAS: one is enough", &["REPLICAS"], Some("one is enough"));
        check("REPLICAS — one is enough", &["REPLICAS"], Some("one is enough"));
        check("LOG_LEVEL, LOG_FORMAT (for people)", &["LOG_LEVEL", "LOG_FORMAT"], Some("for people"));
    }

    #[test]
    fn a_reason_may_be_missing() {
        check("LOG_LEVEL", &["LOG_LEVEL"], None);
        check("LOG_LEVEL ()", &["LOG_LEVEL"], None);
        check("", &[], None);
        check("(why)", &[], Some("why"));
    }
}
