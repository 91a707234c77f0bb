//! The decision tree as a conversation: one question after the other, until it is clear what to do.
//!
//! A walk is a value: it has a question or an outcome, and takes one answer at a time. Who asks, and
//! where the answers come from, is for the command to say.

use super::{DecisionTree, RollbackProcedure, Trigger};

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// Nobody can tell. That is not a no.
    Unknown,
}

impl Answer {
    /// Reads what somebody typed.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "y" | "yes" => Some(Answer::Yes),
            "n" | "no" => Some(Answer::No),
            "?" | "u" | "unknown" => Some(Answer::Unknown),
            _ => None,
        }
    }

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The trigger that it is about, if it is about one.
    pub about: Option<String>,
    /// What is asked.
    pub text: String,
    /// Where to look for the answer: the metrics.
    pub look_at: Vec<String>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredQuestion {
    /// What was asked.
    pub question: Question,
    /// What was answered.
    pub answer: Answer,
}

/// What a walk leads to.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'t> {
    /// The rollback has started by itself: see that it gets to its end.
    Follow(&'t Trigger),
    /// The rollback is to be carried out now.
    Execute(&'t Trigger, Start),
    /// The trigger holds, and nobody has decided yet.
    Decide(&'t Trigger),
    /// No trigger holds, and it is bad enough to go back all the same.
    GoBack(&'t [RollbackProcedure]),
    /// No trigger is known to hold, and nobody says that it is bad enough to go back.
    Watch,
}

/// Why a rollback is carried out by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It should have started by itself and has not, or nobody can tell.
    NotByItself,
    /// Somebody decided.
    Decided,
}

/// A walk through a decision tree.
#[derive(Debug)]
pub struct Walk<'t> {
    /// What is walked through.
    pub tree: &'t DecisionTree,
    /// What was asked so far.
    pub asked: Vec<AnsweredQuestion>,
    place: Place<'t>,
}

#[derive(Debug, Clone, Copy)]
enum Place<'t> {
    /// Does the trigger at this position hold?
    Holds(usize),
    /// It holds and starts by itself: has it?
    Started(&'t Trigger),
    /// It holds and somebody must decide: has somebody?
    Decided(&'t Trigger),
    /// None holds: is it bad enough all the same?
    BadEnough,
    End(Outcome<'t>),
}

impl<'t> Walk<'t> {
    /// A walk at its beginning.
    pub fn new(tree: &'t DecisionTree) -> Self {
        let place = if tree.triggers.is_empty() { Place::BadEnough } else { Place::Holds(0) };
        Walk { tree, asked: Vec::new(), place }
    }

    /// What is asked next; nothing at the end.
    pub fn question(&self) -> Option<Question> {
        let tree = self.tree;
        match self.place {
            Place::Holds(at) => tree.triggers.get(at).map(holds),
            Place::Started(trigger) => Some(started(trigger)),
            Place::Decided(trigger) => Some(decided(trigger)),
            Place::BadEnough => Some(bad_enough(tree)),
            Place::End(_) => None,
        }
    }

    /// Where the walk has led; nothing before its end.
    pub fn outcome(&self) -> Option<Outcome<'t>> {
        match self.place {
            Place::End(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Triggers of which nobody could tell whether they hold.
    pub fn unknown(&self) -> Vec<&str> {
        let unknown = self.asked.iter().filter(|asked| asked.answer == Answer::Unknown);
        let mut ids: Vec<&str> = unknown.filter_map(|asked| asked.question.about.as_deref()).collect();
        ids.dedup();
        ids
    }

    /// Takes an answer and goes on.
    pub fn answer(&mut self, answer: Answer) {
        let Some(question) = self.question() else { return };
        self.asked.push(AnsweredQuestion { question, answer });
        let yes = answer == Answer::Yes;
        self.place = match self.place {
            Place::Holds(at) => self.after(at, answer),
            Place::Started(trigger) if yes => Place::End(Outcome::Follow(trigger)),
            Place::Started(trigger) => Place::End(Outcome::Execute(trigger, Start::NotByItself)),
            Place::Decided(trigger) if yes => Place::End(Outcome::Execute(trigger, Start::Decided)),
            Place::Decided(trigger) => Place::End(Outcome::Decide(trigger)),
            Place::BadEnough if yes => Place::End(Outcome::GoBack(&self.tree.ways_back)),
            Place::BadEnough => Place::End(Outcome::Watch),
            Place::End(outcome) => Place::End(outcome),
        };
    }

    fn after(&self, at: usize, answer: Answer) -> Place<'t> {
        match (answer, self.tree.triggers.get(at)) {
            (Answer::Yes, Some(trigger)) if trigger.automatic == Some(true) => Place::Started(trigger),
            (Answer::Yes, Some(trigger)) => Place::Decided(trigger),
            _ if at + 1 < self.tree.triggers.len() => Place::Holds(at + 1),
            _ => Place::BadEnough,
        }
    }
}

fn about(trigger: &Trigger, text: String) -> Question {
    let look_at = trigger.watched_by.iter().map(|metric| format!("{} {}", metric.id, metric.title));
    Question { about: Some(trigger.id.clone()), text, look_at: look_at.collect() }
}

/// The trigger in words and in numbers, as far as the plan has them.
fn holds(trigger: &Trigger) -> Question {
    let words = trigger.trigger.as_deref().unwrap_or(&trigger.title);
    let number = trigger.threshold.as_ref();
    let number = number.map(|limit| limit.reading.as_deref().unwrap_or(&limit.text));
    let severity = trigger.severity.unwrap_or("no severity");
    let number = number.map(|number| format!(" ({number})")).unwrap_or_default();
    about(trigger, format!("{severity}: {words}{number}. Does it apply?"))
}

fn started(trigger: &Trigger) -> Question {
    about(trigger, "The rollback is automatic. Has it started?".to_owned())
}

fn decided(trigger: &Trigger) -> Question {
    let text = match &trigger.authority {
        Some(authority) => format!("Authority: {authority}. Is the rollback approved?"),
        None => "The plan names no authority. Is the rollback approved?".to_owned(),
    };
    Question { look_at: Vec::new(), ..about(trigger, text) }
}

fn bad_enough(tree: &DecisionTree) -> Question {
    let text = match &tree.nothing_matches.decides {
        Some(decides) => {
            format!("No trigger is known to apply. Authority: {decides}. Roll back anyway?")
        }
        None => "No trigger is known to apply, and the plan names no authority. Roll back anyway?".to_owned(),
    };
    Question { about: None, text, look_at: Vec::new() }
}
