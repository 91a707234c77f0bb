//! Traces for people: a tree with one line for each link.

use super::harmless;
use crate::views::tracing::{Step, Traced, Tracing};

/// Draws a trace, both ways.
pub fn trace(tracing: &Tracing) -> String {
    let mut text = format!("{}\n", named(&tracing.entry));
    let none = if tracing.condition.is_some() { "no entry meets the condition" } else { "none" };
    text += &direction("upstream: links to it", &tracing.upstream, none);
    text += &direction("downstream: linked from it", &tracing.downstream, none);
    text += &mentions("mentioned by", &tracing.mentioned_by);
    text += &mentions("mentions", &tracing.mentions);
    text
}

fn direction(title: &str, steps: &[Step], none: &str) -> String {
    match steps {
        [] => format!("\n{title}: {none}\n"),
        steps => {
            let mut text = format!("\n{title}\n");
            branches(steps, "", &mut text);
            text
        }
    }
}

fn branches(steps: &[Step], indentation: &str, text: &mut String) {
    for (index, step) in steps.iter().enumerate() {
        let last = index + 1 == steps.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let more = match (step.repeated, step.cut) {
            (true, _) => " (see above)",
            (_, true) => " …",
            _ => "",
        };
        *text += &format!("{indentation}{branch}{} {}{more}\n", step.kind, named(&step.entry));
        branches(&step.next, &format!("{indentation}{below}"), text);
    }
}

fn mentions(title: &str, entries: &[Traced]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    format!("\n{title}: {}\n", ids.join(", "))
}

fn named(entry: &Traced) -> String {
    let status = entry.status.as_ref().map(|status| format!(" [{status}]")).unwrap_or_default();
    let external = match entry.external_ids.as_slice() {
        [] => String::new(),
        ids => format!(" ({})", ids.join(", ")),
    };
    harmless(&format!("{} {}{external}{status}", entry.id, entry.title))
}
