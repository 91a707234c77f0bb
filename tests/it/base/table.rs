//! Changes as data: `== NAME`, then `@ FILE ANCHOR` with `-` and `+` lines, or `! move A B`, `! delete A`,
//! `! write A` with `+` lines, `! crlf A`.

use std::path::Path;

/// A change, and what it is called.
#[derive(Debug)]
pub struct Case {
    pub name: String,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    /// In a file, behind an anchor, these lines give way to those.
    Edit {
        file: String,
        anchor: String,
        from: String,
        to: String,
    },
    Move(String, String),
    Delete(String),
    Write {
        file: String,
        text: String,
    },
    /// Every line ends with a carriage return.
    Crlf(String),
}

impl Case {
    /// Whether the file that the base names is gone, so that there is no place in the work tree.
    pub fn deletes_everything(&self, places: &[String]) -> bool {
        let gone = |step: &Step| matches!(step, Step::Delete(file) if places[1].contains(file.as_str()));
        self.steps.iter().any(gone)
    }
}

/// The cases of a table.
pub fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            cases.push(Case { name: name.to_owned(), steps: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            read(line, &mut case.steps);
        }
    }
    cases
}

fn read(line: &str, steps: &mut Vec<Step>) {
    let (mark, rest) = line.split_at(line.len().min(1));
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    match (mark, steps.last_mut()) {
        ("@", _) => {
            let (file, anchor) = rest.split_once(' ').unwrap_or((rest, ""));
            let (file, anchor) = (file.to_owned(), anchor.to_owned());
            steps.push(Step::Edit { file, anchor, from: String::new(), to: String::new() });
        }
        ("!", _) => steps.push(operation(rest)),
        ("-", Some(Step::Edit { from, .. })) => *from += &format!("{rest}\n"),
        ("+", Some(Step::Edit { to: text, .. } | Step::Write { text, .. })) => *text += &format!("{rest}\n"),
        _ => assert!(line.trim().is_empty(), "not understood: {line}"),
    }
}

fn operation(text: &str) -> Step {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["move", from, to] => Step::Move((*from).to_owned(), (*to).to_owned()),
        ["delete", file] => Step::Delete((*file).to_owned()),
        ["write", file] => Step::Write { file: (*file).to_owned(), text: String::new() },
        ["crlf", file] => Step::Crlf((*file).to_owned()),
        _ => panic!("not understood: {text}"),
    }
}

/// Makes the change in a folder.
pub fn apply(case: &Case, folder: &Path) {
    let path = |file: &str| folder.join(file);
    let read = |file: &str| std::fs::read_to_string(path(file)).expect("a file");
    let write = |file: &str, text: &str| {
        std::fs::create_dir_all(path(file).parent().expect("a folder")).expect("a folder");
        std::fs::write(path(file), text).expect("written");
    };
    for step in &case.steps {
        match step {
            Step::Edit { file, anchor, from, to } => {
                let text = read(file);
                let at = text.find(anchor.as_str()).unwrap_or_else(|| panic!("{}: no {anchor}", case.name));
                let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
                let found = text[start..].find(from.as_str());
                let at = start + found.unwrap_or_else(|| panic!("{}: no place for\n{from}", case.name));
                write(file, &format!("{}{to}{}", &text[..at], &text[at + from.len()..]));
            }
            Step::Move(from, to) => {
                let text = read(from);
                write(to, &text);
                std::fs::remove_file(path(from)).expect("removed");
            }
            Step::Delete(file) => std::fs::remove_file(path(file)).expect("removed"),
            Step::Write { file, text } => write(file, text),
            Step::Crlf(file) => write(file, &read(file).replace('\n', "\r\n")),
        }
    }
}
