use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::value::folded;
use crate::rules::{ERROR, Subject, defects, words};

declare_rule! {
    /// A word that the field does not take.
    ///
    /// Some fields take one of a few words: a type, a stage, a severity, yes or
    /// no. Case, spaces and hyphens do not matter, and a remark may follow. The
    /// value was not read.
    ///
    /// ```yaml,bad
    /// id: TEST-001
    /// title: A user signs in
    /// priority: Urgent
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-001
    /// title: A user signs in
    /// priority: Critical
    /// ```
    "RP0107", "unknown-value", ERROR, since "0.1.0", formerly "unknown-word"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| match &defect.kind {
        DefectKind::UnknownValue { known, .. } => Some(unknown(subject, defect, known)),
        DefectKind::DeclaredWord { known, declared } => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Some(unknown(subject, defect, &known).and(*declared, "declared here"))
        }
        _ => None,
    })
}

fn unknown(subject: &Subject<'_>, defect: &Defect, known: &[&str]) -> Report {
    let word = defects::text(subject, defect.span);
    let field = defects::field(subject, defect);
    let message = format!("{}invalid value `{word}` for {field}", defects::of(defect));
    let quoted: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let report = Report::at(defect.span, message);
    match nearest(defects::unquoted(subject, defect.span), known) {
        Some(near) => {
            let edit = defects::replace_inside_quotes(subject, defect.span, near);
            let others = words::list(&quoted);
            report
                .help(format!("did you mean `{near}`? Possible values: {others}"))
                .suggested_fix(format!("write `{near}`"), vec![edit])
        }
        None => report.help(format!("write one of {}", words::list(&quoted))),
    }
}

/// The known word that a mistyped one is nearest to, if it is near enough, or the only one that it may
/// be short for.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let fold = |word: &str| folded(word).take(40).collect::<String>();
    let typed = fold(word);
    let mut longer = known.iter().filter(|known| typed.len() >= 3 && fold(known).starts_with(&typed));
    if let (Some(one), None) = (longer.next(), longer.next()) {
        return Some(one);
    }
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(&fold(known), &typed), *known))
        .filter(|(distance, known)| *distance <= known.len() / 3)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn check(word: &str, expect: Option<&str>) {
        let known = ["Environment", "Criteria", "Post-deploy", "Pre-deploy", "E2E", "Critical"];
        assert_eq!(nearest(word, &known), expect, "{word}");
    }

    #[test]
    fn slips_and_short_forms_of_one_word_are_understood() {
        check("Critera", Some("Criteria"));
        check("env", Some("Environment"));
        check("post", Some("Post-deploy"));
        // Two words begin so, or hardly anything is said.
        check("crit", None);
        check("e", None);
        check("later", None);
    }
}
