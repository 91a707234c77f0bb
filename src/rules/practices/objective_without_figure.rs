use crate::finding::Report;
use crate::model::rel::Objective;
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An objective of a release without a figure.
    ///
    /// "Better performance" is reached by any change, or by none. With a figure
    /// everybody knows after the release whether the objective was met.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// objectives:
    ///   - Better performance
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// objectives:
    ///   - name: Better performance
    ///     target: p95 below 250 ms
    /// ```
    "RP0515", "objective-without-figure", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases().filter(|(_, release)| !release.is_over()) {
        looked_at += release.objectives.len();
        reports.extend(release.objectives.iter().filter_map(|objective| report(entry, objective)));
    }
    looked_at
}

fn report(entry: &Entry<'_>, objective: &Objective<'_>) -> Option<Report> {
    let texts = [objective.target.as_ref(), objective.name.as_ref()];
    let stated = |text: &Text<'_>| has_figure(&text.value);
    if texts.into_iter().flatten().any(stated) {
        return None;
    }
    let text = texts.into_iter().flatten().next()?;
    let message =
        format!("{}: objective `{}` has no figure", entry.id.value, words::short(text.value.trim()));
    Some(Report::at(text.span, message).help("add a measurable `target`, such as `target: p95 below 250 ms`"))
}

/// Whether a text names a figure, in digits or in a word. A digit inside a name, as in `OAuth2` or `v2`, is none.
fn has_figure(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "all", "double", "doubled", "eight", "every", "five", "four", "half", "halve", "halved", "nine",
        "no", "none", "once", "one", "seven", "six", "ten", "three", "triple", "twice", "two", "without",
        "zero",
    ];
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '/' | '-' | '–'));
    words.any(|word| {
        let bare =
            word.trim_start_matches(['<', '>', '=', '≤', '≥', '~', '±', '+', '$', '€', '£', '.', 'p', 'P']);
        bare.starts_with(|c: char| c.is_ascii_digit())
            || WORDS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(word.trim_end_matches([',', '.', ';', ':'])))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(objective: &str, expect: &[&str]) {
        let yaml = format!("{{id: REL-1, version: '1.0.0', objectives: [{objective}]}}");
        assert_eq!(messages("objective-without-figure", &yaml, ""), expect, "{objective}");
    }

    #[test]
    fn an_objective_needs_a_figure() {
        check("Better performance", &["REL-1: objective `Better performance` has no figure"]);
        check("{name: Speed, target: much faster}", &["REL-1: objective `much faster` has no figure"]);
        check("{name: Sign in with OAuth2}", &["REL-1: objective `Sign in with OAuth2` has no figure"]);
    }

    #[test]
    fn figures_in_digits_and_words_count() {
        check("Reduce p95 to 250 ms", &[]);
        check("{name: Speed, target: '40%'}", &[]);
        check("Zero downtime", &[]);
        check("'Half the support tickets'", &[]);
        check("{name: Adoption, target: '>70% within 30 days'}", &[]);
        check("{name: '3 integrations'}", &[]);
    }
}
