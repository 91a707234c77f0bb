//! The pages about bases and changes are true: their files are written, their commands are run, and they say what the pages show.

use std::process::Output;

use super::git::Repository;
use crate::support::{code, err, folder, out, project, run};

/// A fenced block: what stands behind the fence, and its lines.
struct Block {
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match (open, line.strip_prefix("```")) {
            (false, Some(info)) => blocks.push(Block { info: info.to_owned(), text: String::new() }),
            (true, None) => {
                if let Some(block) = blocks.last_mut() {
                    block.text += &format!("{line}\n");
                }
                continue;
            }
            (false, None) => continue,
            (true, Some(_)) => {}
        }
        open = !open;
    }
    blocks
}

/// What a reader sees of a run, with its exit code unless that is 0.
fn seen(output: &Output) -> String {
    let exit = if code(output) == 0 { String::new() } else { format!("? {}\n", code(output)) };
    let text = format!("{exit}{}{}", out(output), err(output));
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn the_pages_show_what_relplan_says() {
    for page in ["docs/base.md", "docs/changes.md"] {
        replay(page);
    }
}

fn replay(page: &str) {
    let path = project().join(page);
    let page = std::fs::read_to_string(&path).expect("the page");
    let files: Vec<(String, String)> = blocks(&page)
        .into_iter()
        .filter_map(|block| Some((block.info.split_once(' ')?.1.to_owned(), block.text)))
        .collect();
    let (base, change) = files.split_at(2);
    let base: Vec<(&str, &str)> = base.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let repository = Repository::of(folder(&base).path(), &[]);
    for (name, text) in change {
        repository.write(name, text);
    }
    let mut fresh = page.clone();
    for block in blocks(&page).iter().filter(|block| block.info == "console") {
        let command =
            block.text.lines().next().and_then(|line| line.strip_prefix("$ relplan ")).expect("a command");
        let output = run(repository.path(), &command.split(' ').collect::<Vec<_>>());
        let shown = format!("$ relplan {command}\n{}", seen(&output));
        fresh = fresh.replace(&format!("```console\n{}```", block.text), &format!("```console\n{shown}```"));
    }
    // The commit is another one wherever the page is replayed.
    let commit = repository.line(&["rev-parse", "main"]);
    let fresh = fresh.replace(&commit[..12], "0123456789ab");
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&path, &fresh).expect("the page is written");
    }
    assert_eq!(fresh, page, "run `UPDATE=1 cargo test --test it base::page`, and read what changed");
}
