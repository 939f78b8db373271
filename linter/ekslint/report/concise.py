"""One finding a line, as editors, problem matchers and grep read it: `path:line:column: severity rule message`.

Without colours and without the libraries for them: this is the format of pipes and hooks.
"""

from typing import TextIO

from ekslint.engine.diagnostic import Diagnostic, Outcome
from ekslint.report.escaping import printable, printable_place
from ekslint.report.footer import by_severity, nothing_checked
from ekslint.report.layout import counted
from ekslint.report.settings import ReportSettings
from ekslint.report.workflow import commands_stopped
from ekslint.source.location import Location


def render(outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write one line a finding, and a last one with their number."""
    with commands_stopped(stream, settings):
        stream.writelines(f"{_line(diagnostic, settings.unicode)}\n" for diagnostic in outcome.diagnostics)
        if settings.show_undecided:
            for each in outcome.undecided:
                place = _place(each.location, settings.unicode)
                stream.write(f"{place}: undecided {printable(each.label, settings.unicode)}\n")
        if not settings.quiet:
            stream.write(f"{_last_line(outcome)}\n")


def _line(diagnostic: Diagnostic, unicode: bool) -> str:
    line = (
        f"{_place(diagnostic.location, unicode)}: {diagnostic.severity} "
        f"{printable(diagnostic.rule, unicode)} {printable(diagnostic.message, unicode)}"
    )
    if diagnostic.related:
        # The nearest one comes first; a line that named all of them would no longer be concise.
        line += f" (see {_place(diagnostic.related[0].location, unicode)})"
    return line


def _place(location: Location, unicode: bool) -> str:
    return printable_place(location.path, location.line, location.column, unicode)


def _last_line(outcome: Outcome) -> str:
    summary = outcome.summary
    found = summary.errors + summary.warnings + summary.infos
    if found or outcome.diagnostics:
        return f"Found {counted(found, 'problem')} ({by_severity(summary)}) in {counted(summary.files, 'file')}."
    nothing = nothing_checked(summary.files, summary.skipped)
    return f"warning: {nothing}" if nothing is not None else f"No problems in {counted(summary.files, 'file')}."
