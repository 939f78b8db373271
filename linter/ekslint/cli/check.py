"""`ekslint check` and `ekslint files`."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from ekslint.cli.arguments import FORMATS
from ekslint.cli.console import settings_for
from ekslint.cli.errors import UserError
from ekslint.cli.linting import Request, lint
from ekslint.cli.session import open_session
from ekslint.engine.diagnostic import Outcome
from ekslint.engine.severity import Severity
from ekslint.report import render
from ekslint.report.layout import alternatives
from ekslint.source.nearest import nearest

# Reports for machines leave stdout to the machine; what a person wants to know goes to stderr.
_FOR_MACHINES = frozenset({"json", "sarif", "github"})
_HOMEPAGE = "https://ekslint.dev"


def check(parsed: argparse.Namespace) -> int:
    """Lint, write the reports, and return the exit code."""
    started = perf_counter()
    format_name = _output_format(parsed.output_format)
    reports = _reports(parsed.report)
    as_of = _date(parsed.as_of)
    session = open_session(parsed)
    configuration = session.configuration
    minimum = Severity.named(parsed.min_severity) if parsed.min_severity else configuration.minimum_severity
    fail_on = _threshold(parsed.fail_on) if parsed.fail_on else configuration.fail_on
    request = Request(as_of, session.enabled(parsed.select, parsed.ignore), minimum)
    outcome = lint(session, request, started)
    for path, further in reports.items():
        _write(further, path, outcome, parsed, minimum)
    settings = settings_for(sys.stdout, parsed.color, **_common(parsed, minimum))
    render(format_name, outcome, sys.stdout, settings)
    if format_name in _FOR_MACHINES and not parsed.quiet:
        from ekslint.report.footer import footer_lines

        for line in footer_lines(outcome, settings_for(sys.stderr, parsed.color, **_common(parsed, minimum))):
            print(line, file=sys.stderr)  # noqa: T201
    return _exit_code(outcome, fail_on)


def files(parsed: argparse.Namespace) -> int:
    """Say of every file what it was taken for."""
    from ekslint.loaders.intake import Standing
    from ekslint.loaders.loading import load
    from ekslint.report.listing import list_files

    session = open_session(parsed)
    intake = session.take_in()
    load(intake, date.today())
    rows = [
        (record.path, "not read" if record.standing is Standing.PROBLEM else record.standing.value, record.detail)
        for _, record in sorted(intake.records.items())
    ]
    list_files(rows, sys.stdout, settings_for(sys.stdout, parsed.color))
    return 0


def _exit_code(outcome: Outcome, fail_on: Severity | None) -> int:
    if any(diagnostic.rule == "internal-error" for diagnostic in outcome.diagnostics):
        return 2
    # What --min-severity hides can still fail: the summary counts what is shown, `worst` everything.
    worst = outcome.summary.worst
    return int(fail_on is not None and worst is not None and worst >= fail_on)


def _output_format(option: str | None) -> str:
    chosen = option or os.environ.get("EKSLINT_OUTPUT_FORMAT")
    if not chosen:
        return "full" if sys.stdout.isatty() else "concise"
    if chosen not in FORMATS:
        raise UserError(f"EKSLINT_OUTPUT_FORMAT: there is no format {chosen}", help=[f"choose {alternatives(FORMATS)}"])
    return chosen


def _threshold(option: str) -> Severity | None:
    return None if option == "never" else Severity.named(option)


def _date(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"--as-of: {text} is no date", help=["write it as 2026-11-21"]) from error


def _reports(options: Sequence[str]) -> dict[Path, str]:
    """The format of every further report, by where it goes."""
    reports: dict[Path, str] = {}
    for option in options:
        format_name, path = _report(option)
        if path in reports:
            raise UserError(f"--report: two reports cannot both be written to {path}")
        reports[path] = format_name
    return reports


def _report(text: str) -> tuple[str, Path]:
    format_name, equals, path = text.partition("=")
    if not equals or not path:
        raise UserError(f"--report: {text} is not FORMAT=PATH", help=["as in --report sarif=ekslint.sarif"])
    if format_name not in FORMATS:
        meant = nearest(format_name, FORMATS)
        hint = f"did you mean {meant}?" if meant is not None else f"choose {alternatives(FORMATS)}"
        raise UserError(f"--report: there is no format {format_name}", help=[hint])
    if path == "-":
        # Another report has standard output; a file called - is what nobody wants.
        help_ = f"write --output-format {format_name} instead, or ./- for a file of that name"
        raise UserError("--report: - is no file, and standard output has the main report", help=[help_])
    return format_name, Path(path)


def _write(format_name: str, path: Path, outcome: Outcome, parsed: argparse.Namespace, minimum: Severity) -> None:
    try:
        # A name that is a link or a device is written to as any other program would: the user named it.
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            render(format_name, outcome, stream, settings_for(stream, "never", **_common(parsed, minimum)))
    except OSError as error:
        raise UserError(f"--report: cannot write {path}: {error.strerror or error}") from error


def _common(parsed: argparse.Namespace, minimum: Severity) -> dict[str, object]:
    return {
        "quiet": parsed.quiet,
        "minimum_severity": minimum,
        "show_undecided": parsed.show_undecided,
        "show_documentation_links": False,
        "documentation_url": f"{_HOMEPAGE}/rules/{{rule}}",
        "homepage": _HOMEPAGE,
    }
