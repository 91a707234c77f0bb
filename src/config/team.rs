//! `[team]`: who works on the plan, and how much they can do.

use chrono::NaiveDate;

use super::{owned, owned_text};
use crate::model::field::{Field, Shape};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::model::same_folded;
use crate::source::{Span, Spanned};

/// A person or a team with its capacity.
#[derive(Debug, Clone)]
pub struct Team {
    /// Its name, as entries write it as their owner.
    pub name: Spanned<String>,
    /// Other names under which it owns entries.
    pub also: Vec<Spanned<String>>,
    /// How many people it has.
    pub people: u32,
    /// Which share of their time they give to the plan, from 0 to 1.
    pub allocation: f64,
    /// What they can do.
    pub skills: Vec<Spanned<String>>,
    /// How many work packages they work on at the same time, if that is limited.
    pub wip_limit: Option<Spanned<u32>>,
    /// When they are away.
    pub absences: Vec<Absence>,
}

/// A time in which people of a team do not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How many of them; all unless stated.
    pub people: Option<u32>,
    /// Why.
    pub reason: Option<String>,
}

/// The keys of `[team.NAME]`.
pub const TEAM: &[Field] = &[
    Field::new("also", Shape::List, "Other names under which it owns entries.").asks(Order::Nothing),
    Field::new("people", Shape::Number, "Number of people; 1 by default.").asks(Order::Nothing),
    Field::new(
        "allocation",
        Shape::Percentage,
        "Share of their working time for this plan; 100% by default.",
    )
    .asks(Order::Nothing),
    Field::new("skills", Shape::List, "Skills of its people.").asks(Order::Nothing),
    Field::new(
        "wip_limit",
        Shape::Number,
        "Work in progress limit: EPIC entries in progress at the same time.",
    )
    .asks(Order::Nothing),
    Field::new("absences", Shape::Structure(ABSENCE), "Absences, such as vacations.").asks(Order::Nothing),
];

/// The keys of an absence.
const ABSENCE: &[Field] = &[
    Field::new("from", Shape::Date, "First day.").asks(Order::Nothing),
    Field::new("to", Shape::Date, "Last day; the first day by default.").asks(Order::Nothing),
    Field::new("people", Shape::Number, "Number of people who are away; all by default.")
        .asks(Order::Nothing),
    Field::new("reason", Shape::Text, "Reason.").asks(Order::Nothing),
];

impl Team {
    /// Whether an owner is this team.
    pub fn is_called(&self, owner: &str) -> bool {
        std::iter::once(&self.name).chain(&self.also).any(|name| same_folded(&name.value, owner))
    }

    /// Whether its people have a skill.
    pub fn has_skill(&self, skill: &str) -> bool {
        self.skills.iter().any(|own| same_folded(&own.value, skill))
    }

    /// Whether it can do any work: it has people, and they have time.
    pub fn has_capacity(&self) -> bool {
        self.people > 0 && self.allocation > 0.0 && self.wip_limit.is_none_or(|limit| limit.value > 0)
    }
}

/// Reads `[team]`.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Team> {
    let mut teams = Vec::new();
    for (name, mut table, _) in reader.named_structures("team") {
        let also = owned(table.list("also"));
        let people = table.count("people").map_or(1, |people| people.value);
        let allocation = table.percentage("allocation").map_or(1.0, |share| share.value.0 / 100.0);
        let skills = owned(table.list("skills"));
        let wip_limit = table.count("wip_limit");
        let absences = read_absences(&mut table);
        reader.absorb(table, &[TEAM]);
        teams.push(Team { name: owned_text(name), also, people, allocation, skills, wip_limit, absences });
    }
    teams
}

fn read_absences(table: &mut Reader<'_>) -> Vec<Absence> {
    let mut absences = Vec::new();
    for (mut inner, span) in table.structures("absences") {
        absences.extend(read_absence(&mut inner, span));
        table.absorb(inner, &[ABSENCE]);
    }
    absences
}

fn read_absence(inner: &mut Reader<'_>, span: Span) -> Option<Absence> {
    let (from, to) = super::calendar::read_days(inner, span, "from", "`from = 2027-07-19`")?;
    let people = inner.count("people").map(|people| people.value);
    let reason = inner.text("reason").map(|reason| reason.value.into_owned());
    Some(Absence { from, to, people, reason })
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::source::{FileId, SourceFile};

    fn read(toml: &str) -> Config {
        Config::read(FileId(0), &SourceFile::new("relplan.toml", toml))
    }

    #[test]
    fn a_team_has_its_capacity_and_its_names() {
        let config = read(
            "[team.backend]\nalso = [\"Engineering Lead\"]\npeople = 3\nallocation = \"80%\"\nskills = \"rust\"\n\
             wip_limit = 2\nabsences = [{ from = 2027-07-19, to = 2027-07-30, people = 1, reason = \"vacation\" }]\n\
             [team.\"QA Lead\"]\n",
        );
        assert!(!config.is_broken(), "{:?}", config.defects);
        let [backend, qa] = &config.team[..] else { panic!("two teams: {:?}", config.team) };
        assert!(
            backend.is_called("engineering lead")
                && backend.is_called("Backend")
                && backend.has_skill("Rust")
        );
        assert_eq!((backend.people, backend.allocation, backend.absences.len()), (3, 0.8, 1));
        assert_eq!((qa.people, qa.allocation, qa.has_capacity()), (1, 1.0, true));
    }

    #[test]
    fn what_cannot_be_is_a_defect() {
        for bad in [
            "people = -1",
            "people = 1.5",
            "allocation = \"120%\"",
            "wip = 2",
            "absences = [{ to = 2027-07-30 }]",
            "absences = [{ from = 2027-07-30, to = 2027-07-19 }]",
            "absences = [{ from = 2027-02-30 }]",
        ] {
            assert!(read(&format!("[team.a]\n{bad}\n")).is_broken(), "{bad}");
        }
    }
}
