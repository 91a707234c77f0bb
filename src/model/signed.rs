//! What a signature covers: a record in one canonical form, and the namespace that says what it is for.
//!
//! The form is JSON with its keys in a fixed order. It leaves nothing out that the record says, so that no part of it
//! can be changed, and it begins with what it is, so that no record of one kind can pass for one of another.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use super::approval::ApprovalRecord;
use super::entry::{Link, Target};
use super::id::Id;
use super::value::Text;

/// The namespace of signatures of approvals, as `ssh-keygen -Y sign -n` takes it.
pub const APPROVAL: &str = "relplan-approval";

/// The namespace of signatures of decisions.
pub const DECISION: &str = "relplan-decision";

/// The longest signature that is looked at: one by a key of 16,384 bits is half as long.
pub const LONGEST: usize = 16 * 1024;

/// An approval as it is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedApproval<'a> {
    /// What this is.
    relplan: &'static str,
    /// The role in which it is given.
    pub role: Option<&'a str>,
    /// Who gives it.
    pub by: Option<&'a str>,
    /// When.
    pub on: Option<NaiveDate>,
    /// The release.
    pub release: Option<&'a str>,
    /// The gate.
    pub gate: Option<&'a str>,
    /// The entries.
    pub of: Vec<String>,
    /// What was approved.
    pub digest: Option<&'a str>,
    /// The last day on which it counts.
    pub expires: Option<NaiveDate>,
    /// What else was said.
    pub note: Option<&'a str>,
    /// Whether it takes an earlier one back.
    pub withdrawn: bool,
}

impl<'a> SignedApproval<'a> {
    /// What a record says.
    pub fn of(record: &'a ApprovalRecord<'_>) -> Self {
        let text = |text: &'a Option<Text<'_>>| text.as_ref().map(|text| text.value.trim());
        SignedApproval {
            relplan: "approval 1",
            role: text(&record.role),
            by: text(&record.by),
            on: record.on.map(|on| on.value),
            release: text(&record.release),
            gate: text(&record.gate),
            of: entries(&record.of),
            digest: text(&record.digest),
            expires: record.expires.map(|expires| expires.value),
            note: text(&record.note),
            withdrawn: record.is_withdrawal(),
        }
    }

    /// The bytes that are signed.
    pub fn bytes(&self) -> Vec<u8> {
        // A struct of texts and days can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The moment at which the key of an approval must be valid: the middle of its day. It has no time of its own.
pub fn moment(on: NaiveDate) -> DateTime<Utc> {
    on.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()).and_utc()
}

/// A signature as it stands in a record, as the file that `ssh-keygen` reads; nothing if it cannot be one.
pub fn armored(signature: &str) -> Option<String> {
    let letters: String = signature.split_whitespace().collect();
    let is_base64 = letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    if !letters.starts_with(MAGIC) || letters.len() > LONGEST || !is_base64 {
        return None;
    }
    let lines: Vec<&str> = (0..letters.len())
        .step_by(70)
        .filter_map(|at| letters.get(at..(at + 70).min(letters.len())))
        .collect();
    Some(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n")))
}

/// The part of such a file that a record holds.
pub fn unarmored(file: &str) -> Option<String> {
    let body = file.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    Some(body.split_whitespace().collect())
}

/// `SSHSIG` in base64, with which every signature of the format begins (PROTOCOL.sshsig of OpenSSH).
const MAGIC: &str = "U1NIU0lH";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// Entries without what is only spelling, in one order.
fn entries(links: &[Link]) -> Vec<String> {
    let plain =
        |id: Id| format!("{}-{}{}", id.prefix, id.number, id.letter().map(String::from).unwrap_or_default());
    let mut found: Vec<String> = links
        .iter()
        .map(|link| match &link.target {
            Target::One(id) => plain(*id),
            Target::Range(ends) => format!("{}..{}", plain(ends.0.value), plain(ends.1.value)),
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Families, document};
    use crate::source::{FileId, SourceFile};

    fn signed(record: &str) -> String {
        let file = SourceFile::new("plan.yaml", format!("approvals:\n  - {record}\n"));
        let content = document::read(FileId(0), &file, &Families::default());
        String::from_utf8(SignedApproval::of(&content.approvals[0]).bytes()).expect("UTF-8")
    }

    #[test]
    fn an_approval_is_signed_with_all_that_it_says() {
        let all = "{role: QA Lead, by: Dana, on: 2026-11-20, release: REL-1, gate: beta, of: [EPIC-002, EPIC-1], \
                   digest: \"sha256:00\", expires: 2026-12-01, note: fine}";
        assert_eq!(
            signed(all),
            r#"{"relplan":"approval 1","role":"QA Lead","by":"Dana","on":"2026-11-20","release":"REL-1","gate":"beta","of":["EPIC-1","EPIC-2"],"digest":"sha256:00","expires":"2026-12-01","note":"fine","withdrawn":false}"#
        );
        // Layout and the order of keys are no part of it, nor is the signature itself.
        let other = "{by: 'Dana', on: 2026-11-20,   role: QA Lead, of: EPIC-001 EPIC-2, release: REL-1, gate: beta, \
                     expires: 2026-12-01, digest: \"sha256:00\", note: fine, signature: abc}";
        assert_eq!(signed(&other.replace("EPIC-001 EPIC-2", "[EPIC-001, EPIC-2]")), signed(all));
        for (from, to) in [
            ("QA Lead", "QA"),
            ("Dana", "Dan"),
            ("11-20", "11-21"),
            ("REL-1", "REL-2"),
            ("beta", "alpha"),
            ("EPIC-1", "EPIC-3"),
            (":00", ":01"),
            ("12-01", "12-02"),
            ("fine", "good"),
            ("note: fine", "note: fine, withdrawn: yes"),
        ] {
            assert_ne!(signed(&all.replace(from, to)), signed(all), "{to}");
        }
    }

    #[test]
    fn signatures_are_kept_without_their_armor() {
        let letters = "U1NIU0lH".repeat(30);
        let file = armored(&letters).expect("a signature");
        assert!(file.lines().all(|line| line.len() <= 70));
        assert_eq!(unarmored(&file), Some(letters));
        for text in ["", " ", "-----BEGIN", "a\u{430}b", "a-b", &"a".repeat(LONGEST + 1)] {
            assert_eq!(armored(text), None, "{text}");
        }
        assert_eq!(unarmored("-----BEGIN SSH SIGNATURE-----\nabc"), None);
    }
}
