//! What is read of broken texts, and how it is named.

use super::*;
use crate::source::{Pair, Value};

/// The pairs of every entry as `key=value`, those of an entry joined by `; `.
fn entries(reading: &Reading<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for document in &reading.documents {
        collect(&document.root, &mut found);
    }
    found
}

fn collect(node: &Node<'_>, found: &mut Vec<String>) {
    let Value::Mapping(pairs) = &node.value else {
        if let Value::Sequence(items) = &node.value {
            items.iter().for_each(|item| collect(item, found));
        }
        return;
    };
    let pair = |pair: &crate::source::Pair<'_>| Some(format!("{}={}", pair.key.text()?, pair.value.text()?));
    let texts: Vec<String> = pairs.iter().filter_map(pair).collect();
    if !texts.is_empty() {
        found.push(texts.join("; "));
    }
    pairs.iter().for_each(|pair| collect(&pair.value, found));
}

fn read_text<T>(text: &str, look: impl FnOnce(&Reading<'_>) -> T) -> T {
    look(&read(FileId(0), &SourceFile::new("plan.yaml", text)))
}

/// What a defect is called here, with the text that it is about.
fn named(text: &str, defect: &YamlDefect) -> String {
    let place = &text[defect.span().range()];
    match defect {
        YamlDefect::Syntax { reason, .. } => format!("{reason}: {place}"),
        YamlDefect::Trap { trap, .. } => format!("{trap:?}: {place}"),
        YamlDefect::ListBehindText { text: behind, .. } => {
            format!("ListBehindText: {place} behind {}", &text[behind.range()])
        }
        YamlDefect::LostToTabs { .. } => format!("LostToTabs: {place}"),
        YamlDefect::DuplicateKey { .. } => format!("DuplicateKey: {place}"),
        YamlDefect::UnknownAlias { .. } => format!("UnknownAlias: {place}"),
        YamlDefect::MergeOfNothing { .. } => format!("MergeOfNothing: {place}"),
        other => format!("{other:?}"),
    }
}

/// Reads `text` with either sort of line break and compares entries and defects.
fn check(text: &str, expect: &[&str], defects: &[&str]) {
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        read_text(&text, |reading| {
            assert_eq!(entries(reading), expect, "{text}");
            let mut found: Vec<_> = reading.defects.iter().collect();
            found.sort_by_key(|defect| defect.span());
            let found: Vec<String> =
                found.iter().map(|defect| named(&text, defect).replace('\r', "")).collect();
            assert_eq!(found, defects, "{text}");
        });
    }
}

/// A value that is read as it stands, and named as a trap.
fn check_value(value: &str, trap: Trap) {
    let texts = [
        format!("- id: A\n  title: x\n- id: B\n  ä: {value}\n  note: y\n- id: C\n"),
        format!("id: B\nä: {value} # why\nnote: y\n"),
        format!("B:\n  ä: {value}\n  note: y\n"),
    ];
    for text in &texts {
        // What begins with a hash is a comment to its end.
        if value.starts_with('#') && text.contains("# why") {
            continue;
        }
        read_text(text, |reading| {
            let found: Vec<String> = reading.defects.iter().map(|defect| named(text, defect)).collect();
            assert_eq!(found, [format!("{trap:?}: {value}")], "{text}");
            let all = entries(reading).join("; ");
            assert!(all.contains(&format!("ä={value}; note=y")), "{text}: {all}");
        });
    }
}

#[test]
fn a_trap_is_named_and_its_text_is_read() {
    for value in [">2% of requests", "| x", ">2%: a", "|5 x"] {
        check_value(value, Trap::BlockIndicator);
    }
    for value in ["@team", "`x`", "%5", "* x", "& x", "*foo bar", "**bold** x", "?", "-", ", x", "] x", "} x"]
    {
        check_value(value, Trap::ReservedCharacter);
    }
    for value in ["a: b", "a: b: c", "see:", "Note: \"x\": y"] {
        check_value(value, Trap::Colon);
    }
    for value in ["[ ] text", "[x] y", "{a} b", "{ x } y", "[WIP]: y"] {
        check_value(value, Trap::Bracket);
    }
    for value in ["\"a\" b", "'It's done'", "\"a\": b", "\"a # b\" c"] {
        check_value(value, Trap::Quote);
    }
    for value in ["!x", "!x y", "!x, y", "!a!b c"] {
        check_value(value, Trap::Tag);
    }
    for value in ["&team", "&Co partners"] {
        check_value(value, Trap::Anchor);
    }
    check_value("#incidents", Trap::Comment);
    check_value("#incidents Slack, pager", Trap::Comment);
}

#[test]
fn an_item_of_a_list_can_be_a_trap_too() {
    let text = "steps:\n  - @x\n  - **Bold** y\n  - [ ] z\n  - #chan\n  - >2% x\n  - !t x\n  - &c\n  - ok\n";
    read_text(text, |reading| {
        assert_eq!(reading.defects.len(), 7);
        let Value::Mapping(pairs) = &reading.documents[0].root.value else { panic!("a mapping") };
        let Value::Sequence(items) = &pairs[0].value.value else { panic!("a list") };
        let texts: Vec<_> = items.iter().map(|item| item.text().expect("a text")).collect();
        assert_eq!(texts, ["@x", "**Bold** y", "[ ] z", "#chan", ">2% x", "!t x", "&c", "ok"]);
    });
}

#[test]
fn a_trap_in_brackets_ends_with_its_item() {
    check("a: [@team, x]\nb: c\n", &["b=c"], &["ReservedCharacter: @team"]);
    check("a: [x, #team, y]\nb: c\n", &["b=c"], &["ReservedCharacter: #team"]);
    check("- {id: A, t: @x, o: p}\n", &["id=A; t=@x; o=p"], &["ReservedCharacter: @x"]);
    check("a: {b: c: d, e: f}\n", &["b=c: d; e=f"], &["Colon: c: d"]);
}

#[test]
fn a_key_can_be_a_trap_too() {
    check("id: A\n@owner: x\n", &["id=A; @owner=x"], &["ReservedCharacter: @owner"]);
}

#[test]
fn a_value_over_several_lines_is_one_trap() {
    check(
        "a: >2% of\n  all: requests\nb: c\n",
        &["a=>2% of all: requests; b=c"],
        &["BlockIndicator: >2% of\n  all: requests"],
    );
}

#[test]
fn a_comment_that_seems_to_be_text_is_named() {
    check(
        "a: Slack #incidents, pager\nb: Fixes #12\n",
        &["a=Slack; b=Fixes"],
        &["CommentInside: #incidents, pager", "CommentInside: #12"],
    );
    check(
        "b: c\na:\n- Write to #shop and wait\n- Ask #ops!\n",
        &["b=c"],
        &["CommentInside: #shop and wait", "CommentInside: #ops!"],
    );
    let comments = "b: c\na:\n- TEST-1 # smoke\n- TEST-2 #Only later\n- TEST-3 ## x\n- TEST-4 #fixme soon\n";
    check(comments, &["b=c"], &[]);
    check("a: x # y\nb: z #todo\nc: u #relplan: v\n", &["a=x; b=z; c=u"], &[]);
    check("a: #\nb: ## x\nc: # y\n", &["a=; b=; c="], &[]);
}

#[test]
fn a_quote_that_is_not_closed_costs_no_entry() {
    let quote = "this quote is not closed: \"";
    check("- id: A\n  t: \"x\n- id: B\n  t: \"y\"\n", &["id=A; t=x", "id=B; t=y"], &[quote]);
    check("id: A\nt: \"x\n---\nid: B\n", &["id=A; t=x", "id=B"], &[quote]);
    check("A-1:\n  t: \"x\nA-2:\n  t: y\n", &["t=x", "t=y"], &[quote]);
    check("a: \"x\n  y: z\nb: c\n", &["a=x y: z; b=c"], &[quote]);
    check("a: [b, \"c]\nd: e\n", &["a=[b, \"c]; d=e"], &[quote]);
    check("a: \"x\n  y\" z\nb: c\n", &["a=x y\" z; b=c"], &["this quote is closed before its text ends: \""]);
    // Before a key nothing of the line can be relied on.
    check("- id: A\n  \"t: x\n- id: B\n", &["id=B"], &[quote]);
}

#[test]
fn a_bracket_that_is_not_closed_costs_no_entry() {
    let bracket = "this bracket is not closed: [";
    check("- id: A\n  t: [WIP x\n- id: B\n", &["id=A; t=WIP x", "id=B"], &[bracket]);
    check("id: A\nt: [x,\n  y\no: z\n", &["id=A; t=x, y; o=z"], &[bracket]);
    check("a: [x]]\nb: c\n", &["b=c"], &["a closing bracket without its opening one: ]"]);
    check("- {id: A, t: x\n- id: B\n", &["id=B"], &["this bracket is not closed: {"]);
}

#[test]
fn a_backslash_that_escapes_nothing_stays() {
    let words = "this backslash escapes nothing; in single quotes it is just a backslash: \\";
    check("a: \"C:\\path\\\\x\"\nb: \"\\u00e4\"\n", &["a=C:\\path\\\\x; b=ä"], &[words]);
}

#[test]
fn a_control_character_is_taken_away() {
    let words = "a control character, which no YAML file may hold: \u{7}";
    check("a: b\u{7}c\nd: e\n", &["a=b\u{7}c; d=e"], &[words]);
}

#[test]
fn a_list_behind_a_text_costs_the_list() {
    let text = "a: \"x\"\n- b: c\n- d\n  e\n\nf: g\nh: i\n  - not a list\n";
    let expect = &["a=x; f=g; h=i\n- not a list"];
    let defects = ["ListBehindText: - b: c\n- d\n  e behind \"x\"", "FoldedDash: - not a list"];
    check(text, expect, &defects);
}

/// The whole of what was read, in one line.
fn outline(node: &Node<'_>) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match &node.value {
        Value::Mapping(pairs) => {
            let pair = |pair: &Pair<'_>| format!("{}: {}", outline(&pair.key), outline(&pair.value));
            format!("{{{}}}", joined(pairs.iter().map(pair).collect()))
        }
        Value::Sequence(items) => format!("[{}]", joined(items.iter().map(outline).collect())),
        _ => node.text().unwrap_or("~").to_owned(),
    }
}

fn check_outline(text: &str, expect: &str, defects: &[&str]) {
    read_text(text, |reading| {
        let roots: Vec<String> = reading.documents.iter().map(|document| outline(&document.root)).collect();
        assert_eq!(roots.join(" "), expect, "{text}");
        let mut found: Vec<_> = reading.defects.iter().collect();
        found.sort_by_key(|defect| defect.span());
        let found: Vec<String> = found.into_iter().map(|defect| named(text, defect)).collect();
        assert_eq!(found, defects, "{text}");
    });
}

#[test]
fn a_dash_that_is_indented_too_deep_begins_an_item() {
    let list = "steps:\n  - a\n    - b # why\n  - e\n";
    check_outline(list, "{steps: [a, b, e]}", &["FoldedDash: - b"]);
    let list = "- a\n  - b\n  - c d\n    e\n";
    check_outline(list, "[a, b, c d e]", &["FoldedDash: - b", "FoldedDash: - c d\n    e"]);
    check_outline("links: X-1\n  - X-5\n", "{links: [X-1, X-5]}", &["FoldedDash: - X-5"]);
    check_outline("links:\n  X-1\n  - X-5\n", "{links: [X-1, X-5]}", &["FoldedDash: - X-5"]);
    check_outline("a: X-1 (b)\n  - X-5\n", "{a: X-1 (b)\n- X-5}", &["FoldedDash: - X-5"]);
    check_outline("a: b\n  -c\n  d - e\n", "{a: b -c d - e}", &[]);
    let list = "steps:\n  - a # why\n    - b # not\n    - c\n  - e\n";
    check_outline(list, "{steps: [a, b, c, e]}", &["FoldedDash: - b", "FoldedDash: - c"]);
}

#[test]
fn a_comment_within_a_text_costs_nothing() {
    let defect = "a comment in the middle of a text: # why";
    check_outline("- a: b # why\n    c\n  d: e\n- f\n", "[{a: b # why c, d: e}, f]", &[defect]);
}

#[test]
fn a_tag_of_yaml_1_1_is_known() {
    check_outline("a: !!timestamp 2027-03-02\nb: !!binary aGk=\n", "{a: 2027-03-02, b: aGk=}", &[]);
    check_outline("a: !<tag:yaml.org,2002:timestamp> 2027-03-02\n", "{a: 2027-03-02}", &[]);
    check_outline("a: !!money 5\n", "{a: !!money 5}", &["Tag: !!money 5"]);
}

#[test]
fn a_merge_key_takes_mappings_only() {
    let merged = "- &b {o: p}\n- {<<: *b, q: r}\n- {<<: [*b, {s: t}]}\n";
    check_outline(merged, "[{o: p}, {q: r, o: p}, {o: p, s: t}]", &[]);
    let others = "- {<<: x, q: r}\n- {<<: [y], q: r}\n- <<:\n";
    let defects = ["MergeOfNothing: x", "MergeOfNothing: [y]", "MergeOfNothing: "];
    check_outline(others, "[{q: r}, {q: r}, {}]", &defects);
    check_outline("- {<<: *c, q: r}\n", "[{q: r}]", &["UnknownAlias: *c"]);
    let twice = "- &a {o: p}\n- {<<: *a, <<: {s: t}}\n";
    check_outline(twice, "[{o: p}, {o: p}]", &["DuplicateKey: <<"]);
}

#[test]
fn numbered_lines_with_comments_become_a_list() {
    let text = "steps:\n  1. Alert\n  2. Stop # now\n  3. Go\nnote: y\n";
    let defect = "NumberedLine: 1. Alert\n  2. Stop # now\n  3. Go";
    check_outline(text, "{steps: [Alert, Stop, Go], note: y}", &[defect]);
    let text = "steps:\n  1. Alert # all\n     of them\n  2. Stop: now # x\nnote: y\n";
    let defect = "NumberedLine: 1. Alert # all\n     of them\n  2. Stop: now # x";
    check_outline(text, "{steps: [Alert # all of them, Stop: now], note: y}", &[defect]);
    let text = "- steps:\n  1) Alert # all\n  2) Stop\n";
    check_outline(text, "[{steps: [Alert, Stop]}]", &["NumberedLine: 1) Alert # all\n  2) Stop"]);
}

#[test]
fn numbered_lines_become_a_list() {
    let text = "id: A\nsteps:\n1. Alert: x\n2. Stop\n   all of it\n10) Go\nnote: y\n";
    check(text, &["id=A; note=y"], &["NumberedLine: 1. Alert: x\n2. Stop\n   all of it\n10) Go"]);
    read_text(text, |reading| {
        let Value::Mapping(pairs) = &reading.documents[0].root.value else { panic!("a mapping") };
        let Value::Sequence(items) = &pairs[1].value.value else { panic!("a list") };
        let texts: Vec<_> = items.iter().map(|item| item.text().expect("a text")).collect();
        assert_eq!(texts, ["Alert: x", "Stop all of it", "Go"]);
    });
}

#[test]
fn tabs_are_named_once_for_each_entry() {
    check("A-1:\n\tt: x\n\to: y\nA-2:\n  t: z\n", &["t=x; o=y", "t=z"], &["Tab: \t"]);
    // One space for each tab does not reach the column of the other keys here.
    let lost = "LostToTabs: - id: A\n\tt: x\n\to: y";
    check("- id: A\n\tt: x\n\to: y\n- id: B\n", &["id=B"], &[lost, "Tab: \t"]);
    check("a:\tb\n", &["a=b"], &[]);
}

#[test]
fn a_line_that_is_no_pair_costs_its_entry_only() {
    let no_pair = |line: &str| format!("this line is neither `key: value` nor a list item: {line}");
    check("- id: A\n- id: B\n  owner x\n- id: C\n", &["id=A", "id=C"], &[&no_pair("owner x")]);
    check("- id: A\n  o:x\n- id: C\n", &["id=C"], &["a blank is missing behind the colon: o:x"]);
    check("- id: A\n-id: B\n- id: C\n", &["id=C"], &["a blank is missing behind the dash: -id: B"]);
    let column = "this line is not in the column of the other keys or items around it: ";
    let wrong = format!("{column}bad");
    check("- id: A\n  t: x\n bad: y\n- id: C\n", &["id=C"], &[&wrong]);
    check("entries:\n  - id: A\n bad: y\n  - id: C\n", &["id=C"], &[&wrong]);
    check("A-1:\n  t: x\n bad: y\nA-2:\n  t: z\n", &["t=z"], &[&wrong]);
    check("entries:\n  A-1:\n    t: x\n   bad: y\n  A-2:\n    t: z\n", &["t=z"], &[&wrong]);
    let deeper = "this key is indented deeper than its siblings, or is in the middle of a text: b";
    check("- a: x\n    b: y\n- c: z\n", &["c=z"], &[deeper]);
}

#[test]
fn every_error_of_a_file_is_reported_and_every_good_entry_is_read() {
    let mut text = String::new();
    let mut good = Vec::new();
    for number in 0..20 {
        let line = match number % 4 {
            0 => "t: @x",
            1 => "no key",
            _ => "t: fine",
        };
        text += &format!("- id: A-{number}\n  {line}\n");
        match number % 4 {
            0 => good.push(format!("id=A-{number}; t=@x")),
            1 => {}
            _ => good.push(format!("id=A-{number}; t=fine")),
        }
    }
    read_text(&text, |reading| {
        assert_eq!(entries(reading), good);
        assert_eq!(reading.defects.len(), 10);
        assert_eq!(reading.lost.len(), 5);
    });
}

#[test]
fn two_mistakes_of_one_entry_are_both_reported() {
    check(
        "- id: A\n  t: @x\n  owner y\n- id: B\n",
        &["id=B"],
        &["ReservedCharacter: @x", "this line is neither `key: value` nor a list item: owner y"],
    );
    // A line that is no pair leaves nothing that the next could follow.
    check("A-1:\n  ]\n  t: x\nA-2:\n  t: y\n", &["t=y"], &["ReservedCharacter: ]"]);
}

#[test]
fn what_follows_a_broken_list_still_belongs_to_its_document() {
    let text = "entries:\n  - id: A\n    t: @x\n  - id: B\ndefaults:\n  o: p\n---\nid: C\n";
    read_text(text, |reading| {
        let continued: Vec<bool> = reading.documents.iter().map(|document| document.continued).collect();
        assert_eq!(continued, [false, true, true, false]);
        assert_eq!(reading.defects.len(), 1);
    });
}

#[test]
fn an_error_in_a_later_document_leaves_the_earlier_ones() {
    check(
        "id: A\nt: x\n---\nentries:\n- id: B\n- id: C\n5\n---\nid: D\n",
        &["id=A; t=x", "id=B", "id=D"],
        &["this line is neither `key: value` nor a list item: 5"],
    );
}

#[test]
fn anchors_survive_an_error() {
    let text = "- &base\n  o: &lead Ann\n- t: @x\n  o: *lead\n- <<: *base\n- o: *nobody\n";
    check(
        text,
        &["o=Ann", "t=@x; o=Ann", "o=Ann", "o=*nobody"],
        &["ReservedCharacter: @x", "UnknownAlias: *nobody"],
    );
}

#[test]
fn comments_and_other_defects_of_an_entry_that_is_read_again_count_once() {
    let text = "- id: A # relplan: allow(x) y\n  c: #chan\n  t: @x\n  d: 1\n  d: 2\n";
    check(
        text,
        &["id=A; c=#chan; t=@x; d=1; d=2"],
        &["Comment: #chan", "ReservedCharacter: @x", "DuplicateKey: d"],
    );
    read_text(text, |reading| assert_eq!(reading.directives.len(), 1));
}

#[test]
fn entries_behind_each_other_have_keys_of_their_own() {
    check("A-1: x\no: p\nA-2: y\no: q\no: r\n", &["A-1=x; o=p; A-2=y; o=q; o=r"], &["DuplicateKey: o"]);
    let by_key = "id: A-1\no: p\nid: A-2\no: q\no: r\nid: A-2\n";
    check(by_key, &["id=A-1; o=p; id=A-2; o=q; o=r; id=A-2"], &["DuplicateKey: o", "DuplicateKey: id"]);
    check("a:\n  A-1: x\n  A-1: y\n", &["A-1=x; A-1=y"], &["DuplicateKey: A-1"]);
}

#[test]
fn the_place_of_a_value_is_exact() {
    let text = "ä: 'ö ü'\r\nb: |\r\n  eins\r\n  zwei\r\nc: [ß, \"x\"]\r\nd: un,\r\n  deux\r\n";
    read_text(text, |reading| {
        let Value::Mapping(pairs) = &reading.documents[0].root.value else { panic!("a mapping") };
        let places: Vec<&str> = pairs.iter().map(|pair| &text[pair.value.span.range()]).collect();
        assert_eq!(places, ["'ö ü'", "eins\r\n  zwei", "[ß, \"x\"]", "un,\r\n  deux"]);
    });
}

#[test]
fn a_dash_at_the_very_end_has_its_place() {
    let text = "id: #DEP-001\n-";
    read_text(text, |reading| {
        let Value::Mapping(pairs) = &reading.documents[0].root.value else { panic!("a mapping") };
        assert_eq!(&text[pairs[0].value.span.range()], "-");
    });
}

#[test]
fn hostile_texts_end_in_a_finding() {
    for text in ["[".repeat(200_000), "- ".repeat(100_000), "{a: ".repeat(50_000), "- [\n".repeat(5_000)] {
        read_text(&text, |reading| assert!(!reading.defects.is_empty()));
    }
}
