"""What other programs read in reports: the second opinion of tests/it/evidence.rs.

    evidence.py junit FILE...       junitparser: cases, failed, errored, skipped
    evidence.py lcov FILE...        lcov --summary: lines and branches, covered and in all
    evidence.py cobertura FILE...   pycobertura: lines, covered and in all, by source file
    evidence.py openmetrics FILE... prometheus_client: samples by name
    evidence.py sarif FILE...       sarif-tools: results by level, without those that are suppressed

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
    reader = {"junit": junit, "lcov": lcov, "cobertura": cobertura, "openmetrics": openmetrics, "sarif": sarif}[kind]
    print(json.dumps({path: read(reader, path) for path in paths}))
