//! Files that are made from the code: the pages of the rules, the reference of
//! commands and fields, the JSON Schemas. `UPDATE=1 cargo test --test it generated`
//! writes them; otherwise they are compared.

use std::collections::BTreeMap;
use std::path::PathBuf;

use relplan::cli::{explain, reference};
use relplan::rules;

use crate::support;

#[test]
fn generated_files_are_fresh() {
    let mut stale = Vec::new();
    let root = support::project();
    let wanted = wanted();
    for (path, text) in &wanted {
        let file = root.join(path);
        let there = std::fs::read_to_string(&file).unwrap_or_default();
        if there == *text {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(&file, text).expect("a file");
        } else {
            stale.push(path.display().to_string());
        }
    }
    for path in left_over(&wanted) {
        if std::env::var_os("UPDATE").is_some() {
            std::fs::remove_file(root.join(&path)).expect("a file");
        } else {
            stale.push(format!("{} (belongs to nothing)", path.display()));
        }
    }
    assert!(stale.is_empty(), "stale: {}\nrun: UPDATE=1 cargo test --test it generated", stale.join(", "));
}

fn wanted() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for rule in rules::ALL.iter() {
        files.insert(PathBuf::from(format!("docs/rules/{}.md", rule.name)), explain::page(rule));
    }
    files.insert("docs/rules/README.md".into(), reference::rules());
    files.insert("docs/reference/commands.md".into(), reference::commands());
    files.insert("docs/reference/fields.md".into(), reference::fields());
    files.insert("docs/schemastore.json".into(), reference::schema_catalog());
    for (name, schema) in reference::schemas() {
        files.insert(format!("docs/schema/{name}.schema.json").into(), schema);
    }
    files
}

fn left_over(wanted: &BTreeMap<PathBuf, String>) -> Vec<PathBuf> {
    let root = support::project();
    let folders = ["docs/rules", "docs/schema"];
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten());
    let paths = files.map(|file| file.path().strip_prefix(&root).expect("inside").to_owned());
    paths.filter(|path| !wanted.contains_key(path)).collect()
}
