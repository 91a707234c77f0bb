use crate::finding::Report;
use crate::model::dep::Rollback;
use crate::model::measure::Measure;
use crate::model::threshold::{self, Condition, Direction, Operator, Quantity, Threshold};
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A rollback whose words and whose threshold measure from different points.
    ///
    /// "Exceeds the baseline" and "more than 2% of requests" are two triggers:
    /// with a baseline of 0.5% the first fires long before the second. A limit
    /// that counts from the baseline says so: `> 2pp over baseline` for points,
    /// `> 20% over baseline` for a share of it.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: 5xx error rate exceeds the baseline
    /// threshold: "> 2% of requests for 5m"
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: 5xx error rate exceeds 2%
    /// threshold: "> 2pp over baseline for 5m"
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: 5xx error rate exceeds the baseline
    /// threshold: "> 2pp over baseline for 5m"
    /// ```
    "RP1003", "baseline-mismatch", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(threshold) = rollback.threshold.as_ref().and_then(|written| written.value.typed.as_deref())
        else {
            continue;
        };
        let Condition::Compare { operator, quantity } = &threshold.condition else { continue };
        reports.extend(match Measure::of_limit(quantity) {
            Some(limit) => absolute(subject, entry, rollback, (threshold, *operator, &limit)),
            None => counted(subject, entry, rollback, *operator, quantity),
        });
    }
    subject.plan.rollbacks().count()
}

/// The texts of a rollback that say when it starts, with what they are called.
fn texts<'e>(
    entry: &'e Entry<'_>,
    rollback: &'e Rollback<'_>,
) -> impl Iterator<Item = (&'static str, &'e Text<'e>)> {
    let texts = [
        ("trigger", rollback.trigger.as_ref()),
        ("title", entry.title.as_ref()),
        ("description", entry.description()),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name, text?)))
}

/// The words speak of the baseline, the threshold does not.
fn absolute(
    subject: &Subject<'_>,
    entry: &Entry<'_>,
    rollback: &Rollback<'_>,
    (threshold, operator, limit): (&Threshold, Operator, &Measure),
) -> Option<Report> {
    let written = rollback.threshold.as_ref()?;
    let (name, text, part) = texts(entry, rollback)
        .find_map(|(name, text)| Some((name, text, compared_with_baseline(&text.value)?)))?;
    let message =
        format!("{}: the {name} compares with the baseline, but the threshold is absolute", entry.id.value);
    let side = if is_lower(operator) { "under" } else { "over" };
    let example = match limit {
        Measure::Share { percent, .. } => format!("> {percent}pp {side} baseline"),
        _ => format!("> 20% {side} baseline"),
    };
    let report = Report::at(written.span, message)
        .saying("an absolute limit")
        .and(words::place_of(subject, text, part), "relative to the baseline")
        .help(format!("write `{example}`, or remove the baseline from the {name}"));
    Some(match difference(threshold, operator, limit) {
        Some(note) => report.note(note),
        None => report,
    })
}

/// What the two readings come to, where the baseline is known.
fn difference(threshold: &Threshold, operator: Operator, limit: &Measure) -> Option<String> {
    let normal = Measure::of_baseline(threshold.baseline.as_ref()?)?;
    let (Measure::Share { percent: limit, .. }, Measure::Share { percent: normal, .. }) = (limit, normal)
    else {
        return None;
    };
    let sum = ((limit.to_f64() + normal.to_f64()) * 1e6).round() / 1e6;
    (!is_lower(operator)).then(|| {
        format!("{limit} points over a baseline of {normal}% is {sum}%, but the threshold is {limit}%")
    })
}

fn is_lower(operator: Operator) -> bool {
    matches!(operator, Operator::Below | Operator::AtMost)
}

/// The words of a text from a comparison to the baseline that it is with.
fn compared_with_baseline(text: &str) -> Option<&str> {
    const COMPARED: &[&str] = &[
        "exceed",
        "exceeds",
        "exceeding",
        "exceeded",
        "above",
        "over",
        "beyond",
        "below",
        "under",
        "than",
        "leave",
        "leaves",
        "from",
        "against",
        "deviate",
        "deviates",
        "versus",
        "vs",
    ];
    if !text.contains("aseline") {
        return None;
    }
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')) {
        let bare = word.trim_end_matches(['.', ':']);
        if bare.eq_ignore_ascii_case("baseline") {
            let is = |word: &&&str| COMPARED.iter().any(|compared| compared.eq_ignore_ascii_case(word));
            // `exceeds the pre-deployment baseline`: a few words may lie between.
            let begin = words.iter().rev().take(4).find(is)?;
            let (from, to) = (offset(text, begin), offset(text, bare) + bare.len());
            return Some(&text[from..to]);
        }
        words.push(bare);
    }
    None
}

fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// The threshold counts from the baseline, the trigger names an absolute limit.
fn counted(
    subject: &Subject<'_>,
    entry: &Entry<'_>,
    rollback: &Rollback<'_>,
    operator: Operator,
    quantity: &Quantity,
) -> Option<Report> {
    const CHANGES: &[&str] = &[
        "baseline",
        "by",
        "rise",
        "rises",
        "increase",
        "increases",
        "grow",
        "grows",
        "drop",
        "drops",
        "fall",
        "falls",
        "degrade",
        "degrades",
        "worse",
        "slower",
        "before",
        "previous",
        "normal",
        "usual",
        "compared",
        "points",
        "pp",
        "than blue",
        "deviates",
    ];
    let (written, trigger) = (rollback.threshold.as_ref()?, rollback.trigger.as_ref()?);
    let words: Vec<String> =
        trigger.value.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect();
    if words.iter().any(|word| CHANGES.contains(&word.as_str())) {
        return None;
    }
    let Ok(stated) = threshold::parse(&trigger.value) else { return None };
    let Condition::Compare { operator: same, quantity: limit } = stated.condition else { return None };
    if Measure::of_limit(&limit).is_none() || is_lower(same) != is_lower(operator) {
        return None;
    }
    let message = format!(
        "{}: the trigger gives an absolute limit, but the threshold is relative to the baseline",
        entry.id.value
    );
    let place = words::place_of(subject, trigger, last_number(&trigger.value)?);
    Some(
        Report::at(written.span, message)
            .saying("relative to the baseline")
            .and(place, "an absolute limit")
            .help(format!("make the trigger agree with the threshold: {}", in_words(quantity))),
    )
}

/// The last figure of a text with its unit sign: `2%`.
fn last_number(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace().rev();
    words.find(|word| word.contains(|c: char| c.is_ascii_digit()))
}

fn in_words(quantity: &Quantity) -> String {
    let side = |direction: &Direction| match direction {
        Direction::Under => "below",
        Direction::Over => "above",
        Direction::Worse => "worse than",
        Direction::Better => "better than",
    };
    match quantity {
        Quantity::Points { percent, direction } => {
            format!("{percent} points {} the baseline", side(direction))
        }
        Quantity::Relative { percent, direction } => format!("{percent}% {} the baseline", side(direction)),
        _ => "the distance from the baseline".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tests::findings;

    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(compared_with_baseline(text), expect, "{text}");
    }

    #[test]
    fn a_baseline_counts_only_where_something_is_compared_with_it() {
        check("5xx error rate exceeds pre-deployment baseline", Some("exceeds pre-deployment baseline"));
        check("Errors are over the baseline.", Some("over the baseline"));
        check("p95 is slower than its baseline for long", Some("than its baseline"));
        check("Brings the error rate back to its baseline", None);
        check("Error rate exceeds 2% of requests", None);
    }

    fn check_rollback(trigger: &str, threshold: &str, expect: usize) {
        let yaml = format!("id: DEP-003\ntype: Rollback\ntrigger: {trigger}\nthreshold: '{threshold}'\n");
        let found = findings(&yaml, "").into_iter().filter(|finding| finding.code == RULE.code).count();
        assert_eq!(found, expect, "{trigger} / {threshold}");
    }

    #[test]
    fn words_and_threshold_must_measure_from_one_point() {
        let remark = ">2% of requests for 5 minutes (currently 0.5% baseline from MON-001)";
        check_rollback("5xx error rate exceeds pre-deployment baseline", remark, 1);
        check_rollback("5xx error rate exceeds 2% of requests", remark, 0);
        check_rollback("p95 of green exceeds what blue needs", "> 20% over baseline for 10m", 0);
        check_rollback("Error rate rises by more than 2%", "> 2pp over baseline for 5m", 0);
        check_rollback("p95 > 1000ms", "> 20% over baseline for 10m", 1);
        check_rollback("Health checks leave the baseline", "failing for 5m", 0);
    }
}
