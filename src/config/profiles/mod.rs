//! Profiles: how much is asked for, as data.
//!
//! Targets differ from team to team and from document to document (seed: coverage of 90 or 95 %, success
//! of 98 or 99.5 %), so that none of them stands in the code.

use crate::model::defect::{DefectKind, ProfileDefect};
use crate::model::dep::Severity;
use crate::model::duration::Duration;
use crate::model::evidence_requirement::{RequiredShare, least};
use crate::model::field::{Field, Shape, choices};
use crate::model::order::{Order, Strictness, ranked};
use crate::model::reader::{Reader, nearest_name};
use crate::model::same_folded;
use crate::source::{FileId, SourceFile, Span, Value};

/// How much is asked for.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The least share of the lines that tests run through.
    pub line_coverage: Option<RequiredShare>,
    /// The least share of the branches.
    pub branch_coverage: Option<RequiredShare>,
    /// The least share of the tests that pass.
    pub pass_rate: Option<RequiredShare>,
    /// The severity from which on a finding of a scanner is too severe.
    pub findings_below: Option<Severity>,
    /// What failed results count as that fit no TEST entry.
    pub unmatched_failures: UnmatchedFailures,
    /// How old evidence may be.
    pub max_age: Option<Duration>,
    /// How long ago a rollback may have been rehearsed.
    pub rehearsal_age: Option<Duration>,
    /// How long an approval counts.
    pub approval_age: Option<Duration>,
    /// What an approval counts as that no roster confirms.
    pub unconfirmed_approvals: UnconfirmedApprovals,
    /// What an approval counts as that is not signed with a key.
    pub unsigned_approvals: UnsignedApprovals,
    /// What files count as that differ from the commit that is judged.
    pub work_tree: WorkTreeChanges,
    /// How long a waiver may be valid.
    pub max_waiver: Option<Duration>,
    /// Whether somebody may waive what they own or wrote.
    pub own_waivers: bool,
    /// The roles that must approve beside those that the deciding gate names.
    pub approvals: Vec<String>,
    /// Whether every blocking check must rest on more than a bare statement, and every approval must be
    /// bound to what was approved.
    pub audit: bool,
    /// Where `relplan.toml` declares or changes it.
    pub span: Option<Span>,
}

crate::model::value::choice! {
    /// What failed results count as that fit no TEST entry.
    #[derive(Default)]
    UnmatchedFailures {
        /// They block the release.
        #[default]
        Block = "block",
        /// They are a warning.
        Warn = "warn",
    }
}

impl Strictness for UnmatchedFailures {
    fn rank(self) -> u8 {
        u8::from(self == UnmatchedFailures::Block)
    }
}

crate::model::value::choice! {
    /// What an approval counts as that no roster confirms.
    #[derive(Default)]
    UnconfirmedApprovals {
        /// It counts like any other.
        Accept = "accept",
        /// It counts with a warning.
        #[default]
        Warn = "warn",
        /// It is UNKNOWN.
        Unknown = "unknown",
    }
}

crate::model::value::choice! {
    /// What an approval counts as that is not signed with a key.
    #[derive(Default)]
    UnsignedApprovals {
        /// It counts, and is trusted as a sign-off.
        #[default]
        Accept = "accept",
        /// It counts with a warning, and is trusted as a bare statement.
        Warn = "warn",
        /// It is UNKNOWN.
        Unknown = "unknown",
    }
}

crate::model::value::choice! {
    /// What files count as that differ from the commit that is judged.
    #[derive(Default)]
    WorkTreeChanges {
        /// The report names them.
        Accept = "accept",
        /// They are a warning.
        #[default]
        Warn = "warn",
        /// They are UNKNOWN.
        Unknown = "unknown",
    }
}

impl Strictness for WorkTreeChanges {
    fn rank(self) -> u8 {
        match self {
            WorkTreeChanges::Accept => 0,
            WorkTreeChanges::Warn => 1,
            WorkTreeChanges::Unknown => 2,
        }
    }
}

impl Strictness for UnsignedApprovals {
    fn rank(self) -> u8 {
        match self {
            UnsignedApprovals::Accept => 0,
            UnsignedApprovals::Warn => 1,
            UnsignedApprovals::Unknown => 2,
        }
    }
}

impl Strictness for UnconfirmedApprovals {
    fn rank(self) -> u8 {
        match self {
            UnconfirmedApprovals::Accept => 0,
            UnconfirmedApprovals::Warn => 1,
            UnconfirmedApprovals::Unknown => 2,
        }
    }
}

/// The keys of `[profiles.NAME]`.
pub const FIELDS: &[Field] = &[
    Field::new("based_on", Shape::Text, "Profile to inherit from.").asks(Order::Nothing),
    Field::new("line_coverage", Shape::Text, "Minimum line coverage: `90%`.").asks(Order::AtLeast),
    Field::new("branch_coverage", Shape::Text, "Minimum branch coverage.").asks(Order::AtLeast),
    Field::new("pass_rate", Shape::Text, "Minimum pass rate of tests.").asks(Order::AtLeast),
    Field::new(
        "findings_below",
        Shape::Choice(choices::<Severity>),
        "Scan findings must be below this severity.",
    )
    .asks(Severity::AS_LIMIT),
    Field::new(
        "unmatched_failures",
        Shape::Choice(choices::<UnmatchedFailures>),
        "Whether failed results without a TEST entry block the release, or warn.",
    )
    .asks(ranked::<UnmatchedFailures>()),
    Field::new("max_age", Shape::Duration, "Maximum age of evidence: `7d`.").asks(Order::AtMost),
    Field::new("rehearsal_age", Shape::Duration, "Maximum age of a rollback rehearsal.").asks(Order::AtMost),
    Field::new("approval_age", Shape::Duration, "Maximum age of an approval.").asks(Order::AtMost),
    Field::new(
        "unconfirmed_approvals",
        Shape::Choice(choices::<UnconfirmedApprovals>),
        "Whether approvals that no `[roles]` confirm are accepted, a warning, or UNKNOWN.",
    )
    .asks(ranked::<UnconfirmedApprovals>()),
    Field::new(
        "unsigned_approvals",
        Shape::Choice(choices::<UnsignedApprovals>),
        "Whether approvals without a signature are accepted, a warning, or UNKNOWN.",
    )
    .asks(ranked::<UnsignedApprovals>()),
    Field::new(
        "work_tree",
        Shape::Choice(choices::<WorkTreeChanges>),
        "Whether files that differ from the judged commit are accepted, a warning, or UNKNOWN.",
    )
    .asks(ranked::<WorkTreeChanges>()),
    Field::new("max_waiver", Shape::Duration, "How long a waiver may be valid: `90d`.").asks(Order::AtMost),
    Field::new("own_waivers", Shape::Flag, "Whether people may waive what they own or wrote; no if absent.")
        .asks(Order::No)
        .absent("no"),
    Field::new(
        "approvals",
        Shape::List,
        "Roles that must approve in addition to those of the deciding gate.",
    )
    .asks(Order::Each),
    Field::new(
        "audit",
        Shape::Flag,
        "Whether self-reported status and approvals without a digest are rejected.",
    )
    .asks(Order::Yes)
    .absent("no"),
];

/// Reads `[profiles]` on top of the profiles that are there already.
pub(super) fn read(reader: &mut Reader<'_>, mut profiles: Vec<Profile>) -> Vec<Profile> {
    for (name, mut table, _) in reader.named_structures("profiles") {
        let own = name.value.trim().to_owned();
        let base = table.text("based_on");
        let at = profiles.iter().position(|profile| same_folded(&profile.name, &own));
        let mut profile = at.map(|at| profiles[at].clone()).unwrap_or_default();
        if let Some(base) = base {
            match find(&profiles, &base.value) {
                Some(found) => profile = found.clone(),
                None => table.defect(base.span, DefectKind::Profile(unknown(&profiles, &base.value))),
            }
        } else if at.is_none() {
            table.defect(name.span, DefectKind::Profile(ProfileDefect::WithoutBase));
        }
        profile.name = at.map_or(own, |at| profiles[at].name.clone());
        profile.span = Some(name.span);
        profile.change(&mut table);
        match at {
            Some(at) => profiles[at] = profile,
            None => profiles.push(profile),
        }
        reader.absorb(table, &[FIELDS]);
    }
    profiles
}

pub(super) fn unknown(profiles: &[Profile], name: &str) -> ProfileDefect {
    let known: Vec<String> = names(profiles);
    let near = nearest_name(name, known.iter().map(String::as_str)).map(str::to_owned);
    ProfileDefect::Unknown { near, known }
}

/// The profile of a name, in any spelling.
pub fn find<'p>(profiles: &'p [Profile], name: &str) -> Option<&'p Profile> {
    profiles.iter().find(|profile| same_folded(&profile.name, name))
}

/// The names of profiles, in their order.
pub fn names(profiles: &[Profile]) -> Vec<String> {
    profiles.iter().map(|profile| profile.name.clone()).collect()
}

impl Profile {
    fn change(&mut self, table: &mut Reader<'_>) {
        let mut share = |own: &mut Option<RequiredShare>, name: &str| {
            if let Some(share) = least(table, name) {
                match share.value {
                    // A profile cannot ask itself.
                    RequiredShare::Profile => table.defect(share.span, DefectKind::NotAPercentage),
                    value => *own = Some(value),
                }
            }
        };
        share(&mut self.line_coverage, "line_coverage");
        share(&mut self.branch_coverage, "branch_coverage");
        share(&mut self.pass_rate, "pass_rate");
        if let Some(severity) = table.choice("findings_below") {
            self.findings_below = Some(severity.value);
        }
        if let Some(failures) = table.choice("unmatched_failures") {
            self.unmatched_failures = failures.value;
        }
        if let Some(approvals) = table.choice("unconfirmed_approvals") {
            self.unconfirmed_approvals = approvals.value;
        }
        if let Some(approvals) = table.choice("unsigned_approvals") {
            self.unsigned_approvals = approvals.value;
        }
        if let Some(changes) = table.choice("work_tree") {
            self.work_tree = changes.value;
        }
        for (own, name) in [
            (&mut self.max_age, "max_age"),
            (&mut self.rehearsal_age, "rehearsal_age"),
            (&mut self.approval_age, "approval_age"),
            (&mut self.max_waiver, "max_waiver"),
        ] {
            if let Some(age) = table.duration(name) {
                *own = Some(age.value);
            }
        }
        if table.has("approvals") {
            self.approvals =
                table.list("approvals").into_iter().map(|role| role.value.into_owned()).collect();
        }
        if let Some(own) = table.flag("own_waivers") {
            self.own_waivers = own.value.value;
        }
        if let Some(audit) = table.flag("audit") {
            self.audit = audit.value.value;
        }
    }
}

/// The text of the profiles that relplan brings along.
pub const fn built_in_text() -> &'static str {
    include_str!("built_in.toml")
}

/// The profiles that relplan brings along.
pub fn built_in() -> Vec<Profile> {
    let file = SourceFile::new("built_in.toml", built_in_text());
    let (root, _) = crate::source::toml::read(FileId::BUILT_IN, file.text());
    let base = ["conservative", "moderate", "aggressive"];
    let base = base.map(|name| Profile { name: name.to_owned(), ..Profile::default() });
    let mut profiles = match root.value {
        Value::Mapping(pairs) => read(&mut Reader::new(file.text(), pairs), base.into()),
        _ => Vec::new(),
    };
    profiles.iter_mut().for_each(|profile| profile.span = None);
    profiles
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn read(toml: &str) -> (Config, Vec<DefectKind>) {
        let mut config = Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(config.toml_defects, []);
        let kinds = std::mem::take(&mut config.defects).into_iter().map(|defect| defect.kind).collect();
        (config, kinds)
    }

    #[test]
    fn the_built_in_profiles_are_read_without_a_defect() {
        let (config, defects) = read(include_str!("built_in.toml"));
        assert_eq!(defects, []);
        assert_eq!(names(&config.profiles), ["conservative", "moderate", "aggressive", "regulated"]);
        let regulated = find(&config.profiles, "regulated").expect("regulated");
        assert!(regulated.audit && regulated.approvals.len() == 2);
        assert_eq!(regulated.line_coverage, Some(RequiredShare::Share { percent: 95.0, above: false }));
    }

    #[test]
    fn a_plan_changes_a_profile_or_bases_its_own_on_one() {
        let (config, defects) = read(
            "[profiles.moderate]\nline_coverage = \"85%\"\n[profiles.payments]\nbased_on = \"moderate\"\naudit = true",
        );
        assert_eq!(defects, []);
        let payments = find(&config.profiles, "payments").expect("payments");
        assert_eq!(payments.line_coverage, Some(RequiredShare::Share { percent: 85.0, above: false }));
        assert!(payments.audit && payments.max_age.is_some());
    }

    #[test]
    fn what_cannot_be_meant_is_a_defect() {
        let kinds = |toml: &str| read(toml).1;
        let unknown =
            |toml: &str| matches!(&kinds(toml)[..], [DefectKind::Profile(ProfileDefect::Unknown { .. })]);
        assert_eq!(kinds("[profiles.mine]"), [DefectKind::Profile(ProfileDefect::WithoutBase)]);
        assert!(unknown("[profiles.mine]\nbased_on = \"modrate\""));
        assert!(unknown("[release_context]\nprofile = \"modrate\""));
        assert_eq!(kinds("[profiles.moderate]\npass_rate = \"profile\""), [DefectKind::NotAPercentage]);
    }
}
