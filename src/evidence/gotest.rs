//! Test results as `go test -json` and `gotestsum --jsonfile` write them: one event a line.
//!
//! The events are those of `go doc test2json`, and of `go help buildjson` for what is built before.
//!
//! - `pass`, `fail` and `skip` end a test, or a package where no test is named. A subtest is a case of its own, and so
//!   is every repetition.
//! - A test that began and did not end went wrong if its package failed then: it panicked, ran out of time or left the
//!   process. Otherwise it is open how it ended. A benchmark says nothing if it went well.
//! - A package that failed although none of its tests did is a case that went wrong, and leaves open what passed in
//!   it: it did not build, its `TestMain` failed, a race was found. Before Go 1.24, what did not build is named in a
//!   line that is no event.
//! - A package that began and did not end means that the file is cut off.
//! - Between the events, what the compiler and `go` say themselves is passed over; nothing else is.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp, Unclear, json, results};
use crate::source::Span;

/// Reads a report, line by line. A line that is broken leaves the others as they are.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    found.made_by("go test");
    let mut stream = Stream {
        input,
        packages: Vec::new(),
        by_name: FxHashMap::default(),
        builds: FxHashMap::default(),
        latest: Timestamp::Missing,
        says_failed: None,
        found,
    };
    input.text.lines().for_each(|line| stream.line(line));
    stream.end();
}

/// Whether a text that does not begin with an event is a report all the same: it begins with what the compiler says.
pub(super) fn begins_like_events(text: &str) -> bool {
    let event = text.lines().find(|line| line.starts_with('{') || !is_said_by_go(line));
    event.is_some_and(|line| line.starts_with('{') && line.contains("\"Action\":\""))
}

/// Whether a line is one that the compiler, the linker or `go` itself writes between events.
fn is_said_by_go(line: &str) -> bool {
    const BEGINNINGS: [&str; 9] =
        ["# ", "\t", "FAIL\t", "go: ", "note: ", "warning: ", "vet: ", "exit status ", "package "];
    let line = line.trim_end();
    line.is_empty()
        || matches!(line, "FAIL" | "too many errors")
        || BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
        || line.contains(".go:")
}

/// An event. A text that is not there is empty.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'s> {
    #[serde(borrow)]
    action: Cow<'s, str>,
    #[serde(borrow, default)]
    time: Cow<'s, str>,
    #[serde(borrow, default)]
    package: Cow<'s, str>,
    #[serde(borrow, default)]
    test: Cow<'s, str>,
    /// Of what is built.
    #[serde(borrow, default)]
    import_path: Cow<'s, str>,
    /// Of a package that failed: the build that it failed for.
    #[serde(borrow, default)]
    failed_build: Cow<'s, str>,
    /// An attribute that a test gives itself (`T.Attr`).
    #[serde(borrow, default)]
    key: Cow<'s, str>,
    #[serde(borrow, default)]
    value: Cow<'s, str>,
    /// What was printed, as it is written.
    #[serde(borrow, default)]
    output: Option<&'s RawValue>,
}

impl Event<'_> {
    /// Whether what was printed is the line with which a test, or a package, says that it failed.
    fn prints_failure(&self) -> bool {
        // `go test` itself marks its lines since Go 1.20.
        let printed = self.output.map_or("", |output| output.get().trim_start_matches('"'));
        let printed = printed.strip_prefix("\\u0016").unwrap_or(printed).trim_start_matches(' ');
        match printed.strip_prefix("--- FAIL: ").and_then(|rest| rest.strip_prefix(&*self.test)) {
            Some(rest) => !self.test.is_empty() && rest.starts_with(' '),
            None => {
                self.test.is_empty() && (printed.starts_with("FAIL\\n") || printed.starts_with("FAIL\\t"))
            }
        }
    }
}

struct Stream<'r, 'i, 's> {
    input: &'i Input<'s>,
    /// In the order in which they begin.
    packages: Vec<Package<'s>>,
    by_name: FxHashMap<Cow<'s, str>, usize>,
    /// The builds that failed, and that no package has named since.
    builds: FxHashMap<Cow<'s, str>, Span>,
    /// When the last package ended.
    latest: Timestamp,
    /// Where `go test` says, outside of any event, that something failed.
    says_failed: Option<Span>,
    found: &'r mut Found<'s>,
}

/// A package, and what is known of its run.
struct Package<'s> {
    name: Cow<'s, str>,
    /// Whether it says that it has started, and has not ended since.
    is_started: bool,
    /// Whether it has ended.
    is_over: bool,
    /// The tests that began and did not end.
    running: FxHashMap<Cow<'s, str>, Running<'s>>,
    /// Which of the cases are those of its tests that passed.
    passed: Vec<usize>,
    /// Those of runs that have ended: a file may hold several.
    passed_before: Vec<usize>,
    /// Whether a run of it failed as such, so that no run of it proves anything.
    is_broken: bool,
    has_failures: bool,
    /// Whether an event of it is not understood.
    is_unclear: bool,
    /// Whether it printed that it failed.
    prints_failure: bool,
}

/// A test that began and did not end.
#[derive(Default)]
struct Running<'s> {
    span: Option<Span>,
    /// When it began, as it is written.
    time: Cow<'s, str>,
    properties: Vec<(Cow<'s, str>, Cow<'s, str>)>,
    /// Whether an event of it is not understood.
    is_unclear: bool,
    /// Whether it printed that it failed.
    prints_failure: bool,
}

impl<'s> Stream<'_, '_, 's> {
    fn line(&mut self, line: &'s str) {
        if line.starts_with('{') {
            match json::read_text(self.input, line) {
                Ok(event) => self.event(event, line),
                Err(defect) => self.found.broken(defect),
            }
        } else if let Some(failed) = line.strip_prefix("FAIL\t") {
            let (package, reason) = failed.split_once([' ', '\t']).unwrap_or((failed, ""));
            let reason = if reason.starts_with('[') { reason.trim_end() } else { PACKAGE_FAILED };
            self.failed_package(Cow::Borrowed(package), reason, self.input.place(line), Timestamp::Missing);
        } else if line.trim_end() == "FAIL" || line.starts_with("exit status ") {
            self.says_failed.get_or_insert(self.input.place(line));
        } else if !is_said_by_go(line) {
            let start = self.input.place(line).start as usize;
            self.found.broken(self.input.malformed(start, "this line is no event of `go test -json`"));
        }
    }

    fn event(&mut self, event: Event<'s>, line: &'s str) {
        let span = self.input.place(line);
        match &*event.action {
            "build-output" => return,
            "build-fail" => {
                self.builds.insert(event.import_path, span);
                return;
            }
            _ => {}
        }
        let index = self.package(&event.package);
        let is_of_test = !event.test.is_empty();
        match &*event.action {
            "output" if event.prints_failure() => self.printed_failure(index, event),
            "output" | "artifacts" => {}
            "start" => self.start(index, span),
            "run" => self.run(index, event, span),
            "pause" | "cont" => {}
            "attr" => {
                let running = self.packages[index].running.entry(event.test).or_default();
                running.properties.push((event.key, event.value));
            }
            "pass" if is_of_test => self.result(index, event, span, Outcome::Passed),
            // It printed something and did not fail.
            "bench" if is_of_test => self.result(index, event, span, Outcome::Passed),
            "fail" if is_of_test => self.result(index, event, span, Outcome::Failed),
            "skip" if is_of_test => self.result(index, event, span, Outcome::Skipped),
            "pass" | "fail" | "skip" => self.package_ended(index, event, span),
            action => {
                results::not_known(self.found, span, format!("\"Action\":\"{action}\""));
                let package = &mut self.packages[index];
                match is_of_test {
                    true => package.running.entry(event.test).or_default().is_unclear = true,
                    false => package.is_unclear = true,
                }
            }
        }
    }

    /// The package of an event, by its position.
    #[expect(clippy::ptr_arg, reason = "a name that borrows is kept without a copy")]
    fn package(&mut self, name: &Cow<'s, str>) -> usize {
        if let Some(index) = self.by_name.get(name) {
            return *index;
        }
        let index = self.packages.len();
        self.by_name.insert(name.clone(), index);
        self.packages.push(Package {
            name: name.clone(),
            is_started: false,
            is_over: false,
            running: FxHashMap::default(),
            passed: Vec::new(),
            passed_before: Vec::new(),
            is_broken: false,
            has_failures: false,
            is_unclear: false,
            prints_failure: false,
        });
        index
    }

    /// A test or a package says that it failed. Where its event then says that it passed, it is open how it ended.
    fn printed_failure(&mut self, index: usize, event: Event<'s>) {
        let package = &mut self.packages[index];
        match package.running.get_mut(&event.test) {
            Some(running) => running.prints_failure = true,
            None => package.prints_failure |= event.test.is_empty(),
        }
    }

    /// A package begins, or once more where its failed tests are run again.
    fn start(&mut self, index: usize, span: Span) {
        let package = &mut self.packages[index];
        package.is_over = false;
        if std::mem::replace(&mut package.is_started, true) {
            let reason = format!("package `{}` starts again and has not ended", package.name);
            let kind = EvidenceDefectKind::Malformed { reason, at_end: false };
            self.found.broken(EvidenceDefect { span, kind });
        }
    }

    fn run(&mut self, index: usize, event: Event<'s>, span: Span) {
        let package = &mut self.packages[index];
        package.is_over = false;
        let running = Running { span: Some(span), time: event.time, ..Running::default() };
        if let Some(before) = package.running.insert(event.test.clone(), running) {
            self.unfinished(index, event.test, before, Outcome::Unclear(Unclear::UnknownResult));
        }
    }

    fn result(&mut self, index: usize, event: Event<'s>, span: Span, outcome: Outcome) {
        let time = self.found.time(&event.time, span);
        let package = &mut self.packages[index];
        let running = package.running.remove(&event.test).unwrap_or_default();
        if outcome == Outcome::Passed && running.prints_failure {
            results::not_known(
                self.found,
                span,
                format!("\"Action\":\"pass\" behind `--- FAIL: {}`", event.test),
            );
        }
        let package = &mut self.packages[index];
        let mut case = results::blank(self.found, span);
        case.outcome = match outcome {
            Outcome::Passed if running.is_unclear || running.prints_failure => {
                Outcome::Unclear(Unclear::UnknownResult)
            }
            outcome => outcome,
        };
        case.time = time;
        if time == Timestamp::Missing {
            case.time = self.found.time(&running.time, span);
        }
        case.class = package.name.clone();
        case.name = event.test;
        case.properties = running.properties.into_boxed_slice();
        package.has_failures |= case.outcome.is_failure();
        if case.outcome == Outcome::Passed {
            package.passed.push(self.found.cases.len());
        }
        self.found.cases.push(case);
    }

    /// Adds a test that began and did not end.
    fn unfinished(&mut self, index: usize, test: Cow<'s, str>, running: Running<'s>, outcome: Outcome) {
        // Whatever else is said of a test that never began is no result.
        let Some(span) = running.span else { return };
        let time = self.found.time(&running.time, span);
        if let Outcome::Unclear(_) = outcome {
            results::not_known(self.found, span, "\"Action\":\"run\"".to_owned());
        }
        let package = &mut self.packages[index];
        package.has_failures |= outcome.is_failure();
        let mut case = results::blank(self.found, span);
        (case.class, case.name, case.time, case.outcome) = (package.name.clone(), test, time, outcome);
        case.properties = running.properties.into_boxed_slice();
        self.found.cases.push(case);
    }

    /// The tests of a package that began and did not end, in their order.
    fn take_running(&mut self, index: usize) -> Vec<(Cow<'s, str>, Running<'s>)> {
        let mut running: Vec<_> = self.packages[index].running.drain().collect();
        running.sort_by_key(|(_, running)| running.span.map(|span| span.start));
        running
    }

    fn package_ended(&mut self, index: usize, event: Event<'s>, span: Span) {
        let time = self.found.time(&event.time, span);
        self.latest = self.latest.latest(time);
        let failed = event.action == "fail";
        for (test, running) in self.take_running(index) {
            let outcome = match () {
                () if failed => Outcome::Errored,
                () if test.starts_with("Benchmark") && !running.is_unclear => Outcome::Passed,
                () => Outcome::Unclear(Unclear::UnknownResult),
            };
            self.unfinished(index, test, running, outcome);
        }
        let package = &mut self.packages[index];
        package.is_over = true;
        package.is_started = false;
        let passed = std::mem::take(&mut package.passed);
        let has_failures = std::mem::take(&mut package.has_failures);
        let prints_failure = std::mem::take(&mut package.prints_failure) && event.action == "pass";
        let is_unclear = std::mem::take(&mut package.is_unclear) || prints_failure;
        let name = package.name.clone();
        if prints_failure {
            results::not_known(
                self.found,
                span,
                format!("\"Action\":\"pass\" of package `{name}` behind `FAIL`"),
            );
        }
        package.passed_before.extend(&passed);
        package.is_broken |= failed && !has_failures;
        self.builds.remove(&event.failed_build);
        // That a package was skipped means that it has no tests.
        if is_unclear || event.action == "skip" || failed && !has_failures {
            for case in passed {
                results::doubt(self.found, case..case + 1, Unclear::RunFailed);
            }
        }
        if failed && !has_failures {
            let reason = if event.failed_build.is_empty() { PACKAGE_FAILED } else { BUILD_FAILED };
            self.failed_package(name, reason, span, time);
        }
    }

    /// Adds a package that failed as such.
    fn failed_package(&mut self, package: Cow<'s, str>, reason: &'s str, span: Span, time: Timestamp) {
        let kind = EvidenceDefectKind::RunFailed { name: package.clone().into_owned() };
        self.found.defect(span, kind);
        let mut case = results::blank(self.found, span);
        (case.class, case.name, case.time) = (package, Cow::Borrowed(reason), time);
        case.outcome = Outcome::Errored;
        self.found.cases.push(case);
    }

    fn end(mut self) {
        for index in 0..self.packages.len() {
            for (test, running) in self.take_running(index) {
                self.unfinished(index, test, running, Outcome::Unclear(Unclear::UnknownResult));
            }
            let package = &mut self.packages[index];
            let is_broken = package.is_broken;
            for case in std::mem::take(&mut package.passed_before).into_iter().filter(|_| is_broken) {
                results::doubt(self.found, case..case + 1, Unclear::RunFailed);
            }
            if !package.is_over {
                let reason = format!("the file ends before the tests of package `{}` do", package.name);
                self.found.broken(self.input.malformed(self.input.text.len(), reason));
            }
        }
        let mut builds: Vec<_> = self.builds.drain().collect();
        builds.sort_by_key(|(_, span)| span.start);
        for (build, span) in builds {
            let package = match build {
                // The package, and in brackets which of its builds it is.
                Cow::Borrowed(build) => Cow::Borrowed(build.split(' ').next().unwrap_or(build)),
                Cow::Owned(build) => Cow::Owned(build.split(' ').next().unwrap_or(&build).to_owned()),
            };
            self.failed_package(package, BUILD_FAILED, span, Timestamp::Missing);
        }
        if let Some(span) = self.says_failed
            && !self.found.cases.iter().any(|case| case.outcome.is_failure())
        {
            let all = 0..self.found.cases.len();
            results::run_failed(self.found, span, "go test", all);
        }
        self.found.report.time = self.latest;
        results::date_by_cases(self.found);
    }
}

/// What a case is called that stands for a package that failed: `go test` itself writes the first.
const BUILD_FAILED: &str = "[build failed]";
const PACKAGE_FAILED: &str = "[package failed]";
