//! `relplan list --where`: conditions on any field, and errors where a condition could match nothing.

use crate::support::{code, err, folder, out, run};

const PLAN: &str = "\
- {id: EPIC-01, title: Search, state: Complete, owner: Data Team, due: 2026-11-01, estimate: 5d, tests: TEST-001}
- {id: EPIC-02, title: Reports, state: In Progress, owner: Data Team, due: 2026-12-24, estimate: 12d}
- {id: EPIC-03, title: Import, state: Planned, owner: Web Team, depends_on: \"EPIC-01 (index), EPIC-02\"}
- {id: TEST-001, title: Finds, type: E2E (slow), tags: [smoke, nightly], x-room: blue}
- {id: TEST-002, title: Sorts, type: Unit}
";

fn listed(condition: &str) -> String {
    let folder = folder(&[("plan.yaml", PLAN)]);
    let output = run(folder.path(), &["list", "plan.yaml", "--where", condition, "--format", "json"]);
    assert_eq!(code(&output), 0, "{condition}: {}", err(&output));
    let json: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    let entries = json["entries"].as_array().expect("entries").iter();
    entries.map(|entry| entry["id"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn conditions_choose_entries_by_any_field() {
    for (condition, expected) in [
        ("status != complete and owner ~ data", "EPIC-02"),
        ("state = in_progress or state = \"Planned\"", "EPIC-02 EPIC-03"),
        ("not (family = TEST or owner ~ web)", "EPIC-01 EPIC-02"),
        ("due < 2026-12-01", "EPIC-01"),
        ("estimate >= 12", "EPIC-02"),
        ("depends_on = EPIC-1", "EPIC-03"),
        ("type = e2e", "TEST-001"),
        ("tags = nightly", "TEST-001"),
        ("x-room = Blue", "TEST-001"),
        ("due", "EPIC-01 EPIC-02"),
        ("family = EPIC and not due", "EPIC-03"),
        ("id = TEST-2 or title ~ rep and not owner = x", "EPIC-02 TEST-002"),
        ("verified_by = TEST-001", "EPIC-01"),
        ("file ~ plan.yaml AND family = TEST", "TEST-001 TEST-002"),
        ("owner = \"nobody at all\"", ""),
    ] {
        assert_eq!(listed(condition), expected, "{condition}");
    }
}

#[test]
fn a_condition_that_could_match_nothing_is_an_error() {
    let folder = folder(&[("plan.yaml", PLAN)]);
    let deep = format!("{}due", "(".repeat(10_000));
    for (condition, message, hint) in [
        ("ownr = data", "column 1: unknown field `ownr`", "did you mean `owner`?"),
        ("due and type = unt", "column 16: unknown value `unt`", "did you mean `Unit`?"),
        ("due and type = teapot", "column 16: unknown value `teapot`", "the values are "),
        ("due < soon", "column 7: `soon` is neither a date nor a number", "2027-03-01"),
        ("(due", "column 5: `)` is missing", "parenthesis"),
        ("due due", "column 5: unexpected text", "`and`"),
        ("owner =", "column 8: a value is missing", "quotes"),
        ("owner = \"a", "column 9: the quote is not closed", "quote"),
        ("", "column 1: a field is missing", "owner ~ data"),
        ("and", "column 1: unknown field `and`", "fields.md"),
        (&deep, "nested too deeply", "simplify"),
    ] {
        let output = run(folder.path(), &["list", "plan.yaml", "--where", condition]);
        assert_eq!(code(&output), 2, "{condition}");
        let said = err(&output);
        assert!(said.contains(message) && said.contains(hint), "{condition}: {said}");
    }
}

#[test]
fn columns_are_fields_and_a_wrong_one_is_an_error() {
    let folder = folder(&[("plan.yaml", PLAN)]);
    let list =
        |more: &[&str]| run(folder.path(), &[&["list", "plan.yaml", "--family", "EPIC"], more].concat());
    let csv = list(&["--columns", "id, due, depends_on,line", "--format", "csv"]);
    let rows = ["ID,Due,Depends on,Line", "EPIC-01,2026-11-01,,1", "EPIC-02,2026-12-24,,2"];
    let last = "EPIC-03,,\"EPIC-01 (index), EPIC-02\",3";
    assert_eq!(out(&csv), [&rows[..], &[last, ""]].concat().join("\r\n"));
    let usual = out(&list(&["--format", "csv"]));
    assert!(usual.starts_with("ID,Kind,Title,Status,Owner,Place\r\nEPIC-01,EPIC,Search,Complete"), "{usual}");
    let json = out(&list(&["--columns", "due", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["entries"][0]["values"]["due"][0], "2026-11-01");
    assert_eq!(json["entries"][2].get("values"), None, "a field that is not stated has no value");
    for (columns, message) in [
        ("id,tittle", "`--columns`, column 4: unknown field `tittle`"),
        ("id title", "`--columns`, column 4: unexpected text"),
        ("id,", "`--columns`, column 4: a field is missing"),
        ("", "`--columns`, column 1: a field is missing"),
    ] {
        let refused = list(&["--columns", columns]);
        assert_eq!(code(&refused), 2, "{columns}");
        assert!(err(&refused).contains(message), "{columns}: {}", err(&refused));
    }
}

#[test]
fn a_status_that_no_entry_could_have_is_an_error() {
    let plan = format!("{PLAN}- {{id: API-001, title: Flows, status: brewing}}\n");
    let folder = folder(&[("plan.yaml", &plan)]);
    for (status, exit) in [("complete", 0), ("deferred", 0), ("Brewing", 0), ("complte", 2)] {
        let output = run(folder.path(), &["list", "plan.yaml", "--status", status]);
        assert_eq!(code(&output), exit, "{status}: {}", err(&output));
        let condition = format!("status = {status}");
        let output = run(folder.path(), &["list", "plan.yaml", "--where", &condition]);
        assert_eq!(code(&output), exit, "{condition}: {}", err(&output));
    }
}

#[test]
fn a_trace_is_narrowed_to_what_leads_to_matching_entries() {
    let folder = folder(&[("plan.yaml", PLAN)]);
    let trace = |condition: &str| {
        let output = run(folder.path(), &["trace", "EPIC-03", "plan.yaml", "--where", condition]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    let tests = trace("family = TEST");
    assert!(tests.contains("depends_on EPIC-01") && tests.contains("verified_by TEST-001"), "{tests}");
    assert!(!tests.contains("EPIC-02"), "{tests}");
    let nothing = trace("owner = \"Ops Team\"");
    assert!(nothing.contains("downstream: linked from it: no entry meets the condition"), "{nothing}");
    let output = run(folder.path(), &["trace", "EPIC-03", "plan.yaml", "--where", "ownr"]);
    assert_eq!(code(&output), 2);
}
