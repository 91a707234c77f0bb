use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::field::Shape;
use crate::model::value::folded;
use crate::rules::{ERROR, Subject, defects, words};

declare_rule! {
    /// A list or a mapping where a single value belongs, or the other way round.
    ///
    /// The field was not read.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner:
    ///   - Operations
    ///   - Platform Team
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations and Platform Team
    /// ```
    "RP0106", "wrong-shape", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::WrongShape { key, expected, found } = defect.kind else { return None };
        let name = name_of(&defects::text(subject, key));
        let value = defects::text(subject, defect.span);
        let of = defects::of(defect);
        // Where no key stands, as before an id, there is one place only.
        if key == defect.span {
            let message = format!("{of}`{value}` is {found}, but {expected} is expected");
            return Some(Report::at(defect.span, message).help(format!("write {expected}")));
        }
        let message = format!("{of}`{name}` takes {expected}, but `{value}` is {found}");
        let report = Report::at(defect.span, message).saying(format!("this is {found}"));
        let keys = if expected == "a mapping" { keys_of(subject, defect, &name) } else { String::new() };
        let help = format!("write {expected} after `{name}:`{keys}");
        Some(report.and(key, format!("takes {expected}")).help(help))
    })
}

/// The first keys of the mapping that a field takes, if it has keys of its own.
fn keys_of(subject: &Subject<'_>, defect: &Defect, name: &str) -> String {
    let entry = defect.owner.and_then(|id| subject.plan.find(id)).map(|index| subject.plan.entry(index));
    let name: String = folded(name).collect();
    let field = entry.and_then(|entry| entry.kind.fields().iter().find(|field| field.is(&name)));
    match field.map(|field| field.shape) {
        Some(Shape::Structure(fields) | Shape::Named { known: fields, .. }) => {
            let keys: Vec<String> = fields.iter().take(4).map(|field| format!("`{}`", field.name)).collect();
            format!(", with keys such as {}", words::list(&keys))
        }
        _ => String::new(),
    }
}

/// The key; where the id is the key, its value is the title.
fn name_of(key: &str) -> String {
    if crate::model::id::parse(key).is_ok() { "title".to_owned() } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn the_keys_that_a_mapping_takes_are_named() {
        let found = findings("{id: REL-1, Scope: EPIC-1, communications: [mail]}", "");
        let shapes = found.iter().filter(|finding| finding.name == "wrong-shape");
        let help: Vec<&str> = shapes.filter_map(|finding| finding.help.as_deref()).collect();
        assert_eq!(
            help,
            [
                "write a mapping after `Scope:`, with keys such as `must`, `should` and `could`",
                "write a mapping after `communications:`, with keys such as `name`, `audience`, `channel` and `when`"
            ]
        );
    }
}
