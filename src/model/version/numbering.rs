//! How versions are numbered, as the plan, a family or an entry states it.

use super::{CalendarPattern, Scheme, Version};

/// How versions are numbered, as far as it is stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbering {
    /// The scheme.
    pub scheme: Option<Scheme>,
    /// The pattern of calendar versions.
    pub pattern: Option<CalendarPattern>,
}

impl Numbering {
    /// Whether anything is stated.
    pub fn is_stated(&self) -> bool {
        self.scheme.is_some() || self.pattern.is_some()
    }

    /// The scheme; a pattern is one of calendar versions.
    pub fn scheme(&self) -> Option<Scheme> {
        self.scheme.or(self.pattern.as_ref().map(|_| Scheme::Calendar))
    }

    /// This one, completed by what is stated for all.
    #[must_use]
    pub fn within(&self, outer: &Numbering) -> Numbering {
        let scheme = self.scheme().or(outer.scheme());
        let pattern = self.pattern.clone().or_else(|| outer.pattern.clone());
        Numbering { scheme, pattern: pattern.filter(|_| scheme == Some(Scheme::Calendar)) }
    }

    /// Reads a version: after the pattern, of the stated scheme, or of the one that its form shows.
    pub fn read(&self, text: &str) -> Option<Version> {
        match (self.scheme(), &self.pattern) {
            (Some(Scheme::Calendar), Some(pattern)) => Version::parse_by(text, pattern),
            (Some(scheme), _) => Version::parse_as(text, scheme),
            (None, _) => Version::parse(text),
        }
    }
}
