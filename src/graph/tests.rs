//! Links of small plans, as their graph has them.

use super::*;
use crate::model::document;
use crate::model::family::{External, Family};
use crate::model::{Id, Prefix, id};
use crate::source::{FileId, SourceFile, Spanned};

/// A plan, and its graph; `external` are the ids of the family `JIRA` that live elsewhere.
fn read(yaml: &str, external: &[&str]) -> (Plan<'static>, Graph) {
    let mut families = Families::default();
    let mut jira = Family::new(Prefix::new("JIRA").expect("a prefix"), "ticket");
    let span = Span::new(FileId(0), 0, 0);
    jira.external = Some(External { headings: vec![Spanned::new("*.md".into(), span)] });
    families.declare(jira);
    // The plan borrows from its text, and a test has no place to keep both.
    let file: &'static SourceFile = Box::leak(Box::new(SourceFile::new("plan.yaml", yaml)));
    let plan = Plan::new(vec![document::read(FileId(0), file, &families)]);
    let external = external.iter().map(|text| id_of(text)).collect();
    let graph = Graph::new(&plan, &families, &external);
    (plan, graph)
}

fn id_of(text: &str) -> Id {
    id::parse(text).expect("an id")
}

/// Entries with these ids, each with these fields behind its id.
fn entries(lines: &[(&str, &str)]) -> String {
    lines.iter().map(|(id, fields)| format!("- {{id: {id}{fields}}}\n")).collect()
}

fn name(plan: &Plan<'_>, index: EntryIndex) -> String {
    plan.entry(index).id.value.to_string()
}

fn targets(plan: &Plan<'_>, graph: &Graph, text: &str) -> Vec<String> {
    let from = plan.find(id_of(text)).expect("an entry");
    graph.outgoing(from).map(|edge| name(plan, edge.to)).collect()
}

fn holes(graph: &Graph) -> Vec<(Vec<String>, usize)> {
    let names = |hole: &RangeGap| hole.missing.iter().map(Id::to_string).collect();
    graph.holes.iter().map(|hole| (names(hole), hole.count)).collect()
}

fn check_holes(linked: &str, others: &[&str], expect: &[&str]) {
    let others: Vec<(&str, &str)> = others.iter().map(|id| (*id, "")).collect();
    let yaml = entries(&others) + &format!("- id: RUN-001\n  linked_ids: {linked}\n");
    let (_, graph) = read(&yaml, &["JIRA-1", "JIRA-3", "JIRA-9"]);
    let expect: Vec<String> = expect.iter().map(|id| (*id).to_owned()).collect();
    let found = holes(&graph);
    assert!(graph.dangling.is_empty(), "{linked}: {:?}", graph.dangling);
    match expect.len() {
        0 => assert_eq!(found, [], "{linked}"),
        count => assert_eq!(found, [(expect, count)], "{linked}"),
    }
}

#[test]
fn a_range_names_its_holes() {
    check_holes("FEA-001 to FEA-003", &["FEA-001", "FEA-002", "FEA-003"], &[]);
    check_holes("FEA-001 to FEA-004", &["FEA-001", "FEA-004"], &["FEA-002", "FEA-003"]);
    check_holes("FEA-9..FEA-011", &["FEA-009", "FEA-011"], &["FEA-010"]);
    check_holes("FEA-002", &["FEA-002"], &[]);
    check_holes("FEA-002..FEA-002", &["FEA-002"], &[]);
}

#[test]
fn a_range_of_letters_names_the_letters_that_are_missing() {
    check_holes("FEA-02a..FEA-02d", &["FEA-02a", "FEA-02c", "FEA-02d"], &["FEA-02b"]);
    check_holes("FEA-02..FEA-02c", &["FEA-02", "FEA-02a", "FEA-02c"], &["FEA-02b"]);
    check_holes("FEA-01..FEA-03", &["FEA-01", "FEA-02b", "FEA-03"], &[]);
}

#[test]
fn a_range_outside_the_plan_is_held_against_the_ids_that_are_known() {
    check_holes("JIRA-1..JIRA-3", &[], &["JIRA-2"]);
    let (_, graph) = read("id: RUN-001\nlinked_ids: JIRA-1..JIRA-4, JIRA-9", &["JIRA-1", "JIRA-9"]);
    assert_eq!((graph.dangling.len(), graph.external_links, holes(&graph).len()), (1, 2, 0));
}

#[test]
fn a_wide_range_lists_the_first_holes_and_counts_the_others() {
    let (_, graph) =
        read(&entries(&[("FEA-0", ""), ("FEA-999999999", ", linked_ids: FEA-0..FEA-999999999")]), &[]);
    assert_eq!((graph.holes[0].missing.len(), graph.holes[0].count), (12, 999_999_998));
}

#[test]
fn a_range_reaches_every_entry_between_its_ends() {
    let yaml = entries(&[
        ("FEA-01", ""),
        ("FEA-02", ""),
        ("FEA-02b", ""),
        ("FEA-4", ""),
        ("RUN-1", ", covers: FEA-1–04"),
    ]);
    let (plan, graph) = read(&yaml, &[]);
    assert_eq!(targets(&plan, &graph, "RUN-1"), ["FEA-01", "FEA-02", "FEA-02b", "FEA-4"]);
}

#[test]
fn prose_is_held_against_families_that_exist() {
    let text = "id: RUN-001\ntitle: Run DEP-009 over UTF-8, SHA-256 and API-001-020; see RUN-001";
    let (plan, graph) = read(text, &[]);
    let dangling: Vec<String> =
        graph.dangling_mentions.iter().map(|mention| mention.id.to_string()).collect();
    assert_eq!((dangling, graph.mentions.len()), (vec!["DEP-009".to_owned()], 1));
    assert_eq!(name(&plan, graph.mentions[0].1), "RUN-001");
}

#[test]
fn a_cycle_is_shown_as_the_shortest_way_around() {
    let yaml = entries(&[
        ("EPIC-1", ", depends_on: [EPIC-1, EPIC-2]"),
        ("EPIC-2", ", depends_on: [EPIC-3, EPIC-4]"),
        ("EPIC-3", ", depends_on: EPIC-4"),
        ("EPIC-4", ", depends_on: EPIC-1"),
        ("EPIC-5", ", depends_on: EPIC-5"),
    ]);
    let (plan, graph) = read(&yaml, &[]);
    let cycles = graph.cycles(LinkKind::DependsOn);
    assert_eq!((cycles.len(), cycles[0].size), (1, 4));
    let way: Vec<String> = cycles[0].way.iter().map(|edge| name(&plan, edge.to)).collect();
    assert_eq!(way, ["EPIC-2", "EPIC-4", "EPIC-1"]);
    assert!(graph.cycles(LinkKind::PartOf).is_empty());
    assert_eq!(graph.topological_order(LinkKind::DependsOn), None);
}

#[test]
fn what_is_linked_to_comes_first() {
    let yaml = entries(&[
        ("EPIC-1", ", depends_on: [EPIC-3, EPIC-1]"),
        ("EPIC-2", ""),
        ("EPIC-3", ", depends_on: EPIC-4"),
        ("EPIC-4", ", linked_ids: EPIC-1"),
    ]);
    let (plan, graph) = read(&yaml, &[]);
    let order = graph.topological_order(LinkKind::DependsOn).expect("an order");
    let order: Vec<String> = order.into_iter().map(|index| name(&plan, index)).collect();
    assert_eq!(order, ["EPIC-2", "EPIC-4", "EPIC-3", "EPIC-1"]);
}

#[test]
fn a_long_chain_does_not_exhaust_the_stack() {
    let length = 100_000;
    let link =
        |number: usize| format!("- {{id: EPIC-{number}, depends_on: EPIC-{}}}\n", (number + 1) % length);
    let yaml: String = (0..length).map(link).collect();
    let (_, graph) = read(&yaml, &[]);
    let cycles = graph.cycles(LinkKind::DependsOn);
    assert_eq!((cycles.len(), cycles[0].size, cycles[0].way.len()), (1, length, length));
    let open = yaml.trim_end().rsplit_once('\n').expect("many lines").0;
    let (plan, graph) = read(&(open.to_owned() + "\n- id: EPIC-99999"), &[]);
    assert!(graph.cycles(LinkKind::DependsOn).is_empty());
    let order = graph.topological_order(LinkKind::DependsOn).expect("an order");
    assert_eq!(name(&plan, order[0]), "EPIC-99999");
    let trace = trace(&graph, EntryIndex(0), usize::MAX);
    assert_eq!(trace.downstream.len(), 1);
}

/// `EPIC-2(EPIC-3!)`: what follows in brackets, `!` where it was cut, `*` where it stands elsewhere.
fn drawn(plan: &Plan<'_>, nodes: &[TraceNode]) -> String {
    let draw = |node: &TraceNode| {
        let mark = if node.cut {
            "!"
        } else if node.repeated {
            "*"
        } else {
            ""
        };
        let next = drawn(plan, &node.next);
        let next = if next.is_empty() { next } else { format!("({next})") };
        format!("{}{mark}{next}", name(plan, node.entry))
    };
    nodes.iter().map(draw).collect::<Vec<_>>().join(" ")
}

fn check_trace(depth: usize, upstream: &str, downstream: &str) {
    let yaml = entries(&[
        ("EPIC-1", ", tests: [TEST-1, TEST-2], depends_on: EPIC-2"),
        ("EPIC-2", ", tests: TEST-2, depends_on: EPIC-3"),
        ("EPIC-3", ", depends_on: EPIC-1"),
        ("TEST-1", ""),
        ("TEST-2", ""),
        ("REL-1", ", scope: {must: EPIC-1..EPIC-2}"),
    ]);
    let (plan, graph) = read(&yaml, &[]);
    let trace = trace(&graph, plan.find(id_of("EPIC-1")).expect("an entry"), depth);
    assert_eq!(drawn(&plan, &trace.upstream), upstream, "upstream, {depth}");
    assert_eq!(drawn(&plan, &trace.downstream), downstream, "downstream, {depth}");
}

#[test]
fn a_trace_goes_both_ways_as_far_as_it_is_asked() {
    check_trace(0, "", "");
    check_trace(1, "EPIC-3! REL-1", "EPIC-2! TEST-1 TEST-2");
    check_trace(2, "EPIC-3(EPIC-2!) REL-1", "EPIC-2(EPIC-3! TEST-2*) TEST-1 TEST-2");
    check_trace(9, "EPIC-3(EPIC-2(EPIC-1* REL-1*)) REL-1", "EPIC-2(EPIC-3(EPIC-1*) TEST-2*) TEST-1 TEST-2");
}

fn check_coverage(fields: &str, others: &[(&str, &str)], expect: Coverage) {
    let mut lines = vec![("FEA-1", fields)];
    lines.extend(others);
    let (plan, graph) = read(&entries(&lines), &[]);
    let entry = plan.find(id_of("FEA-1")).expect("an entry");
    assert_eq!(coverage(&plan, &graph, entry), expect, "{lines:?}");
}

#[test]
fn coverage_counts_tests_of_the_entry_and_of_what_builds_it() {
    let tests = [("TEST-1", ", status: passing"), ("TEST-2", ", status: failing"), ("TEST-3", "")];
    check_coverage("", &tests, Coverage::Orphaned);
    check_coverage(", linked_ids: FEA-1", &tests, Coverage::Orphaned);
    check_coverage(", linked_ids: RUN-1", &[("RUN-1", "")], Coverage::Uncovered);
    check_coverage(", verified_by: TEST-1..TEST-3", &tests, Coverage::Partly);
    check_coverage(", verified_by: TEST-1, linked_ids: TEST-3", &tests, Coverage::Covered);
    check_coverage("", &[("TEST-1", ", linked_ids: FEA-1")], Coverage::Covered);
    let epic = ("EPIC-1", ", implements: FEA-1, tests: TEST-1");
    check_coverage("", &[epic, tests[0]], Coverage::Covered);
    check_coverage("", &[epic, ("TEST-1", ", status: blocked")], Coverage::Partly);
}
