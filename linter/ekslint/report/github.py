"""Annotations for GitHub Actions: the most severe ones in the log, all of them in the summary of the step."""

from typing import TextIO

from ekslint.engine.diagnostic import Diagnostic, Outcome
from ekslint.engine.severity import Severity
from ekslint.report.escaping import printable, printable_place
from ekslint.report.footer import nothing_checked
from ekslint.report.settings import ReportSettings
from ekslint.report.workflow import command

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
# GitHub keeps this many annotations of each level for a step and drops the others in silence (actions/toolkit #734).
_MOST_OF_A_LEVEL = 10
_RELATED_NAMED = 5


def render(outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write workflow commands, and append the table of all findings to `settings.step_summary`."""
    diagnostics = sorted(outcome.diagnostics, key=lambda each: -each.severity)
    shown = _within_limits(diagnostics)
    stream.writelines(f"{_annotation(diagnostic, settings.unicode)}\n" for diagnostic in shown)
    summarised = False
    if settings.step_summary is not None and not (settings.quiet and not diagnostics):
        from ekslint.report.step_summary import append_step_summary

        try:
            append_step_summary(outcome, diagnostics, settings.step_summary)
            summarised = True
        except OSError as error:
            reason = printable(error.strerror or type(error).__name__, settings.unicode)
            stream.write(command("warning", {"title": "ekslint"}, f"cannot write the job summary: {reason}") + "\n")
    if len(shown) < len(diagnostics):
        # GitHub drops the rest in silence, and then it would look as if these were all.
        where = ", see the job summary" if summarised else ""
        message = f"showing {len(shown)} of {len(diagnostics)} findings{where}"
        stream.write(command("notice", {"title": "ekslint"}, message) + "\n")
    nothing = nothing_checked(outcome.summary.files, outcome.summary.skipped)
    if nothing is not None and not settings.quiet:
        stream.write(command("warning", {"title": "ekslint"}, nothing) + "\n")


def _within_limits(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    by_level = {severity: [each for each in diagnostics if each.severity is severity] for severity in _LEVELS}
    limits = dict.fromkeys(_LEVELS, _MOST_OF_A_LEVEL)
    if any(len(group) > _MOST_OF_A_LEVEL for group in by_level.values()):
        # The closing remark is a notice too.
        limits[Severity.INFO] -= 1
    return [each for severity, group in by_level.items() for each in group[: limits[severity]]]


def _annotation(diagnostic: Diagnostic, unicode: bool) -> str:
    location = diagnostic.location
    properties: dict[str, str | int] = {
        "file": printable(location.path, unicode),
        "line": location.line,
        "endLine": location.end_line,
    }
    if location.line == location.end_line:
        # GitHub refuses columns for a span of several lines.
        properties |= {"col": location.column, "endColumn": location.end_column}
    properties["title"] = printable(diagnostic.rule, unicode)
    lines = [printable(diagnostic.message, unicode)]
    for related in diagnostic.related[:_RELATED_NAMED]:
        place = related.location
        label = printable(related.label, unicode) or "see"
        lines.append(f"{label}: {printable_place(place.path, place.line, place.column, unicode)}")
    if diagnostic.help:
        lines.append(f"help: {printable(diagnostic.help, unicode)}")
    return command(_LEVELS[diagnostic.severity], properties, "\n".join(lines))
