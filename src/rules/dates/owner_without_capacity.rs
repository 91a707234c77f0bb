use crate::config::Team;
use crate::finding::Report;
use crate::model::epic::Epic;
use crate::model::reader::nearest_name;
use crate::model::{Entry, same_folded};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// Open work that no team of `relplan.toml` has the capacity for.
    ///
    /// The owner is none of the teams, or the team has no people or no time, or
    /// fewer people than the work needs at the same time, or no team has the
    /// skill. A schedule cannot place the work, and a forecast takes it as if
    /// people were always free for it. Plans without `[team]` are not checked.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// owner: Frontend
    /// state: In Progress
    /// ```
    /// ```toml,bad
    /// [team.Backend]
    /// people = 3
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// owner: Frontend
    /// state: In Progress
    /// ```
    /// ```toml,good
    /// [team.Frontend]
    /// people = 3
    /// ```
    "RP0740", "owner-without-capacity", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let teams = &subject.config.team;
    if teams.is_empty() {
        return 0;
    }
    let open = subject.plan.epics().filter(|(_, epic)| epic.is_open());
    let mut looked_at = 0;
    for (entry, epic) in open {
        looked_at += 1;
        reports.extend(of_owner(teams, entry, epic));
        reports.extend(of_skills(teams, entry, epic));
    }
    looked_at
}

fn of_owner(teams: &[Team], entry: &Entry<'_>, epic: &Epic<'_>) -> Option<Report> {
    let (id, owner) = (entry.id.value, entry.owner.as_ref()?);
    let Some(team) = teams.iter().find(|team| team.is_called(&owner.value)) else {
        // Whoever is looked for by skill needs no team of that name.
        if !epic.skills.is_empty() {
            return None;
        }
        let message = format!("{id}: the owner `{}` is not in `[team]`", owner.value);
        let report = Report::at(owner.span, message);
        let known: Vec<String> = teams.iter().map(|team| team.name.value.clone()).collect();
        return Some(match nearest_name(&owner.value, known.iter().map(String::as_str)) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report.help(format!(
                "add `[team.\"{}\"]` to relplan.toml, or add the name to `also` of {}",
                owner.value,
                words::any_of(&known)
            )),
        });
    };
    let name = &team.name.value;
    if !team.has_capacity() {
        let message = format!("{id}: the owner `{name}` has no capacity");
        let help = "set `people`, `allocation` and `wip_limit` of the team above 0, or change the owner";
        return Some(Report::at(owner.span, message).and(team.name.span, "this team").help(help));
    }
    let needed = epic.people.filter(|people| people.value > team.people)?;
    let message = format!("{id}: needs {} people, but `{name}` has {}", needed.value, team.people);
    Some(
        Report::at(needed.span, message)
            .and(team.name.span, "this team")
            .help("lower `people` of the entry, or raise `people` of the team"),
    )
}

fn of_skills(teams: &[Team], entry: &Entry<'_>, epic: &Epic<'_>) -> Option<Report> {
    let first = epic.skills.first()?;
    let able = |team: &&Team| epic.skills.iter().all(|skill| team.has_skill(&skill.value));
    let is_owned = |team: &&Team| entry.owner.as_ref().is_some_and(|owner| team.is_called(&owner.value));
    let known: Vec<&Team> = teams.iter().filter(is_owned).collect();
    let asked = if known.is_empty() { teams.iter().collect() } else { known };
    if asked.iter().any(|team| able(team) && team.has_capacity()) {
        return None;
    }
    let all: Vec<String> = epic.skills.iter().map(|skill| format!("`{}`", skill.value)).collect();
    let skills: Vec<&str> =
        teams.iter().flat_map(|team| &team.skills).map(|skill| skill.value.as_str()).collect();
    let missing = epic.skills.iter().find(|skill| !skills.iter().any(|own| same_folded(own, &skill.value)));
    let message = format!("{}: no team with capacity has {}", entry.id.value, words::list(&all));
    let report = Report::at(missing.unwrap_or(first).span, message);
    Some(match missing.and_then(|skill| nearest_name(&skill.value, skills.iter().copied())) {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report.help("add the skill to `skills` of a team in relplan.toml"),
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn open_work_needs_a_team_with_capacity() {
        let check = |epic: &str, team: &str, expect: &[&str]| {
            let yaml = format!("{{id: EPIC-1, title: T, {epic}}}");
            assert_eq!(messages("owner-without-capacity", &yaml, team), expect, "{epic} {team}");
        };
        let team = "[team.Backend]\nalso = [\"Data Lead\"]\npeople = 2\nskills = [\"sql\"]\n";
        check("owner: backend", team, &[]);
        check("owner: Data Lead", team, &[]);
        check("owner: Frontend", "", &[]);
        check("owner: Frontend, state: Complete", team, &[]);
        check("owner: Frontend", team, &["EPIC-1: the owner `Frontend` is not in `[team]`"]);
        check("owner: Frontend, skills: [SQL]", team, &[]);
        check("owner: Backend, people: 3", team, &["EPIC-1: needs 3 people, but `Backend` has 2"]);
        check("skills: [sql, css]", team, &["EPIC-1: no team with capacity has `sql` and `css`"]);
        for none in ["people = 0", "allocation = \"0%\"", "wip_limit = 0"] {
            let team = format!("[team.Backend]\n{none}\n");
            check("owner: Backend", &team, &["EPIC-1: the owner `Backend` has no capacity"]);
        }
    }
}
