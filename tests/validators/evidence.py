"""What other programs read in reports: the second opinion of tests/it/evidence.rs.

    evidence.py junit FILE...       junitparser: cases, failed, errored, skipped
    evidence.py lcov FILE...        lcov --summary: lines and branches, covered and in all
    evidence.py cobertura FILE...   pycobertura: lines, covered and in all, by source file
    evidence.py openmetrics FILE... prometheus_client: samples by name
    evidence.py tap FILE...         TAP::Parser of Perl: test points, and whether it takes the report as whole
    evidence.py trx|nunit|xunit|ctrf|gotest FILE...   what stands in the files, item by item
    evidence.py sarif FILE...       sarif-tools: results by level, without those that are suppressed
    evidence.py osv FILE...         cvss: the worst severity of each vulnerability, by its first id
    evidence.py cyclonedx FILE...   cyclonedx-python-lib: vulnerabilities by severity, without those that are cleared

Prints one JSON object: for each file what was read, or nothing where the program refuses it.
"""

import json
import re
import subprocess
import sys


def junit(path):
    from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

    counts = {"cases": 0, "failed": 0, "errored": 0, "skipped": 0}

    def case(item):
        counts["cases"] += 1
        kinds = [type(result) for result in item.result]
        # GoogleTest and CTest say in an attribute that a test was not run; junitparser hands it on.
        words = {item._elem.get("status"), item._elem.get("result")}
        if any(issubclass(kind, Failure) for kind in kinds):
            counts["failed"] += 1
        elif any(issubclass(kind, Error) for kind in kinds):
            counts["errored"] += 1
        elif any(issubclass(kind, Skipped) for kind in kinds) or words & {"notrun", "disabled", "suppressed"}:
            counts["skipped"] += 1
        # clojure.test writes a test that is called by another as a case within it.
        for within in item.iterchildren(TestCase):
            case(within)

    report = JUnitXml.fromfile(path)
    # A suite hands on the cases of the suites within it.
    for suite in [report] if isinstance(report, TestSuite) else report:
        for item in suite:
            case(item)
    return counts


def lcov(path):
    # lcov 1 and 2 have other names for the same switch, and pass over the one that they do not know.
    switches = ["--rc", "lcov_branch_coverage=1"]
    output = subprocess.run(["lcov", *switches, "--summary", path], capture_output=True, text=True, check=True)
    ratios = {}
    for kind in ["lines", "branches"]:
        found = re.search(rf"{kind}\.*: .*\((\d+) of (\d+) ", output.stdout + output.stderr)
        ratios[kind] = [int(found[1]), int(found[2])] if found else None
    return ratios


def cobertura(path):
    from pycobertura import Cobertura

    report = Cobertura(path)

    def lines(name):
        # A line of which some branches were not taken was run through.
        states = [state for _, state in report.line_statuses(name)]
        return [sum(state != "miss" for state in states), len(states)]

    return {name.replace("\\", "/").removeprefix("./"): lines(name) for name in report.files()}


def sarif(path):
    from sarif import loader
    from sarif.sarif_file_utils import read_result_severity

    counts = {"error": 0, "warning": 0, "note": 0, "none": 0}
    for run in loader.load_sarif_file(path).runs:
        for result in run.get_results():
            suppressions = result.get("suppressions") or []
            accepted = [item for item in suppressions if item.get("status", "accepted") == "accepted"]
            suppressed = suppressions and len(accepted) == len(suppressions)
            if not suppressed and result.get("baselineState") != "absent":
                counts[read_result_severity(result, run.run_data)] += 1
    return counts


def openmetrics(path):
    from prometheus_client import parser
    from prometheus_client.openmetrics import parser as openmetrics_parser

    text = open(path, encoding="utf-8").read()
    families = openmetrics_parser if text.rstrip().endswith("# EOF") else parser
    names = {}
    for family in families.text_string_to_metric_families(text):
        for sample in family.samples:
            names[sample.name] = names.get(sample.name, 0) + 1
    return names


TAP = r'''
use TAP::Parser;
local $/;
open my $file, "<", $ARGV[0] or die;
# In version 12, YAML blocks are text; in 13, the parser ends at what is no YAML to it.
(my $text = <$file>) =~ s/^TAP version \d+\n//;
my $parser = TAP::Parser->new({ tap => $text });
my %n = (passed => 0, failed => 0, skipped => 0);
while (my $result = $parser->next) {
    next unless $result->is_test;
    my $is_skipped = $result->has_todo || $result->has_skip && $result->raw !~ /^not/;
    $n{$is_skipped ? "skipped" : $result->raw =~ /^not/ ? "failed" : "passed"}++;
}
printf '{"passed": %d, "failed": %d, "skipped": %d, "is whole": %s}', @n{qw(passed failed skipped)},
    (grep { /Bad plan|No plan/ } $parser->parse_errors) ? "false" : "true";
'''


def tap(path):
    output = subprocess.run(["perl", "-e", TAP, path], capture_output=True, text=True, check=True)
    counts = json.loads(output.stdout)
    # A run that was ended is not expected to meet its plan.
    with open(path, encoding="utf-8") as file:
        counts["is whole"] = counts["is whole"] or "\nBail out!" in file.read()
    return counts


def counts_of(words, flaky=0):
    counts = {"passed": 0, "failed": 0, "errored": 0, "skipped": 0, "unclear": 0, "flaky": flaky}
    for word in words:
        counts[word] += 1
    return counts


def elements(path, name):
    from xml.etree import ElementTree

    for element in ElementTree.parse(path).iter():
        if element.tag.rpartition("}")[2] == name:
            yield element


def trx(path):
    words = {"Passed": "passed", "Failed": "failed"}
    words |= dict.fromkeys(["Error", "Timeout", "Aborted"], "errored")
    words |= dict.fromkeys(["NotExecuted", "NotRunnable", "Pending"], "skipped")
    outcomes = [result.get("outcome", "Error") for result in elements(path, "UnitTestResult")]
    return counts_of(words.get(outcome, "unclear") for outcome in outcomes)


def nunit(path):
    words = {"Passed": "passed", "Success": "passed", "Failed": "failed", "Failure": "failed", "Error": "errored"}
    words |= dict.fromkeys(["Skipped", "Ignored"], "skipped")

    def ended(case):
        # A pass beside a failure with words in it contradicts itself; pytest-nunit writes placeholders.
        texts = [text.strip() for failure in case.findall("failure") for text in failure.itertext()]
        lines = [line.strip() for text in texts if text != "None" for line in text.splitlines()]
        contradicts = any(line and not (line.startswith("Run ") and line.endswith(": Passed")) for line in lines)
        word = words.get(case.get("result"), "unclear")
        return "unclear" if word == "passed" and contradicts else word

    return counts_of(ended(case) for case in elements(path, "test-case"))


def xunit(path):
    words = {"Pass": "passed", "Fail": "failed", "Skip": "skipped", "NotRun": "skipped"}
    return counts_of(words.get(test.get("result"), "unclear") for test in elements(path, "test"))


def ctrf(path):
    words = {"passed": "passed", "failed": "failed", "skipped": "skipped", "pending": "skipped"}
    with open(path, encoding="utf-8") as file:
        tests = json.load(file)["results"]["tests"]
    flaky = sum(bool(test.get("flaky")) for test in tests)

    def ended(test):
        # A pass whose own framework says otherwise contradicts itself.
        word = words.get(test["status"], "unclear")
        return "unclear" if word == "passed" and test.get("rawStatus", "passed") != "passed" else word

    return counts_of((ended(test) for test in tests), flaky)


def gotest(path):
    words = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file if line.startswith("{")]
    return counts_of(words[event["Action"]] for event in events if event.get("Test") and event["Action"] in words)


BANDS = ["none", "low", "medium", "high", "critical"]


def band(score, most="critical"):
    at = sum(score >= least for least in [0.1, 4.0, 7.0, 9.0])
    return min(at, BANDS.index(most))


def vector(kind, text):
    from cvss import CVSS2, CVSS3, CVSS4

    if kind == "CVSS_V2":
        return band(float(CVSS2(text).base_score), "high")
    if kind == "CVSS_V3":
        scores = CVSS3(text).scores()
        return band(float(max(scores[0], scores[2])))
    return band(float(CVSS4(text).base_score))


def osv(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    found = {}
    for package in [package for source in report["results"] for package in source["packages"]]:
        by_id = {one["id"]: one for one in package["vulnerabilities"]}
        groups = package.get("groups") or [{"ids": [name]} for name in by_id]
        for group in groups:
            bands = [band(float(group["max_severity"]))] if group.get("max_severity") else []
            for one in [by_id[name] for name in group["ids"]]:
                bands += [vector(item["type"], item["score"]) for item in one.get("severity", [])]
                word = one.get("database_specific", {}).get("severity")
                bands += [BANDS.index(word.lower().replace("moderate", "medium"))] if word else []
            found[group["ids"][0]] = BANDS[max(bands)] if bands else "unknown"
    return found


def cyclonedx(path):
    from cyclonedx.model.bom import Bom

    with open(path, encoding="utf-8") as file:
        bom = Bom.from_json(json.load(file))
    counts = {}
    for one in bom.vulnerabilities:
        bands = []
        for rating in one.ratings:
            word = rating.severity.value if rating.severity else "unknown"
            bands += [] if word == "unknown" else [BANDS.index(word.replace("info", "none"))]
            method = rating.method.value if rating.method else "CVSS"
            if rating.score is not None and method.startswith("CVSS"):
                bands.append(band(float(rating.score), "high" if method == "CVSSv2" else "critical"))
        state = one.analysis.state.value if one.analysis and one.analysis.state else None
        reason = one.analysis and (one.analysis.justification or one.analysis.detail)
        if state in {"resolved", "resolved_with_pedigree"} or state in {"not_affected", "false_positive"} and reason:
            continue
        name = BANDS[max(bands)] if bands else "unknown"
        counts[name] = counts.get(name, 0) + 1
    return counts


def read(reader, path):
    try:
        return reader(path)
    except ImportError as error:
        sys.exit(f"not installed: {error}")
    except Exception as error:  # Whatever a program says, it has no opinion then.
        print(f"{path}: {error}", file=sys.stderr)
        return None


if __name__ == "__main__":
    kind, *paths = sys.argv[1:]
    readers = [junit, lcov, cobertura, openmetrics, sarif, osv, cyclonedx, tap, trx, nunit, xunit, ctrf, gotest]
    reader = {reader.__name__: reader for reader in readers}[kind]
    print(json.dumps({path: read(reader, path) for path in paths}))
