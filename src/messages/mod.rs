//! Floor 7: messages about a release. A template turns the facts of the plan into a subject and a text; `formats` make a
//! mail or a chat message of it. Nothing is sent.

mod kind;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};

use crate::views::message::MessageFacts;

pub use kind::MessageKind;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its subject, in one line.
    pub subject: String,
    /// Its text.
    pub parts: Vec<Part>,
    /// How many facts it asks for that the plan does not state. Each is visible in the text.
    pub gaps: usize,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Bullets, each with its lines.
    Bullets(Vec<Vec<String>>),
}

/// Why a template makes no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The line, from 1, if it is known.
    pub line: Option<usize>,
    /// What is wrong there.
    pub reason: String,
}

/// What is written in place of a fact that the plan does not state, behind its name.
const NOT_STATED: &str = ": not stated in the plan]";
/// What a template begins with.
const SUBJECT: &str = "Subject:";
/// How much a template may do; one that loops ends here.
const FUEL: u64 = 200_000;

/// The longest template, in bytes.
const LONGEST: usize = 64 * 1024;
/// What a template needs that nests as deep as its length allows.
const STACK: usize = 512 * 1024 * 1024;

/// How a format shows the text of a fact as it stands, so that it starts nothing there.
pub type Escape = fn(&str) -> String;

/// Renders a template with the facts of a release, each escaped.
///
/// # Errors
///
/// The template is not valid, too long, names a fact that does not exist, never ends, or has no subject.
pub fn compose(template: &str, facts: &MessageFacts, escape: Escape) -> Result<Message, TemplateError> {
    if template.len() > LONGEST {
        let reason = format!("the template is longer than {} KB", LONGEST / 1024);
        return Err(TemplateError { line: None, reason });
    }
    let rendered = rendered(template, facts, escape)?;
    let (subject, text) = rendered.trim_start().split_once('\n').unwrap_or((rendered.trim(), ""));
    let Some(subject) = subject.strip_prefix(SUBJECT).map(str::trim).filter(|subject| !subject.is_empty())
    else {
        let reason = "the first line has no subject: write `Subject: …`".to_owned();
        return Err(TemplateError { line: Some(1), reason });
    };
    let gaps = rendered.matches(NOT_STATED).count();
    Ok(Message { subject: subject.to_owned(), parts: parts(text), gaps })
}

/// The engine reads and runs nested expressions recursively: on a thread of its own they have room.
fn rendered(template: &str, facts: &MessageFacts, escape: Escape) -> Result<String, TemplateError> {
    let failed = || TemplateError { line: None, reason: "the template cannot be rendered".to_owned() };
    std::thread::scope(|scope| {
        let render = move || {
            let environment = environment(escape);
            environment.render_str(template, Serde(facts)).map_err(|error| template_error(&error))
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, render);
        thread.map_err(|_| failed())?.join().map_err(|_| failed())?
    })
}

fn environment(escape: Escape) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A line that holds a tag alone leaves no line behind.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(FUEL));
    environment.add_function("gap", |name: &str| Value::from_safe_string(gap(name)));
    environment.set_formatter(move |out, _, value| {
        let text = match value {
            value if value.is_none() => gap("fact"),
            value if value.is_safe() => value.to_string(),
            value => escape(&value.to_string()),
        };
        out.write_str(&text).map_err(minijinja::Error::from)
    });
    environment
}

fn gap(name: &str) -> String {
    format!("[{name}{NOT_STATED}")
}

fn template_error(error: &minijinja::Error) -> TemplateError {
    use minijinja::ErrorKind;
    let reason = match error.kind() {
        ErrorKind::OutOfFuel => "the template does not end".to_owned(),
        ErrorKind::UndefinedError => {
            let name = error.detail().map(|detail| format!(": {detail}")).unwrap_or_default();
            format!("it uses a fact that messages do not have{name}")
        }
        _ => error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    };
    TemplateError { line: error.line(), reason }
}

/// The parts of what a template writes: `## ` before a heading, `- ` before a bullet, two spaces before its further lines.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        let (indented, line) = (line.starts_with("  "), line.trim());
        if line.is_empty() {
            is_open = false;
            continue;
        }
        let heading = line.strip_prefix("## ");
        match (heading, line.strip_prefix("- "), parts.last_mut()) {
            (Some(heading), ..) => {
                parts.push(Part::Heading(heading.trim().to_owned()));
                is_open = false;
                continue;
            }
            // Blank lines between bullets make no new list.
            (None, Some(bullet), Some(Part::Bullets(bullets))) => {
                bullets.push(vec![bullet.trim().to_owned()])
            }
            (None, Some(bullet), _) => parts.push(Part::Bullets(vec![vec![bullet.trim().to_owned()]])),
            (None, None, Some(Part::Bullets(bullets))) if indented => {
                bullets.last_mut().into_iter().for_each(|lines| lines.push(line.to_owned()));
            }
            (None, None, Some(Part::Paragraph(paragraph))) if is_open => {
                paragraph.push(' ');
                paragraph.push_str(line);
            }
            _ => parts.push(Part::Paragraph(line.to_owned())),
        }
        is_open = true;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::message::{IncidentFacts, NeedFact, StatusFacts};

    fn facts() -> MessageFacts {
        MessageFacts {
            product: Some("Shop".to_owned()),
            release: "Spring (3.0.0)".to_owned(),
            version: Some("3.0.0".to_owned()),
            kind: Some("major"),
            theme: None,
            date: Some("Thu 2027-06-10".to_owned()),
            rolled_out: None,
            deployed: None,
            contact: None,
            strategy: None,
            phases: vec!["Everyone: 100%".to_owned()],
            phase: None,
            changes: vec!["Search".to_owned()],
            breaking_changes: Vec::new(),
            deprecations: Vec::new(),
            migrations: Vec::new(),
            known_issues: Vec::new(),
            milestones: Vec::new(),
            incident: Some(incident()),
            status: Some(status()),
        }
    }

    fn incident() -> IncidentFacts {
        IncidentFacts {
            title: "Search is slow".to_owned(),
            status: "open",
            is_over: false,
            severity: None,
            environment: None,
            started: None,
            detected: None,
            resolved: None,
            impact: None,
            cause: None,
            resolution: None,
            contact: None,
            timeline: Vec::new(),
        }
    }

    fn status() -> StatusFacts {
        let need = NeedFact { text: "DEP-001".to_owned(), action: None, owner: None };
        StatusFacts {
            health: "Red",
            reasons: Vec::new(),
            decision: "NO-GO",
            blockers: 1,
            progress: Vec::new(),
            likelihood: None,
            accomplishments: Vec::new(),
            this_week: Vec::new(),
            next_week: Vec::new(),
            support_needed: Vec::new(),
            risks: vec![need],
            objectives: Vec::new(),
            summary: None,
            outcomes: Vec::new(),
        }
    }

    fn compose_with(template: &str) -> Result<Message, TemplateError> {
        compose(template, &facts(), str::to_owned)
    }

    #[test]
    fn every_template_of_ours_makes_a_message() {
        for kind in MessageKind::ALL {
            let message = compose_with(kind.template()).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
            assert!(message.subject.starts_with("Spring (3.0.0): "), "{kind:?}: {}", message.subject);
            assert!(!message.parts.is_empty(), "{kind:?}");
            // The owner is not stated.
            assert!(message.gaps >= 1, "{kind:?}");
        }
    }

    #[test]
    fn what_is_not_stated_is_seen() {
        let message =
            compose_with("Subject: {{ theme or gap(\"theme\") }}\n\n{{ release }}").expect("a message");
        assert_eq!(message.subject, "[theme: not stated in the plan]");
        assert_eq!(message.gaps, 1);
    }

    #[test]
    fn what_is_absent_is_a_gap_even_where_a_template_does_not_ask() {
        let message =
            compose_with("Subject: {{ release }}\n\n{{ theme }}, {{ contact }}").expect("a message");
        assert_eq!(message.gaps, 2);
        assert_eq!(
            message.parts,
            [Part::Paragraph("[fact: not stated in the plan], [fact: not stated in the plan]".to_owned())]
        );
    }

    #[test]
    fn deep_templates_are_read_or_refused() {
        let deep = format!("Subject: a\n{{{{ {}1 }}}}", "not ".repeat(15_000));
        let _ = compose_with(&deep);
        let long = format!("Subject: a\n{}", "x".repeat(LONGEST));
        assert!(compose_with(&long).is_err_and(|error| error.reason.contains("64 KB")));
    }

    #[test]
    fn lines_become_parts() {
        let text = "Subject: s\n\na\nb\n\n## c\n- d\n  e\n\n- f\ng\n";
        let bullets = vec![vec!["d".to_owned(), "e".to_owned()], vec!["f".to_owned()]];
        let expect = vec![
            Part::Paragraph("a b".to_owned()),
            Part::Heading("c".to_owned()),
            Part::Bullets(bullets),
            Part::Paragraph("g".to_owned()),
        ];
        assert_eq!(compose_with(text).expect("a message").parts, expect);
    }

    #[test]
    fn a_template_that_is_none_says_why_and_where() {
        let check = |template: &str, line: usize, reason: &str| {
            let error = compose_with(template).expect_err(template);
            assert_eq!(error.line, Some(line), "{template}: {error:?}");
            assert!(error.reason.contains(reason), "{template}: {error:?}");
        };
        check("Hello", 1, "no subject");
        check("Subject:\n\nHello", 1, "no subject");
        check("Subject: a\n{{ relase }}", 2, "a fact that messages do not have");
        check("Subject: a\n{% if %}", 2, "");
        let endless =
            "Subject: a\n{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        let error = compose_with(endless).expect_err("endless");
        assert_eq!(error.reason, "the template does not end");
    }
}
