//! Which roles a text asks for.

use crate::config::Roster;
use crate::model::same_folded;

/// The roles in a text: `QA Lead`, `QA Lead + Technical Lead`, `QA Lead and Technical Lead`, lists with
/// commas and semicolons. A role of the roster is one role, whatever is in its name: `Research and Development`.
pub fn roles(text: &str, roster: Option<&Roster>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = Some(text.trim()).filter(|text| !text.is_empty());
    while let Some(text) = rest {
        let is_role = text.len() > LONGEST || roster.is_some_and(|roster| roster.role(text).is_some());
        let (first, behind) = split(text).filter(|_| !is_role).unwrap_or((text, ""));
        let first = first.trim();
        if !first.is_empty() && !found.iter().any(|other| same_folded(other, first)) {
            found.push(first.to_owned());
        }
        rest = Some(behind.trim()).filter(|text| !text.is_empty());
    }
    found
}

/// The longest text in which several roles are looked for.
const LONGEST: usize = 400;

/// A text before and behind the first word or mark that joins roles.
fn split(text: &str) -> Option<(&str, &str)> {
    let joins = [" and ", " AND ", "+", ",", ";", "\n"];
    let first = joins.iter().filter_map(|join| Some((text.find(join)?, join.len()))).min()?;
    Some((&text[..first.0], text[first.0 + first.1..].trim_start().trim_start_matches("and ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::source::{FileId, SourceFile};

    fn check(text: &str, expect: &[&str]) {
        let toml = "[roles.\"Research and Development\"]\nholders = []\n[roles.QA]\nholders = []\n";
        let config = Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(roles(text, config.roster.as_ref()), expect, "{text}");
    }

    #[test]
    fn several_roles_in_one_text_are_several() {
        check("QA Lead", &["QA Lead"]);
        check("QA Lead + Technical Lead", &["QA Lead", "Technical Lead"]);
        check("QA Lead and Technical Lead", &["QA Lead", "Technical Lead"]);
        check("A, B, and C; D", &["A", "B", "C", "D"]);
        check("QA, qa , Q-A", &["QA"]);
        check("Brand Manager", &["Brand Manager"]);
        check(" ", &[]);
    }

    #[test]
    fn a_role_of_the_roster_is_one() {
        check("research and development", &["research and development"]);
        check("QA + Research and Development", &["QA", "Research and Development"]);
    }
}
