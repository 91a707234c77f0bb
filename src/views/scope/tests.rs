//! Small plans and what they ship.

use super::*;
use crate::config::Config;
use crate::model::document;
use crate::source::{FileId, SourceFile};

/// The scope of a release of a plan, or of all of them.
fn scope_of(yaml: &str, release: Option<&str>) -> Scope {
    let file = SourceFile::new("plan.yaml", yaml);
    let config = Config::default();
    let plan = Plan::new(vec![document::read(FileId(0), &file, &config.families)]);
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let selection = match release {
        Some(name) => Selection::new(&plan, &graph, name).expect("a release"),
        None => Selection::all(),
    };
    scope(&plan, &graph, &selection, today)
}

/// Each item as `id need by whom`, in the order of work, and each left out as `-id reason`.
fn check(yaml: &str, release: Option<&str>, expect: &[&str]) {
    let scope = scope_of(yaml, release);
    let stated_by = |item: &Item| match &item.stated_by {
        StatementSource::Whole(whole) => format!("through {whole}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let items =
        scope.items.iter().map(|item| format!("{} {} {}", item.id, item.need.word(), stated_by(item)));
    let out_of_scope = scope.out_of_scope.iter().map(|left| {
        format!("-{} {} {}", left.id, left.reason.as_deref().unwrap_or("?"), left.needed_by.join("+"))
    });
    let shown: Vec<String> = items.chain(out_of_scope).map(|line| line.trim_end().to_owned()).collect();
    assert_eq!(shown, expect, "{yaml}");
}

#[test]
fn the_scope_says_how_much_something_is_needed() {
    let epics = "- {id: EPIC-1}\n- {id: EPIC-2, priority: could}\n- {id: EPIC-3}\n- {id: EPIC-4}\n";
    let yaml = format!("- {{id: REL-1, scope: {{must: EPIC-1 to EPIC-3, should: [EPIC-4]}}}}\n{epics}");
    let expect = ["EPIC-1 must scope", "EPIC-2 must scope", "EPIC-3 must scope", "EPIC-4 should scope"];
    check(&yaml, None, &expect);
    assert_eq!(scope_of(&yaml, None).items[1].own_priority, Some(NeedWord::Could));
}

#[test]
fn what_builds_a_part_of_the_scope_is_needed_as_much() {
    let yaml = "- {id: REL-1, version: 1.0.0, scope: {must: FEA-1, could: FEA-2}}\n- {id: FEA-1}\n- {id: FEA-2}\n\
                - {id: EPIC-1, implements: 'FEA-1, FEA-2'}\n- {id: EPIC-2, part_of: FEA-2, priority: must}\n\
                - {id: EPIC-3, priority: should}\n- {id: EPIC-4}\n";
    let expect =
        ["EPIC-1 must through FEA-1", "FEA-1 must scope", "EPIC-2 could through FEA-2", "FEA-2 could scope"];
    // The scope is stated: work outside of it is not part of the release.
    check(yaml, Some("1.0.0"), &expect);
}

#[test]
fn what_is_left_out_is_named_with_who_needs_it() {
    let yaml = "- {id: REL-1, scope: {must: EPIC-1}, excluded: [{id: EPIC-2, reason: later}]}\n\
                - {id: EPIC-1, depends_on: 'EPIC-2, EPIC-3'}\n- {id: EPIC-2}\n- {id: EPIC-3, state: Deferred}\n";
    check(yaml, Some("REL-1"), &["EPIC-1 must scope", "-EPIC-2 later EPIC-1", "-EPIC-3 ? EPIC-1"]);
    assert_eq!(scope_of(yaml, None).items[0].waits_for_elsewhere, ["EPIC-2", "EPIC-3"]);
}

#[test]
fn what_one_release_leaves_out_another_may_ship() {
    let yaml = "- {id: REL-1, version: 1.0.0, scope: {must: EPIC-1}, excluded: [{id: EPIC-2, reason: later}]}\n\
                - {id: REL-2, version: 1.1.0, scope: {should: EPIC-2}}\n- {id: EPIC-1}\n- {id: EPIC-2}\n";
    check(yaml, None, &["EPIC-1 must scope", "EPIC-2 should scope"]);
    check(yaml, Some("1.0.0"), &["EPIC-1 must scope", "-EPIC-2 later"]);
    check(yaml, Some("1.1.0"), &["EPIC-2 should scope"]);
}

#[test]
fn what_is_done_waits_for_nothing_and_comes_first() {
    let yaml = "- {id: REL-1, scope: {must: [EPIC-1, EPIC-2], could: EPIC-3}}\n\
                - {id: EPIC-1, depends_on: EPIC-3, value: High, effort: Low, risk: Low, estimate: 3d}\n\
                - {id: EPIC-2, depends_on: EPIC-1}\n- {id: EPIC-3}\n- {id: EPIC-4, state: Complete}\n";
    let scope = scope_of(yaml, None);
    let shown: Vec<(usize, &str, Option<&str>)> = scope
        .items
        .iter()
        .map(|item| (item.place, item.id.as_str(), item.brought_forward_by.as_deref()))
        .collect();
    let expect =
        [(1, "EPIC-4", None), (2, "EPIC-3", Some("EPIC-1")), (3, "EPIC-1", None), (4, "EPIC-2", None)];
    assert_eq!(shown, expect);
    let total = &scope.totals[0];
    assert_eq!((total.items, total.done, total.days_left, total.without_estimate), (2, 0, 3.0, 1));
}
