//! Floor 3: `relplan.toml`, read by the same reader as the plan itself.

pub mod audit;
pub mod calendar;
pub mod context;
pub mod forecast;
pub mod gates;
pub mod link_rule;
pub mod metrics;
pub mod profiles;
pub mod roster;
pub mod team;
mod terms;
pub mod workspace;

use rustc_hash::FxHashMap;

use self::workspace::{KnownMembers, Workspace};
use crate::finding::Level;
use crate::model::defect::{Defect, DefectKind, RosterDefect};
use crate::model::duration::Duration;
use crate::model::entry::choice_of;
use crate::model::family::{DeclaredField, DeclaredKind, External, Family};
use crate::model::field::{Field, Shape};
use crate::model::order::{Order, Strictness, ranked, word_of};
use crate::model::reader::Reader;
use crate::model::version::{Numbering, Scheme};
use crate::model::{Choice, Families, Prefix, Text};
use crate::source::toml::TomlDefect;
use crate::source::{Contents, FileId, SourceFile, Span, Spanned, Value};

pub use audit::AuditSettings;
pub use calendar::CalendarSettings;
pub use context::ReleaseContext;
pub use forecast::ForecastSettings;
pub use gates::{FollowUp, Gate, GateCriterion};
pub use link_rule::{Direction, LinkRule, Selector, built_in};
pub use metrics::{Median, MetricTargets, MetricsSettings};
pub use profiles::{Profile, UnconfirmedApprovals, UnmatchedFailures, UnsignedApprovals, WorkTreeChanges};
pub use roster::Roster;
pub use team::{Absence, Team};
pub use terms::{RosterDigest, Terms};

/// What a plan says about itself.
#[derive(Debug)]
pub struct Config {
    /// Its file, if there is one.
    pub file: Option<FileId>,
    /// What it is called, if it says so.
    pub name: Option<Spanned<String>>,
    /// What tells it from all other plans, made of its name or of where it is kept.
    pub identity: String,
    /// Which files belong to it.
    pub files: FileSettings,
    /// The levels that `[rules]` sets, by rule.
    pub levels: Vec<RuleLevel>,
    /// The families: those that relplan knows, and those that are declared.
    pub families: Families,
    /// The link rules that are declared.
    pub link_rules: Vec<LinkRule>,
    /// The gates: those that relplan brings along, as the plan changed them, and its own.
    pub gates: Vec<Gate>,
    /// What an approval is given under: gates and profiles as the file has them.
    pub terms: Terms,
    /// How much is asked for: the profiles that relplan brings along, as the plan changed them, and its own.
    pub profiles: Vec<Profile>,
    /// What chooses a profile.
    pub context: ReleaseContext,
    /// Working days, holidays, freezes, milestones, trains.
    pub calendar: CalendarSettings,
    /// Who may approve in which role; nothing if the plan does not say.
    pub roster: Option<Roster>,
    /// The file of allowed signers; nothing if the plan does not say.
    pub allowed_signers: Option<Spanned<String>>,
    /// What `[roles]` says, as digests; nothing if there are none.
    pub roster_digest: Option<RosterDigest>,
    /// Who works on the plan, and how much they can do; empty if the plan does not say.
    pub team: Vec<Team>,
    /// What forecasts are made from, beside the plan.
    pub forecast: ForecastSettings,
    /// Where deployments and incidents are recorded, and the targets of metrics.
    pub metrics: MetricsSettings,
    /// The controls that audits are about.
    pub audit: AuditSettings,
    /// Which files hold evidence, and how old it may be.
    pub evidence: EvidenceSettings,
    /// The plans that are checked together, if this is the configuration of a workspace.
    pub workspace: Option<Workspace>,
    /// What is known of the other members of the workspace.
    pub members: KnownMembers,
    /// What is wrong with the text of the file.
    pub toml_defects: Vec<TomlDefect>,
    /// What is wrong with its keys and values.
    pub defects: Vec<Defect>,
}

/// Which files belong to a plan.
#[derive(Debug, Default)]
pub struct FileSettings {
    /// Globs of the files that do; with none, the defaults.
    pub include: Vec<Spanned<String>>,
    /// Globs of the files that do not.
    pub exclude: Vec<Spanned<String>>,
    /// How many files each glob of the configuration chose; known once the files were looked for.
    pub globs: Vec<GlobUse>,
}

/// How many files a glob of `relplan.toml` chose.
#[derive(Debug, Clone)]
pub struct GlobUse {
    /// The setting that holds it: `plan.files`, `evidence.files` or `families.FEA.headings`.
    pub setting: String,
    /// The glob.
    pub glob: Spanned<String>,
    /// How many files it chose.
    pub files: usize,
}

impl GlobUse {
    /// Whether it chooses files of the plan; otherwise evidence.
    pub fn is_of_plan(&self) -> bool {
        self.setting != EVIDENCE_FILES
    }
}

/// The setting of the globs of evidence.
pub const EVIDENCE_FILES: &str = "evidence.files";

impl FileSettings {
    /// The globs that chose no file.
    pub fn idle(&self) -> impl Iterator<Item = &GlobUse> {
        self.globs.iter().filter(|glob| glob.files == 0)
    }
}

/// What `[evidence]` says.
#[derive(Debug, Default)]
pub struct EvidenceSettings {
    /// Globs of the files that CI wrote, from the folder of `relplan.toml`.
    pub files: Vec<Spanned<String>>,
    /// How old evidence may be before it proves nothing.
    pub max_age: Option<Spanned<Duration>>,
    /// What a test counts as that failed and passed on a later attempt.
    pub retries: Retries,
}

crate::model::value::choice! {
    /// What a test counts as that failed and passed on a later attempt of the same commit.
    #[derive(Default)]
    Retries {
        /// It failed.
        #[default]
        Strict = "strict",
        /// It passed, and is flaky.
        Last = "last",
    }
}

impl Strictness for Retries {
    fn rank(self) -> u8 {
        u8::from(self == Retries::Strict)
    }
}

/// One line of `[rules]`.
#[derive(Debug, Clone)]
pub struct RuleLevel {
    /// The rule, by name or code.
    pub rule: Spanned<String>,
    /// The level; nothing if it is off.
    pub level: Option<Level>,
    /// Where the level is written.
    pub span: Span,
}

/// The tables of `relplan.toml`.
pub const TABLES: &[Field] = &[
    Field::new("plan", Shape::Structure(PLAN), "Files of the plan.").asks(Order::Inside),
    Field::new("rules", Shape::Free, "Levels of rules by name: error, warning, note or off.")
        .asks(Order::Nothing),
    Field::new("families", Shape::Free, "Custom families of entries, by prefix.").asks(Order::Nothing),
    Field::new("gates", Shape::Free, "Quality gates by name: changes to the built-in gates, and your own.")
        .asks(Order::Nothing),
    Field::new(
        "release_context",
        Shape::Structure(context::CONTEXT),
        "Context of the releases, which selects a policy profile and adds to gates.",
    )
    .asks(Order::Nothing),
    Field::new(
        "profiles",
        Shape::Free,
        "Policy profiles by name: changes to the built-in profiles, and your own.",
    )
    .asks(Order::Nothing),
    Field::new("link_rules", Shape::Structure(link_rule::FIELDS), "Required links.")
        .asks(Order::Records("name")),
    Field::new("evidence", Shape::Structure(EVIDENCE), "Evidence: files of reports, and their maximum age.")
        .asks(Order::Inside),
    Field::new(
        "calendar",
        Shape::Structure(calendar::CALENDAR),
        "Working days, holidays, freezes, milestones and release trains.",
    )
    .asks(Order::Inside),
    Field::new("team", Shape::Free, "People and teams by name: capacity, absences, skills.")
        .asks(Order::Nothing),
    Field::new(
        "forecast",
        Shape::Structure(forecast::FORECAST),
        "Forecasts: history, work items, throughput.",
    )
    .asks(Order::Inside),
    Field::new(
        "metrics",
        Shape::Structure(metrics::METRICS),
        "Delivery metrics: files of deployments and incidents, targets.",
    )
    .asks(Order::Inside),
    Field::new("audit", Shape::Structure(audit::AUDIT), "Controls of frameworks, for `relplan audit`.")
        .asks(Order::Inside),
    Field::new("roles", Shape::Free, "Approvers by role, with the time in which they hold it.")
        .asks(Order::Nothing),
    Field::new(
        "signatures",
        Shape::Structure(SIGNATURES),
        "Keys that approvals and decisions are signed with.",
    )
    .asks(Order::Inside),
    Field::new("workspace", Shape::Structure(WORKSPACE), "Plans that are checked together.")
        .asks(Order::Inside),
];

/// The keys of `[workspace]`.
pub const WORKSPACE: &[Field] = &[Field::new(
    "members",
    Shape::List,
    "Globs of the folders of its members, each with a relplan.toml: `services/*`.",
)
.asks(Order::Each)];

/// The keys of `[signatures]`.
pub const SIGNATURES: &[Field] = &[Field::new(
    "allowed_signers",
    Shape::Text,
    "File of allowed signers in the form of ssh-keygen(1), relative to the plan folder: `allowed_signers`.",
)
.asks(Order::Exact)];

/// The keys of `[evidence]`.
pub const EVIDENCE: &[Field] = &[
    Field::new(
        "files",
        Shape::List,
        "Globs of CI reports (JUnit XML, TRX, NUnit, xUnit.net, CTRF, go test -json, TAP, LCOV, Cobertura XML, SARIF, metrics and more), relative to the plan folder.",
    ).asks(Order::Globs),
    Field::new("max_age", Shape::Duration, "Maximum age of evidence: `7 days`.").asks(Order::AtMost),
    Field::new(
        "retries",
        Shape::Choice(crate::model::field::choices::<Retries>),
        "How a test counts that failed and then passed on a retry: failed (`strict`, default) or passed (`last`).",
    ).asks(ranked::<Retries>()).absent("strict"),
];

/// The keys of `[plan]`.
pub const PLAN: &[Field] = &[
    Field::new(
        "name",
        Shape::Text,
        "Name of the plan, part of the UIDs of its dates; the address of the repository by default.",
    )
    .asks(Order::Nothing),
    Field::new("files", Shape::List, "Globs of plan files, relative to the plan folder.")
        .asks(Order::Nothing),
    Field::new("exclude", Shape::List, "Globs of excluded files.").asks(Order::Permits),
    Field::new(
        "version_scheme",
        choice_of::<Scheme>(),
        "How releases are numbered; by the form of each version if absent.",
    )
    .asks(Order::Nothing),
    Field::new("version_pattern", Shape::Text, PATTERN).asks(Order::Nothing),
];

/// What a pattern is.
const PATTERN: &str = "Pattern of calendar versions: `YYYY.MINOR`, `YY.0M[.MICRO]`; tokens of calver.org, brackets around what may be left out.";

/// The keys of `[families.PREFIX]`.
pub const FAMILY: &[Field] = &[
    Field::new("title", Shape::Text, "Name of the family in the singular.").asks(Order::Nothing),
    Field::new("external", Shape::Flag, "Whether the entries live outside the plan.")
        .asks(Order::No)
        .absent("no"),
    Field::new(
        "headings",
        Shape::List,
        "Globs of Markdown files whose headings define the ids of an external family.",
    )
    .asks(Order::PermitsOrAll),
    Field::new("fields", Shape::Free, "Fields of its entries, by key.").asks(Order::Nothing),
    Field::new(
        "version_scheme",
        choice_of::<Scheme>(),
        "How the versions of its entries are numbered; by the form of each version if absent.",
    )
    .asks(Order::Nothing),
    Field::new("version_pattern", Shape::Text, PATTERN).asks(Order::Nothing),
];

/// The keys of `[families.PREFIX.fields.KEY]`.
pub const DECLARED_FIELD: &[Field] = &[
    Field::new("type", Shape::Choice(crate::model::field::choices::<FieldType>), "Type of the field.")
        .asks(word_of::<FieldType>()),
    Field::new("required", Shape::Flag, "Whether every entry needs the field.").asks(Order::Yes).absent("no"),
    Field::new("values", Shape::List, "Values of a field of type `enum`.").asks(Order::PermitsOrAll),
    Field::new("targets", Shape::List, "Families that a field of type `link` may link to.")
        .asks(Order::PermitsOrAll),
];

crate::model::value::choice! {
    /// What a declared field may hold.
    FieldType {
        /// Any text.
        Text = "text",
        /// One of several words.
        Enum = "enum",
        /// A number.
        Number = "number",
        /// A day.
        Date = "date",
        /// Links.
        Link = "link",
        /// A list of texts.
        List = "list",
        /// Yes or no.
        Boolean = "boolean",
        /// A version of any scheme.
        Version = "version",
    }
}

crate::model::value::choice! {
    /// A level as it is written in a configuration.
    LevelWord {
        /// Not looked for.
        Off = "off" | "allow",
        /// A note.
        Note = "note" | "info",
        /// A warning.
        Warning = "warning" | "warn",
        /// An error.
        Error = "error" | "deny",
    }
}

impl Strictness for LevelWord {
    fn rank(self) -> u8 {
        self as u8
    }
}

impl LevelWord {
    /// The level, or nothing if it is off.
    pub fn level(self) -> Option<Level> {
        match self {
            LevelWord::Off => None,
            LevelWord::Note => Some(Level::Note),
            LevelWord::Warning => Some(Level::Warning),
            LevelWord::Error => Some(Level::Error),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: None,
            name: None,
            identity: String::new(),
            files: FileSettings::default(),
            levels: Vec::new(),
            families: Families::default(),
            link_rules: Vec::new(),
            gates: gates::built_in(),
            profiles: profiles::built_in(),
            context: ReleaseContext::default(),
            calendar: CalendarSettings::default(),
            roster: None,
            roster_digest: None,
            allowed_signers: None,
            terms: Terms::default(),
            team: Vec::new(),
            forecast: ForecastSettings::default(),
            metrics: MetricsSettings::default(),
            audit: AuditSettings::default(),
            evidence: EvidenceSettings::default(),
            workspace: None,
            members: KnownMembers::default(),
            toml_defects: Vec::new(),
            defects: Vec::new(),
        }
    }
}

impl Config {
    /// The profile that the release context asks for, if there is one of its name.
    pub fn profile_of_context(&self) -> Option<&Profile> {
        profiles::find(&self.profiles, self.context.choose().0)
    }

    /// Reads `relplan.toml`. What is wrong becomes a defect, and the rest is read.
    pub fn read(id: FileId, file: &SourceFile) -> Self {
        let (root, toml_defects) = crate::source::toml::read(id, file.text());
        let mut config = Config { file: Some(id), toml_defects, ..Config::default() };
        config.toml_defects.extend(unread(id, file));
        if let Value::Mapping(mut pairs) = root.value {
            pairs.retain(|pair| !pair.names_schema());
            config.terms = Terms::read(&pairs);
            config.roster_digest = RosterDigest::read(&pairs);
            let mut reader = Reader::new(file.text(), pairs);
            let (name, files, numbering) = read_plan(&mut reader);
            (config.name, config.files) = (name, files);
            config.levels = read_levels(&mut reader);
            config.families = read_families(&mut reader);
            config.families.numbering = numbering;
            config.link_rules = link_rule::read(&mut reader);
            config.context = context::read(&mut reader);
            config.context.add_to(&mut config.gates);
            config.context.limit(&mut config.profiles);
            config.gates = gates::read(&mut reader, config.gates);
            config.profiles = profiles::read(&mut reader, config.profiles);
            config.context.check(&config.profiles, &mut reader);
            config.calendar = calendar::read(&mut reader);
            config.team = team::read(&mut reader);
            config.forecast = forecast::read(&mut reader);
            config.metrics = metrics::read(&mut reader);
            config.audit = audit::read(&mut reader);
            config.roster = roster::read(&mut reader);
            config.allowed_signers = read_signatures(&mut reader);
            config.evidence = read_evidence(&mut reader);
            config.workspace = read_workspace(&mut reader);
            // Their files are theirs.
            let members = config.workspace.iter().flat_map(|workspace| &workspace.members);
            let theirs = members
                .map(|glob| Spanned::new(format!("{}/**", glob.value.trim_end_matches('/')), glob.span));
            config.files.exclude.extend(theirs);
            config.defects = reader.finish(&[TABLES], &[], |_| None).defects;
        }
        config
    }

    /// Whether something is wrong with the file, so that nothing built on it can be relied on.
    pub fn is_broken(&self) -> bool {
        !self.toml_defects.is_empty() || !self.defects.is_empty()
    }

    /// The level that `[rules]` sets for a rule, by its name or its code; the last line wins.
    pub fn level_of(&self) -> FxHashMap<&str, &RuleLevel> {
        self.levels.iter().map(|level| (level.rule.value.as_str(), level)).collect()
    }
}

/// Why a file is other than its text, if it is: what was replaced or left out may have asked for something.
fn unread(id: FileId, file: &SourceFile) -> Option<TomlDefect> {
    let (at, message) = match file.contents() {
        Contents::Utf8 | Contents::Utf8WithMark => return None,
        Contents::Invalid(places) => (places.first().copied().unwrap_or(0), "it is not UTF-8".to_owned()),
        Contents::TooLarge(bytes) => (0, format!("it has {bytes} bytes, and was not read")),
        Contents::LinkLoop => (0, "symlink loop".to_owned()),
    };
    Some(TomlDefect { span: Span::new(id, at, at), message })
}

fn read_plan(reader: &mut Reader<'_>) -> (Option<Spanned<String>>, FileSettings, Numbering) {
    let Some((mut plan, _)) = reader.structure("plan") else { return Default::default() };
    let name = plan.text("name").map(|name| Spanned::new(name.value.into_owned(), name.span));
    let settings = FileSettings {
        include: owned(plan.list("files")),
        exclude: owned(plan.list("exclude")),
        globs: Vec::new(),
    };
    let numbering = plan.numbering();
    reader.absorb(plan, &[PLAN]);
    (name, settings, numbering)
}

fn read_signatures(reader: &mut Reader<'_>) -> Option<Spanned<String>> {
    let (mut table, _) = reader.structure("signatures")?;
    let path = table.text("allowed_signers").map(owned_text);
    if let Some(path) = path.as_ref().filter(|path| !is_inside(&path.value)) {
        table.defect(path.span, DefectKind::Roster(RosterDefect::OutsidePlan));
    }
    reader.absorb(table, &[SIGNATURES]);
    path
}

/// Whether a path leads to something in the folder that it starts from.
fn is_inside(path: &str) -> bool {
    use std::path::Component;
    let parts = || std::path::Path::new(path).components();
    parts().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        && parts().any(|part| matches!(part, Component::Normal(_)))
}

fn read_evidence(reader: &mut Reader<'_>) -> EvidenceSettings {
    let Some((mut table, _)) = reader.structure("evidence") else { return EvidenceSettings::default() };
    let settings = EvidenceSettings {
        files: owned(table.list("files")),
        max_age: table.duration("max_age"),
        retries: table.choice("retries").map(|retries| retries.value).unwrap_or_default(),
    };
    reader.absorb(table, &[EVIDENCE]);
    settings
}

fn read_workspace(reader: &mut Reader<'_>) -> Option<Workspace> {
    let (mut table, span) = reader.structure("workspace")?;
    let members = owned(table.list("members"));
    reader.absorb(table, &[WORKSPACE]);
    Some(Workspace { members, span, unchecked: Vec::new(), repeated: Vec::new() })
}

fn read_levels(reader: &mut Reader<'_>) -> Vec<RuleLevel> {
    let mut levels = Vec::new();
    for (rule, word) in reader.free_mapping("rules") {
        match LevelWord::from_word(&word.value) {
            Some(level) => levels.push(RuleLevel {
                rule: Spanned::new(rule.value.into_owned(), rule.span),
                level: level.level(),
                span: word.span,
            }),
            None => {
                let found = word.value.into_owned();
                let known = crate::model::field::words::<LevelWord>();
                reader.defect_of(rule.span, word.span, DefectKind::UnknownValue { found, known });
            }
        }
    }
    levels
}

fn read_families(reader: &mut Reader<'_>) -> Families {
    let mut families = Families::default();
    for (name, mut table, _) in reader.named_structures("families") {
        let prefix = Prefix::new(&name.value);
        // The table under a wrong prefix is read, too, so that its keys are not called unknown.
        let Some(stand_in) = prefix.or_else(|| Prefix::new("X")) else { continue };
        let known = families.of(&stand_in).filter(|family| family.prefix == stand_in);
        let mut family = known.cloned().unwrap_or_else(|| Family::new(stand_in, name.value.to_string()));
        read_family(&mut family, &mut table, name.span);
        match prefix {
            Some(_) => families.declare(family),
            None => reader.defect(name.span, DefectKind::NotAPrefix),
        }
        reader.absorb(table, &[FAMILY]);
    }
    families
}

fn read_family(family: &mut Family, table: &mut Reader<'_>, span: Span) {
    family.declared = Some(span);
    if let Some(title) = table.text("title") {
        family.title = title.value.into_owned().into();
    }
    let headings = owned(table.list("headings"));
    if table.flag("external").is_some_and(|flag| flag.value.value) || !headings.is_empty() {
        family.external = Some(External { headings });
    }
    family.numbering = table.numbering();
    for (name, mut field, _) in table.named_structures("fields") {
        let required = field.flag("required").is_some_and(|flag| flag.value.value);
        if let Some(kind) = read_kind(&mut field, name.span) {
            let key = name.value.to_lowercase().replace([' ', '-'], "_");
            family.fields.push(DeclaredField { name: key, kind, required, span: name.span });
        }
        table.absorb(field, &[DECLARED_FIELD]);
    }
}

fn read_kind(field: &mut Reader<'_>, span: Span) -> Option<DeclaredKind> {
    let values: Vec<String> = field.list("values").into_iter().map(|word| word.value.into_owned()).collect();
    let targets = read_prefixes(field, "targets");
    if !field.has("type") {
        field.defect(span, DefectKind::FieldTypeMissing);
        return None;
    }
    Some(match field.choice::<FieldType>("type")?.value {
        FieldType::Text => DeclaredKind::Text,
        FieldType::Enum if values.is_empty() => {
            field.defect(span, DefectKind::ValuesMissing);
            return None;
        }
        FieldType::Enum => DeclaredKind::Enum(values),
        FieldType::Number => DeclaredKind::Number,
        FieldType::Date => DeclaredKind::Date,
        FieldType::Link => DeclaredKind::Link(targets),
        FieldType::List => DeclaredKind::List,
        FieldType::Boolean => DeclaredKind::Boolean,
        FieldType::Version => DeclaredKind::Version,
    })
}

/// A list of prefixes; a text that cannot be one is a defect.
fn read_prefixes(reader: &mut Reader<'_>, name: &str) -> Vec<Prefix> {
    spanned_prefixes(reader, name).into_iter().map(|prefix| prefix.value).collect()
}

fn spanned_prefixes(reader: &mut Reader<'_>, name: &str) -> Vec<Spanned<Prefix>> {
    let mut prefixes = Vec::new();
    for text in reader.list(name) {
        match Prefix::new(text.value.trim_end_matches('-')) {
            Some(prefix) => prefixes.push(Spanned::new(prefix, text.span)),
            None => reader.defect(text.span, DefectKind::NotAPrefix),
        }
    }
    prefixes
}

fn owned(texts: Vec<Text<'_>>) -> Vec<Spanned<String>> {
    texts.into_iter().map(owned_text).collect()
}

fn owned_text(text: Text<'_>) -> Spanned<String> {
    Spanned::new(text.value.into_owned(), text.span)
}
