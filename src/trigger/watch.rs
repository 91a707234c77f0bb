//! A deployment under watch, as a state machine: samples in, advice and an outcome out.
//!
//! It knows neither clock nor network. A sample says what each trigger shows at a moment. SUCCESS needs every trigger to be known
//! and quiet for the whole validation window without interruption; a trigger that fired is never forgotten.

use super::live::{Doubt, TriggerState};
use crate::model::Id;

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchPlan {
    /// When the deployment began, in milliseconds.
    pub started: i64,
    /// For how long every trigger must be known and quiet, in milliseconds.
    pub window: i64,
    /// How long to watch at most, in milliseconds.
    pub longest: i64,
    /// The triggers.
    pub triggers: Vec<WatchedTrigger>,
    /// Rollbacks that cannot be evaluated: while there is one, no success is known.
    pub left_out: Vec<(Id, Doubt)>,
}

/// A trigger that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchedTrigger {
    /// Its rollback entry.
    pub id: Id,
    /// Whether a person decides on the rollback.
    pub is_manual: bool,
}

/// What a trigger shows at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its state.
    pub state: TriggerState,
    /// Since when it has been known whether its condition is met.
    pub known_since: Option<i64>,
}

impl Seen {
    /// Nothing is known.
    pub fn unknown(doubt: Doubt) -> Self {
        Seen { state: TriggerState::Unknown(doubt), known_since: None }
    }
}

/// What to do with the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// Every trigger is known not to fire.
    Continue,
    /// Something is pending or unknown, or waits for a person's decision.
    Pause,
    /// A trigger fired.
    RollBack,
}

/// How the watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every trigger was known and quiet for the whole validation window.
    Success,
    /// The time is over, and success is not known.
    Aborted,
    /// A trigger fired that starts the rollback.
    RolledBack,
}

/// A deployment under watch.
#[derive(Debug, Clone)]
pub struct Watch {
    plan: WatchPlan,
    /// When each trigger fired first.
    fired: Vec<Option<i64>>,
    seen: Vec<Seen>,
    now: i64,
    outcome: Option<Outcome>,
}

impl Watch {
    /// A deployment of which nothing has been seen yet.
    pub fn new(plan: WatchPlan) -> Self {
        let not_yet = Seen::unknown(Doubt::new("no sample yet", "wait for the first sample"));
        Watch {
            fired: vec![None; plan.triggers.len()],
            seen: vec![not_yet; plan.triggers.len()],
            now: plan.started,
            outcome: None,
            plan,
        }
    }

    /// What is watched.
    pub fn plan(&self) -> &WatchPlan {
        &self.plan
    }

    /// Takes a sample: what each trigger shows at a moment, in the order of the plan. A watch that has ended stays as it ended.
    pub fn sample(&mut self, now: i64, mut seen: Vec<Seen>) {
        if self.outcome.is_some() {
            return;
        }
        let missing = Doubt::new("the trigger was not evaluated", "report this as a bug of relplan");
        seen.resize(self.plan.triggers.len(), Seen::unknown(missing));
        if now < self.now {
            let doubt = Doubt::new("the clock of this machine went back", "set the clock (NTP)");
            seen.fill(Seen::unknown(doubt));
        }
        self.now = self.now.max(now);
        for (fired, seen) in self.fired.iter_mut().zip(&mut seen) {
            if let TriggerState::Fired { at } = seen.state {
                fired.get_or_insert(at);
            }
            // History that reads differently later does not undo what it showed.
            if let Some(at) = *fired {
                seen.state = TriggerState::Fired { at };
            }
        }
        self.seen = seen;
        self.outcome = self.ended();
    }

    fn ended(&self) -> Option<Outcome> {
        if self.advice() == Advice::RollBack {
            Some(Outcome::RolledBack)
        } else if self.quiet_for().is_some_and(|quiet| quiet >= self.plan.window) {
            Some(Outcome::Success)
        } else if self.now - self.plan.started >= self.plan.longest {
            Some(Outcome::Aborted)
        } else {
            None
        }
    }

    /// For how long every trigger has been known, in milliseconds; nothing unless each is known to be quiet now.
    pub fn quiet_for(&self) -> Option<i64> {
        if !self.plan.left_out.is_empty() || self.seen.is_empty() {
            return None;
        }
        let since = |seen: &Seen| match seen.state {
            TriggerState::Ok => seen.known_since,
            _ => None,
        };
        let latest = self
            .seen
            .iter()
            .map(since)
            .try_fold(self.plan.started, |latest, since| Some(latest.max(since?)))?;
        // A time to come is none that was watched.
        (latest <= self.now).then(|| self.now - latest)
    }

    /// What to do now.
    pub fn advice(&self) -> Advice {
        let each = self.plan.triggers.iter().zip(&self.seen).map(|(trigger, seen)| match seen.state {
            TriggerState::Fired { .. } if !trigger.is_manual => Advice::RollBack,
            TriggerState::Ok => Advice::Continue,
            _ => Advice::Pause,
        });
        let least = if self.plan.left_out.is_empty() { Advice::Continue } else { Advice::Pause };
        each.chain([least]).max().unwrap_or(Advice::Pause)
    }

    /// What each trigger showed last.
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// The moment of the last sample.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// How it ended; nothing while it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id;

    const MINUTE: i64 = 60_000;

    fn seen(letter: char, from: i64) -> Seen {
        let known = |state| Seen { state, known_since: Some(from * MINUTE) };
        match letter {
            'o' => known(TriggerState::Ok),
            'p' => known(TriggerState::Pending { since: 0 }),
            'f' => known(TriggerState::Fired { at: 0 }),
            _ => Seen::unknown(Doubt::new("no data", "look")),
        }
    }

    /// Runs two triggers, the second of them manual, through a minute for each column: `o` is ok, `p` pending, `f` fired and
    /// anything else unknown. Gives the advice of each minute and the outcome.
    fn run(automatic: &str, manual: &str, left_out: bool) -> (String, Option<Outcome>) {
        let trigger =
            |name: &str, is_manual| WatchedTrigger { id: id::parse(name).expect("an id"), is_manual };
        let plan = WatchPlan {
            started: 0,
            window: 3 * MINUTE,
            longest: 8 * MINUTE,
            triggers: vec![trigger("DEP-001", false), trigger("DEP-002", true)],
            left_out: left_out
                .then(|| (id::parse("DEP-003").expect("an id"), Doubt::new("no query", "add one")))
                .into_iter()
                .collect(),
        };
        let mut watch = Watch::new(plan);
        let mut advice = String::new();
        let mut known = [0_i64; 2];
        for (minute, letters) in (0..).zip(automatic.chars().zip(manual.chars())) {
            let letters = [letters.0, letters.1];
            let rows = letters.iter().zip(&mut known).map(|(letter, known)| {
                if *letter == '?' {
                    *known = minute + 1;
                }
                seen(*letter, *known)
            });
            watch.sample(minute * MINUTE, rows.collect());
            advice.push(match watch.advice() {
                Advice::Continue => 'c',
                Advice::Pause => 'p',
                Advice::RollBack => 'r',
            });
            if watch.outcome().is_some() {
                break;
            }
        }
        (advice, watch.outcome())
    }

    #[test]
    fn each_course_has_its_outcome() {
        use Outcome::{Aborted, RolledBack, Success};
        let cases = [
            ("oooo", "oooo", false, "cccc", Some(Success)),
            ("ooo", "ooo", false, "ccc", None),
            // Unknown begins the window again.
            ("o?oooo", "oooooo", false, "cpcccc", Some(Success)),
            ("o?ooo", "ooooo", false, "cpccc", None),
            ("oooooo", "oooo??", false, "cccc", Some(Success)),
            ("oooooo", "ooo??o", false, "cccppc", None),
            ("ooo?oo?oo", "ooooooooo", false, "cccpccpcc", Some(Aborted)),
            ("?????????", "?????????", false, "ppppppppp", Some(Aborted)),
            // A breach that is not over cannot be a success, and one that is over can.
            ("ooop", "oooo", false, "cccp", None),
            ("ooopo", "ooooo", false, "cccpc", Some(Success)),
            ("ppppppppp", "ooooooooo", false, "ppppppppp", Some(Aborted)),
            ("of", "oo", false, "cr", Some(RolledBack)),
            ("?f", "??", false, "pr", Some(RolledBack)),
            // A person decides: what fired once is never a success.
            ("ooooooooo", "ofooooooo", false, "cpppppppp", Some(Aborted)),
            ("oooooooof", "ofooooooo", false, "cpppppppr", Some(RolledBack)),
            // A rollback that nobody evaluates.
            ("ooooooooo", "ooooooooo", true, "ppppppppp", Some(Aborted)),
            ("of", "oo", true, "pr", Some(RolledBack)),
        ];
        for (automatic, manual, left_out, advice, outcome) in cases {
            assert_eq!(
                run(automatic, manual, left_out),
                (advice.to_owned(), outcome),
                "{automatic} {manual}"
            );
        }
    }

    #[test]
    fn a_watch_of_nothing_and_a_clock_that_goes_back_are_no_success() {
        let plan =
            WatchPlan { started: 0, window: 0, longest: MINUTE, triggers: Vec::new(), left_out: Vec::new() };
        let mut watch = Watch::new(plan.clone());
        watch.sample(0, Vec::new());
        assert_eq!(watch.outcome(), None);
        let id = id::parse("DEP-001").expect("an id");
        let one =
            WatchPlan { triggers: vec![WatchedTrigger { id, is_manual: false }], window: MINUTE, ..plan };
        let mut watch = Watch::new(WatchPlan { longest: 9 * MINUTE, ..one.clone() });
        watch.sample(-MINUTE, vec![seen('o', -9)]);
        assert_eq!((watch.outcome(), watch.advice()), (None, Advice::Pause));
        // What is missing from a sample is unknown, and nothing is known before the deployment.
        watch.sample(0, vec![seen('o', -9)]);
        assert_eq!(watch.outcome(), None);
        watch.sample(2 * MINUTE, Vec::new());
        assert_eq!((watch.outcome(), watch.advice()), (None, Advice::Pause));
        watch.sample(3 * MINUTE, vec![seen('o', 7)]);
        assert_eq!(watch.outcome(), None);
        watch.sample(4 * MINUTE, vec![seen('o', 3)]);
        assert_eq!(watch.outcome(), Some(Outcome::Success));
        watch.sample(5 * MINUTE, vec![seen('f', 3)]);
        assert_eq!(watch.outcome(), Some(Outcome::Success));
    }
}
