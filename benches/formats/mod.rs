//! Reports of each format as its producers write them, with so many facts: test cases, lines of code, findings or
//! measurements.

use std::fmt::Write as _;

/// A format, and how a report of it is written.
pub struct Format {
    pub name: &'static str,
    pub syntax: Syntax,
    /// Writes a report with so many facts.
    pub write: fn(usize) -> String,
}

/// What a format is written in, and so what its parser is.
#[derive(Debug, Clone, Copy)]
pub enum Syntax {
    Xml,
    /// JSON, or several values of it one behind the other.
    Json,
    Lines,
}

const fn xml(name: &'static str, write: fn(usize) -> String) -> Format {
    Format { name, syntax: Syntax::Xml, write }
}

const fn json(name: &'static str, write: fn(usize) -> String) -> Format {
    Format { name, syntax: Syntax::Json, write }
}

const fn lines(name: &'static str, write: fn(usize) -> String) -> Format {
    Format { name, syntax: Syntax::Lines, write }
}

pub const FORMATS: [Format; 20] = [
    xml("junit", junit),
    xml("trx", trx),
    xml("nunit", nunit),
    xml("xunit", xunit),
    xml("cobertura", cobertura),
    xml("jacoco", jacoco),
    xml("clover", clover),
    json("ctrf", ctrf),
    json("go test", go_test),
    json("istanbul summary", istanbul),
    json("sarif", sarif),
    json("trivy", trivy),
    json("npm audit", npm_audit),
    json("osv-scanner", osv),
    json("cyclonedx", cyclonedx),
    json("k6", k6),
    lines("tap", tap),
    lines("lcov", lcov),
    lines("go cover profile", go_cover),
    lines("openmetrics", openmetrics),
];

/// How many lines of code a source file of a report has.
const PER_FILE: usize = 100;

/// A head, so many items with something between them, and a tail.
fn report(head: &str, size: usize, between: &str, tail: &str, item: impl Fn(usize, &mut String)) -> String {
    let mut text = head.to_owned();
    for number in 0..size {
        if number > 0 {
            text.push_str(between);
        }
        item(number, &mut text);
    }
    text.push_str(tail);
    text
}

/// A part with items of its own for each hundred of them.
fn in_files(size: usize, mut file: impl FnMut(usize, std::ops::Range<usize>)) {
    for start in (0..size).step_by(PER_FILE) {
        file(start / PER_FILE, 0..PER_FILE.min(size - start));
    }
}

/// Whether an item of this number is the twentieth, which goes wrong.
fn fails(number: usize) -> bool {
    number % 20 == 3
}

fn junit(size: usize) -> String {
    let head = "<?xml version=\"1.0\"?>\n<testsuite name=\"shop\" timestamp=\"2026-11-20T08:00:00Z\">\n";
    report(head, size, "\n", "\n</testsuite>\n", |number, text| {
        let _ = write!(
            text,
            "<testcase classname=\"shop.module_{}\" name=\"test_TEST_{number:05}_pays\" time=\"0.012\"",
            number / 10
        );
        text.push_str(if fails(number) {
            "><failure message=\"assert 1 == 0\">Traceback (most recent call last):\n  File \"shop.py\"\n</failure></testcase>"
        } else {
            "/>"
        });
    })
}

fn trx(size: usize) -> String {
    let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<TestRun id=\"1\" name=\"ci\" \
                xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\">\n<Times \
                start=\"2026-11-20T08:00:00.0000000+00:00\" finish=\"2026-11-20T08:10:00.0000000+00:00\" />\n<Results>\n";
    let results = report(head, size, "\n", "\n</Results>\n", |number, text| {
        let outcome = if fails(number) { "Failed" } else { "Passed" };
        let _ = write!(
            text,
            "<UnitTestResult executionId=\"e{number}\" testId=\"00000000-0000-0000-0000-{number:012}\" \
             testName=\"Shop.Cart.TEST_{number:05}_Pays\" computerName=\"ci\" duration=\"00:00:00.0120000\" \
             startTime=\"2026-11-20T08:00:01.0000000+00:00\" endTime=\"2026-11-20T08:00:02.0000000+00:00\" \
             outcome=\"{outcome}\">"
        );
        if fails(number) {
            text.push_str(
                "<Output><ErrorInfo><Message>Assert.AreEqual failed.</Message><StackTrace>at \
                 Shop.Cart.Pays()</StackTrace></ErrorInfo></Output>",
            );
        }
        text.push_str("</UnitTestResult>");
    });
    let tail = "\n</TestDefinitions>\n</TestRun>\n";
    report(&(results + "<TestDefinitions>\n"), size, "\n", tail, |number, text| {
        let _ = write!(
            text,
            "<UnitTest name=\"Shop.Cart.TEST_{number:05}_Pays\" storage=\"shop.tests.dll\" \
             id=\"00000000-0000-0000-0000-{number:012}\"><Execution id=\"e{number}\" /><TestMethod \
             codeBase=\"shop.tests.dll\" adapterTypeName=\"executor://mstestadapter/v2\" className=\"Shop.Cart\" \
             name=\"TEST_{number:05}_Pays\" /></UnitTest>"
        );
    })
}

fn nunit(size: usize) -> String {
    let head = "<?xml version=\"1.0\"?>\n<test-run id=\"0\" result=\"Failed\" start-time=\"2026-11-20 08:00:00Z\" \
                end-time=\"2026-11-20 08:10:00Z\"><test-suite type=\"TestFixture\" name=\"Cart\" result=\"Failed\">\n";
    report(head, size, "\n", "\n</test-suite></test-run>\n", |number, text| {
        let result = if fails(number) { "Failed" } else { "Passed" };
        let _ = write!(
            text,
            "<test-case id=\"0-{number}\" name=\"TEST_{number:05}_Pays\" \
             fullname=\"Shop.Cart.TEST_{number:05}_Pays\" methodname=\"TEST_{number:05}_Pays\" \
             classname=\"Shop.Cart\" runstate=\"Runnable\" result=\"{result}\" \
             start-time=\"2026-11-20 08:00:01Z\" end-time=\"2026-11-20 08:00:02Z\" duration=\"0.012\">\
             <properties><property name=\"Category\" value=\"smoke\" /></properties>"
        );
        if fails(number) {
            text.push_str("<failure><message><![CDATA[Expected: 1]]></message></failure>");
        }
        text.push_str("</test-case>");
    })
}

fn xunit(size: usize) -> String {
    let head = "<?xml version=\"1.0\"?>\n<assemblies><assembly name=\"Shop.Tests.dll\" run-date=\"2026-11-20\" \
                run-time=\"08:00:00\" test-framework=\"xUnit.net 2.9.2\"><collection name=\"Cart\">\n";
    report(head, size, "\n", "\n</collection></assembly></assemblies>\n", |number, text| {
        let result = if fails(number) { "Fail" } else { "Pass" };
        let _ = write!(
            text,
            "<test name=\"Shop.Cart.TEST_{number:05}_Pays\" type=\"Shop.Cart\" method=\"TEST_{number:05}_Pays\" \
             time=\"0.0120000\" result=\"{result}\"><traits><trait name=\"Category\" value=\"smoke\" /></traits>"
        );
        if fails(number) {
            text.push_str(
                "<failure exception-type=\"Xunit\"><message><![CDATA[Expected: 1]]></message></failure>",
            );
        }
        text.push_str("</test>");
    })
}

fn cobertura(size: usize) -> String {
    let mut text = "<?xml version=\"1.0\"?>\n<coverage version=\"7.6\" timestamp=\"1795161600000\"><sources>\
                    <source>/ci/shop</source></sources><packages><package name=\"shop\"><classes>\n"
        .to_owned();
    in_files(size, |file, lines| {
        let _ = writeln!(text, "<class name=\"m{file}.py\" filename=\"shop/m{file}.py\"><methods/><lines>");
        for line in lines {
            let _ = match line % 10 {
                0 => writeln!(
                    text,
                    "<line number=\"{line}\" hits=\"3\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>"
                ),
                _ => writeln!(text, "<line number=\"{line}\" hits=\"{}\"/>", line % 7),
            };
        }
        text.push_str("</lines></class>\n");
    });
    text + "</classes></package></packages></coverage>\n"
}

fn jacoco(size: usize) -> String {
    let mut text =
        "<?xml version=\"1.0\"?>\n<report name=\"shop\"><sessioninfo id=\"ci\" start=\"1795161000000\" \
                    dump=\"1795161600000\"/><package name=\"org/shop\">\n"
            .to_owned();
    in_files(size, |file, lines| {
        let _ = writeln!(text, "<sourcefile name=\"M{file}.java\">");
        for line in lines {
            let (missed, covered) = if fails(line) { (3, 0) } else { (0, 3) };
            let _ =
                writeln!(text, "<line nr=\"{line}\" mi=\"{missed}\" ci=\"{covered}\" mb=\"0\" cb=\"0\"/>");
        }
        text.push_str("</sourcefile>\n");
    });
    text + "</package></report>\n"
}

fn clover(size: usize) -> String {
    let mut text = "<?xml version=\"1.0\"?>\n<coverage generated=\"1795161600\" clover=\"3.2.0\"><project \
                    timestamp=\"1795161600\" name=\"shop\">\n"
        .to_owned();
    in_files(size, |file, lines| {
        let _ = writeln!(text, "<file name=\"m{file}.php\" path=\"/ci/shop/m{file}.php\">");
        for line in lines {
            let _ = writeln!(text, "<line num=\"{line}\" type=\"stmt\" count=\"{}\"/>", line % 7);
        }
        text.push_str("</file>\n");
    });
    text + "</project></coverage>\n"
}

fn ctrf(size: usize) -> String {
    let head = "{\"reportFormat\":\"CTRF\",\"specVersion\":\"0.0.0\",\"results\":{\"tool\":{\"name\":\"jest\"},\
                \"summary\":{\"start\":1795161600000,\"stop\":1795161700000},\"tests\":[\n";
    report(head, size, ",\n", "\n]}}\n", |number, text| {
        let status = if fails(number) { "failed" } else { "passed" };
        let _ = write!(
            text,
            "{{\"name\":\"TEST-{number:05} a user pays\",\"status\":\"{status}\",\"duration\":12,\
             \"start\":1795161600000,\"stop\":1795161600012,\"suite\":\"cart\",\"filePath\":\"src/cart.test.js\",\
             \"rawStatus\":\"{status}\",\"retries\":0,\"flaky\":false,\"tags\":[\"smoke\"]"
        );
        if fails(number) {
            text.push_str(
                ",\"message\":\"expected 1 to be 0\",\"trace\":\"Error: expected\\n    at cart.test.js:3:1\"",
            );
        }
        text.push('}');
    })
}

fn go_test(size: usize) -> String {
    let head = "{\"Time\":\"2026-11-20T08:00:00Z\",\"Action\":\"start\",\"Package\":\"shop\"}\n";
    let tail = "{\"Time\":\"2026-11-20T08:10:00Z\",\"Action\":\"fail\",\"Package\":\"shop\",\"Elapsed\":1}\n";
    report(head, size, "", tail, |number, text| {
        let end = if fails(number) { ("fail", "FAIL") } else { ("pass", "PASS") };
        let mut event = |action: &str, more: &str| {
            let _ = writeln!(
                text,
                "{{\"Time\":\"2026-11-20T08:00:01.0{number:05}Z\",\"Action\":\"{action}\",\"Package\":\"shop\",\
                 \"Test\":\"TestTEST_{number:05}\"{more}}}"
            );
        };
        event("run", "");
        event("output", &format!(",\"Output\":\"=== RUN   TestTEST_{number:05}\\n\""));
        event("output", &format!(",\"Output\":\"--- {}: TestTEST_{number:05} (0.01s)\\n\"", end.1));
        event(end.0, ",\"Elapsed\":0.01");
    })
}

fn istanbul(size: usize) -> String {
    let measure = "{\"total\":100,\"covered\":90,\"skipped\":0,\"pct\":90}";
    let item = format!(
        "{{\"lines\":{measure},\"functions\":{measure},\"statements\":{measure},\"branches\":{measure}}}"
    );
    let files = size.div_ceil(PER_FILE);
    let all = format!("{{\"total\":{},\"covered\":{},\"skipped\":0,\"pct\":90}}", files * 100, files * 90);
    let head = format!(
        "{{\"total\":{{\"lines\":{all},\"statements\":{all},\"functions\":{all},\"branches\":{all}}}\n,"
    );
    report(&head, files, "\n,", "\n}\n", |number, text| {
        let _ = write!(text, "\"/ci/shop/src/m{number}.js\": {item}");
    })
}

fn sarif(size: usize) -> String {
    let head = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"Semgrep\",\"rules\":[{\"id\":\
                \"shop.sql\",\"defaultConfiguration\":{\"level\":\"warning\"},\"properties\":\
                {\"security-severity\":\"7.5\"}}]}},\"invocations\":[{\"executionSuccessful\":true,\
                \"endTimeUtc\":\"2026-11-20T08:00:00Z\"}],\"results\":[\n";
    report(head, size, ",\n", "\n]}]}\n", |number, text| {
        let _ = write!(
            text,
            "{{\"ruleId\":\"shop.sql\",\"ruleIndex\":0,\"level\":\"error\",\"message\":{{\"text\":\"Query {number} is \
             made of text.\"}},\"locations\":[{{\"physicalLocation\":{{\"artifactLocation\":{{\"uri\":\
             \"src/m{number}.py\"}},\"region\":{{\"startLine\":{number},\"startColumn\":5}}}}}}],\
             \"fingerprints\":{{\"matchBasedId/v1\":\"c0ffee{number:026}\"}}}}"
        );
    })
}

fn trivy(size: usize) -> String {
    let head = "{\"SchemaVersion\":2,\"CreatedAt\":\"2026-11-20T08:00:00Z\",\"ArtifactName\":\"shop\",\"Results\":[\
                {\"Target\":\"package-lock.json\",\"Class\":\"lang-pkgs\",\"Type\":\"npm\",\"Vulnerabilities\":[\n";
    report(head, size, ",\n", "\n]}]}\n", |number, text| {
        let _ = write!(
            text,
            "{{\"VulnerabilityID\":\"CVE-2026-{number:05}\",\"PkgName\":\"pkg{number}\",\"InstalledVersion\":\"1.2.3\",\
             \"FixedVersion\":\"1.2.4\",\"Status\":\"fixed\",\"Severity\":\"HIGH\",\"Title\":\"pkg{number}: a flaw\",\
             \"Description\":\"A flaw in pkg{number} lets a remote attacker read memory of the process.\",\
             \"PrimaryURL\":\"https://avd.example.org/nvd/cve-2026-{number:05}\",\"CVSS\":{{\"nvd\":{{\"V3Vector\":\
             \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\",\"V3Score\":7.5}}}},\"References\":[\
             \"https://example.org/{number}\",\"https://example.org/more/{number}\"]}}"
        );
    })
}

fn npm_audit(size: usize) -> String {
    let tail = format!(
        "}},\"metadata\":{{\"vulnerabilities\":{{\"info\":0,\"low\":0,\"moderate\":0,\"high\":{size},\
         \"critical\":0,\"total\":{size}}}}}}}\n"
    );
    let head = "{\"auditReportVersion\":2,\"vulnerabilities\":{\n";
    report(head, size, ",\n", &tail, |number, text| {
        let _ = write!(
            text,
            "\"pkg{number}\":{{\"name\":\"pkg{number}\",\"severity\":\"high\",\"isDirect\":false,\"via\":[{{\
             \"source\":{number},\"name\":\"pkg{number}\",\"dependency\":\"pkg{number}\",\"title\":\"a flaw\",\
             \"url\":\"https://github.com/advisories/GHSA-{number}\",\"severity\":\"high\",\"cwe\":[\"CWE-400\"],\
             \"cvss\":{{\"score\":7.5,\"vectorString\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H\"}},\
             \"range\":\"<1.2.4\"}}],\"effects\":[],\"range\":\"<1.2.4\",\"nodes\":[\"node_modules/pkg{number}\"],\
             \"fixAvailable\":true}}"
        );
    })
}

fn osv(size: usize) -> String {
    let head = "{\"results\":[{\"source\":{\"path\":\"/ci/shop/poetry.lock\",\"type\":\"lockfile\"},\"packages\":[\n";
    report(head, size, ",\n", "\n]}]}\n", |number, text| {
        let _ = write!(
            text,
            "{{\"package\":{{\"name\":\"pkg{number}\",\"version\":\"1.2.3\",\"ecosystem\":\"PyPI\"}},\
             \"vulnerabilities\":[{{\"modified\":\"2026-11-01T00:00:00Z\",\"schema_version\":\"1.7.0\",\
             \"id\":\"GHSA-{number:05}\",\"aliases\":[\"CVE-2026-{number:05}\"],\"summary\":\"a flaw\",\"details\":\
             \"A flaw in pkg{number} lets a remote attacker read memory.\",\"severity\":[{{\"type\":\"CVSS_V3\",\
             \"score\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\"}}],\"affected\":[{{\"package\":{{\"name\":\
             \"pkg{number}\",\"ecosystem\":\"PyPI\"}},\"versions\":[\"1.2.1\",\"1.2.2\",\"1.2.3\"]}}]}}],\"groups\":[{{\
             \"ids\":[\"GHSA-{number:05}\"],\"aliases\":[\"CVE-2026-{number:05}\",\"GHSA-{number:05}\"],\
             \"max_severity\":\"7.5\"}}]}}"
        );
    })
}

fn cyclonedx(size: usize) -> String {
    let head = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"timestamp\":\
                \"2026-11-20T08:00:00Z\",\"tools\":{\"components\":[{\"name\":\"grype\"}]},\"component\":{\"name\":\
                \"shop\"}},\"components\":[{\"type\":\"library\",\"name\":\"pkg\",\"version\":\"1.2.3\"}],\
                \"vulnerabilities\":[\n";
    report(head, size, ",\n", "\n]}\n", |number, text| {
        let _ = write!(
            text,
            "{{\"id\":\"CVE-2026-{number:05}\",\"source\":{{\"name\":\"NVD\",\"url\":\"https://nvd.example.org\"}},\
             \"ratings\":[{{\"source\":{{\"name\":\"NVD\"}},\"score\":7.5,\"severity\":\"high\",\"method\":\"CVSSv31\",\
             \"vector\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\"}}],\"cwes\":[400],\"description\":\"A flaw in \
             pkg{number}.\",\"affects\":[{{\"ref\":\"pkg:npm/pkg@1.2.3\"}}]}}"
        );
    })
}

fn k6(size: usize) -> String {
    let head = "{\"metrics\":{\"iterations\":{\"count\":100,\"rate\":1.5}},\"root_group\":{\"name\":\"\",\"path\":\"\",\
                \"groups\":{},\"checks\":{\n";
    report(head, size, ",\n", "\n}}}\n", |number, text| {
        let _ = write!(
            text,
            "\"status {number} is 200\":{{\"name\":\"status {number} is 200\",\"path\":\"::status {number} is 200\",\
             \"id\":\"c0ffee{number:026}\",\"passes\":100,\"fails\":0}}"
        );
    })
}

fn tap(size: usize) -> String {
    let head = format!("TAP version 13\n1..{size}\n");
    report(&head, size, "", "", |number, text| {
        let result = if fails(number) { "not ok" } else { "ok" };
        let _ = writeln!(text, "{result} {} - TEST-{number:05} a user pays with a card", number + 1);
        if fails(number) {
            text.push_str("  ---\n  operator: equal\n  expected: 1\n  actual: 0\n  ...\n");
        }
    })
}

fn lcov(size: usize) -> String {
    let mut text = String::new();
    in_files(size, |file, lines| {
        let _ = writeln!(text, "TN:\nSF:src/m{file}.js");
        lines.clone().for_each(|line| {
            let _ = writeln!(text, "DA:{line},{}", line % 7);
        });
        let hit = lines.clone().filter(|line| line % 7 > 0).count();
        let _ = writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", lines.len());
    });
    text
}

fn go_cover(size: usize) -> String {
    let mut text = "mode: set\n".to_owned();
    in_files(size, |file, lines| {
        for line in lines {
            let _ = writeln!(text, "example.org/shop/m{file}.go:{line}.2,{line}.30 1 {}", line % 2);
        }
    });
    text
}

fn openmetrics(size: usize) -> String {
    let head = "# HELP http_requests Requests.\n# TYPE http_requests counter\n";
    report(head, size, "", "# EOF\n", |number, text| {
        let _ = writeln!(
            text,
            "http_requests_total{{service=\"shop\",path=\"/p/{number}\",code=\"200\"}} {number} 1795161600.123"
        );
    })
}
