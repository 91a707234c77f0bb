"""What other programs make of relplan's output: the second opinion of tests/it/formats.rs and
tests/it/documents.rs.

    validate.py schema SCHEMA           is it a JSON Schema (draft 2020-12)?
    validate.py json SCHEMA FILE...     do these JSON files fulfil it?
    validate.py yaml SCHEMA FILE...     does every document of these YAML files?
    validate.py toml SCHEMA FILE...     do these TOML files?
    validate.py xsd XSD FILE...         are these JUnit reports valid?
    validate.py junit FILE              prints as JSON what junitparser reads
    validate.py codequality FILE...     would GitLab take these reports?
    validate.py atom FILE...            are these Atom feeds? Prints the titles and texts of their entries as JSON
    validate.py ics FILE...             are these calendars valid? Prints their names and days as JSON
    validate.py sshsig KEY NAMESPACE SIGNATURE MESSAGE   is this a signature of the message with this public key?
    validate.py grafana FILE...         does Grafana's SDK read all of these dashboards?
    validate.py intoto FILE...          are these in-toto statements? Prints as JSON what the framework reads

Ends with 1 and a line for each problem, with 3 if a package is not installed, or with 0.
"""

import json
import sys
import tomllib
from datetime import date, time

import junitparser
import vobject
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from yaml12 import Yaml12


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def read_yaml(path):
    with open(path, encoding="utf-8") as file:
        return [document for document in yaml.load_all(file, Loader=Yaml12) if document is not None]


def dates_as_text(value):
    """JSON has no dates: editors such as Taplo hold a date of TOML against a schema as its text."""
    if isinstance(value, dict):
        return {key: dates_as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [dates_as_text(inner) for inner in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def read_toml(path):
    with open(path, "rb") as file:
        return dates_as_text(tomllib.load(file))


def schema(path):
    Draft202012Validator.check_schema(read_json(path))
    return []


def errors_of(validator, path, value):
    for error in validator.iter_errors(value):
        yield f"{path}: {error.json_path}: {error.message[:300]}"
        for inner in error.context or []:
            yield f"    {inner.json_path}: {inner.message[:300]}"


def against(read, schema_path, paths):
    validator = Draft202012Validator(read_json(schema_path), format_checker=FormatChecker())
    for path in paths:
        yield from errors_of(validator, path, read(path))


def against_documents(schema_path, paths):
    validator = Draft202012Validator(read_json(schema_path), format_checker=FormatChecker())
    for path in paths:
        documents = read_yaml(path)
        if not documents:
            yield f"{path}: no document"
        for document in documents:
            yield from errors_of(validator, path, document)


def xsd(schema_path, paths):
    definition = etree.XMLSchema(etree.parse(schema_path))
    for path in paths:
        report = etree.parse(path)
        for case in report.iter("testcase"):
            # The XSD is older than these two, which GitLab and others read.
            for known in ("file", "line"):
                case.attrib.pop(known, None)
        if not definition.validate(report):
            yield from (f"{path}: {error}" for error in definition.error_log)


def junit(path):
    suites = junitparser.JUnitXml.fromfile(path)
    stated = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in suites]
    cases = [case for suite in suites for case in suite]
    print(json.dumps({
        "stated": stated,
        "names": [case.name for case in cases],
        "failures": {
            case.name: [
                {"message": result.message, "text": result.text}
                for result in case.result
                if isinstance(result, junitparser.Failure)
            ]
            for case in cases
            if case.is_failure
        },
        "skipped": [case.name for case in cases if case.is_skipped],
        "outputs": {case.name: case.system_out for case in cases if case.system_out},
        "properties": {item.name: item.value for suite in suites for item in suite.properties()},
    }))
    suites.update_statistics()
    counted = [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in suites]
    if stated != counted:
        yield f"{path}: says {stated}, holds {counted}"


def codequality(paths):
    """The table "Code Quality report format" of GitLab's documentation, and that it reads no byte order mark."""
    for path in paths:
        with open(path, "rb") as file:
            if file.read(3) == b"\xef\xbb\xbf":
                yield f"{path}: a byte order mark"
        seen = set()
        for number, entry in enumerate(read_json(path)):
            where = f"{path}[{number}]"
            for field in ("description", "check_name", "fingerprint"):
                if not isinstance(entry.get(field), str) or not entry[field]:
                    yield f"{where}: {field} is {entry.get(field)!r}"
            if entry.get("severity") not in ("info", "minor", "major", "critical", "blocker"):
                yield f"{where}: severity is {entry.get('severity')!r}"
            if entry.get("fingerprint") in seen:
                yield f"{where}: its fingerprint is not unique"
            seen.add(entry.get("fingerprint"))
            location = entry.get("location", {})
            if not isinstance(location.get("path"), str) or location["path"].startswith(("/", "./")):
                yield f"{where}: path is {location.get('path')!r}"
            begin = location.get("lines", {}).get("begin")
            if type(begin) is not int or begin < 1:
                yield f"{where}: lines.begin is {begin!r}"


def ics(paths):
    """vobject's own checks, and those of RFC 5545 that it forgives: ends of lines and their length."""
    for path in paths:
        with open(path, "rb") as file:
            raw = file.read()
        lines = raw.split(b"\r\n")
        if lines.pop() != b"" or any(b"\n" in line or b"\r" in line for line in lines):
            yield f"{path}: a line does not end with CR LF"
        for number, line in enumerate(lines, 1):
            if len(line) > 75:
                yield f"{path}:{number}: {len(line)} octets"
        read = {}
        for calendar in vobject.readComponents(raw.decode("utf-8")):
            calendar.validate(raiseException=True)
            for event in calendar.contents.get("vevent", []):
                event.validate(raiseException=True)
                for name in ("uid", "dtstamp", "dtstart", "dtend", "summary"):
                    if name not in event.contents:
                        yield f"{path}: an event without {name}"
                if event.uid.value in read:
                    yield f"{path}: {event.uid.value} twice"
                if not event.dtstart.value < event.dtend.value:
                    yield f"{path}: {event.uid.value} ends before it begins"
                read[event.uid.value] = [str(event.dtstart.value), str(event.dtend.value), event.summary.value]
        if not read:
            yield f"{path}: no event"
        print(json.dumps(read, ensure_ascii=False))


def atom(paths):
    import feedparser

    problems, entries = [], []
    for path in paths:
        with open(path, "rb") as file:
            feed = feedparser.parse(file.read())
        if feed.bozo or feed.version != "atom10":
            problems.append(f"{path}: {feed.version or 'no feed'}: {feed.get('bozo_exception')}")
        if not (feed.feed.get("id") and feed.feed.get("updated_parsed") and feed.feed.get("author")):
            problems.append(f"{path}: the feed lacks id, date or author")
        for entry in feed.entries:
            if not (entry.get("id") and entry.get("updated_parsed")):
                problems.append(f"{path}: an entry lacks id or date")
            entries.append({"title": entry.title, "content": entry.content[0].value})
    if not problems:
        print(json.dumps(entries))
    return problems


def intoto(paths):
    """The framework's own library: protocol buffers that know every field, and its checks of their contents."""
    from google.protobuf import json_format
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    read = []
    for path in paths:
        try:
            message = json_format.ParseDict(read_json(path), statement_pb2.Statement())
            Statement.copy_from_pb(message).validate()
            read.append(json_format.MessageToDict(message))
        except (json_format.ParseError, ValueError) as error:
            yield f"{path}: {error}"
    print(json.dumps(read, ensure_ascii=False))


def grafana(paths):
    from grafana_foundation_sdk.cog import encoder, plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    plugins.register_default_plugins()
    for path in paths:
        written = read_json(path)
        # What the SDK does not know, it does not write again.
        known = json.loads(encoder.JSONEncoder().encode(Dashboard.from_json(written)))
        for place in unknown(written, known, ""):
            yield f"{path}: {place or '/'} is not part of a dashboard"


def unknown(written, known, place):
    """The places of a document that are not in another, or differ."""
    if isinstance(written, dict) and isinstance(known, dict):
        for key, value in written.items():
            if key in known:
                yield from unknown(value, known[key], f"{place}/{key}")
            else:
                yield f"{place}/{key}"
    elif isinstance(written, list) and isinstance(known, list) and len(written) == len(known):
        for index, (value, other) in enumerate(zip(written, known)):
            yield from unknown(value, other, f"{place}/{index}")
    elif written != known:
        yield place


def sshsig(key, namespace, signature_path, message_path):
    from sshsig import InvalidSignature, check_signature

    with open(signature_path, encoding="ascii") as file:
        signature = file.read()
    with open(message_path, "rb") as file:
        message = file.read()
    try:
        found = check_signature(message, signature, namespace)
    except (InvalidSignature, NotImplementedError, ValueError) as problem:
        yield f"{type(problem).__name__}: {problem}"
        return
    if found.openssh_str() != key:
        yield f"the key is {found.openssh_str()}"
    print("valid")


COMMANDS = {
    "schema": schema,
    "json": lambda schema_path, *paths: against(read_json, schema_path, paths),
    "yaml": lambda schema_path, *paths: against_documents(schema_path, paths),
    "toml": lambda schema_path, *paths: against(read_toml, schema_path, paths),
    "xsd": lambda schema_path, *paths: xsd(schema_path, paths),
    "junit": junit,
    "codequality": lambda *paths: codequality(paths),
    "ics": lambda *paths: ics(paths),
    "atom": lambda *paths: atom(paths),
    "intoto": lambda *paths: intoto(paths),
    "grafana": lambda *paths: grafana(paths),
    "sshsig": sshsig,
}


def main():
    command, *arguments = sys.argv[1:]
    try:
        problems = list(COMMANDS[command](*arguments))
    except ModuleNotFoundError as missing:
        # An installation that is older than requirements.txt.
        print(missing, file=sys.stderr)
        sys.exit(3)
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
