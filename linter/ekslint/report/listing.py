"""The tables of `ekslint rules` and `ekslint files`."""

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from ekslint.engine.diagnostic import RuleDescription
from ekslint.report.escaping import json_text, printable, printable_path
from ekslint.report.layout import cell_width, columns, counted, cut
from ekslint.report.paint import Painter
from ekslint.report.settings import ReportSettings
from ekslint.report.workflow import commands_stopped

_SCHEMA = 1
_GAP = "  "
# Below this, a summary cut to the rest of the line says nothing, and wrapping by the terminal is better.
_LEAST_SUMMARY = 40


def list_rules(rules: Sequence[RuleDescription], stream: TextIO, settings: ReportSettings) -> None:
    """Write a table: name, category, severity, summary; in the order of category and name."""
    paint = Painter(settings.color)
    ordered = sorted(rules, key=lambda rule: (rule.category, rule.name))
    rows = [["rule", "category", "severity", "what it finds"]]
    for rule in ordered:
        summary = f"{rule.summary} (preview)" if rule.preview else rule.summary
        rows.append(
            [printable(each, settings.unicode) for each in (rule.name, rule.category, str(rule.severity), summary)]
        )
    head, *body = columns(rows)
    taken = sum(cell_width(cell) + len(_GAP) for cell in head[:-1])
    room = (settings.width or 0) - taken
    stream.write(paint("title", _GAP.join(head)) + "\n")
    for rule, row in zip(ordered, body, strict=True):
        name, category, severity, summary = row
        if room >= _LEAST_SUMMARY:
            summary = cut(summary, room, settings.unicode)
        painted = [paint("title", name), category, paint.severity(rule.severity, severity), summary]
        stream.write(_GAP.join(painted) + "\n")
    if not settings.quiet:
        stream.write(
            paint("faint", f"{counted(len(ordered), 'rule')}; 'ekslint explain RULE' says more about one") + "\n"
        )


def list_rules_as_json(rules: Sequence[RuleDescription], stream: TextIO, settings: ReportSettings) -> None:
    """Write `{"schema": 1, "rules": […]}` in the order of names."""
    document = {"schema": _SCHEMA, "rules": [_rule(each) for each in sorted(rules, key=lambda rule: rule.name)]}
    stream.write(json_text(document, settings.unicode) + "\n")


def list_files(files: Sequence[tuple[str, str, str]], stream: TextIO, settings: ReportSettings) -> None:
    """Write a table of (path, status, detail), in the order given, and how many files have each status."""
    paint = Painter(settings.color)
    rows = [
        [
            printable_path(path, settings.unicode),
            printable(status, settings.unicode),
            printable(detail, settings.unicode),
        ]
        for path, status, detail in files
    ]
    with commands_stopped(stream, settings):
        for path, status, detail in columns(rows):
            line = _GAP.join([path, paint("title", status), detail])
            stream.write(line.rstrip() + "\n")
        if not settings.quiet:
            statuses = Counter(row[1] for row in rows)
            tally = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
            stream.write(paint("faint", f"{counted(len(rows), 'file')}{f': {tally}' if tally else ''}") + "\n")


def option_value(value: object) -> str:
    """The default of a rule's option as a person would write it in the configuration file."""
    return json_text(_configured(value), indent=None)


def _rule(rule: RuleDescription) -> dict[str, object]:
    return {
        "name": rule.name,
        "category": rule.category,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "since": rule.since,
        "preview": rule.preview,
        "tags": list(rule.tags),
        "dialects": list(rule.dialects),
        "options": {name: _configured(value) for name, value in (rule.options or {}).items()},
        "documentation": rule.documentation,
    }


def _configured(value: object) -> object:
    """A Python default as YAML and JSON know it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): _configured(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [_configured(item) for item in value]
    return str(value)
