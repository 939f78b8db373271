"""The last lines of a report: what was checked, what was found, and what is not shown."""

from ekslint.engine.diagnostic import Outcome, Summary
from ekslint.engine.severity import Severity
from ekslint.report.escaping import printable
from ekslint.report.layout import counted, listed
from ekslint.report.paint import Painter
from ekslint.report.settings import ReportSettings

_CLUSTERS_NAMED = 5


def footer_lines(outcome: Outcome, settings: ReportSettings) -> list[str]:
    """The summary of a run, painted as `settings` says; for people, in any format that has room for it."""
    paint = Painter(settings.color)
    summary = outcome.summary
    nothing = nothing_checked(summary.files, summary.skipped)
    found = summary.errors + summary.warnings + summary.infos
    lines: list[str] = []
    if nothing is not None:
        lines.append(paint.severity(Severity.WARNING, "warning") + paint("title", f": {nothing}"))
    elif not found and not outcome.diagnostics:
        lines.append(paint("good", _clean(summary)))
    else:
        lines.append(_checked(summary, settings.unicode))
    if found or outcome.diagnostics:
        lines.append(paint("title", f"Found {counted(found, 'problem')}: {by_severity(summary)}"))
    hidden = not_shown(summary, settings)
    if hidden:
        separator = " · " if settings.unicode else ", "
        lines.append(paint("faint", f"  not shown: {separator.join(hidden)}"))
    if outcome.diagnostics and settings.show_documentation_links:
        rule = printable(outcome.diagnostics[0].rule, settings.unicode)
        lines.append(paint("faint", f"  why a rule matters, and when it stays silent: 'ekslint explain {rule}'"))
    return lines


def nothing_checked(linted: int, skipped: int) -> str | None:
    """What to say instead of "no problems" when no file was linted: an empty run must not look like a clean one."""
    if linted:
        return None
    if skipped:
        return f"no EKS configuration found ({counted(skipped, 'file')} skipped: 'ekslint files' says why)"
    return "no EKS configuration found (there was no file to look at)"


def by_severity(summary: Summary) -> str:
    """`2 errors, 7 warnings, 3 infos`, without those that do not occur."""
    counts = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info")]
    return ", ".join(counted(number, word) for number, word in counts if number)


def not_shown(summary: Summary, settings: ReportSettings) -> list[str]:
    """What the run knows beyond its findings, each with the option that shows it."""
    parts: list[str] = []
    if summary.ignored:
        parts.append(f"{summary.ignored} ignored")
    if summary.hidden:
        # Only infos lie below a warning; below an error both do, and the summary does not tell them apart.
        what = (
            counted(summary.hidden, "info")
            if settings.minimum_severity <= Severity.WARNING
            else counted(summary.hidden, "warning or info", "warnings and infos")
        )
        parts.append(f"{what} (--min-severity info)")
    if summary.undecided and not settings.show_undecided:
        parts.append(f"{counted(summary.undecided, 'value')} known only at deploy time (--show-undecided)")
    return parts


def _clean(summary: Summary) -> str:
    clusters = f", {counted(len(summary.clusters), 'cluster')}" if summary.clusters else ""
    return f"Checked {counted(summary.files, 'file')}{clusters}: no problems."


def _checked(summary: Summary, unicode: bool) -> str:
    total = summary.files + summary.skipped
    files = f"{summary.files} of {counted(total, 'file')}" if summary.skipped else counted(summary.files, "file")
    parts = [f"Checked {files} in {summary.seconds:.2f} s"]
    if summary.clusters:
        parts.append(f"clusters: {listed([printable(each, unicode) for each in summary.clusters], _CLUSTERS_NAMED)}")
    if summary.skipped:
        are = "is" if summary.skipped == 1 else "are"
        parts.append(f"({counted(summary.skipped, 'file')} {are} not EKS configuration: 'ekslint files')")
    return "   ".join(parts)
