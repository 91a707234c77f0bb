//! People: whom names mean, who may sign and waive, and what of that the record keeps.

use crate::judging::{APPROVALS, Ground};
use crate::support::{code, err, run};

/// Spellings of `quinn@example.com` that a reader takes for it.
const SPELLINGS: [&str; 6] = [
    "QUINN@EXAMPLE.COM",
    "ｑｕｉｎｎ@example.com",
    "qu\u{456}nn@example.com",
    "qui\u{200d}nn@example.com",
    "\u{a0}quinn@example.com\u{2003}",
    "Quinn <quinn@ex\u{430}mple.com>",
];

#[test]
fn six_spellings_are_one_person() {
    let base = Ground::go();
    let approvals = base.text(APPROVALS);
    for spelling in SPELLINGS {
        // Signed in another spelling, it is signed.
        let mut ground = Ground::go();
        let text = approvals.replace("by: quinn@example.com", &format!("by: \"{spelling}\""));
        ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        assert_eq!(ground.judge().code(), 0, "{spelling:?}: {}", ground.judge().words());
        // Signed in two roles under two spellings, one of them is open.
        let text = approvals.replace("by: theo@example.com", &format!("by: \"{spelling}\""));
        ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        let roles = ground
            .text("relplan.toml")
            .replace("theo@example.com", spelling)
            .replace("\"Theo\"", "\"Quinn\"");
        ground.put(&[("relplan.toml", Some(roles.into_bytes()))]);
        let words = ground.judge().words();
        assert!(words.starts_with("NO-GO"), "{spelling:?}: {words}");
        assert!(words.contains("one person is not two"), "{spelling:?}: {words}");
    }
}

#[test]
fn an_owner_in_other_letters_cannot_approve() {
    for owner in SPELLINGS {
        let mut ground = Ground::go();
        ground.replace("plan/release.yaml", "owner: Programme Office", &format!("owner: \"{owner}\""));
        ground.sign();
        let words = ground.judge().words();
        assert!(words.contains("who answers for REL-300 and cannot approve it"), "{owner:?}: {words}");
    }
}

#[test]
fn a_name_that_is_not_drawn_signs_nothing() {
    for name in ["\u{200b}", "\u{3164}", "\u{2800}", "\u{ad}\u{feff}", "...", "TBD"] {
        let mut ground = Ground::go();
        ground.replace(APPROVALS, "by: quinn@example.com", &format!("by: \"{name}\""));
        let words = ground.judge().words();
        assert!(words.starts_with("NO-GO") && words.contains("nobody is named"), "{name:?}: {words}");
        assert!(words.contains("this approval does not say `by`"), "{name:?}: {words}");
        // Nor can it be given on the command line.
        let ground = Ground::go();
        for command in [
            vec!["approve", "--role", "QA Lead"],
            vec!["waive", "DEP-001", "--reason", "Later", "--until", "2027-01-01"],
        ] {
            let output = run(ground.path(), &[command, vec!["--by", name]].concat());
            assert_eq!(code(&output), 2, "{name:?}");
            assert!(err(&output).contains("names no person"), "{name:?}: {}", err(&output));
        }
    }
}

#[test]
fn the_roster_names_people_who_can_be_seen() {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", "quinn@example.com\", name = \"Quinn\"", "\u{200b}\"");
    assert!(ground.judge().words().contains("this name has no visible letter"), "{}", ground.judge().words());
    // Two people whom a reader takes for one cannot be told apart.
    let mut ground = Ground::go();
    ground.replace(
        "relplan.toml",
        "theo@example.com\", name = \"Theo\"",
        "quinn@ex\u{430}mple.com\", name = \"Theo\"",
    );
    assert!(ground.judge().words().contains("NO-GO"), "{}", ground.judge().words());
}
