use proptest::prelude::*;

use super::*;
use crate::source::{FileId, SourceFile};

/// Everything that a file is read as: its tokens with their attributes, and what is broken.
fn all<'s>(xml: &mut Xml<'s, '_>) -> (Vec<(Token<'s>, Vec<Attribute<'s>>)>, Option<EvidenceDefect>) {
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
    with_text(text, |input| all(&mut Xml::new(input)).1)
}

proptest! {
    #[test]
    fn what_is_well_formed_is_taken(text in well_formed()) {
        prop_assert_eq!(broken(&text), None, "{}", text);
    }

    #[test]
    fn a_document_in_two_parts_is_the_document(text in well_formed(), at in any::<prop::sample::Index>()) {
        let root = text.find("<r>").expect("a root");
        let tags: Vec<usize> = text.match_indices('<').map(|(at, _)| at).filter(|at| *at > root).collect();
        let cut = tags[at.index(tags.len())];
        with_text(&text, |input| {
            let (first, broken) = all(&mut Xml::part(input, 0..cut));
            // In a comment or the like, the first part says that it is cut there.
            if broken.is_none() {
                let (second, broken) = all(&mut Xml::part(input, cut..text.len()));
                prop_assert_eq!(broken, None);
                let (whole, _) = all(&mut Xml::new(input));
                prop_assert_eq!([first, second].concat(), whole);
            }
            Ok(())
        })?;
    }

    #[test]
    fn parts_of_what_is_broken_are_broken_or_do_not_fit(
        inside in prop::collection::vec(parts(), 0..24),
        at in any::<prop::sample::Index>(),
    ) {
        let text = format!("<r>{}</r>", inside.concat());
        let tags: Vec<usize> = text.match_indices('<').map(|(at, _)| at).collect();
        let cut = tags[at.index(tags.len())];
        with_text(&text, |input| {
            let (mut first, mut second) = (Xml::part(input, 0..cut), Xml::part(input, cut..text.len()));
            let read = [all(&mut first), all(&mut second)];
            let (first, second) = (first.outline(), second.outline());
            let closes: Vec<&str> = first.open.iter().rev().copied().collect();
            let fit = cut > 0
                && read.iter().all(|(_, broken)| broken.is_none())
                && closes == second.closed
                && second.open.is_empty()
                && !second.goes_on;
            let (whole, broken) = all(&mut Xml::new(input));
            match fit {
                true => {
                    prop_assert_eq!(broken, None, "{}", text);
                    prop_assert_eq!(read.map(|(tokens, _)| tokens).concat(), whole);
                }
                false => prop_assert!(broken.is_some() || cut == 0 || read[0].1.is_some(), "{} {}", text, cut),
            }
            Ok(())
        })?;
    }
}

#[test]
fn an_outline_says_what_a_part_leaves_to_others() {
    let text = "<a><n:b><c>x</c></n:b\n><d><e/></d></a>";
    let outline = |part: Range<usize>| {
        with_text(text, |input| {
            let mut xml = Xml::part(input, part);
            assert_eq!(all(&mut xml).1, None);
            let Outline { closed, open, deepest, goes_on } = xml.outline();
            (closed.join(" "), open.join(" "), deepest, goes_on)
        })
    };
    let at = |what| text.find(what).expect("it stands there");
    assert_eq!(outline(0..at("<c")), ("".into(), "a n:b".into(), 2, true));
    assert_eq!(outline(at("<c")..at("<d")), ("n:b".into(), "".into(), 1, false));
    assert_eq!(outline(at("</c")..at("<e")), ("c n:b".into(), "d".into(), 1, true));
    assert_eq!(outline(at("<e")..text.len()), ("d a".into(), "".into(), 1, false));
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
