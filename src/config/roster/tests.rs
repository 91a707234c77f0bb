//! Who held what when.

use super::*;
use crate::config::Config;
use crate::source::{FileId, SourceFile};

const ROSTER: &str = r#"
[roles."QA Lead"]
holders = [
  { person = "dana@example.com", name = "Dana Novak", also = ["@dana"], from = 2026-01-01, until = 2026-06-30 },
  { person = "lee@example.com", from = 2026-05-01, until = 2026-05-31, delegate_of = "Dana Novak" },
  { person = "lee@example.com", from = 2026-06-20, until = 2026-07-31, delegate_of = "dana@example.com" },
  { person = "max@example.com", from = 2026-07-01 },
]

[roles.Security]
may_approve_own = true
holders = [{ person = "Dana@Example.com" }]
"#;

fn read(toml: &str) -> Config {
    Config::read(FileId(0), &SourceFile::new("relplan.toml", toml))
}

fn check(role: &str, person: &str, day: &str, expect: &str) {
    let config = read(ROSTER);
    assert_eq!(config.defects, []);
    let roster = config.roster.expect("a roster");
    let found = match roster.holder(role, person, day.parse().expect("a day")) {
        RoleMembership::Held { person, deputy_for: None } => roster.name(&person).to_owned(),
        RoleMembership::Held { person, deputy_for: Some(of) } => {
            format!("{} for {}", roster.name(&person), roster.name(&of))
        }
        other => format!("{other:?}"),
    };
    assert_eq!(found, expect, "{role}, {person}, {day}");
}

#[test]
fn people_hold_roles_for_a_time_whatever_they_are_called() {
    for name in
        ["dana@example.com", "DANA@EXAMPLE.COM", "dana  novak", "@Dana", "Dana Novak <dana@example.com>"]
    {
        check("QA Lead", name, "2026-01-01", "Dana Novak (dana@example.com)");
        check("qa-lead", name, "2026-06-30", "Dana Novak (dana@example.com)");
        check("Security", name, "2030-01-01", "Dana Novak (dana@example.com)");
    }
    check("QA Lead", "@dana", "2025-12-31", "NotYet { from: 2026-01-01 }");
    check("QA Lead", "@dana", "2026-07-01", "Left { until: 2026-06-30 }");
    check("Security", "max@example.com", "2026-07-01", "Never { roles: [\"QA Lead\"] }");
}

#[test]
fn a_delegate_has_what_the_one_has_for_whom_they_stand_in() {
    check("QA Lead", "lee@example.com", "2026-05-31", "lee@example.com for Dana Novak (dana@example.com)");
    check("QA Lead", "lee@example.com", "2026-06-01", "Left { until: 2026-05-31 }");
    check(
        "QA Lead",
        "lee@example.com",
        "2026-07-01",
        "Forsaken { principal: \"Dana Novak (dana@example.com)\" }",
    );
}

#[test]
fn what_nobody_knows_is_named_with_what_was_meant() {
    check("QA Led", "@dana", "2026-01-01", "UnknownRole { near: Some(\"QA Lead\") }");
    check("Astronaut", "@dana", "2026-01-01", "UnknownRole { near: None }");
    check("QA Lead", "dana@exmaple.com", "2026-01-01", "UnknownPerson { near: Some(\"Dana@Example.com\") }");
}

#[test]
fn what_is_wrong_in_a_roster_is_a_defect_at_its_place() {
    let defects = |toml: &str| -> Vec<(String, DefectKind)> {
        let found = read(toml).defects.into_iter();
        found.map(|defect| (toml[defect.span.range()].to_owned(), defect.kind)).collect()
    };
    let roster = |defect: RosterDefect| DefectKind::Roster(defect);
    assert_eq!(
        defects("[roles.QA]\nholders = [{ name = \"Dana\" }]\n"),
        [("{ name = \"Dana\" }".to_owned(), roster(RosterDefect::PersonMissing))]
    );
    assert_eq!(
        defects("[roles.QA]\nholders = [{ person = \"a\", from = 2026-02-01, until = 2026-01-01 }]\n"),
        [("2026-01-01".to_owned(), roster(RosterDefect::Reversed))]
    );
    assert_eq!(
        defects("[roles.QA]\nholders = [{ person = \"a\", delegate_of = \"b\" }]\n"),
        [("\"b\"".to_owned(), roster(RosterDefect::NotAHolder))]
    );
    let shared = defects(
        "[roles.QA]\nholders = [{ person = \"a\", name = \"Dana\" }, { person = \"b\", name = \"dana\" }]\n",
    );
    assert!(
        matches!(&shared[..], [(text, DefectKind::Roster(RosterDefect::SharedName { .. }))] if text == "\"dana\"")
    );
    let same = defects("[roles.\"QA Lead\"]\nholders = []\n[roles.qa_lead]\nholders = []\n");
    assert!(
        matches!(&same[..], [(text, DefectKind::Roster(RosterDefect::SameRole { .. }))] if text == "qa_lead")
    );
    let unknown = defects("[roles.QA]\nholder = [{ person = \"a\" }]\n");
    assert_eq!(
        unknown,
        [("holder".to_owned(), DefectKind::UnknownKey { suggestion: Some("holders".into()) })]
    );
}

#[test]
fn without_the_table_there_is_no_roster() {
    assert!(read("").roster.is_none());
    assert!(read("[roles]\n").roster.is_some_and(|roster| roster.roles.is_empty()));
}
