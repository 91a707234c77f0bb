use proptest::prelude::*;

use super::*;
use crate::source::{FileId, SourceFile};

/// Everything that a file is read as: its tokens with their attributes, and what is broken.
fn all<'s>(mut xml: Xml<'s, '_>) -> (Vec<(Token<'s>, Vec<Attribute<'s>>)>, Option<EvidenceDefect>) {
    let mut read = Vec::new();
    loop {
        match xml.next() {
            Ok(token @ Token::Start(_)) => {
                let mut attributes = Vec::new();
                let values = xml.attributes(|attribute| {
                    attributes.push(attribute);
                    xml.value(attribute).map(drop)
                });
                read.push((token, attributes));
                if let Err(broken) = values {
                    return (read, Some(broken));
                }
            }
            Ok(Token::Done) => return (read, None),
            Ok(token) => read.push((token, Vec::new())),
            Err(broken) => return (read, Some(broken)),
        }
    }
}

fn with_text<T>(text: &str, with: impl FnOnce(&Input<'_>) -> T) -> T {
    let file = SourceFile::new("a.xml", text);
    with(&Input::of(FileId(0), &file).expect("text"))
}

/// What is broken, if anything is.
fn broken(text: &str) -> Option<EvidenceDefect> {
    with_text(text, |input| read(input, all).1)
}

proptest! {
    #[test]
    fn what_is_well_formed_is_taken(text in well_formed()) {
        prop_assert_eq!(broken(&text), None, "{}", text);
    }

    #[test]
    fn who_finds_the_attributes_makes_no_difference(
        inside in prop::collection::vec(parts(), 0..24),
        times in 1..300_usize,
    ) {
        let text = format!("<r>{}{}</r>", "<a x='1' y=\"&lt;\"/>".repeat(times), inside.concat());
        with_text(&text, |input| {
            let found_first = {
                let (sender, receiver) = sync_channel(BATCH);
                let mut tags = Tags::new(input);
                loop {
                    let mut batch = tags.next_batch(Vec::new());
                    batch.look_at_tags(input);
                    let is_last = batch.broken.is_some() || batch.tokens.last() == Some(&Token::Done);
                    sender.send(batch).expect("there is room");
                    if is_last {
                        break;
                    }
                }
                all(Xml::from(input, Origin::Elsewhere(receiver)))
            };
            prop_assert_eq!(found_first, read(input, all));
            Ok(())
        })?;
    }
}

#[test]
fn a_large_report_is_read_in_its_order_to_its_end_or_to_what_is_broken() {
    let case = "<testcase name='a&amp;b' classname='c'><failure message='m'>why</failure></testcase>\n";
    let whole = format!("<testsuite>\n{}</testsuite>", case.repeat(2 * LARGE / case.len()));
    for text in [whole.clone(), whole[..whole.len() - 40].to_owned(), whole.replacen("='m'", "=m", 5000)] {
        with_text(&text, |input| {
            let here = all(Xml::new(input));
            assert!(here.0.len() > 4 * BATCH || here.1.is_some());
            assert_eq!(read(input, all), here);
        });
    }
}

#[test]
fn what_quick_xml_lets_pass_and_xml_does_not_is_refused() {
    let texts = [
        "",
        "a",
        "<a/><b/>",
        "<a><![CDATA[x]]></a><![CDATA[x]]>",
        "<a><!DOCTYPE b></a>",
        "<a>",
        "< a/>",
        "<1/>",
        "<a/ >",
        "<a b/>",
        "<a b=c/>",
        "<a b='<'/>",
        "<a <b c='d'/>",
        "<a b='1'c='2'/>",
        "<a b='1' b='2'/>",
        "<a b='&c;'/>",
        "<a b='&'/>",
        "<a>&b;</a>",
        "<a>&#0;</a>",
        "<a>& b</a>",
    ];
    for text in texts {
        assert!(broken(text).is_some(), "{text}");
    }
}

fn parts() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<a>",
        "</a>",
        "<a/>",
        "<b x='1'>",
        "</b>",
        "<c y=\"<\"/>",
        "<c y='&lt;'/>",
        "<c y/>",
        "<c y=z/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "?>",
        "&amp;",
        "&",
        ";",
        "\"",
        "'",
        "ü",
        " ",
        "\n",
        "<",
        ">",
        "/",
        "=",
        "<!DOCTYPE",
        "<d\ty = '1'\nz='2' >",
        "</d\n>",
        "<e x='1'x='2'/>",
        "--",
        "[",
        "]",
    ])
}

fn well_formed() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "text",
        " &lt;&#65; a &amp; ",
        "<!-- <a> -->",
        "<![CDATA[<&]]>",
        "<?p <?>",
        "<e/>",
        "ü\n",
    ]);
    let tags = vec!["a", "b x='1'", "n:c y=\"&amp;'\" z = ''"];
    let inner = leaf.prop_map(str::to_owned).prop_recursive(4, 32, 4, move |inner| {
        let inside = prop::collection::vec(inner, 0..4);
        (inside, prop::sample::select(tags.clone())).prop_map(|(inside, tag)| {
            let name = tag.split(' ').next().unwrap_or("a");
            format!("<{tag}>{}</{name}>", inside.concat())
        })
    });
    inner.prop_map(|inside| {
        format!(
            "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e '>'><!-- ' -->]>\n<r>{inside}</r>\n<!-- end -->"
        )
    })
}
