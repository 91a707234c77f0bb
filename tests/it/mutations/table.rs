//! What became of the mutants, by the kinds of changes and by the reasons.

use std::collections::BTreeMap;

use super::{Fate, Mutant, Target, changed, class, fate, in_words, reasons};

/// Holes that are known, by how the line that tells of them begins and ends. It must become empty.
const KNOWN_HOLES: &[(&str, &str)] = &[];

fn known_hole(why: &str) -> Option<usize> {
    KNOWN_HOLES.iter().position(|(start, end)| why.starts_with(start) && why.ends_with(end))
}

/// The known hole in what is unproven of a mutant, or in one of its changes.
fn hole_of(mutant: &Mutant, why: &str, targets: &[Target]) -> Option<usize> {
    let one = |part: &(usize, usize)| match fate(&changed(&vec![*part], targets), targets, true) {
        Fate::Unproven(why) => known_hole(&why),
        _ => None,
    };
    known_hole(why).or_else(|| mutant.iter().find_map(one))
}

#[derive(Default)]
pub struct Table {
    /// Mutants, those that are not GO, those that are harmless, those of known holes, all others.
    rows: BTreeMap<&'static str, [usize; 5]>,
    reasons: BTreeMap<usize, usize>,
    holes: BTreeMap<usize, usize>,
    /// What is greener than its facts, by the piece that differs.
    unproven: BTreeMap<String, Vec<String>>,
}

impl Table {
    pub fn add(&mut self, mutants: &[Mutant], fates: &[Fate], targets: &[Target]) {
        for (mutant, fate) in mutants.iter().zip(fates) {
            let row = self.rows.entry(class(mutant, targets)).or_default();
            row[0] += 1;
            match fate {
                Fate::NotGo => row[1] += 1,
                Fate::Harmless(reasons) => {
                    row[2] += 1;
                    reasons.iter().for_each(|reason| *self.reasons.entry(*reason).or_default() += 1);
                }
                Fate::Unproven(why) => {
                    if let Some(hole) = hole_of(mutant, why, targets) {
                        row[3] += 1;
                        *self.holes.entry(hole).or_default() += 1;
                        continue;
                    }
                    row[4] += 1;
                    let key = why.split(": ").next().unwrap_or_default().to_owned();
                    self.unproven
                        .entry(key)
                        .or_default()
                        .push(format!("{why}\n      {}", in_words(mutant, targets)));
                }
            }
        }
    }

    /// The reasons that no mutant has had.
    pub fn idle(&self) -> impl Iterator<Item = usize> + '_ {
        (0..reasons::all().count()).filter(|reason| !self.reasons.contains_key(reason))
    }

    /// Prints itself, and fails where a mutant has no reason, or a reason no mutant.
    #[track_caller]
    pub fn is_as_it_should_be(&self, is_full: bool) {
        let [all, not_go, harmless, known, open] = ["mutants", "not GO", "harmless", "known", "unproven"];
        eprintln!("{:>16} {all:>8} {not_go:>8} {harmless:>8} {known:>8} {open:>8}", "change");
        for (class, [all, not_go, harmless, known, open]) in &self.rows {
            eprintln!("{class:>16} {all:>8} {not_go:>8} {harmless:>8} {known:>8} {open:>8}");
        }
        for (reason, count) in &self.reasons {
            let Some(reason) = reasons::all().nth(*reason) else { continue };
            eprintln!("{count:>8} {}: {}: {}", reason.place.0, reason.place.1, reason.why);
        }
        let few = |(key, list): (&String, &Vec<String>)| {
            let lines: Vec<&str> = list.iter().take(5).map(String::as_str).collect();
            format!("{key}: {}\n   {}", list.len(), lines.join("\n   "))
        };
        let unproven: Vec<String> = self.unproven.iter().map(few).collect();
        assert!(unproven.is_empty(), "GO, and not proven harmless:\n{}", unproven.join("\n"));
        let places = self.idle().filter_map(|reason| reasons::all().nth(reason));
        let idle: Vec<_> = places.map(|reason| reason.place).collect();
        assert!(idle.is_empty(), "reasons that no mutant has: {idle:#?}");
        let closed: Vec<_> = (0..KNOWN_HOLES.len())
            .filter(|hole| !self.holes.contains_key(hole))
            .map(|hole| KNOWN_HOLES[hole])
            .collect();
        assert!(!is_full || closed.is_empty(), "holes that are none any more: {closed:#?}");
    }
}
