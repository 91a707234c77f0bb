//! The fields of every family in one list, for whoever goes through all of them.

use super::dep::{Criteria, Environment, Rollback, Step, Validation};
use super::entry::{HEADER, PLAIN};
use super::epic::Epic;
use super::field::Field;
use super::flag::Flag;
use super::graded::Graded;
use super::handoff::Handoff;
use super::incident::{Action, Incident};
use super::indicator::{Kpi, Mon};
use super::rel::Rel;
use super::risk::Risk;
use super::runbook::Run;
use super::test::Test;

/// The table of each family with its title, the header that all entries share first.
pub fn field_tables() -> [(&'static str, &'static [Field]); 21] {
    [
        ("Every entry", HEADER),
        ("DEP of type Environment", Environment::FIELDS),
        ("DEP of type Criteria", Criteria::FIELDS),
        ("DEP of type Rollback", Rollback::FIELDS),
        ("DEP of type Validation", Validation::FIELDS),
        ("DEP of type Step", Step::FIELDS),
        ("EPIC", Epic::FIELDS),
        ("TEST", Test::FIELDS),
        ("RISK", Risk::FIELDS),
        ("REL", Rel::FIELDS),
        ("MON", Mon::FIELDS),
        ("RUN", Run::FIELDS),
        ("KPI", Kpi::FIELDS),
        ("INC", Incident::FIELDS),
        ("ACT", Action::FIELDS),
        ("HND", Handoff::FIELDS),
        ("FLAG", Flag::FIELDS),
        ("API", Graded::API),
        ("BUG", Graded::DEFECT),
        ("UJ", Graded::JOURNEY),
        ("Any other family", PLAIN),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::defect::DefectKind;
    use super::super::field::Shape;
    use super::super::{Families, document};
    use super::*;
    use crate::source::{FileId, SourceFile};

    /// A value that a field of this shape takes.
    fn sample(shape: Shape) -> String {
        match shape {
            Shape::Text | Shape::List => "abc".to_owned(),
            Shape::Choice(choices) => format!("\"{}\"", choices().words[0]),
            Shape::Flag => "yes".to_owned(),
            Shape::Date => "2027-03-01".to_owned(),
            Shape::Moment => "2027-03-01T08:00Z".to_owned(),
            Shape::Number => "1".to_owned(),
            Shape::Percentage => "40 %".to_owned(),
            Shape::Duration => "5m".to_owned(),
            Shape::Window => "0h..2h".to_owned(),
            Shape::Threshold => "\"> 2% of requests for 5m\"".to_owned(),
            Shape::Version => "\"3.0.0\"".to_owned(),
            Shape::Links => "EPIC-001".to_owned(),
            Shape::Structure(_) | Shape::Named { .. } | Shape::Free => "{}".to_owned(),
        }
    }

    /// Each alias of the fields, as the text of an entry that has it, behind the texts that lead to it.
    fn with_aliases(fields: &'static [Field], around: &dyn Fn(&str) -> String, texts: &mut Vec<String>) {
        for field in fields {
            let here = |text: &str| around(&format!("{}: {text}", field.name));
            texts.extend(
                field.aliases.iter().map(|alias| around(&format!("{alias}: {}", sample(field.shape)))),
            );
            match field.shape {
                Shape::Structure(inner) => with_aliases(inner, &|text| here(&format!("{{{text}}}")), texts),
                Shape::Named { known, each } => {
                    with_aliases(known, &|text| here(&format!("{{{text}}}")), texts);
                    with_aliases(each, &|text| here(&format!("[{{name: abc, {text}}}]")), texts);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn every_alias_of_every_field_is_read() {
        let mut texts = Vec::new();
        for (title, fields) in field_tables() {
            let head = match title.split_once(" of type ") {
                Some((_, dep_type)) => format!("id: DEP-001, type: {dep_type}"),
                None if title.contains(' ') => "id: FEA-001".to_owned(),
                None => format!("id: {title}-001"),
            };
            with_aliases(fields, &|text| format!("{{{head}, {text}}}"), &mut texts);
        }
        assert!(texts.len() > 30, "{}", texts.len());
        for text in texts {
            let file = SourceFile::new("plan.yaml", text.as_str());
            let content = document::read(FileId(0), &file, &Families::default());
            let unread = content.defects.iter().find(|defect| {
                matches!(defect.kind, DefectKind::UnknownKey { .. } | DefectKind::MisplacedKey { .. })
            });
            assert!(unread.is_none(), "{text}: {unread:?}");
        }
    }
}
