//! The kinds of entries: those that relplan knows, and those that a plan declares.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::id::Prefix;
use super::version::Numbering;
use crate::source::{Span, Spanned};

/// A kind of entry, named by the prefix of its ids.
#[derive(Debug, Clone)]
pub struct Family {
    /// The prefix of its ids.
    pub prefix: Prefix,
    /// What its entries are, in the singular: `risk`, `API contract`.
    pub title: Cow<'static, str>,
    /// The line of `relplan.toml` that declares or extends it.
    pub declared: Option<Span>,
    /// Where its entries live, if not in the plan.
    pub external: Option<External>,
    /// Fields that `relplan.toml` declares beyond those that relplan knows.
    pub fields: Vec<DeclaredField>,
    /// How the versions of its entries are numbered, if not as those of the plan.
    pub numbering: Numbering,
}

/// A family whose entries live outside the plan.
#[derive(Debug, Clone, Default)]
pub struct External {
    /// Globs of Markdown files whose headings define its ids; with none, every id of the family is taken to exist.
    pub headings: Vec<Spanned<String>>,
}

/// A field that a plan adds to a family.
#[derive(Debug, Clone)]
pub struct DeclaredField {
    /// The key.
    pub name: String,
    /// What it holds.
    pub kind: DeclaredKind,
    /// Whether every entry must have it.
    pub required: bool,
    /// The table in `relplan.toml` that declares it.
    pub span: Span,
}

/// What a declared field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredKind {
    /// Any text.
    Text,
    /// One of these words.
    Enum(Vec<String>),
    /// A number.
    Number,
    /// A day.
    Date,
    /// Links to entries of these families, or of any if there are none.
    Link(Vec<Prefix>),
    /// A list of texts.
    List,
    /// Yes or no.
    Boolean,
    /// A version of any scheme.
    Version,
}

/// The families that have a struct of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Typed {
    /// Deployment items.
    Dep,
    /// Work packages.
    Epic,
    /// Tests.
    Test,
    /// Risks.
    Risk,
    /// Releases.
    Rel,
    /// Monitored metrics.
    Mon,
    /// Runbooks.
    Run,
    /// Key performance indicators.
    Kpi,
    /// Incidents.
    Incident,
    /// Actions.
    Action,
    /// Handoffs.
    Handoff,
    /// Feature flags.
    Flag,
}

/// The families that relplan knows without being told, with what they are.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("ACT", "action"),
    ("API", "API contract"),
    ("ARC", "architecture decision"),
    ("BR", "business rule"),
    ("BUG", "defect"),
    ("CFD", "customer feedback"),
    ("DBT", "database table"),
    ("DEP", "deployment item"),
    ("DES", "design decision"),
    ("ENV", "environment specification"),
    ("EPIC", "work package"),
    ("FEA", "feature"),
    ("FLAG", "feature flag"),
    ("GTM", "go-to-market item"),
    ("HND", "handoff"),
    ("INC", "incident"),
    ("INT", "integration"),
    ("KPI", "key performance indicator"),
    ("LL", "lesson learned"),
    ("MON", "monitored metric"),
    ("PER", "persona"),
    ("REL", "release"),
    ("RISK", "risk"),
    ("RUN", "runbook"),
    ("SCR", "screen"),
    ("SEC", "security requirement"),
    ("TECH", "technology choice"),
    ("TEST", "test"),
    ("UJ", "user journey"),
];

impl Typed {
    /// The typed family of a prefix, if it is one.
    pub fn of(prefix: &Prefix) -> Option<Typed> {
        Some(match prefix.as_str() {
            "DEP" => Typed::Dep,
            "EPIC" => Typed::Epic,
            "TEST" => Typed::Test,
            "RISK" => Typed::Risk,
            "REL" => Typed::Rel,
            "MON" => Typed::Mon,
            "RUN" => Typed::Run,
            "KPI" => Typed::Kpi,
            "INC" => Typed::Incident,
            "ACT" => Typed::Action,
            "HND" => Typed::Handoff,
            "FLAG" => Typed::Flag,
            _ => return None,
        })
    }
}

/// Every family of a plan.
#[derive(Debug, Clone)]
pub struct Families {
    by_prefix: FxHashMap<Prefix, Family>,
    /// How versions are numbered where a family says nothing else.
    pub numbering: Numbering,
}

impl Default for Families {
    fn default() -> Self {
        let known = BUILT_IN.iter().filter_map(|&(prefix, title)| {
            let prefix = Prefix::new(prefix)?;
            Some((prefix, Family::new(prefix, title)))
        });
        Families { by_prefix: known.collect(), numbering: Numbering::default() }
    }
}

impl Family {
    /// A family without declarations.
    pub fn new(prefix: Prefix, title: impl Into<Cow<'static, str>>) -> Self {
        Family {
            prefix,
            title: title.into(),
            declared: None,
            external: None,
            fields: Vec::new(),
            numbering: Numbering::default(),
        }
    }
}

impl Families {
    /// The family of ids with this prefix: its own, or for a compound prefix
    /// such as `BR-FEA` that of its first part.
    pub fn of(&self, prefix: &Prefix) -> Option<&Family> {
        self.by_prefix.get(prefix).or_else(|| {
            let head = Prefix::new(prefix.head())?;
            self.by_prefix.get(&head)
        })
    }

    /// How the versions of a family are numbered, if its entries have versions and anything is stated.
    pub fn numbering_of(&self, prefix: &Prefix, family: Option<&Family>) -> Option<Numbering> {
        let declares =
            |family: &Family| family.fields.iter().any(|field| field.kind == DeclaredKind::Version);
        if Typed::of(prefix) != Some(Typed::Rel) && !family.is_some_and(declares) {
            return None;
        }
        let numbering =
            family.map_or_else(|| self.numbering.clone(), |own| own.numbering.within(&self.numbering));
        numbering.is_stated().then_some(numbering)
    }

    /// Adds a family, or replaces the one with its prefix.
    pub fn declare(&mut self, family: Family) {
        self.by_prefix.insert(family.prefix, family);
    }

    /// All families, sorted by prefix.
    pub fn sorted(&self) -> Vec<&Family> {
        let mut all: Vec<&Family> = self.by_prefix.values().collect();
        all.sort_by_key(|family| family.prefix);
        all
    }
}
