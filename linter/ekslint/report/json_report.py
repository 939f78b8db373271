"""The findings for other programs: stable keys, described in docs/report.schema.json."""

from typing import TextIO

from ekslint.engine.diagnostic import Diagnostic, Outcome
from ekslint.report.escaping import json_text
from ekslint.report.settings import ReportSettings
from ekslint.source.location import Location

_SCHEMA = 1


def render(outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write one JSON document. A key is never removed or given another meaning under one value of `schema`."""
    summary = outcome.summary
    document = {
        "schema": _SCHEMA,
        "findings": [_finding(each) for each in outcome.diagnostics],
        "summary": {
            "files": summary.files,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "undecided": summary.undecided,
            "seconds": round(summary.seconds, 3),
        },
    }
    stream.write(json_text(document, settings.unicode) + "\n")


def _finding(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "rule": diagnostic.rule,
        "category": diagnostic.category,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        **_place(diagnostic.location),
        "resource": diagnostic.resource,
        "cluster": diagnostic.cluster,
        "help": diagnostic.help,
        "related": [{**_place(each.location), "label": each.label} for each in diagnostic.related],
        "fingerprint": diagnostic.fingerprint,
    }


def _place(location: Location) -> dict[str, object]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }
