//! A room uses only rooms on lower floors. A single crate has no walls, so this
//! test reads the `use` lines. And every field says what it asks for.

use std::path::Path;

use relplan::compare::tables;
use relplan::model::field::{Field, Shape};
use relplan::model::order::Order;

/// The rooms and their floors; a room may use those with a smaller number, and itself.
const FLOORS: &[(&str, u32)] = &[
    ("source", 0),
    ("random", 0),
    ("finding", 1),
    ("model", 2),
    ("config", 3),
    ("graph", 3),
    ("evidence", 3),
    ("network", 3),
    ("compare", 4),
    ("editing", 4),
    ("forecast", 4),
    ("knapsack", 4),
    ("leveling", 4),
    ("metrics", 4),
    ("schedule", 4),
    ("trigger", 4),
    ("verdict", 5),
    ("rules", 6),
    ("views", 6),
    ("report", 7),
    ("messages", 7),
    ("formats", 8),
    ("exports", 8),
    ("error", 9),
    ("site", 9),
    ("project", 10),
    ("cli", 11),
];

#[test]
fn rooms_use_lower_floors_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for &(room, floor) in FLOORS {
        let mut files = Vec::new();
        collect(&source.join(room), &mut files);
        let single = source.join(format!("{room}.rs"));
        files.extend(single.exists().then_some(single));
        assert!(!files.is_empty(), "there is no room src/{room}");
        for file in files {
            let text = std::fs::read_to_string(&file).expect("a source file");
            for (number, line) in text.lines().enumerate() {
                for used in rooms_in(line) {
                    let Some(&(_, other)) = FLOORS.iter().find(|(name, _)| *name == used) else {
                        panic!("src/{used} has no floor: add it to FLOORS in tests/it/floors.rs");
                    };
                    if used != room && other >= floor {
                        wrong.push(format!(
                            "{}:{}: {room} (F{floor}) uses {used} (F{other})",
                            file.display(),
                            number + 1
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for item in std::fs::read_dir(source).expect("src") {
        let name = item.expect("an item").file_name().to_string_lossy().replace(".rs", "");
        let known = FLOORS.iter().any(|(room, _)| *room == name) || ["main", "lib"].contains(&name.as_str());
        assert!(known, "src/{name} has no floor: add it to FLOORS in tests/it/floors.rs");
    }
}

#[test]
fn every_field_says_which_change_of_it_asks_for_less() {
    fn look(name: &str, fields: &[Field], missing: &mut Vec<String>) {
        for field in fields {
            let path = format!("{name}: {}", field.name);
            match (field.asks, field.shape) {
                (Order::Unstated, _) => missing.push(path),
                (
                    Order::Inside | Order::Grant | Order::Records(_) | Order::Grants(_),
                    Shape::Structure(inner),
                ) => {
                    look(&path, inner, missing);
                }
                (Order::Inside | Order::Grant | Order::Records(_) | Order::Grants(_), _) => {
                    missing.push(format!("{path} has no fields"));
                }
                _ => {}
            }
        }
    }
    let mut missing = Vec::new();
    for (name, fields) in tables() {
        look(name, fields, &mut missing);
    }
    assert!(
        missing.is_empty(),
        "say what a change of these fields means for a gate, `.asks(Order::…)` in their table, or \
         `.asks(Order::Nothing)`:\n{}",
        missing.join("\n")
    );
}

fn rooms_in(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or("");
    let after = code.match_indices("crate::").map(|(at, found)| &code[at + found.len()..]);
    after
        .map(|rest| {
            rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
        })
        .filter(|room| !room.is_empty())
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    let Ok(items) = std::fs::read_dir(folder) else { return };
    for item in items {
        let path = item.expect("an item").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}
