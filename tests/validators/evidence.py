"""What other programs read in reports: the second opinion of tests/it/evidence.rs.

    evidence.py junit FILE...       junitparser: cases, failed, errored, skipped
    evidence.py lcov FILE...        lcov --summary: lines and branches, covered and in all
    evidence.py cobertura FILE...   pycobertura: lines, covered and in all, by source file
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
    readers = [junit, lcov, cobertura, sarif, osv, cyclonedx]
    reader = {reader.__name__: reader for reader in readers}[kind]
    print(json.dumps({path: read(reader, path) for path in paths}))
