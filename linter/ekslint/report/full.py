"""The report for people: each finding with its source, its other ends, and what to do."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TextIO

from ekslint.engine.diagnostic import Diagnostic, Outcome
from ekslint.report.escaping import printable, printable_place
from ekslint.report.footer import footer_lines
from ekslint.report.frames import Frame, arrange
from ekslint.report.paint import Painter
from ekslint.report.settings import ReportSettings
from ekslint.report.snippet import LineView
from ekslint.report.sources import Sources
from ekslint.report.workflow import commands_stopped
from ekslint.source.location import Location

# Where there is no terminal: wide enough for nearly every line, and a minified template does not fill the log.
_WIDTH_WITHOUT_TERMINAL = 160


def render(outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write all findings, then the summary."""
    report = _FullReport(outcome, settings)
    with commands_stopped(stream, settings):
        separator = ""
        for lines in report.blocks():
            stream.write(separator + "".join(f"{line.rstrip()}\n" for line in lines))
            separator = "\n"


class _FullReport:
    def __init__(self, outcome: Outcome, settings: ReportSettings) -> None:
        self._outcome = outcome
        self._settings = settings
        self._unicode = settings.unicode
        self._width = settings.width or _WIDTH_WITHOUT_TERMINAL
        self._paint = Painter(settings.color)
        self._sources = Sources(outcome.text_of)

    def blocks(self) -> Iterator[list[str]]:
        """Lines that belong together; a blank line goes between two blocks."""
        for diagnostic in self._outcome.diagnostics:
            yield list(self._finding(diagnostic))
        if self._settings.show_undecided and self._outcome.undecided:
            yield list(self._undecided())
        if not self._settings.quiet:
            yield footer_lines(self._outcome, self._settings)

    def _finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        arrangement = arrange(diagnostic, self._sources, self._unicode)
        gutter = max(len(str(frame.lines[-1])) for frame in arrangement.frames)
        bar = self._paint("gutter", " " * gutter + " |")
        word = self._paint.severity(diagnostic.severity, f"{diagnostic.severity}[{self._text(diagnostic.rule)}]")
        yield word + self._paint("title", f": {self._text(diagnostic.message)}")
        quoted = False
        for index, frame in enumerate(arrangement.frames):
            if quoted:
                yield bar
            arrow = ":::" if index else "-->"
            yield " " * gutter + self._paint("gutter", arrow) + " " + self._place(frame.location)
            lines = list(self._frame(frame, diagnostic, gutter))
            quoted = bool(lines)
            if quoted:
                yield bar
                yield from lines
        notes = [*(("note", each) for each in arrangement.remarks), *(("note", each) for each in diagnostic.notes)]
        if diagnostic.help:
            notes.append(("help", diagnostic.help))
        if notes and quoted:
            yield bar
        for kind, text in notes:
            head = self._paint("gutter", " " * gutter + " =")
            yield f"{head} {self._paint('help', kind)}: {self._text(text)}"

    def _frame(self, frame: Frame, diagnostic: Diagnostic, gutter: int) -> Iterator[str]:
        path = frame.location.path
        lines = frame.lines
        for line, following in [*pairwise(lines), (lines[-1], None)]:
            yield from self._marked_line(frame, line, diagnostic, gutter)
            if following is not None and following == line + 2:
                yield self._numbered(line + 1, gutter, self._view(path, line + 1, 0, 0, gutter).text)
            elif following is not None and following > line + 1:
                yield self._paint("gutter", "...")

    def _marked_line(self, frame: Frame, line: int, diagnostic: Diagnostic, gutter: int) -> Iterator[str]:
        """A source line and its carets; quoted again for a mark that lies beyond the cut."""
        if self._sources.line(frame.location.path, line) is None:
            return
        bar = self._paint("gutter", " " * gutter + " |")
        view: LineView | None = None
        for mark in (mark for mark in frame.marks if mark.location.line == line):
            start, end = mark.location.column - 1, mark.location.end_column - 1
            place = view.mark(start, end) if view is not None else None
            if view is None or place is None:
                view = self._view(frame.location.path, line, start, end, gutter)
                place = view.mark(start, end)
                yield self._numbered(line, gutter, view.text)
            offset, length = place or (0, 1)
            label = f" {self._text(mark.label)}" if mark.label else ""
            role, sign = (str(diagnostic.severity), "^") if mark.primary else ("related", "-")
            yield f"{bar} {' ' * offset}{self._paint(role, sign * length + label)}"

    def _view(self, path: str, line: int, start: int, end: int, gutter: int) -> LineView:
        text = self._sources.line(path, line) or ""
        return LineView(text, start, end, self._width - gutter - 3, self._unicode)

    def _numbered(self, line: int, gutter: int, text: str) -> str:
        return f"{self._paint('gutter', f'{line:>{gutter}} |')} {text}"

    def _undecided(self) -> Iterator[str]:
        yield self._paint("title", "known only at deploy time, so that rules kept silent:")
        for each in self._outcome.undecided:
            yield f"  {self._place(each.location)}: {self._text(each.label)}"

    def _place(self, location: Location) -> str:
        return printable_place(location.path, location.line, location.column, self._unicode)

    def _text(self, text: str) -> str:
        return printable(text, self._unicode)
