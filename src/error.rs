//! What stops relplan itself. Problems of the plan are findings instead.

use std::io;
use std::path::PathBuf;

/// Why relplan could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A path on the command line that does not exist.
    #[error("`{}` does not exist", .path.display())]
    PathMissing {
        /// The path.
        path: PathBuf,
    },
    /// A file that `relplan.toml` names and that is not there.
    #[error("`{name}` does not exist, and {place} lists it")]
    ListedFileMissing {
        /// The name.
        name: String,
        /// File and line.
        place: String,
    },
    /// A `relplan.toml` that is no file.
    #[error("`{}` is not a file", .path.display())]
    ConfigNotAFile {
        /// The path.
        path: PathBuf,
    },
    /// `--plan` names a place without a `relplan.toml`.
    #[error("no relplan.toml at `{}`", .path.display())]
    ConfigMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A folder with files in it that is no site of relplan.
    #[error("`{}` is not empty and not a site of relplan", .path.display())]
    NotASite {
        /// The folder.
        path: PathBuf,
    },
    /// A file of somebody else where a page of the site would be.
    #[error("`{}` was not written by relplan", .path.display())]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// Recorded data that cannot be read.
    #[error("cannot read the recorded data at {place}: {reason}")]
    BadRecording {
        /// File, line and column.
        place: String,
        /// Why.
        reason: String,
    },
    /// Recorded data that is named twice, or for something that is not a metric.
    #[error("cannot use the recorded data `{argument}`: {reason}")]
    RecordingRefused {
        /// The argument.
        argument: String,
        /// Why.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// No trigger can be evaluated.
    #[error("no rollback trigger can be evaluated{}", list_of_reasons(.reasons))]
    NothingToReplay {
        /// Each rollback with its reason.
        reasons: Vec<String>,
    },
    /// A watch over a plan of which a part could not be read.
    #[error("the plan is incomplete, so that a rollback trigger may be missing")]
    WatchOfPart,
    /// A watch that cannot work with its arguments.
    #[error("{reason}")]
    WatchRefused {
        /// Why.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// An address that is not asked. It is not shown, because it may hold a password.
    #[error("cannot use the address of `--prometheus`: {reason}")]
    AddressRefused {
        /// Why.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// A place without a token.
    #[error("no token in {place}: {reason}")]
    NoToken {
        /// The variable or file.
        place: String,
        /// Why.
        reason: String,
    },
    /// A rollback that the plan does not have.
    #[error("the plan has no rollback `{name}`")]
    NoSuchRollback {
        /// What was written.
        name: String,
    },
    /// An option that an export does not know.
    #[error("`relplan export {target}` does not take `{option}`")]
    ExportOptionUnknown {
        /// The target.
        target: &'static str,
        /// The option, with an example.
        option: &'static str,
    },
    /// An option that an export needs.
    #[error("`relplan export {target}` needs `{option}`")]
    ExportOptionMissing {
        /// The target.
        target: &'static str,
        /// The option, with an example.
        option: &'static str,
    },
    /// No rollback can be exported.
    #[error("nothing to export for {target}: {}", nothing_exported(*.count, .noun))]
    NothingToExport {
        /// What was to be written for.
        target: &'static str,
        /// What it is about: `rollback`.
        noun: &'static str,
        /// How many of them there are.
        count: usize,
        /// What to do about it.
        help: &'static str,
    },
    /// A file or folder that cannot be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write `{}`: {source}", .path.display())]
    Unwritable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that GitHub Actions names in the environment and that cannot be written to.
    #[error("cannot write `{}`, which {variable} names: {source}", .path.display())]
    StepFile {
        /// The variable of the environment.
        variable: String,
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something other than a file where a file is needed.
    #[error("`{}` is neither a file nor a folder", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// No file that could hold a plan.
    #[error("no plan in {places}")]
    NoPlan {
        /// Where it was looked for, in words.
        places: String,
    },
    /// A glob that is none.
    #[error("`{glob}` is not a glob: {reason}")]
    BadGlob {
        /// The glob.
        glob: String,
        /// Why.
        reason: String,
    },
    /// A file of holidays that is no iCalendar.
    #[error("{place}: {reason}")]
    BadHolidays {
        /// Where: `file:line:column`.
        place: String,
        /// What is wrong there.
        reason: String,
    },
    /// A range of days that ends before it begins.
    #[error("{from} is after {to}")]
    EmptyRange {
        /// The first day.
        from: chrono::NaiveDate,
        /// The last.
        to: chrono::NaiveDate,
    },
    /// An id on the command line that is none.
    #[error("`{text}` {reason}")]
    BadId {
        /// What was written.
        text: String,
        /// Why it is no id.
        reason: String,
    },
    /// An id that no entry has.
    #[error("no entry has the id `{id}`")]
    NoSuchEntry {
        /// The id.
        id: String,
        /// The ids nearest to it.
        near: Vec<String>,
    },
    /// Standard input, which is read once, watched for changes.
    #[error("standard input cannot be watched")]
    WatchedInput,
    /// A plan whose canonical form would say something else.
    #[error("cannot format: the plan would not say the same")]
    CannotFormat,
    /// A condition that cannot be understood.
    #[error("`{argument}`, column {column}: {message}")]
    BadCondition {
        /// The argument that gives it.
        argument: &'static str,
        /// Where in it, in characters from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// What to write.
        hint: String,
    },
    /// A command that relplan does not have.
    #[error("unknown command `{name}`")]
    NoSuchCommand {
        /// What was written.
        name: String,
        /// The commands.
        known: Vec<String>,
    },
    /// A field that entries of a family do not have.
    #[error("{family} has no field `{field}`")]
    NoSuchField {
        /// The family.
        family: String,
        /// What was written.
        field: String,
        /// The field that was probably meant.
        near: Option<String>,
    },
    /// An entry that cannot be added where it belongs.
    #[error("cannot add `{id}` to `{file}`: the plan would not say the same")]
    CannotAdd {
        /// The id that it would get.
        id: String,
        /// The file.
        file: String,
    },
    /// A file that is not part of the plan.
    #[error("`{}` is not a file of the plan", .path.display())]
    NotInPlan {
        /// The path.
        path: PathBuf,
    },
    /// An entry that cannot get the id that is asked for.
    #[error("cannot rename `{from}` to `{to}`: {reason}")]
    CannotRename {
        /// The id that it has.
        from: String,
        /// The id that it should get.
        to: String,
        /// Why, with the place that it is about.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A file that would have to change and must not.
    #[error("`{}` is read-only", .path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
    },
    /// A file that would have to change and lies outside of the plan, behind a link.
    #[error("`{name}` is a link to a file outside the plan")]
    OutsidePlan {
        /// Its name.
        name: String,
    },
    /// A file that would have to change and cannot be written back as it was.
    #[error("`{name}` is not valid UTF-8")]
    NotUtf8 {
        /// Its name.
        name: String,
    },
    /// A rule that does not exist.
    #[error("unknown rule `{name}`")]
    NoSuchRule {
        /// What was written.
        name: String,
        /// The rule that was probably meant.
        near: Option<&'static str>,
    },
    /// Levels set for rules that do not exist.
    #[error("{}", unknown_rules(.rules))]
    UnknownRules {
        /// What was written, where in `relplan.toml`, and what was probably meant.
        rules: Vec<(String, Option<String>, Option<&'static str>)>,
    },
    /// A baseline that is none.
    #[error("`{}` is not a baseline: {reason}", .path.display())]
    BadBaseline {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A revision that a plan cannot be compared with.
    #[error("the base `{revision}` cannot be read: {reason}")]
    NoBase {
        /// What was named.
        revision: String,
        /// Why, in words.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A comparison of a part that nobody can find in the base.
    #[error("standard input has no base to be compared with")]
    BaseOfInput,
    /// A log of decisions that does not verify.
    #[error("`{}` is not intact:\n       {}", .path.display(), .broken.join("\n       "))]
    BrokenLog {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, a line each.
        broken: Vec<String>,
    },
    /// A log of decisions that does not exist.
    #[error("no decision log `{}`", .path.display())]
    NoLog {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A log of decisions that has none.
    #[error("no decisions in `{}`", .path.display())]
    EmptyLog {
        /// The file.
        path: PathBuf,
    },
    /// A statement that would be about nothing.
    #[error("the statement has no subject: neither the commit nor a file is known")]
    NoSubject,
    /// A log of decisions that something else is being added to.
    #[error("`{}` was changed by another process; nothing was written", .path.display())]
    LogInUse {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else writes into a folder, and does not end.
    #[error("another relplan has been writing into `{}` for two minutes; nothing was written", .folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
    },
    /// The clock is behind the last record of a log.
    #[error("the clock says {now}, and the last decision in `{}` is of {last}", .path.display())]
    ClockBehind {
        /// The log.
        path: PathBuf,
        /// What the clock says.
        now: String,
        /// When the last decision was recorded.
        last: String,
    },
    /// A family that the plan does not have.
    #[error("no entries of family `{family}`")]
    NoSuchFamily {
        /// What was written.
        family: String,
        /// The families that it has.
        known: Vec<String>,
    },
    /// A release that the plan does not have.
    #[error("unknown release `{name}`")]
    NoSuchRelease {
        /// What was written.
        name: String,
        /// The releases that it has.
        known: Vec<String>,
    },
    /// A flag of a forecast that names something which the plan does not have.
    #[error("{flag}: `{text}` is not known")]
    NoSuchChange {
        /// The flag.
        flag: &'static str,
        /// What was written.
        text: String,
        /// What to write.
        hint: String,
    },
    /// A period of metrics that is none.
    #[error("no metrics of {from} to {to}")]
    NoPeriod {
        /// The first day.
        from: chrono::NaiveDate,
        /// The last day.
        to: chrono::NaiveDate,
        /// What to write.
        hint: &'static str,
    },
    /// A framework of controls that does not exist.
    #[error("no framework is called `{name}`")]
    NoSuchFramework {
        /// What was asked for.
        name: String,
        /// The frameworks that there are.
        known: Vec<String>,
    },
    /// An audit without controls.
    #[error("no controls to audit")]
    NoFramework {
        /// The frameworks that there are.
        known: Vec<String>,
    },
    /// A profile that does not exist.
    #[error("unknown profile `{name}`")]
    NoSuchProfile {
        /// What was written.
        name: String,
        /// The profiles that there are.
        known: Vec<String>,
    },
    /// A gate that does not exist.
    #[error("unknown gate `{name}`")]
    NoSuchGate {
        /// What was written.
        name: String,
        /// The gate that was probably meant.
        near: Option<String>,
        /// The gates that there are.
        known: Vec<String>,
    },
    /// A phase that the rollout does not have.
    #[error("unknown phase `{name}`")]
    NoSuchPhase {
        /// What was written.
        name: String,
        /// The phases that there are.
        known: Vec<String>,
    },
    /// A brief without a topic and without an answer.
    #[error("no topic")]
    NoTopic,
    /// A topic that briefs do not have.
    #[error("unknown topic `{name}`")]
    NoSuchTopic {
        /// What was written.
        name: String,
        /// The topics that there are.
        known: Vec<String>,
    },
    /// A post-mortem of an entry that is no incident.
    #[error("{id} is not an incident")]
    NotAnIncident {
        /// The entry.
        id: String,
        /// The incidents of the plan.
        known: Vec<String>,
    },
    /// The answer to a brief that does not fulfil its schema, or names what the plan does not have.
    #[error("`{}` is not a valid answer: {}", path.display(), problems.join("; "))]
    BadAnswer {
        /// The file.
        path: PathBuf,
        /// What is wrong, each with its place.
        problems: Vec<String>,
    },
    /// A message about an incident of another release.
    #[error("{id} is an incident of another release")]
    IncidentOfAnother {
        /// The incident.
        id: String,
    },
    /// A review or a retrospective, and no release that shipped.
    #[error("no release has shipped")]
    NoReleaseToReview,
    /// A message about a release, and no release.
    #[error("the plan has no release that a message could be about")]
    NoReleaseToTell,
    /// A message that would tell what is not so.
    #[error("{release} is `{status}`: a {message} message would not be true")]
    UntimelyMessage {
        /// The release.
        release: String,
        /// Its status.
        status: &'static str,
        /// The message.
        message: &'static str,
    },
    /// A template that makes no message.
    #[error("{}:{line}: {reason}", path.display())]
    BadTemplate {
        /// The template: a file, or the name of a built-in one.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A message that its format cannot hold.
    #[error("{reason}")]
    UnsuitableMessage {
        /// Why.
        reason: String,
        /// What to do.
        help: &'static str,
    },
    /// An environment that neither the plan nor a freeze names.
    #[error("unknown environment `{name}`")]
    NoSuchEnvironment {
        /// What was written.
        name: String,
        /// The environment that was probably meant.
        near: Option<String>,
        /// The environments that there are.
        known: Vec<String>,
    },
    /// A gate that `relplan.toml` disables.
    #[error("gate `{name}` is disabled in {place}")]
    GateDisabled {
        /// Its name.
        name: String,
        /// File and line.
        place: String,
    },
    /// A commit that is none.
    #[error("`{text}` {reason}")]
    BadCommit {
        /// What was written.
        text: String,
        /// Why, as words to follow it.
        reason: String,
    },
    /// Reports whose commit is not known.
    #[error("the commit of the reports is unknown: {reason}")]
    NoCommit {
        /// Why, in words.
        reason: String,
    },
    /// A folder without a report.
    #[error("no reports in `{}`", .folder.display())]
    NoReports {
        /// The folder.
        folder: PathBuf,
    },
    /// A format that a view does not have.
    #[error("this document has no format `{name}`")]
    NoSuchFormat {
        /// The format, or the ending that stands for none.
        name: String,
        /// The formats that it has.
        known: Vec<String>,
    },
    /// A document without anything that a format draws: a calendar without an event is no calendar.
    #[error("there is nothing to write as `{format}`")]
    NothingToWrite {
        /// The format.
        format: &'static str,
    },
    /// A checklist of nothing.
    #[error("{}", match .owners { None => "no checks for this selection", Some(_) => "no check has this stage and owner" })]
    NoChecks {
        /// Who answers for the checks that there are, or nothing if there is none at all.
        owners: Option<Vec<String>>,
    },
    /// A report of one screen in a format that is none.
    #[error("`--brief` is a form of the terminal report")]
    BriefFormat,
    /// A conversation in a format that programs read.
    #[error("`--walk` is interactive, but the format `{name}` is for programs")]
    WalkFormat {
        /// The format.
        name: String,
        /// The formats that a conversation can be written in.
        known: Vec<String>,
    },
    /// A conversation whose answers would come from where the plan comes from.
    #[error("`-` and `--walk` cannot both read standard input")]
    WalkInput,
    /// The answers of a conversation ended before it did.
    #[error("the answers end before the walk: question {number} is open")]
    WalkUnfinished {
        /// The first question without an answer, from 1.
        number: usize,
    },
    /// A dialogue that ended before every question had an answer.
    #[error("the answers end before the last question")]
    InitUnfinished,
    /// `relplan.toml` cannot be relied on; its findings say why.
    #[error("relplan.toml has errors: nothing was checked")]
    BrokenConfig,
    /// Files without a single entry.
    #[error("no entries in the files: nothing was checked")]
    NothingChecked,
    /// Files of which not a single entry can be read.
    #[error("no entry can be read: the files have errors")]
    NothingReadable,
    /// A workspace without a plan of its own, of which only one plan can be shown.
    #[error("this is a workspace, and the command is about one plan")]
    WorkspaceRoot {
        /// The folders of its members.
        members: Vec<String>,
    },
    /// A file that `init` would overwrite.
    #[error("`{}` already exists", .path.display())]
    WouldOverwrite {
        /// The file.
        path: PathBuf,
    },
    /// An output that would replace what the command reads, or the log of decisions.
    #[error("`{}` is a file that relplan reads, so nothing was written to it", .path.display())]
    OutputIsInput {
        /// The file.
        path: PathBuf,
    },
    /// A record that would not count, or cannot be written.
    #[error("nothing was written: {reason}")]
    NotRecorded {
        /// Why.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A key that nothing could be signed with.
    #[error("cannot sign with `{}`: {reason}", .key.display())]
    NotSigned {
        /// The key.
        key: PathBuf,
        /// Why.
        reason: String,
    },
    /// Standard input, which nothing can be written back to.
    #[error("standard input cannot be fixed in place")]
    FixedInput,
    /// Output that could not be written to its end.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

fn list_of_reasons(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("\n  {reason}")).collect()
}

fn nothing_exported(count: usize, noun: &str) -> String {
    match count {
        0 => format!("the plan has no {noun}"),
        1 => format!("the only {noun} cannot be exported"),
        _ => format!("none of {count} {noun}s can be exported"),
    }
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let list =
            |words: &[String]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        Some(match self {
            Error::RecordingRefused { help, .. } => help.clone(),
            Error::WatchOfPart => "run `relplan check` for the errors".into(),
            Error::WatchRefused { help, .. } | Error::AddressRefused { help, .. } => help.clone(),
            Error::NoToken { .. } => "put the token there, on one line".into(),
            Error::NoSuchRollback { .. } => "run `relplan rollback` for the rollbacks of the plan".into(),
            Error::ExportOptionUnknown { .. } => "remove the option".into(),
            Error::ExportOptionMissing { option, .. } => format!("add `{option}`"),
            Error::BadRecording { .. } => {
                "pass the reply of /api/v1/query_range, OpenMetrics with times, or CSV with the time in the first column".into()
            }
            Error::NothingToExport { count: 0, help, .. } => (*help).into(),
            Error::NothingToExport { .. } => "fix what the lines above name, or choose another target".into(),
            Error::NothingToReplay { .. } => {
                "add a rollback with a threshold, and `monitored_by` with a MON entry that has a `query`".into()
            }
            Error::PathMissing { .. } => "pass a file, a folder, or `-` for standard input".into(),
            Error::ListedFileMissing { .. } => {
                "add the file (check out submodules, fetch the reports), or remove it from the list".into()
            }
            Error::ConfigNotAFile { .. } => "rename it, or write the configuration of the plan there".into(),
            Error::ConfigMissing { .. } => {
                "pass the folder of relplan.toml to `--plan`, or the file itself; to check a folder without one, use `relplan check FOLDER`"
                    .into()
            }
            Error::Unreadable { .. } => "check the path and its permissions".into(),
            Error::Unwritable { .. } => "check that the folder exists and is writable".into(),
            Error::StepFile { variable, .. } => format!("unset {variable}, or let it name a file that can be written"),
            Error::NotAFile { .. } => "pass a regular file, a folder, or `-` for standard input".into(),
            Error::NoPlan { .. } => {
                "pass a folder with YAML files (`relplan check FOLDER`), or start a plan with `relplan init`"
                    .into()
            }
            Error::BadGlob { .. } => "write a glob such as `plan/**/*.yaml`".into(),
            Error::BadHolidays { .. } => {
                "set `holidays_file` in `[calendar]` to an iCalendar file (RFC 5545): each VEVENT is a holiday"
                    .into()
            }
            Error::EmptyRange { .. } => "swap `--from` and `--to`".into(),
            Error::BadId { .. } => "write an id such as `DEP-001`".into(),
            Error::NoSuchEntry { near, .. } if near.is_empty() => "run `relplan list` for all entries".into(),
            Error::NoSuchEntry { near, .. } => format!("did you mean {}?", list(near)),
            Error::WatchedInput => "name a file or a folder instead of `-`".into(),
            Error::NotASite { .. } => "name an empty or a new folder with `--output`; nothing was written".into(),
            Error::ForeignFile { .. } => "move it, or name another folder with `--output`; nothing was written".into(),
            Error::CannotFormat => "format its files one by one to find the one; nothing was changed".into(),
            Error::BadCondition { hint, .. } => hint.clone(),
            Error::NoSuchCommand { known, .. } => format!("the commands are {}", list(known)),
            Error::NoSuchField { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Error::NoSuchField { .. } => "see docs/reference/fields.md, or declare the field in relplan.toml".into(),
            Error::CannotAdd { .. } => "add it by hand, or name another file with `--file`; nothing was changed".into(),
            Error::NotInPlan { .. } => "name a file that `relplan check` reads".into(),
            Error::CannotRename { hint, .. } => hint.clone(),
            Error::ReadOnly { .. } => "make it writable; nothing was changed".into(),
            Error::OutsidePlan { .. } => "change that file in its own plan; nothing was changed".into(),
            Error::NotUtf8 { .. } => "save it as UTF-8; nothing was changed".into(),
            Error::NoSuchRule { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Error::NoSuchRule { .. } => "run `relplan explain --list` for all rules".into(),
            Error::UnknownRules { .. } => "run `relplan explain --list` for all rules".into(),
            Error::BadBaseline { .. } => "create one with `relplan check --format json --output FILE`".into(),
            Error::NoBase { hint, .. } => hint.clone(),
            Error::BaseOfInput => "pass the files or the folder of the plan instead of `-`".into(),
            Error::BrokenLog { .. } => {
                "restore the log, for example from version control".into()
            }
            Error::NoLog { .. } | Error::EmptyLog { .. } => "pass the log with `--log`, or record a decision with `relplan decide`".into(),
            Error::NoSubject | Error::NoCommit { .. } => "pass `--commit`".into(),
            Error::NoReports { .. } => {
                "pass the report folder of this CI run".into()
            }
            Error::LogInUse { .. } => "run the command again".into(),
            Error::Locked { .. } => "end that process, and run the command again".into(),
            Error::ClockBehind { .. } => "set the clock of this machine".into(),
            Error::NoSuchFamily { known, .. } => format!("the plan has {}", list(known)),
            Error::NoSuchRelease { known, .. } if known.is_empty() => "the plan has no REL entry".into(),
            Error::NoSuchRelease { known, .. } => {
                format!("the plan has {}; `next` is the earliest that has not shipped", list(known))
            }
            Error::NoSuchChange { hint, .. } => hint.clone(),
            Error::NoPeriod { hint, .. } => (*hint).to_owned(),
            Error::NoSuchFramework { known, .. } => format!("the frameworks are {}", list(known)),
            Error::NoFramework { known } => {
                format!("pass --framework, or add `frameworks` to [audit] of relplan.toml: {}", list(known))
            }
            Error::NoSuchProfile { known, .. } => format!("the profiles are {}", list(known)),
            Error::NoSuchGate { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Error::NoSuchGate { known, .. } => format!("the gates are {}", list(known)),
            Error::NoSuchPhase { known, .. } if known.is_empty() => "add `rollout` to the release".into(),
            Error::NoSuchPhase { known, .. } => format!("the phases are {}", list(known)),
            Error::NoTopic => "pass a TOPIC, or `--apply ANSWER.json`".into(),
            Error::NoSuchTopic { known, .. } => format!("the topics are {}", list(known)),
            Error::NotAnIncident { known, .. } if known.is_empty() => {
                "add an INC entry: `relplan new INC`".into()
            }
            Error::NotAnIncident { known, .. } => format!("the incidents are {}", list(known)),
            Error::BadAnswer { .. } => "ask for an answer that fulfils the schema at the end of the brief".into(),
            Error::IncidentOfAnother { .. } => "choose its release with `--release`".into(),
            Error::NoReleaseToReview => "choose a release with `--release`".into(),
            Error::NoReleaseToTell => "add a REL entry".into(),
            Error::UntimelyMessage { message: "completion", .. } => {
                "set `status: released` when the release is out".into()
            }
            Error::UntimelyMessage { message: "rollback", .. } => {
                "set `status: in progress` when the rollout begins, or choose the release with `--release`".into()
            }
            Error::UntimelyMessage { .. } => "correct the `status`, or choose the release with `--release`".into(),
            Error::BadTemplate { .. } => {
                "print a built-in template with `relplan message MESSAGE --print-template` to compare".into()
            }
            Error::UnsuitableMessage { help, .. } => (*help).into(),
            Error::NoSuchEnvironment { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Error::NoSuchEnvironment { known, .. } if known.is_empty() => {
                "describe it as a DEP entry of type Environment".into()
            }
            Error::NoSuchEnvironment { known, .. } => format!("the environments are {}", list(known)),
            Error::GateDisabled { .. } => "remove `enabled = false`, or name another gate".into(),
            Error::BadCommit { .. } => "use at least seven hexadecimal digits".into(),
            Error::NoSuchFormat { known, .. } => format!("available formats: {}", list(known)),
            Error::NothingToWrite { .. } => "show the reason with `--format terminal`".into(),
            Error::NoChecks { owners: None } => {
                "add DEP entries of type Criteria, Environment and Validation, or choose another release"
                    .into()
            }
            Error::NoChecks { owners: Some(owners) } if owners.is_empty() => "no check has an owner".into(),
            Error::NoChecks { owners: Some(owners) } => format!("the owners are {}", list(owners)),
            Error::BriefFormat => "leave out `--brief`, or `--format` and `--output`".into(),
            Error::WalkFormat { known, .. } => format!("available formats: {}", list(known)),
            Error::WalkInput => "pass the plan files as arguments, so that standard input is free for the answers".into(),
            Error::WalkUnfinished { .. } => {
                "answer each question with y, n or ?; nothing was written".into()
            }
            Error::InitUnfinished => {
                "answer each question, or name a template: `relplan init --template web-service`; nothing was written"
                    .into()
            }
            Error::BrokenConfig => "fix the errors above, then run the command again".into(),
            Error::NothingChecked => {
                "pass the files or the folder of the plan, or start one with `relplan init`".into()
            }
            Error::NothingReadable => "run `relplan check` for the errors".into(),
            Error::WorkspaceRoot { members } => {
                format!("name one of its members with `--plan`: {}", list(members))
            }
            Error::WouldOverwrite { .. } => {
                "`init` never overwrites: choose another folder, or move the file".into()
            }
            Error::OutputIsInput { .. } => "name another file with `--output`".into(),
            Error::NotRecorded { hint, .. } => hint.clone(),
            Error::NotSigned { .. } => {
                "pass a private key, or a public key whose private key an SSH agent holds".into()
            }
            Error::FixedInput => "pass files instead, or add `--diff` to see the changes".into(),
            Error::Output(_) => return None,
        })
    }
}

/// Every rule that does not exist, one a line.
fn unknown_rules(rules: &[(String, Option<String>, Option<&'static str>)]) -> String {
    let lines = rules.iter().map(|(name, place, near)| {
        let place = place.as_ref().map_or_else(|| "--rule".to_owned(), Clone::clone);
        let near = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
        format!("{place}: unknown rule `{name}`{near}")
    });
    lines.collect::<Vec<_>>().join("\n       ")
}
