//! A plan that may ship, and how it is judged after something was done to it, without starting the binary.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use relplan::finding::Finding;
use relplan::graph::{Graph, Selection};
use relplan::model::Plan;
use relplan::project::{CheckOptions, EvidenceRequest, Project, Request};
use relplan::rules::Levels;
use relplan::verdict::Judge;
use relplan::verdict::approval::ApprovalContext;
use relplan::verdict::decision::Decision;
use relplan::verdict::gates::Soundness;
use relplan::views::go_no_go::{GoNoGo, OpenCheck, Question, go_no_go};

/// The commit that is to be released.
pub const COMMIT: &str = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
/// The day on which it is decided.
pub const TODAY: &str = "2027-03-10";
/// The release.
pub const RELEASE: &str = "REL-300";

/// Files by their path, relative to the folder of the plan.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The files of the plan in `tests/plans/go`, which is GO.
pub fn go() -> Files {
    let root = crate::support::project().join("tests/plans/go");
    let mut files = Files::new();
    read_all(&root, &root, &mut files);
    files
}

fn read_all(folder: &Path, root: &Path, files: &mut Files) {
    for item in std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").path()) {
        if item.is_dir() {
            read_all(&item, root, files);
        } else {
            let name = item.strip_prefix(root).expect("below the root").display().to_string();
            files.insert(name, std::fs::read(&item).expect("a file"));
        }
    }
}

/// A folder that holds a plan, one change after the other.
pub struct Ground {
    folder: tempfile::TempDir,
    files: Files,
}

impl Ground {
    pub fn new(files: Files) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, bytes) in &files {
            write(folder.path(), name, bytes);
        }
        Ground { folder, files }
    }

    /// The plan that is GO.
    pub fn go() -> Self {
        Ground::new(go())
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What a file of the plan says.
    pub fn text(&self, name: &str) -> String {
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Changes files for good; nothing removes one.
    pub fn put(&mut self, changes: &[(&str, Option<Vec<u8>>)]) {
        for (name, bytes) in changes {
            match bytes {
                Some(bytes) => {
                    write(self.path(), name, bytes);
                    self.files.insert((*name).to_owned(), bytes.clone());
                }
                None => {
                    std::fs::remove_file(self.path().join(name)).expect("a file");
                    self.files.remove(*name);
                }
            }
        }
    }

    /// Replaces a text that must stand exactly once in a file.
    pub fn replace(&mut self, name: &str, from: &str, to: &str) {
        let text = self.text(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.put(&[(name, Some(text.replace(from, to).into_bytes()))]);
    }

    /// Adds to the end of a file, which need not be there.
    pub fn append(&mut self, name: &str, text: &str) {
        let mut bytes = self.files.get(name).cloned().unwrap_or_default();
        bytes.extend(text.as_bytes());
        self.put(&[(name, Some(bytes))]);
    }

    /// What becomes of the plan while one file is another; all is as before afterwards.
    pub fn with<T>(&self, name: &str, bytes: Option<&[u8]>, look: impl FnOnce(&Path) -> T) -> T {
        let path = self.path().join(name);
        match bytes {
            Some(bytes) => write(self.path(), name, bytes),
            None => std::fs::remove_file(&path).expect("a file"),
        }
        let seen = look(self.path());
        match self.files.get(name) {
            Some(bytes) => write(self.path(), name, bytes),
            None => std::fs::remove_file(&path).expect("a file"),
        }
        seen
    }

    /// Lets everybody who has signed sign what stands there now.
    pub fn sign(&mut self) {
        if let Some(text) = signed(self.path()) {
            self.put(&[(APPROVALS, Some(text.into_bytes()))]);
        }
    }

    pub fn judge(&self) -> Outcome {
        judge(self.path())
    }
}

/// The file of the approvals.
pub const APPROVALS: &str = "plan/approvals.yaml";

fn write(root: &Path, name: &str, bytes: &[u8]) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, bytes).expect("a file");
}

/// How a plan was judged.
pub enum Outcome {
    /// By a report.
    Decided(Box<GoNoGo>),
    /// relplan could not do its job, and why.
    Stopped(String),
}

impl Outcome {
    pub fn decision(&self) -> Option<Decision> {
        match self {
            Outcome::Decided(report) => Some(report.decision),
            Outcome::Stopped(_) => None,
        }
    }

    /// As the exit code says it.
    pub fn code(&self) -> i32 {
        match self.decision() {
            Some(Decision::Go | Decision::ConditionalGo) => 0,
            Some(Decision::NoGo) => 1,
            None => 2,
        }
    }

    /// Everything that it names as open, or the error.
    pub fn words(&self) -> String {
        let report = match self {
            Outcome::Decided(report) => report,
            Outcome::Stopped(why) => return why.clone(),
        };
        let lists = [&report.blockers, &report.open, &report.waived];
        let line = |open: &OpenCheck| {
            let next = open.next.as_deref().unwrap_or_default();
            format!("{:?} {} ({}): {} -> {next}", open.verdict, open.id, open.title, open.reason)
        };
        let lines: Vec<String> = lists.into_iter().flatten().map(line).collect();
        format!("{}\n{}", report.decision.word(), lines.join("\n"))
    }

    /// The report; there must be one.
    pub fn report(&self) -> &GoNoGo {
        match self {
            Outcome::Decided(report) => report,
            Outcome::Stopped(why) => panic!("no report: {why}"),
        }
    }

    /// How a check of the report stands.
    pub fn verdict(&self, id: &str) -> Option<relplan::verdict::Verdict> {
        self.report().checks.iter().find(|check| check.id == id).map(|check| check.verdict)
    }
}

pub fn today() -> NaiveDate {
    TODAY.parse().expect("a day")
}

/// Reads the plan in a folder.
pub fn load(root: &Path) -> Result<Project, String> {
    let evidence = EvidenceRequest { commit: Some(COMMIT.to_owned()), ..EvidenceRequest::default() };
    let request = Request {
        working_folder: root.to_owned(),
        plan: Some(PathBuf::from(root)),
        evidence: Some(evidence),
        ..Request::default()
    };
    let project = Project::load(&request).map_err(|error| error.to_string())?;
    if project.config.is_broken() {
        let findings = project.config_findings(today());
        let lines: Vec<String> = findings.iter().map(|finding| told(finding, &project)).collect();
        return Err(lines.join("\n"));
    }
    Ok(project)
}

fn told(finding: &Finding, project: &Project) -> String {
    let place = finding.labels.first().map(|label| {
        let line = project.sources.start(label.span).line;
        format!("{}:{line}: ", project.sources.file(label.span.file).name())
    });
    format!("{}{}", place.unwrap_or_default(), finding.message)
}

/// Judges the plan in a folder as `relplan report --release REL-300` does.
pub fn judge(root: &Path) -> Outcome {
    judge_on(root, today())
}

/// The same on another day.
pub fn judge_on(root: &Path, today: NaiveDate) -> Outcome {
    decide(root, today).map_or_else(Outcome::Stopped, |report| Outcome::Decided(Box::new(report)))
}

fn decide(root: &Path, today: NaiveDate) -> Result<GoNoGo, String> {
    let project = load(root)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    decide_on(&project, &plan, &graph, today)
}

/// Judges a plan that was read, with the evidence of a project, which may be another than that of the plan.
pub fn decide_on<'p>(
    project: &'p Project,
    plan: &'p Plan<'p>,
    graph: &'p Graph,
    today: NaiveDate,
) -> Result<GoNoGo, String> {
    if plan.entries().is_empty() {
        return Err("nothing to check".to_owned());
    }
    let selection = Selection::new(plan, graph, RELEASE)
        .map_err(|error| format!("no release {RELEASE}: {:?}", error.known))?;
    let now = today.and_hms_opt(23, 59, 59).expect("a time").and_utc();
    let inputs = project.inputs(plan, None, now).map_err(|error| error.to_string())?;
    let levels = Levels::new(&project.config, &[]).map_err(|unknown| format!("{unknown:?}"))?;
    let (outcome, denominator) =
        project.check(plan, graph, inputs.reported(), CheckOptions::default(), &levels, today);
    let soundness = Soundness::new(plan, &project.sources, &selection, &outcome.findings);
    let question = Question {
        selection: &selection,
        today,
        because: &inputs.because,
        soundness: &soundness,
        denominator: &denominator,
        past: &[],
        latest: None,
        base: None,
    };
    Ok(go_no_go(inputs.basis(project, plan, graph), &question))
}

/// The approvals of a plan with the digests of what stands there now; nothing if it cannot be read.
pub fn signed(root: &Path) -> Option<String> {
    let project = load(root).ok()?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let context = ApprovalContext::new(&plan, &graph, &project.sources, &project.config);
    let release = plan.release(RELEASE);
    let mut places = Vec::new();
    for record in &plan.approvals {
        let digest = record.digest.as_ref()?;
        places.push((digest.span, context.record(record, release).now.to_string()));
    }
    places.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = project.sources.file(places.first()?.0.file).text().to_owned();
    for (span, digest) in places {
        text.replace_range(span.start as usize..span.end as usize, &digest);
    }
    Some(text)
}

/// The verdicts of the checklist, by id and title.
pub fn checklist(root: &Path) -> Vec<(String, relplan::verdict::Verdict)> {
    let project = load(root).expect("a plan");
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = Selection::new(&plan, &graph, RELEASE).expect("the release");
    let now = today().and_hms_opt(23, 59, 59).expect("a time").and_utc();
    let inputs = project.inputs(&plan, None, now).expect("judgement inputs");
    let judge = Judge::new(inputs.basis(&project, &plan, &graph), &selection, today());
    judge
        .checklist(&Soundness::default())
        .into_iter()
        .flatten()
        .map(|check| (check.id, check.verdict))
        .collect()
}
