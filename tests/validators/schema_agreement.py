"""Whether the schema of plans refuses what relplan reports and takes what it does not.

    schema_agreement.py SCHEMA (FINDINGS FOLDER)...

FINDINGS is the output of `relplan check --format json` on the plan in FOLDER. Prints the folder and each line of a YAML file that the
schema refuses although relplan reports nothing there, and each value that relplan finds unknown although the schema
takes it. Ends with 1 if there is one, with 3 if a package is not installed.
"""

import json
import re
import sys
from pathlib import Path

try:
    import yaml
    from jsonschema import Draft202012Validator
except ModuleNotFoundError as missing:
    print(missing, file=sys.stderr)
    sys.exit(3)

from yaml12 import Yaml12

# Findings about a value that is none of those that its field takes.
ABOUT_VALUES = {"unknown-value"}


# The schema has more patterns than Python keeps compiled.
re._MAXCACHE = 100_000


def lines_of(location):
    return range(location["start"]["line"], location["end"]["line"] + 1)


def node_at(node, path):
    """The node that a path leads to, and the line where its key is."""
    line = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            key, node = next((key, value) for key, value in node.value if key.value == str(step))
            line = key.start_mark.line + 1
        else:
            node = node.value[step]
            line = node.start_mark.line + 1
    return node, line


def places(error, root):
    """The lines that an error is about: those of the keys that are too many, or of the value."""
    node, line = node_at(root, error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        for key, _ in node.value:
            if key.value not in known and not any(re.search(pattern, key.value) for pattern in patterns):
                yield range(key.start_mark.line + 1, key.start_mark.line + 2)
    else:
        end = node.end_mark.line + 1 if isinstance(node, yaml.ScalarNode) else line + 1
        yield range(line, end + 1)


def refused(validator, path):
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    for root in yaml.compose_all(text, Loader=Yaml12):
        if root is None:
            continue
        loader = Yaml12("")
        value = loader.construct_document(root)
        for error in validator.iter_errors(value):
            for lines in places(error, root):
                yield lines, f"{error.json_path}: {error.message[-200:]}"


def differences(validator, findings, folder):
    reported = {}
    with open(findings, encoding="utf-8") as file:
        for finding in json.load(file)["findings"]:
            for location in [finding.get("location"), *finding.get("related", [])]:
                if location:
                    reported.setdefault(Path(location["file"]).as_posix(), []).append((finding["rule"], lines_of(location)))
    for path in sorted(Path(folder).rglob("*.y*ml")):
        name = path.relative_to(folder).as_posix()
        known = [found for file, all in reported.items() if f"/{file}".endswith(f"/{name}") for found in all]
        try:
            errors = list(refused(validator, path))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, TypeError):
            # What other readers of YAML cannot read has no values to compare.
            continue
        for lines, message in errors:
            if not any(set(lines) & set(covered) for _, covered in known):
                yield f"{name}:{lines.start}: refused by the schema alone: {message}"
        for rule, covered in known:
            if rule in ABOUT_VALUES and not any(set(lines) & set(covered) for lines, _ in errors):
                yield f"{name}:{covered.start}: {rule} is reported by relplan alone"


def main():
    schema, *plans = sys.argv[1:]
    with open(schema, encoding="utf-8") as file:
        validator = Draft202012Validator(json.load(file))
    found = [
        f"{Path(folder).name}: {difference}"
        for findings, folder in zip(plans[::2], plans[1::2], strict=True)
        for difference in differences(validator, findings, folder)
    ]
    for difference in found:
        print(difference, file=sys.stderr)
    sys.exit(1 if found else 0)


main()
