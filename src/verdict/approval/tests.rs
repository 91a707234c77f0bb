//! A table of approvals: what they are, what they come to, and what is said of them.

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::*;
use crate::config::Config;
use crate::graph::Graph;
use crate::model::{Plan, document};
use crate::source::{FileId, SourceFile, SourceMap};

/// Dana leads QA until the end of October and then Tess does; Lee stands in for Tess for a week. Max holds two
/// roles. The Release Manager may approve what is theirs.
const ROSTER: &str = r#"
[roles."QA Lead"]
holders = [
  { person = "dana@example.com", name = "Dana", also = ["@dana"], from = 2026-01-01, until = 2026-10-31 },
  { person = "tess@example.com", name = "Tess", from = 2026-11-01 },
  { person = "max@example.com", name = "Max", from = 2026-01-01 },
  { person = "lee@example.com", name = "Lee", from = 2026-11-09, until = 2026-11-15, delegate_of = "Tess" },
]

[roles."Technical Lead"]
holders = [{ person = "max@example.com" }, { person = "ann@example.com", name = "Ann" }]

[roles."Release Manager"]
may_approve_own = true
holders = [{ person = "ann@example.com" }]
"#;

/// One case: the roles that are asked for, the approvals in short form, and what they come to.
struct Case {
    name: &'static str,
    required: &'static str,
    /// `role | person | day | what else`, one a line; what else are `key=value` and words.
    records: &'static str,
    /// For each role its bearing and the reason.
    expect: &'static [&'static str],
}

const fn case(
    name: &'static str,
    required: &'static str,
    records: &'static str,
    expect: &'static [&'static str],
) -> Case {
    Case { name, required, records, expect }
}

const CASES: &[Case] = &[
    case(
        "approved by somebody in the role, of what it still says",
        "QA Lead",
        "QA Lead | tess@example.com | 2026-11-02 | same",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case("nobody has approved", "QA Lead", "", &["Open: pending"]),
    case(
        "left the role since, held it on the day",
        "QA Lead",
        "QA Lead | dana@example.com | 2026-10-31 | same",
        &["Counts: approved by Dana (dana@example.com) on 2026-10-31"],
    ),
    case(
        "approved after leaving",
        "QA Lead",
        "QA Lead | dana@example.com | 2026-11-01 | same",
        &[
            "Refused: approved by Dana (dana@example.com) on 2026-11-01, who was QA Lead only until 2026-10-31",
        ],
    ),
    case(
        "not in the role yet",
        "QA Lead",
        "QA Lead | Tess | 2026-10-31 | same",
        &["Refused: approved by Tess (tess@example.com) on 2026-10-31, who is QA Lead only from 2026-11-01"],
    ),
    case(
        "a person with another role",
        "QA Lead",
        "QA Lead | Ann | 2026-11-02 | same",
        &[
            "Refused: approved by Ann (ann@example.com), who is not QA Lead but Technical Lead, Release Manager",
        ],
    ),
    case(
        "one person for two roles",
        "QA Lead and Technical Lead",
        "QA Lead | Max | 2026-11-02 | same\nTechnical Lead | Max | 2026-11-02 | same",
        &[
            "Counts: approved by Max (max@example.com) on 2026-11-02",
            "Refused: approved by Max (max@example.com), who already approved as QA Lead",
        ],
    ),
    case(
        "one approval in two roles serves one",
        "QA Lead + Technical Lead",
        "QA Lead and Technical Lead | Max | 2026-11-02 | same",
        &[
            "Counts: approved by Max (max@example.com) on 2026-11-02",
            "Refused: approved by Max (max@example.com), who already approved as QA Lead",
        ],
    ),
    case(
        "two people for two roles, where the first must give way",
        "QA Lead, Technical Lead",
        "QA Lead | Max | 2026-11-03 | same\nQA Lead | Tess | 2026-11-02 | same\nTechnical Lead | Max | 2026-11-03 | same",
        &[
            "Counts: approved by Tess (tess@example.com) on 2026-11-02",
            "Counts: approved by Max (max@example.com) on 2026-11-03",
        ],
    ),
    case(
        "three roles in a chain",
        "QA Lead, Technical Lead, Release Manager",
        "QA Lead | Max | 2026-11-03 | same\nQA Lead | Tess | 2026-11-02 | same\nTechnical Lead | Ann | 2026-11-03 | same\n\
         Technical Lead | Max | 2026-11-03 | same\nRelease Manager | Ann | 2026-11-03 | same",
        &[
            "Counts: approved by Tess (tess@example.com) on 2026-11-02",
            "Counts: approved by Max (max@example.com) on 2026-11-03",
            "Counts: approved by Ann (ann@example.com) on 2026-11-03",
        ],
    ),
    case(
        "an approval without a role serves what is left",
        "QA Lead, Technical Lead",
        "| Max | 2026-11-03 | same\n| Tess | 2026-11-03 | same",
        &[
            "Counts: approved by Tess (tess@example.com) on 2026-11-03",
            "Counts: approved by Max (max@example.com) on 2026-11-03",
        ],
    ),
    case(
        "two approvals by the same person are one",
        "QA Lead, Technical Lead",
        "QA Lead | Tess | 2026-11-02 | same\nQA Lead | tess@example.com | 2026-11-04 | same",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-04", "Open: pending"],
    ),
    case(
        "changed content",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | other",
        &[
            "Stale: changed since Tess (tess@example.com) approved on 2026-11-02, in an entry or in the gates and the profile of relplan.toml: was sha256:222222222222, is sha256:111111111111",
        ],
    ),
    case(
        "approved anew after a change",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | other\nQA Lead | Tess | 2026-11-04 | same",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-04"],
    ),
    case(
        "a digest that is none",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | digest=sha256:12",
        &["Refused: approved by Tess (tess@example.com), but `sha256:12` is not a digest"],
    ),
    case(
        "without a digest",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 |",
        &["InDoubt: approved by Tess (tess@example.com) on 2026-11-02; no digest of what was approved"],
    ),
    case(
        "a firm approval goes before one in doubt",
        "QA Lead",
        "QA Lead | Tess | 2026-11-04 |\nQA Lead | Max | 2026-11-02 | same",
        &["Counts: approved by Max (max@example.com) on 2026-11-02"],
    ),
    case(
        "expired",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same expires=2026-11-19",
        &["Stale: the approval by Tess (tess@example.com) expired on 2026-11-19"],
    ),
    case(
        "expires today",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same expires=2026-11-20",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case(
        "their own work",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same owner=tess@example.com",
        &["Refused: approved by Tess (tess@example.com), who owns REL-1 and cannot approve it"],
    ),
    case(
        "the work of their role",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same owner=QA_Lead",
        &["Refused: approved by Tess (tess@example.com), who owns REL-1 and cannot approve it"],
    ),
    case(
        "the work of the one for whom they stand in",
        "QA Lead",
        "QA Lead | Lee | 2026-11-10 | same owner=Tess",
        &["Refused: approved by Lee (lee@example.com), who owns REL-1 and cannot approve it"],
    ),
    case(
        "their own work, which the role may approve",
        "Release Manager",
        "Release Manager | Ann | 2026-11-02 | same owner=Ann",
        &["Counts: approved by Ann (ann@example.com) on 2026-11-02"],
    ),
    case(
        "the work of somebody else",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same owner=Ann",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case(
        "a delegate in time",
        "QA Lead",
        "QA Lead | lee@example.com | 2026-11-15 | same",
        &["Counts: approved by Lee (lee@example.com), as deputy of Tess (tess@example.com), on 2026-11-15"],
    ),
    case(
        "a delegate after their time",
        "QA Lead",
        "QA Lead | lee@example.com | 2026-11-16 | same",
        &["Refused: approved by Lee (lee@example.com) on 2026-11-16, who was QA Lead only until 2026-11-15"],
    ),
    case(
        "a delegate and the one for whom they stand in are two people",
        "QA Lead, Technical Lead",
        "QA Lead | Lee | 2026-11-10 | same\nTechnical Lead | Ann | 2026-11-10 | same",
        &[
            "Counts: approved by Lee (lee@example.com), as deputy of Tess (tess@example.com), on 2026-11-10",
            "Counts: approved by Ann (ann@example.com) on 2026-11-10",
        ],
    ),
    case(
        "a role that the roster does not know",
        "Security Lead",
        "Security Lead | Tess | 2026-11-02 | same",
        &["Refused: the roster has no role Security Lead"],
    ),
    case(
        "a person whom the roster does not know",
        "QA Lead",
        "QA Lead | tess@exmaple.com | 2026-11-02 | same",
        &["Refused: approved by tess@exmaple.com, who is not on the roster"],
    ),
    case(
        "an address in other letters, and the role too",
        "QA Lead",
        "qa-lead | TESS@Example.COM | 2026-11-02 | same",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case(
        "a day that is still to come",
        "QA Lead",
        "QA Lead | Tess | 2026-11-21 | same",
        &["Open: dated 2026-11-21, in the future, by Tess (tess@example.com)"],
    ),
    case(
        "another release",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same release=3.1.0",
        &["Open: pending: Tess (tess@example.com) approved on 2026-11-02 the release 3.1.0 instead"],
    ),
    case(
        "this release by its version and by its id",
        "QA Lead, Technical Lead",
        "QA Lead | Tess | 2026-11-02 | same release=v3.0.0\nTechnical Lead | Ann | 2026-11-02 | same release=REL-01",
        &[
            "Counts: approved by Tess (tess@example.com) on 2026-11-02",
            "Counts: approved by Ann (ann@example.com) on 2026-11-02",
        ],
    ),
    case(
        "another gate, and the one that is asked for",
        "QA Lead, Technical Lead",
        "QA Lead | Tess | 2026-11-02 | same gate=Beta\nTechnical Lead | Ann | 2026-11-02 | same gate=go-live",
        &[
            "Open: pending: Tess (tess@example.com) approved on 2026-11-02 the gate Beta instead",
            "Counts: approved by Ann (ann@example.com) on 2026-11-02",
        ],
    ),
    case(
        "a part of it",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same of=EPIC-1",
        &["Open: pending: Tess (tess@example.com) approved on 2026-11-02 EPIC-1 instead"],
    ),
    case(
        "without a day",
        "QA Lead",
        "QA Lead | Tess | | same",
        &[
            "Open: approved by Tess (tess@example.com) without a date: neither the roster nor its age can be checked",
        ],
    ),
    case(
        "without a person",
        "QA Lead",
        "QA Lead | | 2026-11-02 | same",
        &["Open: dated 2026-11-02, without a name"],
    ),
    case(
        "taken back",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same\nQA Lead | tess@example.com | 2026-11-04 | withdrawn",
        &["Open: withdrawn by Tess (tess@example.com) on 2026-11-04"],
    ),
    case(
        "withdrawn by somebody else, which nobody can",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same\nQA Lead | Max | 2026-11-04 | withdrawn",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case(
        "taken back and given anew",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same\nQA Lead | Tess | 2026-11-04 | withdrawn\nQA Lead | Tess | 2026-11-05 | same",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-05"],
    ),
    case(
        "to be taken back tomorrow",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same\nQA Lead | Tess | 2026-11-21 | withdrawn",
        &["Counts: approved by Tess (tess@example.com) on 2026-11-02"],
    ),
    case(
        "in other letters, still one person",
        "QA Lead, Technical Lead",
        "QA Lead | M\u{430}x | 2026-11-02 | same\nTechnical Lead | MAX@EXAMPLE.COM | 2026-11-02 | same",
        &[
            "Counts: approved by Max (max@example.com) on 2026-11-02",
            "Refused: approved by Max (max@example.com), who already approved as QA Lead",
        ],
    ),
    case(
        "signed with a key",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same signature=valid",
        &["Counts: signed by Tess (tess@example.com) on 2026-11-02 with ED25519 SHA256:abc"],
    ),
    case(
        "a signature that is not valid, or was not checked",
        "QA Lead, Technical Lead",
        "QA Lead | Tess | 2026-11-02 | same signature=invalid\nTechnical Lead | Ann | 2026-11-02 | same signature=unchecked",
        &[
            "Refused: approved by Tess (tess@example.com), but the signature is invalid: it does not match the record",
            "Open: approved by Ann (ann@example.com), but the signature could not be checked: ssh-keygen is not installed",
        ],
    ),
    case(
        "one that is signed goes before a later one that is not",
        "QA Lead",
        "QA Lead | Tess | 2026-11-02 | same signature=valid\nQA Lead | Max | 2026-11-05 | same",
        &["Counts: signed by Tess (tess@example.com) on 2026-11-02 with ED25519 SHA256:abc"],
    ),
    case(
        "the latest of several that do not count says why",
        "QA Lead",
        "QA Lead | Ann | 2026-11-03 | same\nQA Lead | Tess | 2026-11-02 | other\nQA Lead | Dana | 2026-11-04 | same release=9.9.9",
        &[
            "Refused: approved by Ann (ann@example.com), who is not QA Lead but Technical Lead, Release Manager",
        ],
    ),
];

const WITHOUT_ROSTER: &[Case] = &[
    case(
        "one name in three spellings for three roles",
        "QA Lead, Technical Lead, Sponsor",
        "QA Lead | PauI Roth | 2026-11-02 | same\nTechnical Lead | Ｐaul\u{a0}Roth | 2026-11-02 | same\n\
         Sponsor | PAUL R\u{43e}th | 2026-11-02 | same",
        &[
            "InDoubt: approved by PauI Roth on 2026-11-02; no roster confirms it",
            "Refused: approved by Ｐaul\u{a0}Roth, who already approved as QA Lead",
            "Refused: approved by PAUL R\u{43e}th, who already approved as QA Lead",
        ],
    ),
    case(
        "their own work in other letters",
        "QA Lead",
        "QA Lead | S\u{430}m | 2026-11-02 | same owner=SAM\u{200d}",
        &["Refused: approved by S\u{430}m, who owns REL-1 and cannot approve it"],
    ),
    case(
        "by a name that is not drawn, and by a placeholder",
        "QA Lead, Technical Lead",
        "QA Lead | \u{200b} | 2026-11-02 | same\nTechnical Lead | TBD | 2026-11-02 | same",
        &["Open: dated 2026-11-02, without a name", "Open: dated 2026-11-02, without a name"],
    ),
    case(
        "by name only",
        "QA Lead",
        "QA Lead | Sam | 2026-11-02 | same",
        &["InDoubt: approved by Sam on 2026-11-02; no roster confirms it"],
    ),
    case(
        "without a day",
        "QA Lead",
        "QA Lead | Sam | | same",
        &["InDoubt: approved by Sam, without a date; no roster confirms it"],
    ),
    case(
        "their own work by name",
        "QA Lead",
        "QA Lead | Sam | 2026-11-02 | same owner=sam",
        &["Refused: approved by Sam, who owns REL-1 and cannot approve it"],
    ),
    case(
        "one name for two roles",
        "QA Lead and Technical Lead",
        "QA Lead | Sam | 2026-11-02 | same\nTechnical Lead | SAM | 2026-11-02 | same",
        &[
            "InDoubt: approved by Sam on 2026-11-02; no roster confirms it",
            "Refused: approved by SAM, who already approved as QA Lead",
        ],
    ),
];

fn record(line: &'static str, place: u32) -> Record<'static> {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let text = |at: usize| parts.get(at).copied().filter(|text| !text.is_empty());
    let more: Vec<&str> = text(3).unwrap_or("").split(' ').collect();
    let value = |key: &str| more.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let day = |text: &str| text.parse().expect("a day");
    let now = Digest::parse(SAME).expect("a digest");
    Record {
        place: Span::new(FileId(0), place as usize, place as usize + 1),
        role: text(0),
        by: text(1),
        on: text(2).map(day),
        release: value("release"),
        gate: value("gate"),
        of: value("of").map(|id| vec![crate::model::id::parse(id).expect("an id")]),
        expires: value("expires").map(day),
        withdrawn: more.contains(&"withdrawn"),
        digest: match more.first() {
            Some(&"same") => Some(SAME),
            Some(&"other") => Some(OTHER),
            _ => value("digest"),
        },
        now,
        signature: match value("signature") {
            Some("valid") => Some(SignatureState::Valid { key: "ED25519 SHA256:abc".to_owned() }),
            Some("invalid") => {
                Some(SignatureState::Invalid { reason: "it does not match the record".to_owned() })
            }
            Some(_) => Some(SignatureState::Unchecked { reason: "ssh-keygen is not installed".to_owned() }),
            None => None,
        },
        owners: value("owner")
            .map(|owner| (crate::model::id::parse("REL-1").expect("an id"), owner))
            .into_iter()
            .collect(),
    }
}

const SAME: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const OTHER: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

/// What a case comes to, a line for each role.
fn judged(case: &Case, roster: Option<&Roster>) -> Vec<RoleApproval> {
    let records: Vec<Record<'_>> =
        case.records.lines().zip(0..).map(|(line, at)| record(line.trim(), at)).collect();
    let what = ApprovalSubject {
        release: vec!["REL-1".into(), "3.0.0".into()],
        gate: Some("Go live"),
        entries: None,
    };
    judge(&roles(case.required, roster), &records, roster, &what, "2026-11-20".parse().expect("a day"))
}

fn check(cases: &[Case], roster: Option<&Roster>) {
    for case in cases {
        let found: Vec<String> = judged(case, roster)
            .iter()
            .map(|status| format!("{:?}: {}", status.effect(), status.reason()))
            .collect();
        assert_eq!(found, case.expect, "{}", case.name);
    }
}

fn roster() -> Config {
    let config = Config::read(FileId(0), &SourceFile::new("relplan.toml", ROSTER));
    assert_eq!((&config.toml_defects[..], &config.defects[..]), (&[][..], &[][..]));
    config
}

#[test]
fn the_table_of_approvals() {
    check(CASES, roster().roster.as_ref());
    check(WITHOUT_ROSTER, None);
}

#[test]
fn what_to_do_next_is_said_in_words() {
    let config = roster();
    let mut text = String::new();
    for case in CASES {
        for status in judged(case, config.roster.as_ref()) {
            if let Some(next) = status.next() {
                let _ = writeln!(text, "{}\n  {next}", case.name);
            }
        }
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/approvals");
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("next", text);
    });
}

#[test]
fn approvals_in_any_order_come_to_the_same() {
    let config = roster();
    for case in CASES {
        let lines: Vec<&str> = case.records.lines().collect();
        let turned: Vec<String> =
            (0..lines.len()).map(|turn| [&lines[turn..], &lines[..turn]].concat().join("\n")).collect();
        for records in turned {
            let other = Case { records: Box::leak(records.into_boxed_str()), ..*case };
            let effect = |case: &Case| -> Vec<ApprovalEffect> {
                judged(case, config.roster.as_ref()).iter().map(RoleApproval::effect).collect()
            };
            assert_eq!(effect(&other), effect(case), "{}", case.name);
        }
    }
}

/// What a plan of one file says of the first of its releases: gate, role and reason, a line for each.
fn of_plan(yaml: &str, toml: &str, gate: Option<&str>) -> Vec<String> {
    let sources =
        SourceMap::new(vec![SourceFile::new("plan.yaml", yaml), SourceFile::new("relplan.toml", toml)]);
    let config = Config::read(FileId(1), sources.file(FileId(1)));
    let content = document::read(FileId(0), sources.file(FileId(0)), &config.families);
    let plan = Plan::new(vec![content]);
    assert_eq!((&plan.yaml_defects[..], &plan.defects[..]), (&[][..], &[][..]));
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let context = ApprovalContext::new(&plan, &graph, &sources, &config);
    let release = plan.release("REL-1").expect("a release");
    let statuses = context.of_release(release, gate, "2026-11-20".parse().expect("a day"));
    let said = |status: RoleApproval| {
        let gate = status.gate.as_deref().map(|gate| format!("{gate}: ")).unwrap_or_default();
        format!("{gate}{}: {}", status.role, status.reason())
    };
    statuses.into_iter().map(said).collect()
}

#[test]
fn a_release_asks_for_approvals_of_its_own_and_of_its_gates() {
    let yaml = "\
- {id: REL-1, approvals: [{role: QA, by: Tess, on: 2026-11-02}, {role: Ops, gate: Freeze}, {role: QA, gate: Freeze}]}
---
approvals:
- {role: Ops, by: Ann, on: 2026-11-03, gate: freeze}
";
    let unbound = "; no digest of what was approved; no roster confirms it";
    assert_eq!(
        of_plan(yaml, "", None),
        [
            format!("QA: approved by Tess on 2026-11-02{unbound}"),
            format!("Freeze: Ops: approved by Ann on 2026-11-03{unbound}"),
            format!("Freeze: QA: approved by Tess on 2026-11-02{unbound}"),
        ]
    );
    assert_eq!(of_plan(yaml, "", Some("FREEZE")).len(), 2);
    assert_eq!(
        of_plan(yaml, "", Some("Beta")),
        [format!("Beta: QA: approved by Tess on 2026-11-02{unbound}")]
    );
}

#[test]
fn what_belongs_to_another_release_changes_nothing_here() {
    let plan = |digest: &str, more: &str| {
        format!(
            "- {{id: REL-1, scope: {{must: EPIC-1}}, approvals: [{{role: QA}}]}}\n- {{id: EPIC-1, title: One}}\n\
             - {{id: REL-2, scope: {{must: EPIC-2}}}}\n- {{id: EPIC-2, title: Two}}\n{more}---\n\
             approvals: [{{role: QA, by: Tess, on: 2026-11-02, release: REL-1, digest: \"{digest}\"}}]\n"
        )
    };
    let changed = of_plan(&plan(OTHER, ""), "", None).remove(0);
    assert!(changed.contains("changed since"), "{changed}");
    let digest = digest_of(&plan(OTHER, ""));
    let holds = |plan: String| of_plan(&plan, "", None).remove(0).starts_with("QA: approved by Tess");
    assert!(holds(plan(&digest, "")));
    assert!(holds(plan(&digest, "").replace("title: Two", "title: Three")));
    assert!(holds(plan(&digest, "- {id: EPIC-3, title: Later, release: REL-2}\n")));
    // The scope is stated, so that other work is not part of it, unless it says so or leads to it.
    assert!(holds(plan(&digest, "- {id: EPIC-3, title: Of no release in particular}\n")));
    assert!(!holds(plan(&digest, "- {id: EPIC-3, title: Another, release: REL-1}\n")));
    assert!(!holds(plan(&digest, "- {id: EPIC-3, title: A part, part_of: EPIC-1}\n")));
    assert!(!holds(plan(&digest, "").replace("title: One", "title: Once")));
}

/// What the first release of a plan says.
fn digest_of(yaml: &str) -> String {
    let sources = SourceMap::new(vec![SourceFile::new("plan.yaml", yaml)]);
    let config = Config::default();
    let plan = Plan::new(vec![document::read(FileId(0), sources.file(FileId(0)), &config.families)]);
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    ApprovalContext::new(&plan, &graph, &sources, &config).digest_of(plan.release("REL-1")).to_string()
}
