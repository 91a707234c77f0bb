//! `relplan waive`: writes down that a check may stay unmet, by whose word, why, and until when.

use chrono::NaiveDate;
use clap::Args;

use super::approve::{WriteOptions, entry, refused, release_of, visible_name, whole_plan};
use super::{Global, Paths, Screen, Verdict, parse_day};
use crate::compare::OF_LOOSENING;
use crate::config::{Config, profiles};
use crate::error::Error;
use crate::model::document::WAIVERS;
use crate::model::id::{self, IdError};
use crate::model::identity::is_same_person;
use crate::model::{EntryIndex, Id, Plan, same_folded};
use crate::source::append::{Item, scalar};
use crate::verdict::approval::ApprovalContext;
use crate::verdict::waivable::{self, Named};
use crate::verdict::waiver::{Refusal, Terms, Waiver, grant};

/// The arguments of `relplan waive`.
#[derive(Debug, Args)]
pub struct WaiveArguments {
    /// The waived check: the id of an entry, the name of a gate check, or `freeze: NAME`
    #[arg(value_name = "CHECK")]
    check: String,
    /// The person who grants the waiver
    #[arg(long, value_name = "PERSON")]
    by: String,
    /// The reason
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The last day on which the waiver is valid
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    until: NaiveDate,
    /// The role of the person who grants it
    #[arg(long)]
    role: Option<String>,
    /// Waive only for this release: an id, a version, or `next`
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    #[command(flatten)]
    writing: WriteOptions,
}

/// Runs the command.
pub(super) fn run(arguments: &WaiveArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let _lock = arguments.writing.lock(global)?;
    let project = global.load(&Paths { paths: Vec::new() }, screen)?;
    let plan = whole_plan(&project)?;
    let (today, _) = global.day();
    let check = arguments.check(&plan, &project.config, screen)?;
    let release = match &arguments.release {
        Some(name) => release_of(&plan, &project.graph(&plan), Some(name))?,
        None => None,
    };
    arguments.refuse(&plan, &project.config, &check, today)?;
    arguments.refuse_again(&plan, &check, release)?;
    let last = plan.waivers.last().map(|record| record.span.file);
    let last = last.or_else(|| plan.approvals.last().map(|record| record.span.file));
    let item = arguments.item(&plan, &check, release, today);
    if let Some(place) = arguments.writing.write(&project, last, WAIVERS, &item, None, screen)? {
        let of = release.map(|release| format!(" for {}", plan.entry(release).id.value)).unwrap_or_default();
        screen.remark(&format!("waived {check}{of} until {}: {place}\n", arguments.until));
        if project.config.roster.is_none() {
            screen.remark(
                "no roster confirms it: `may_waive` in `[roles]` of relplan.toml says who may waive\n",
            );
        }
    }
    Ok(Verdict::Fine)
}

impl WaiveArguments {
    /// What is waived, as the plan spells it. What no check could ever be is no waiver.
    fn check(&self, plan: &Plan<'_>, config: &Config, screen: &Screen) -> Result<String, Error> {
        let text = self.check.trim();
        match id::parse(text) {
            Ok(id) | Err(IdError::LetterCase(id)) => of_entry(plan, config, id),
            Err(_) if text.is_empty() => {
                Err(refused("no check given", "pass an entry, or a check of a gate"))
            }
            Err(_) if text.starts_with(OF_LOOSENING) => Ok(text.to_owned()),
            // A gate may have checks that are no entries.
            Err(_) => of_gate(text, plan, config, screen),
        }
    }

    /// What would not be valid is not written.
    fn refuse(&self, plan: &Plan<'_>, config: &Config, check: &str, today: NaiveDate) -> Result<(), Error> {
        visible_name(&self.by)?;
        if self.until < today {
            let reason = format!("{} is in the past: the waiver would be expired", self.until);
            return Err(refused(reason, "pass a later date with `--until`"));
        }
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (reason, role) = (text(&self.reason), self.role.as_deref().and_then(text));
        let entry = id::parse(check).ok().and_then(|id| plan.find(id)).map(|index| plan.entry(index));
        let waiver = Waiver {
            by: Some(self.by.trim()),
            role: role.as_deref(),
            reason: reason.as_deref(),
            on: Some(today),
            until: Some(self.until),
            owners: entry.map(ApprovalContext::owners).unwrap_or_default(),
        };
        let name = config.context.choose().0;
        let missing =
            || Error::NoSuchProfile { name: name.to_owned(), known: profiles::names(&config.profiles) };
        let profile = profiles::find(&config.profiles, name).ok_or_else(missing)?;
        let terms = Terms { roster: config.roster.as_ref(), profile, today };
        grant(&waiver, terms).map(|_| ()).map_err(|refusal| match refusal {
            Refusal::NoReason => refused("a waiver needs a reason", "pass `--reason`"),
            refusal => refused(
                format!("the waiver would not be valid: {}", refusal.reason()),
                refusal.next(terms).replace("`until: ", "`--until "),
            ),
        })
    }

    fn refuse_again(&self, plan: &Plan<'_>, check: &str, release: Option<EntryIndex>) -> Result<(), Error> {
        let again = plan.waivers.iter().any(|record| {
            let is = |own: &Option<crate::model::Text<'_>>, other: &str| {
                own.as_ref().is_some_and(|own| same_folded(own.value.trim(), other.trim()))
            };
            let of = record.release.as_ref().map(|name| plan.release(&name.value));
            is(&record.check, check)
                && record.by.as_ref().is_some_and(|by| is_same_person(&by.value, &self.by))
                && record.until.is_some_and(|until| until.value >= self.until)
                && of == release.map(Some)
        });
        match again {
            false => Ok(()),
            true => Err(refused(
                format!("{} already waived {check} until {} or later", self.by.trim(), self.until),
                "the waiver is still valid; edit it to change it",
            )),
        }
    }

    fn item(&self, plan: &Plan<'_>, check: &str, release: Option<EntryIndex>, today: NaiveDate) -> Item {
        let role = self.role.as_deref().map(str::trim).filter(|role| !role.is_empty());
        let fields = [
            ("check", Some(scalar(check))),
            ("release", release.map(|release| plan.entry(release).id.value.to_string())),
            ("by", Some(scalar(self.by.trim()))),
            ("role", role.map(scalar)),
            ("reason", Some(scalar(self.reason.trim()))),
            ("on", Some(today.to_string())),
            ("until", Some(self.until.to_string())),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// An entry that is waived, by its id.
fn of_entry(plan: &Plan<'_>, config: &Config, id: Id) -> Result<String, Error> {
    let id = plan.entry(entry(plan, id)?).id.value;
    match waivable::is_looked_at(id, plan, config) {
        true => Ok(id.to_string()),
        false => Err(refused(
            format!("{id} is a release: it has only approvals, which cannot be waived"),
            "pass an entry, or a check of a gate from `relplan report`",
        )),
    }
}

/// A check of a gate that is waived, by its name.
fn of_gate(text: &str, plan: &Plan<'_>, config: &Config, screen: &Screen) -> Result<String, Error> {
    match waivable::named(text, plan, config) {
        Named::Check(name) | Named::Freeze(name) => Ok(name),
        Named::OfEntries { name, chooses, may_lack: true } => {
            screen.remark(&format!(
                "the waiver covers missing {chooses} only; waive an existing one by its id\n"
            ));
            Ok(name)
        }
        Named::OfEntries { name, chooses, may_lack: false } => Err(refused(
            format!("`{name}` has no check of its own: it covers every {chooses}"),
            "waive the unmet ones by their ids",
        )),
        Named::Approval { role } => Err(refused(
            format!("`{text}` is an approval, which cannot be waived"),
            format!("record the approval: `relplan approve --role \"{role}\" --by PERSON`"),
        )),
        Named::Plan => {
            Err(refused("the soundness of the plan cannot be waived", "fix the findings of `relplan check`"))
        }
        Named::Nothing { near } => Err(refused(
            format!("unknown check `{text}`: neither an entry, a gate check nor a freeze"),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "run `relplan report` or `relplan gate NAME` for the names of the checks".to_owned(),
            },
        )),
    }
}
