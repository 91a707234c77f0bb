//! Test results in the Test Anything Protocol, versions 12 to 14 (testanything.org).
//!
//! - `ok` passes and `not ok` failed. `# SKIP` behind `ok` was not run. `# TODO` says that whatever was found does not
//!   count: some write `ok # TODO` for what they did not run.
//! - The plan says how many tests there are. Without one the report is cut off, and with another number of tests
//!   nothing that passed counts; of a subtest, this leaves open what passed in it, and the test that stands for it.
//! - A subtest is indented by four spaces, and the test point behind it, or before it with a brace, sums it up (TAP 14,
//!   "Subtests"). What is indented and has no plan may be anything: it leaves open what passed in it.
//! - Test points may come in any order, and none twice (TAP 14, "Test Point ID").
//! - `Bail out!` ends the run, and leaves open what passed in it.
//! - YAML blocks, comments and lines of any other kind say nothing, unless `pragma +strict` forbids the latter. Only `# fail 3` behind all tests, as tape
//!   and Node.js write it, is held against them.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::input::{Found, Input};
use super::results::{self, worse};
use super::{EvidenceDefect, EvidenceDefectKind, Outcome, Unclear};
use crate::source::Span;

/// How deep subtests may lie in each other. What lies deeper is passed over, and the plan around it is not met.
const DEEPEST: usize = 32;

/// Reads a report.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader {
        input,
        levels: vec![Level::new(0)],
        yaml: None,
        point: None,
        bailed_out: false,
        is_strict: false,
        stated_failures: None,
        found,
    };
    input.text.split_inclusive('\n').for_each(|line| reader.line(line));
    reader.end();
}

/// Whether a text is a report: its first line that is no comment is a version, a plan or a test point.
pub(super) fn begins_like_tap(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    match first.map(|line| (line, Line::read(line))) {
        Some((_, Line::Version | Line::Plan(_) | Line::BailOut)) => true,
        Some((_, Line::Point(point))) if point.number.is_some() => true,
        // `ok` alone begins many a text.
        Some((_, Line::Point(_))) => {
            text.lines().any(|line| matches!(Line::read(line.trim()), Line::Plan(_)))
        }
        _ => false,
    }
}

/// What a line says, without what it is indented by.
enum Line<'s> {
    Version,
    /// How many tests there are.
    Plan(u64),
    Point(Point<'s>),
    BailOut,
    /// How many tests failed, as some say at the end.
    Failures(u64),
    /// The end of a subtest that stands behind its test point.
    Brace,
    Other,
}

/// A test point.
struct Point<'s> {
    is_ok: bool,
    number: Option<u64>,
    name: Cow<'s, str>,
    directive: Option<Directive>,
    /// Whether its subtest stands behind it.
    opens: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Skip,
    Todo,
}

/// The report itself, or a subtest in it.
struct Level {
    plan: Option<(u64, Span)>,
    points: u64,
    numbers: FxHashSet<u64>,
    highest: u64,
    /// Whether a number stands there twice.
    is_twice: bool,
    has_failures: bool,
    /// Whether it is open how one of its tests ended.
    has_unclear: bool,
    /// The first case in it.
    first: usize,
    /// The case that sums it up, if that stands before it.
    parent: Option<usize>,
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    /// The levels that are open, the report itself first.
    levels: Vec<Level>,
    /// What the YAML block is indented by that is open.
    yaml: Option<usize>,
    /// What the line before is indented by, if that is a test point.
    point: Option<usize>,
    bailed_out: bool,
    /// Whether a pragma says that only lines of TAP may stand here.
    is_strict: bool,
    /// How many failures comments state, and where.
    stated_failures: Option<(u64, Span)>,
    found: &'r mut Found<'s>,
}

impl<'s> Reader<'_, '_, 's> {
    fn line(&mut self, line: &'s str) {
        let text = line.trim_end();
        let body = text.trim_start_matches(' ');
        let indent = text.len() - body.len();
        if body.is_empty() || self.is_yaml(body, indent) {
            return;
        }
        self.point = None;
        let level = indent / 4;
        if !indent.is_multiple_of(4) || level > DEEPEST {
            return self.other(body);
        }
        match Line::read(body) {
            Line::Version if level == 0 => self.begin_again(),
            Line::Plan(number) => self.plan(level, number, body),
            Line::Point(point) => {
                self.point = Some(indent);
                self.point(level, point, body);
                if !line.ends_with('\n') {
                    let reason =
                        "the last line is not ended, so more may be missing; end it with a line break";
                    self.found.broken(self.input.malformed(self.input.text.len(), reason));
                }
            }
            Line::BailOut => self.bail_out(body),
            Line::Failures(number) if level == 0 => {
                let stated = self.stated_failures.map_or(0, |(stated, _)| stated);
                self.stated_failures = Some((stated.saturating_add(number), self.input.place(body)));
            }
            Line::Brace => self.close_deeper(level, None),
            Line::Other => self.other(body),
            Line::Version | Line::Failures(_) => {}
        }
    }

    /// A line of any other kind says nothing, unless a test point that failed hides in it: behind a time, in colours, in
    /// other capitals, or by fewer spaces than a subtest has.
    fn other(&mut self, body: &'s str) {
        if let Some(pragma) = body.strip_prefix("pragma ") {
            self.pragma(pragma);
        } else if self.is_strict && !body.starts_with('#') {
            let start = self.input.place(body).start as usize;
            self.found
                .broken(self.input.malformed(start, "this line is not TAP, and `pragma +strict` forbids it"));
        }
        let text = body.to_ascii_lowercase();
        let hides = text.contains("not ok ") || text.contains("not  ok ") || text.starts_with("bail out!");
        if hides && !body.starts_with('#') {
            let start = self.input.place(body).start as usize;
            self.found.broken(self.input.malformed(start, "a test that failed is in no line of TAP here"));
        }
    }

    /// Takes pragmas, such as `+strict, -bail`; only `strict` says something about what is read.
    fn pragma(&mut self, pragmas: &str) {
        for pragma in pragmas.split([',', ' ']) {
            match pragma {
                "+strict" => self.is_strict = true,
                "-strict" => self.is_strict = false,
                _ => {}
            }
        }
    }

    /// Whether a line is one of a YAML block, which stands behind a test point and is indented further.
    fn is_yaml(&mut self, body: &str, indent: usize) -> bool {
        match (self.yaml, self.point) {
            (Some(block), _) if indent == block && body.starts_with("...") => self.yaml = None,
            (Some(block), _) if indent >= block => {}
            (None, Some(point)) if indent > point && body == "---" => self.yaml = Some(indent),
            _ => {
                self.yaml = None;
                return false;
            }
        }
        true
    }

    /// Opens levels down to one, and closes those that lie deeper.
    fn level(&mut self, level: usize) -> &mut Level {
        self.close_deeper(level, None);
        while self.levels.len() <= level {
            self.levels.push(Level::new(self.found.cases.len()));
        }
        // The loop has made sure that there is one.
        &mut self.levels[level]
    }

    fn plan(&mut self, level: usize, number: u64, body: &'s str) {
        let span = self.input.place(body);
        if self.level(level).plan.replace((number, span)).is_some() {
            self.found.broken(malformed(span, "a second plan; write one report a file"));
        }
    }

    fn point(&mut self, level: usize, point: Point<'s>, body: &'s str) {
        let span = self.input.place(body);
        let mut case = results::blank(self.found, span);
        case.outcome = match (point.is_ok, point.directive) {
            (_, Some(Directive::Todo)) | (true, Some(Directive::Skip)) => Outcome::Skipped,
            (true, None) => Outcome::Passed,
            // What was skipped cannot fail, so that one of both is wrong.
            (false, _) => Outcome::Failed,
        };
        case.name = if point.name.is_empty() { Cow::Borrowed(body) } else { point.name };
        // The subtest before it is part of it.
        let is_todo = point.directive == Some(Directive::Todo);
        self.close_deeper(level, Some((&mut case, is_todo)));
        let opens = point.opens.then_some(self.found.cases.len());
        let level_of_point = self.level(level);
        level_of_point.points += 1;
        level_of_point.note(case.outcome);
        let is_twice = point.number.is_some_and(|number| {
            level_of_point.highest = level_of_point.highest.max(number);
            !level_of_point.numbers.insert(number)
        });
        level_of_point.is_twice |= is_twice;
        if is_twice && level == 0 {
            self.found.broken(malformed(span, "the number of this test is that of another one"));
        }
        self.found.cases.push(case);
        if opens.is_some() {
            let mut inner = Level::new(self.found.cases.len());
            inner.parent = opens;
            self.levels.truncate(level + 1);
            self.levels.push(inner);
        }
    }

    fn bail_out(&mut self, body: &'s str) {
        if std::mem::replace(&mut self.bailed_out, true) {
            return;
        }
        let span = self.input.place(body);
        let first = self.levels.first().map_or(0, |level| level.first);
        results::run_failed(self.found, span, body, first..self.found.cases.len());
        let mut case = results::blank(self.found, span);
        (case.name, case.outcome) = (Cow::Borrowed(body), Outcome::Errored);
        self.found.cases.push(case);
    }

    /// Closes the levels that lie deeper than one; the outermost of them belongs to a case that follows, if one is
    /// given, and whose failure is to be expected if so.
    fn close_deeper(&mut self, level: usize, mut parent: Option<(&mut super::Case<'s>, bool)>) {
        while self.levels.len() > level + 1 {
            let is_outermost = self.levels.len() == level + 2;
            let Some(inner) = self.levels.pop() else { return };
            let end = self.found.cases.len();
            let outcome = inner.close(end, self.found);
            match (inner.parent, parent.as_mut().filter(|_| is_outermost)) {
                (Some(before), _) => {
                    let mut name = Cow::Borrowed("");
                    let mut is_todo = false;
                    let mut ended = Outcome::Skipped;
                    for case in self.found.cases.range_mut(before..before + 1) {
                        case.outcome = sum_up(case.outcome, outcome);
                        ended = case.outcome;
                        is_todo = ended == Outcome::Skipped;
                        name = case.name.clone();
                    }
                    self.belongs_to(inner.first..end, &name, is_todo);
                    self.levels.iter_mut().last().into_iter().for_each(|outer| outer.note(ended));
                }
                (None, Some((case, is_todo))) => {
                    case.outcome = sum_up(case.outcome, outcome);
                    let (name, is_todo) = (case.name.clone(), *is_todo);
                    self.belongs_to(inner.first..end, &name, is_todo);
                }
                (None, None) => {}
            }
        }
    }

    /// Names the test that cases are part of. If that was expected to fail, none of them count.
    #[expect(clippy::ptr_arg, reason = "a name that borrows is kept without a copy")]
    fn belongs_to(&mut self, cases: std::ops::Range<usize>, name: &Cow<'s, str>, is_todo: bool) {
        for case in self.found.cases.range_mut(cases) {
            case.class = match case.class.is_empty() {
                true => name.clone(),
                false => Cow::Owned(format!("{name} > {}", case.class)),
            };
            if is_todo {
                case.outcome = Outcome::Skipped;
            }
        }
    }

    /// Another version line begins another report in the same file.
    fn begin_again(&mut self) {
        let is_begun = self.levels.first().is_some_and(|level| level.points > 0 || level.plan.is_some());
        if is_begun || self.levels.len() > 1 {
            self.end();
            self.levels = vec![Level::new(self.found.cases.len())];
            self.bailed_out = false;
        }
    }

    /// The report ends.
    fn end(&mut self) {
        if self.levels.iter().any(|level| level.parent.is_some()) {
            let reason = "the file ends inside a subtest; its `}` is missing";
            self.found.broken(self.input.malformed(self.input.text.len(), reason));
        }
        self.close_deeper(0, None);
        let stated = self.stated_failures.take();
        let Some(level) = self.levels.pop() else { return };
        if self.bailed_out {
            results::doubt(self.found, level.first..self.found.cases.len(), Unclear::RunFailed);
            return;
        }
        if self.yaml.take().is_some() {
            let reason = "the file ends inside a YAML block";
            self.found.broken(self.input.malformed(self.input.text.len(), reason));
        }
        match level.plan {
            None => {
                let reason = "the report ends without a plan, such as `1..12`";
                self.found.broken(self.input.malformed(self.input.text.len(), reason));
            }
            Some((number, span)) if number != level.points => {
                let kind =
                    EvidenceDefectKind::CountsDiffer { what: "plan", stated: number, counted: level.points };
                self.found.broken(EvidenceDefect { span, kind });
            }
            Some((number, span)) if level.highest > number => {
                let reason = format!("test {} is not in this plan", level.highest);
                self.found.broken(malformed(span, reason));
            }
            Some(_) => {}
        }
        let cases = self.found.cases.range(level.first..self.found.cases.len());
        let counted = cases.filter(|case| case.outcome.is_failure()).count() as u64;
        if let Some((stated, span)) = stated.filter(|(stated, _)| *stated > counted) {
            let kind = EvidenceDefectKind::CountsDiffer { what: "fail", stated, counted };
            self.found.broken(EvidenceDefect { span, kind });
        }
    }
}

impl Level {
    fn new(first: usize) -> Self {
        Level {
            plan: None,
            points: 0,
            numbers: FxHashSet::default(),
            highest: 0,
            is_twice: false,
            has_failures: false,
            has_unclear: false,
            first,
            parent: None,
        }
    }

    /// Takes account of how one of its tests ended.
    fn note(&mut self, outcome: Outcome) {
        self.has_failures |= outcome.is_failure();
        self.has_unclear |= matches!(outcome, Outcome::Unclear(_));
    }

    /// Ends a subtest, up to a case, and says how it ended if that is anything but well.
    fn close(&self, end: usize, found: &mut Found<'_>) -> Option<Outcome> {
        let is_met = self.plan.is_some_and(|(number, _)| number == self.points && self.highest <= number);
        if !is_met || self.is_twice {
            results::doubt(found, self.first..end, Unclear::StatedWorse);
        }
        let (number, span) = self.plan?;
        if number != self.points {
            let kind =
                EvidenceDefectKind::CountsDiffer { what: "plan", stated: number, counted: self.points };
            found.defect(span, kind);
        }
        match self.has_failures {
            true => Some(Outcome::Failed),
            false if !is_met || self.is_twice || self.has_unclear => {
                Some(Outcome::Unclear(Unclear::StatedWorse))
            }
            false => None,
        }
    }
}

/// How a test ended that sums up a subtest. What does not count stays so.
fn sum_up(own: Outcome, subtest: Option<Outcome>) -> Outcome {
    match own {
        Outcome::Skipped => own,
        own => worse(Some(own), subtest).unwrap_or(own),
    }
}

fn malformed(span: Span, reason: impl Into<String>) -> EvidenceDefect {
    EvidenceDefect { span, kind: EvidenceDefectKind::Malformed { reason: reason.into(), at_end: false } }
}

impl<'s> Line<'s> {
    fn read(body: &'s str) -> Self {
        if body == "}" {
            return Line::Brace;
        }
        if let Some(comment) = body.strip_prefix('#') {
            return stated_failures(comment).map_or(Line::Other, Line::Failures);
        }
        if let Some(version) = body.strip_prefix("TAP version ") {
            return version.parse::<u8>().map_or(Line::Other, |_| Line::Version);
        }
        if let Some(plan) = body.strip_prefix("1..") {
            return plan_number(plan).map_or(Line::Other, Line::Plan);
        }
        if body.starts_with("Bail out!") {
            return Line::BailOut;
        }
        Point::read(body).map_or(Line::Other, Line::Point)
    }
}

/// How many tests a plan has: nothing but a comment may stand behind the number.
fn plan_number(plan: &str) -> Option<u64> {
    let digits = plan.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = plan.split_at(digits);
    let rest = rest.trim_start();
    number.parse().ok().filter(|_| rest.is_empty() || rest.starts_with('#'))
}

/// `# fail  3` and `# cancelled 1`.
fn stated_failures(comment: &str) -> Option<u64> {
    let comment = comment.trim();
    // Test::More, at the end of a program: `Looks like you failed 1 test of 1.`
    if let Some(rest) = comment.strip_prefix("Looks like you failed ") {
        return rest.split(' ').next()?.parse().ok();
    }
    if comment.starts_with("Looks like your test exited with ")
        || comment.starts_with("Looks like your test died")
    {
        return Some(1);
    }
    // `fail 3`, `Failed: 3`, `failed 2 of 3 tests`
    let (what, number) = comment.split_once([' ', ':', '='])?;
    let number = number.trim_start_matches([' ', ':', '=']).split([' ', '/', ',', ';']).next()?;
    let is_failure =
        ["fail", "failed", "failures", "cancelled"].iter().any(|word| word.eq_ignore_ascii_case(what));
    number.parse().ok().filter(|_| is_failure)
}

impl<'s> Point<'s> {
    fn read(body: &'s str) -> Option<Self> {
        let (is_ok, rest) = match body.strip_prefix("not ok") {
            Some(rest) => (false, rest),
            None => (true, body.strip_prefix("ok")?),
        };
        // A tab begins a line of `go test`.
        if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        let rest = rest.trim_start_matches(' ');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let number = number.parse().ok().filter(|_| behind.is_empty() || behind.starts_with(' '));
        let mut text = if number.is_some() { behind.trim_start() } else { rest };
        let opens = text.strip_suffix('{').filter(|before| before.is_empty() || before.ends_with(' '));
        text = opens.unwrap_or(text).trim_end();
        text = text.strip_prefix("- ").unwrap_or(if text == "-" { "" } else { text });
        let (text, directive) = directive(text);
        let name = text.rfind("# time=").map_or(text, |time| &text[..time]);
        let name = match name.contains('\\') {
            false => Cow::Borrowed(name.trim()),
            true => Cow::Owned(name.trim().replace("\\#", "#").replace("\\\\", "\\")),
        };
        Some(Point { is_ok, number, name, directive, opens: opens.is_some() })
    }
}

/// A description without the directive behind it. A `#` with a `\` before it begins none.
fn directive(text: &str) -> (&str, Option<Directive>) {
    for at in memchr::memchr_iter(b'#', text.as_bytes()) {
        let before = text[..at].trim_end_matches('\\');
        let is_escaped = (at - before.len()) % 2 == 1;
        let is_apart = at == 0 || text[..at].ends_with([' ', '\t']);
        let word = text[at + 1..].trim_start();
        let is = |name: &str| word.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let ends = || !word[4..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let directive = match () {
            () if is_escaped || !is_apart => None,
            () if is("skip") => Some(Directive::Skip),
            () if is("todo") && ends() => Some(Directive::Todo),
            () => None,
        };
        if directive.is_some() {
            return (text[..at].trim_end(), directive);
        }
    }
    (text, None)
}
