use super::*;
use crate::model::{Plan, document};
use crate::source::{FileId, SourceFile};

/// The milestones of a release as `name day`, joined by `, `.
fn check(rel: &str, toml: &str, expect: &str) {
    let (plan, toml) = (SourceFile::new("p.yaml", rel), SourceFile::new("relplan.toml", toml));
    let config = Config::read(FileId(1), &toml);
    assert!(!config.is_broken(), "{:?}", config.defects);
    let plan = Plan::new(vec![document::read(FileId(0), &plan, &config.families)]);
    let (_, release) = plan.releases().next().expect("a release");
    let working = WorkingCalendar::new(&config.calendar);
    let placed = placed(release, &config.calendar, &working, release.date.map(|date| date.value));
    let shown: Vec<String> =
        placed.iter().map(|milestone| format!("{} {}", milestone.name, milestone.day)).collect();
    assert_eq!(shown.join(", "), expect, "{rel}\n{}", toml.text());
}

#[test]
fn seven_milestones_are_usual() {
    check(
        "{id: REL-1, version: 2.4.0, date: 2027-03-01}",
        "",
        "alpha 2027-02-01, feature_complete 2027-02-08, code_freeze 2027-02-15, beta 2027-02-15, \
         release_candidate 2027-02-22, production 2027-03-01, support_end 2027-03-08",
    );
}

#[test]
fn small_releases_have_few() {
    let patch = "release_candidate 2027-02-22, production 2027-03-01, support_end 2027-03-08";
    check("{id: REL-1, version: 2.4.1, date: 2027-03-01}", "", patch);
    let hotfix = "production 2027-03-01, support_end 2027-03-08";
    check("{id: REL-1, type: hotfix, date: 2027-03-01}", "", hotfix);
}

#[test]
fn the_configuration_and_the_release_say_otherwise() {
    let toml = "[calendar.milestones.patch]\ncode_freeze = \"3 days before\"\nrelease_candidate = \"none\"\n\
                [calendar.milestones.major]\nalpha = \"9 weeks before\"\n";
    check(
        "{id: REL-1, version: 2.4.1, date: 2027-03-01}",
        toml,
        "code_freeze 2027-02-26, production 2027-03-01, support_end 2027-03-08",
    );
    check(
        "{id: REL-1, version: 2.4.1, date: 2027-03-01, milestones: {Code Freeze: 2027-02-24, support_end: none}}",
        toml,
        "code_freeze 2027-02-24, production 2027-03-01",
    );
}

#[test]
fn milestones_count_from_each_other() {
    check(
        "{id: REL-1, type: hotfix, date: 2027-03-01, milestones: {tag: 2 days before production, \
         sign off: 1 day after tag, support_end: none}}",
        "",
        "tag 2027-02-27, sign off 2027-02-28, production 2027-03-01",
    );
    // One that counts from itself has no day, and neither has what counts from nothing.
    check(
        "{id: REL-1, type: hotfix, date: 2027-03-01, milestones: {one: 1 day after two, two: 1 day after one, \
         three: 1 day after four}}",
        "",
        "production 2027-03-01, support_end 2027-03-08",
    );
}

#[test]
fn without_a_date_only_days_are_known() {
    check(
        "{id: REL-1, version: 2.4.0, milestones: {beta: 2027-02-15, rc 1: 3 days after beta}}",
        "",
        "beta 2027-02-15, rc 1 2027-02-18",
    );
    check("{id: REL-1, version: 2.4.0}", "", "");
}

#[test]
fn offsets_move_to_working_days_and_days_do_not() {
    let toml =
        "[calendar]\nadjust = \"previous\"\n[[calendar.holidays]]\nname = \"Snow\"\ndate = 2027-02-22\n";
    check(
        "{id: REL-1, version: 2.4.1, date: 2027-03-01, milestones: {code_freeze: 2027-02-21}}",
        toml,
        "release_candidate 2027-02-19, code_freeze 2027-02-21, production 2027-03-01, support_end 2027-03-08",
    );
}

#[test]
fn leap_days_and_year_ends_are_counted() {
    check(
        "{id: REL-1, version: 1.0.1, date: 2028-03-01, milestones: {release_candidate: 1 day before, support_end: 12 months after}}",
        "",
        "release_candidate 2028-02-29, production 2028-03-01, support_end 2029-03-01",
    );
    check(
        "{id: REL-1, version: 1.0.1, date: 2027-01-04, milestones: {release_candidate: 5 days before}}",
        "",
        "release_candidate 2026-12-30, production 2027-01-04, support_end 2027-01-11",
    );
}
