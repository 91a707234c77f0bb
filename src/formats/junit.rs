//! JUnit XML: a test suite for the plan, a test for each rule.
//!
//! There is no standard. What is written here is the common part of the format as
//! `testmoapp/junitxml` documents it and the XSD of Jenkins' xUnit plug-in (`junit-10.xsd`) takes
//! it; beyond that XSD go only `file` and `line` of a test, which GitLab and others show.
//!
//! - A rule that ran is a test case, under the group of the rule; its name stays from run to run, so
//!   that a history of tests is a history of rules. One that had not applicable is skipped; one
//!   that is off is a property.
//! - Errors fail the test. There is one `failure` for all errors of a rule, because Jenkins reads
//!   only the first and GitLab shows none of several; its text has them all, and as GitLab shows the
//!   text and not the message, the text is complete.
//! - Warnings and notes stand in `system-out` and fail nothing: the format is not told `--fail-on`.
//!   The exit code is the gate.
//! - The denominator stands in the properties. Times are those of the denominator, or absent.
//! - XML 1.0 has no way to write most control characters: they become U+FFFD.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{CheckReport, plain};
use crate::finding::{Finding, Level};
use crate::rules;
use crate::source::{SourceMap, invisible};

type Xml<'a> = Writer<&'a mut dyn Write>;

/// A rule and what it found.
#[derive(Default)]
struct Case<'a> {
    errors: Vec<&'a Finding>,
    others: Vec<&'a Finding>,
    idle: bool,
}

/// Writes the suite.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let cases = cases(report);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let totals = totals(&cases, report);
    xml.create_element("testsuites")
        .with_attributes(attributes(&totals))
        .write_inner_content(|xml| suite(xml, &cases, &totals, report))?;
    xml.into_inner().write_all(b"\n")
}

/// The rules that ran, by name, and any other that found something.
fn cases<'a>(report: &CheckReport<'a>) -> BTreeMap<&'static str, Case<'a>> {
    let denominator = report.denominator;
    let ran = rules::ALL.iter().map(|rule| rule.name).filter(|name| !denominator.rules_off.contains(name));
    let mut cases: BTreeMap<&'static str, Case<'a>> = ran
        .map(|name| (name, Case { idle: denominator.idle_rules.contains(&name), ..Case::default() }))
        .collect();
    for finding in report.findings {
        let case = cases.entry(finding.name).or_default();
        match finding.level {
            Level::Error => case.errors.push(finding),
            Level::Warning | Level::Note => case.others.push(finding),
        }
    }
    cases
}

impl Case<'_> {
    fn is_skipped(&self) -> bool {
        self.idle && self.errors.is_empty() && self.others.is_empty()
    }
}

fn totals(cases: &BTreeMap<&str, Case<'_>>, report: &CheckReport<'_>) -> Vec<(&'static str, String)> {
    let failures = cases.values().filter(|case| !case.errors.is_empty()).count();
    let mut totals = vec![
        ("name", "relplan".to_owned()),
        ("tests", cases.len().to_string()),
        ("failures", failures.to_string()),
        ("errors", "0".to_owned()),
    ];
    if let Some(elapsed) = report.denominator.elapsed {
        totals.push(("time", format!("{:.3}", elapsed.as_secs_f64())));
    }
    totals
}

fn attributes<'a>(pairs: &'a [(&'a str, String)]) -> impl Iterator<Item = Attribute<'a>> {
    pairs.iter().map(|(name, value)| Attribute::from((*name, legal(value))))
}

fn suite(
    xml: &mut Xml<'_>,
    cases: &BTreeMap<&str, Case<'_>>,
    totals: &[(&str, String)],
    report: &CheckReport<'_>,
) -> io::Result<()> {
    let skipped = cases.values().filter(|case| case.is_skipped()).count().to_string();
    xml.create_element("testsuite")
        .with_attributes(attributes(totals))
        .with_attribute(("skipped", skipped.as_str()))
        .write_inner_content(|xml| {
            xml.create_element("properties")
                .write_inner_content(|xml| write_properties(xml, &properties(report)))?;
            cases.iter().try_for_each(|(name, case)| write_case(xml, name, case, report.sources))
        })?;
    Ok(())
}

fn properties(report: &CheckReport<'_>) -> Vec<(String, String)> {
    let denominator = report.denominator;
    let mut properties: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| properties.push((name.to_owned(), value));
    add("version", env!("CARGO_PKG_VERSION").to_owned());
    add("today", denominator.today.to_string());
    add("files", denominator.files.to_string());
    add("entries", denominator.entries.to_string());
    for (family, count) in &denominator.families {
        add(&format!("entries.{family}"), count.to_string());
    }
    add("links", denominator.links.to_string());
    add("rules.run", denominator.rules_run.to_string());
    add("rules.idle", denominator.idle_rules.join(", "));
    add("rules.off", denominator.rules_off.join(", "));
    add("allowed", denominator.allowed.to_string());
    if let Some(against) = report.baseline {
        add("baseline.known", against.known.to_string());
        add("baseline.fixed", against.fixed.to_string());
    }
    properties
}

fn write_properties(xml: &mut Xml<'_>, properties: &[(String, String)]) -> io::Result<()> {
    for (name, value) in properties {
        xml.create_element("property")
            .with_attribute(("name", legal(name)))
            .with_attribute(("value", legal(value)))
            .write_empty()?;
    }
    Ok(())
}

fn write_case(xml: &mut Xml<'_>, name: &str, case: &Case<'_>, sources: &SourceMap) -> io::Result<()> {
    let group = rules::find(name).map_or("relplan", |rule| rule.group());
    let place = case.errors.first().and_then(|finding| finding.primary());
    let mut pairs = vec![("name", name.to_owned()), ("classname", group.to_owned())];
    if let Some(span) = place {
        pairs.push(("file", invisible::named(sources.file(span.file).path()).into_owned()));
        pairs.push(("line", sources.start(span).line.to_string()));
    }
    let element = xml.create_element("testcase").with_attributes(attributes(&pairs));
    if case.is_skipped() {
        element.write_inner_content(|xml| {
            xml.create_element("skipped").with_attribute(("message", "not applicable")).write_empty()?;
            Ok(())
        })?;
    } else if case.errors.is_empty() && case.others.is_empty() {
        element.write_empty()?;
    } else {
        element.write_inner_content(|xml| write_findings(xml, case, sources))?;
    }
    Ok(())
}

fn write_findings(xml: &mut Xml<'_>, case: &Case<'_>, sources: &SourceMap) -> io::Result<()> {
    if let Some(first) = case.errors.first() {
        let headline = plain::headline(first, sources);
        let message = match case.errors.len() {
            1 => headline,
            count => format!("{count} errors; the first: {headline}"),
        };
        let texts = case.errors.iter().map(|finding| plain::lines(finding, sources));
        xml.create_element("failure")
            .with_attribute(("message", legal(&message)))
            .with_attribute(("type", first.code))
            .write_text_content(BytesText::new(&legal(&texts.collect::<Vec<_>>().join("\n\n"))))?;
    }
    if !case.others.is_empty() {
        let texts = case
            .others
            .iter()
            .map(|finding| format!("{}: {}", finding.level, plain::lines(finding, sources)));
        xml.create_element("system-out")
            .write_text_content(BytesText::new(&legal(&texts.collect::<Vec<_>>().join("\n\n"))))?;
    }
    Ok(())
}

/// The text without characters that XML 1.0 cannot hold (section 2.2, `Char`).
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal = |letter: char| match letter {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        letter => letter >= ' ',
    };
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|letter| if is_legal(letter) { letter } else { '\u{fffd}' }).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::super::test_support;
    use super::*;
    use proptest::prelude::*;
    use quick_xml::Reader;

    #[test]
    fn a_rule_is_a_test() {
        let written = test_support::written("junit");
        let case = |name: &str| {
            let from = written.find(&format!("<testcase name=\"{name}\"")).expect("a case");
            let rest = &written[from..];
            let end = rest[1..].find("<testcase").or(rest[1..].find("</testsuite>")).expect("an end");
            rest[..=end].trim_end().to_owned()
        };
        assert_eq!(
            case("duplicate-id"),
            "<testcase name=\"duplicate-id\" classname=\"Identity\" file=\"release/größe.yaml\" line=\"2\">\n\
             \x20     <failure message=\"release/größe.yaml:2:8: `EPIC-1` is the id of two entries\" \
             type=\"RP0201\">release/größe.yaml:2:8: `EPIC-1` is the id of two entries\n\
             see release/a,b: 100%.yaml:1:5: first used here\n\
             help: give one of them a free number, such as `EPIC-2`\n\
             note: links mean the first</failure>\n    </testcase>"
        );
        let warning = case("unused-allow");
        assert!(warning.contains("<system-out>warning: release/größe.yaml:4:4: {0} of"), "{warning}");
        assert!(!warning.contains("<failure"), "{warning}");
        assert!(case("yaml-syntax").contains("<skipped message=\"not applicable\"/>"));
        assert!(!written.contains("<testcase name=\"allow-without-reason\""));
        assert!(written.contains("<property name=\"rules.off\" value=\"allow-without-reason\"/>"));
        let tests = rules::ALL.len() - 1;
        let totals = format!("name=\"relplan\" tests=\"{tests}\" failures=\"2\" errors=\"0\" time=\"0.012\"");
        assert!(written.contains(&format!("<testsuites {totals}>")), "{written}");
        assert!(written.contains(&format!("<testsuite {totals} skipped=\"1\">")), "{written}");
    }

    #[test]
    fn several_errors_of_a_rule_are_one_failure() {
        let (sources, findings) = test_support::plan();
        let twice = vec![findings[2].clone(); 2];
        let written = test_support::written_for("junit", &twice, &sources);
        assert_eq!(written.matches("<failure ").count(), 1);
        assert!(written.contains("message=\"2 errors; the first: the plan has no rollback\""), "{written}");
        assert!(written.contains(">the plan has no rollback\n\nthe plan has no rollback<"), "{written}");
    }

    /// The message and the text of the first failure, as a reader sees them.
    fn failure(written: &str) -> (String, String) {
        let mut reader = Reader::from_str(written);
        let (mut message, mut text, mut inside) = (String::new(), String::new(), false);
        loop {
            match reader.read_event().expect("well-formed XML") {
                Event::Start(start) if start.name().as_ref() == "failure" => {
                    let attribute =
                        start.try_get_attribute("message").expect("attributes").expect("a message");
                    message = attribute
                        .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                        .expect("a value")
                        .into_owned();
                    inside = true;
                }
                Event::Text(part) if inside => text += &part.xml10_content(),
                Event::GeneralRef(entity) if inside => text += &resolved(&entity),
                Event::End(end) if end.name().as_ref() == "failure" => inside = false,
                Event::Eof => return (message, text),
                _ => {}
            }
        }
    }

    fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
        match entity.resolve_char_ref().expect("a character") {
            Some(letter) => letter.to_string(),
            None => quick_xml::escape::resolve_predefined_entity(entity).expect("an entity").to_owned(),
        }
    }

    proptest! {
        #[test]
        fn any_message_comes_back(message in prop_oneof![
            any::<String>(),
            "[\\x00-\\x20a<>&'\"\\]😀\u{fffe}\u{fffd}]{0,20}",
            Just("]]> <![CDATA[ --> \u{1b}[0m".to_owned()),
        ]) {
            let (sources, _) = test_support::plan();
            let finding = test_support::finding("RP0301", "link-target-missing", Level::Error, &message);
            let written = test_support::written_for("junit", &[finding], &sources);
            let expected = legal(&message).into_owned();
            prop_assert!(expected.chars().count() == message.chars().count());
            prop_assert_eq!(failure(&written), (expected.clone(), expected));
        }
    }
}
