//! What would prove something: the mapping under `evidence`.
//!
//! An evidence requirement names the facts that a criterion, a validation, a work package or a gate rests on. All of its
//! parts have to hold. It is owned by nobody's text, because `relplan.toml` holds demands, too.

use super::dep::Severity;
use super::duration::Duration;
use super::entry::choice_of;
use super::field::{Field, Shape, words};
use super::order::Order;
use super::reader::Reader;
use super::release_notes::Audience;
use super::threshold::Threshold;
use super::value::{Choice, Text, percentage};
use super::{defect::DefectKind, value};
use crate::source::{Span, Spanned};

/// What would prove something.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceRequirement {
    /// Where it is written.
    pub span: Span,
    /// The share of the linked tests that must pass.
    pub tests: Option<Spanned<RequiredShare>>,
    /// How much of the code tests must run through.
    pub coverage: Option<CoverageRequirement>,
    /// What scanners may find.
    pub scan: Option<ScanRequirement>,
    /// What must have been measured.
    pub metrics: Vec<MetricRequirement>,
    /// The roles that must have signed.
    pub sign_off: Vec<Spanned<String>>,
    /// The files that must be there.
    pub files: Vec<Spanned<String>>,
    /// The severity from which on no defect may be open.
    pub open_defects: Option<Spanned<Severity>>,
    /// The audiences for which the release notes must be written.
    pub release_notes: Vec<Spanned<Audience>>,
    /// The communications of the release that must have been sent, by name.
    pub communications: Vec<Spanned<String>>,
    /// The receivers who must have accepted their handoffs.
    pub handoffs: Vec<Spanned<String>>,
    /// Every incident of this severity or a higher one must be over.
    pub incidents: Option<Spanned<Severity>>,
    /// How old the facts may be; as the configuration or the profile says if absent.
    pub max_age: Option<Spanned<Duration>>,
    /// Whether all of it was understood. What was not might have asked for more.
    pub whole: bool,
}

/// The least that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RequiredShare {
    /// This share in per cent, or more than it.
    Share {
        /// The share.
        percent: f64,
        /// Whether it must be exceeded.
        above: bool,
    },
    /// As much as the profile of the release asks for.
    Profile,
}

/// How much of the code tests must run through.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRequirement {
    /// Of the lines.
    pub lines: Option<Spanned<RequiredShare>>,
    /// Of the branches.
    pub branches: Option<Spanned<RequiredShare>>,
    /// Of which package or folder; of everything if absent.
    pub package: Option<Spanned<String>>,
}

/// What scanners may find.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanRequirement {
    /// Every finding must be less severe than this.
    pub below: Spanned<SeverityLimit>,
    /// The scanner that must have looked; any if absent.
    pub tool: Option<Spanned<String>>,
}

/// The severity from which on a finding is too severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeverityLimit {
    /// This one.
    Severity(Severity),
    /// The one that the profile of the release says.
    Profile,
}

/// What must have been measured.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricRequirement {
    /// The name of the metric, or the id of a MON or KPI entry.
    pub name: Spanned<String>,
    /// What must be so; nothing if it cannot be read.
    pub threshold: Option<Spanned<Threshold>>,
}

/// The word that stands for what the profile asks for.
const PROFILE: &str = "profile";

impl EvidenceRequirement {
    /// The keys of an evidence requirement.
    pub const FIELDS: &'static [Field] = &[
        Field::new("tests", Shape::Text, "Required pass rate of the linked tests: `100%`, `> 95%`.")
            .asks(Order::AtLeast),
        Field::new(
            "coverage",
            Shape::Structure(CoverageRequirement::FIELDS),
            "Required line coverage (`90%`), or `lines`, `branches` and `package`.",
        )
        .asks(Order::Inside),
        Field::new("findings_below", choice_of::<Severity>(), "Scan findings must be below this severity.")
            .asks(Severity::AS_LIMIT),
        Field::new("tool", Shape::Text, "Required scanner; any by default.").asks(Order::Each),
        Field::new(
            "metric",
            Shape::Structure(MetricRequirement::FIELDS),
            "Required metrics: `name` and `threshold`; several as a list.",
        )
        .asks(Order::Records("name")),
        Field::new("sign_off", Shape::List, "Roles that must sign off, each by a different person.")
            .asks(Order::Each),
        Field::new("file", Shape::List, "Files that must exist, relative to the plan folder.")
            .asks(Order::Each),
        Field::new(
            "open_defects_below",
            choice_of::<Severity>(),
            "Open defects (BUG entries) must be below this severity.",
        )
        .asks(Severity::AS_LIMIT),
        Field::new(
            "release_notes",
            Shape::List,
            "Audiences for which the release notes must be complete: customers, partners, operations.",
        )
        .asks(Order::Each),
        Field::new(
            "communications",
            Shape::List,
            "Communications of the release that must have been sent, by name.",
        )
        .asks(Order::Each),
        Field::new(
            "handoffs",
            Shape::List,
            "Receivers whose handoffs must be complete and accepted: Operations, Support, Product.",
        )
        .asks(Order::Each),
        Field::new(
            "incidents_below",
            choice_of::<Severity>(),
            "Open incidents of the release must be below this severity.",
        )
        .asks(Severity::AS_LIMIT),
        Field::new(
            "max_age",
            Shape::Duration,
            "Maximum age of the evidence: `7d`. Applies to reports, sign-offs, files, and the incident files of [metrics].",
        )
        .asks(Order::AtMost),
    ];

    /// A requirement that asks for nothing yet.
    pub fn of_nothing(span: Span) -> Self {
        EvidenceRequirement {
            span,
            tests: None,
            coverage: None,
            scan: None,
            metrics: Vec::new(),
            sign_off: Vec::new(),
            files: Vec::new(),
            open_defects: None,
            handoffs: Vec::new(),
            incidents: None,
            release_notes: Vec::new(),
            communications: Vec::new(),
            max_age: None,
            whole: true,
        }
    }

    /// Reads a field that takes words or an evidence requirement: the words, or the evidence requirement.
    pub(super) fn words_or_requirement<'s>(
        fields: &mut Reader<'s>,
        name: &str,
    ) -> (Option<Text<'s>>, Option<Box<EvidenceRequirement>>) {
        match fields.holds_mapping(name) {
            true => (None, EvidenceRequirement::read(fields, name).map(Box::new)),
            false => (fields.text(name), None),
        }
    }

    /// Reads the evidence requirement that a field holds.
    pub fn read(fields: &mut Reader<'_>, name: &str) -> Option<EvidenceRequirement> {
        let before = fields.defect_count();
        let (mut inner, span) = fields.structure(name)?;
        let tool = inner.text("tool").map(owned);
        let mut requirement = EvidenceRequirement {
            span,
            tests: least(&mut inner, "tests"),
            coverage: CoverageRequirement::read(&mut inner),
            scan: worst(&mut inner).map(|below| ScanRequirement { below, tool: tool.clone() }),
            metrics: MetricRequirement::read_all(&mut inner),
            sign_off: inner.list("sign_off").into_iter().map(owned).collect(),
            files: inner.list("file").into_iter().map(owned).collect(),
            open_defects: inner.choice("open_defects_below"),
            release_notes: audiences(&mut inner),
            communications: inner.list("communications").into_iter().map(owned).collect(),
            handoffs: inner.list("handoffs").into_iter().map(owned).collect(),
            incidents: inner.choice("incidents_below"),
            max_age: inner.duration("max_age"),
            whole: true,
        };
        if let Some(tool) = tool.filter(|_| requirement.scan.is_none()) {
            inner.defect(tool.span, DefectKind::ToolWithoutFindings);
        }
        if let Some(max_age) = requirement.max_age.filter(|_| !requirement.has_age()) {
            inner.defect(max_age.span, DefectKind::AgeOfNothing);
        }
        fields.absorb(inner, &[Self::FIELDS]);
        // A key that was misspelt asked for something.
        if requirement.is_empty() && fields.defect_count() == before {
            fields.defect(span, DefectKind::EmptyEvidenceRequirement);
        }
        requirement.whole = fields.defect_count() == before;
        Some(requirement)
    }

    /// Whether a part of it rests on something that has an age: reports, sign-offs and files. The other parts are about the
    /// plan as it is.
    fn has_age(&self) -> bool {
        self.tests.is_some()
            || self.coverage.is_some()
            || self.scan.is_some()
            || !self.metrics.is_empty()
            || !self.sign_off.is_empty()
            || !self.files.is_empty()
            || self.incidents.is_some()
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.tests.is_none()
            && self.coverage.is_none()
            && self.scan.is_none()
            && self.metrics.is_empty()
            && self.sign_off.is_empty()
            && self.files.is_empty()
            && self.open_defects.is_none()
            && self.release_notes.is_empty()
            && self.communications.is_empty()
            && self.handoffs.is_empty()
            && self.incidents.is_none()
    }
}

impl CoverageRequirement {
    /// The keys of an evidence requirement for coverage.
    pub const FIELDS: &'static [Field] = &[
        Field::new("lines", Shape::Text, "Minimum line coverage: `90%`.").asks(Order::AtLeast),
        Field::new("branches", Shape::Text, "Minimum branch coverage: `80%`.").asks(Order::AtLeast),
        Field::new("package", Shape::Text, "Package or folder; everything by default.")
            .asks(Order::EachOrAll),
    ];

    fn read(fields: &mut Reader<'_>) -> Option<Self> {
        if !fields.holds_mapping("coverage") {
            let lines = least(fields, "coverage")?;
            return Some(CoverageRequirement { lines: Some(lines), branches: None, package: None });
        }
        let before = fields.defect_count();
        let (mut inner, span) = fields.structure("coverage")?;
        let requirement = CoverageRequirement {
            lines: least(&mut inner, "lines"),
            branches: least(&mut inner, "branches"),
            package: inner.text("package").map(owned),
        };
        fields.absorb(inner, &[Self::FIELDS]);
        if requirement.lines.is_none() && requirement.branches.is_none() && fields.defect_count() == before {
            fields.defect(span, DefectKind::EmptyEvidenceRequirement);
        }
        Some(requirement)
    }
}

impl MetricRequirement {
    /// The keys of an evidence requirement for a measurement.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Name of the metric, or the id of a MON or KPI entry.")
            .asks(Order::Nothing),
        Field::new("threshold", Shape::Threshold, "Threshold: `< 200ms`, `>= 99.9%`.")
            .asks(Order::Requirement),
    ];

    fn read_all(fields: &mut Reader<'_>) -> Vec<Self> {
        let mut requirements = Vec::new();
        for (mut inner, span) in fields.structures("metric") {
            let name = inner.text("name");
            let condition = inner.threshold("threshold");
            let threshold = condition.and_then(|condition| {
                condition.value.typed.map(|typed| Spanned::new(*typed, condition.span))
            });
            let before = fields.defect_count();
            fields.absorb(inner, &[Self::FIELDS]);
            let place = name.as_ref().map_or(span, |name| name.span);
            if (name.is_none() || threshold.is_none()) && fields.defect_count() == before {
                fields.defect(place, DefectKind::EmptyEvidenceRequirement);
            }
            requirements.extend(name.map(|name| MetricRequirement { name: owned(name), threshold }));
        }
        requirements
    }
}

/// A share that must be reached (`95%`, `>= 95%`) or exceeded (`> 95%`), or the word `profile`.
pub(crate) fn least(fields: &mut Reader<'_>, name: &str) -> Option<Spanned<RequiredShare>> {
    let text = fields.figure(name)?;
    let written = text.value.trim();
    if value::same_folded(written, PROFILE) {
        return Some(Spanned::new(RequiredShare::Profile, text.span));
    }
    let number = written.trim_start_matches(['>', '=', '≥']);
    let operator = &written[..written.len() - number.len()];
    let kind = match percentage(number) {
        _ if !matches!(operator, "" | ">" | ">=" | "≥") => DefectKind::NotAPercentage,
        Err(error) => error.into(),
        // Nothing is more than all of it, and at least nothing is no demand.
        Ok(share) if share.0 > 100.0 || (share.0 == 100.0 && operator == ">") => {
            DefectKind::PercentageOutOfRange
        }
        Ok(share) if share.0 <= 0.0 => DefectKind::PercentageOutOfRange,
        Ok(share) => {
            let least = RequiredShare::Share { percent: share.0, above: operator == ">" };
            return Some(Spanned::new(least, text.span));
        }
    };
    fields.defect(text.span, kind);
    None
}

fn worst(fields: &mut Reader<'_>) -> Option<Spanned<SeverityLimit>> {
    let text = fields.text("findings_below")?;
    if value::same_folded(text.value.trim(), PROFILE) {
        return Some(Spanned::new(SeverityLimit::Profile, text.span));
    }
    match Severity::from_word(text.value.trim()) {
        Some(severity) => Some(Spanned::new(SeverityLimit::Severity(severity), text.span)),
        None => {
            let found = text.value.into_owned();
            let known = words::<Severity>();
            fields.defect(text.span, DefectKind::UnknownValue { found, known });
            None
        }
    }
}

/// The audiences for which the release notes must be written.
fn audiences(fields: &mut Reader<'_>) -> Vec<Spanned<Audience>> {
    let mut audiences = Vec::new();
    for text in fields.list("release_notes") {
        for word in text.value.split(',') {
            match Audience::from_word(word.trim()) {
                Some(audience) => audiences.push(Spanned::new(audience, text.span)),
                None => {
                    let (found, known) = (word.trim().to_owned(), words::<Audience>());
                    fields.defect(text.span, DefectKind::UnknownValue { found, known });
                }
            }
        }
    }
    audiences
}

fn owned(text: Text<'_>) -> Spanned<String> {
    Spanned::new(text.value.trim().to_owned(), text.span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, SourceFile};

    fn read(yaml: &str) -> (Option<EvidenceRequirement>, Vec<DefectKind>) {
        let file = SourceFile::new("plan.yaml", format!("id: DEP-1\ntype: Criteria\nevidence: {yaml}\n"));
        let content = super::super::document::read(FileId(0), &file, &super::super::Families::default());
        let requirement = content.entries.first().and_then(|entry| match &entry.kind {
            super::super::Kind::Dep(dep) => match &dep.detail {
                super::super::dep::Detail::Criteria(criteria) => {
                    criteria.evidence_requirement.clone().map(|requirement| *requirement)
                }
                _ => None,
            },
            _ => None,
        });
        (requirement, content.defects.into_iter().map(|defect| defect.kind).collect())
    }

    fn share(percent: f64, above: bool) -> Option<RequiredShare> {
        Some(RequiredShare::Share { percent, above })
    }

    #[test]
    fn a_demand_is_read_in_all_its_parts() {
        let (requirement, defects) = read(
            "{tests: '> 95%', coverage: {lines: 90%, branches: profile, package: core}, findings_below: high,
              tool: CodeQL, metric: {name: p95, threshold: '< 200ms'}, sign_off: QA Lead, file: notes.md,
              max_age: 7d}",
        );
        assert_eq!(defects, []);
        let requirement = requirement.expect("a demand");
        let coverage = requirement.coverage.expect("coverage");
        assert!(requirement.whole);
        assert_eq!(requirement.tests.map(|least| least.value), share(95.0, true));
        assert_eq!(coverage.lines.map(|least| least.value), share(90.0, false));
        assert_eq!(coverage.branches.map(|least| least.value), Some(RequiredShare::Profile));
        assert_eq!(
            requirement.scan.map(|scan| scan.below.value),
            Some(SeverityLimit::Severity(Severity::High))
        );
        assert_eq!(requirement.metrics.len(), 1);
        assert_eq!(requirement.sign_off[0].value, "QA Lead");
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(read("the report of the pipeline"), (None, vec![]));
    }

    #[test]
    fn a_demand_that_is_not_understood_is_not_whole() {
        let broken = |yaml: &str| {
            let (requirement, defects) = read(yaml);
            assert!(requirement.is_some_and(|requirement| !requirement.whole), "{yaml}");
            defects
        };
        assert_eq!(broken("{}"), [DefectKind::EmptyEvidenceRequirement]);
        assert_eq!(broken("{tests: most}"), [DefectKind::NotAPercentage]);
        assert!(matches!(broken("{tests: 0.95}")[..], [DefectKind::AmbiguousPercentage(_)]));
        assert!(matches!(broken("{coverage: '>= 1'}")[..], [DefectKind::AmbiguousPercentage(_)]));
        assert_eq!(broken("{tests: '> 100%'}"), [DefectKind::PercentageOutOfRange]);
        assert_eq!(broken("{tests: 0%}"), [DefectKind::PercentageOutOfRange]);
        assert_eq!(broken("{coverage: {}}"), [DefectKind::EmptyEvidenceRequirement]);
        assert_eq!(broken("{metric: {name: p95}}"), [DefectKind::EmptyEvidenceRequirement]);
        assert_eq!(broken("{tests: 100%, tool: CodeQL}"), [DefectKind::ToolWithoutFindings]);
        assert_eq!(broken("{open_defects_below: High, max_age: 7d}"), [DefectKind::AgeOfNothing]);
        assert!(matches!(broken("{test: 100%}")[..], [DefectKind::UnknownKey { .. }]));
        assert!(matches!(broken("{findings_below: bad}")[..], [DefectKind::UnknownValue { .. }]));
    }
}
