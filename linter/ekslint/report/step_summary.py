"""All findings as a Markdown table, for the summary of a GitHub Actions step."""

import re
from collections.abc import Iterable
from pathlib import Path

from ekslint.engine.diagnostic import Diagnostic, Outcome
from ekslint.report.escaping import printable, printable_place
from ekslint.report.footer import by_severity, nothing_checked
from ekslint.report.layout import counted

# Above 1 MiB a step, GitHub refuses the whole summary; what other commands of the step wrote counts too.
_MOST_BYTES = 1024 * 1024
_ROOM_FOR_THE_LAST_LINE = 200

# Everything that opens something in GitHub's Markdown: spans, links, tables, HTML, entities, mathematics, mentions,
# emoji and bare addresses. As character references they are text and nothing else (CommonMark 0.31, section 2.5).
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+!|~&:@\"$^=]|(?<=[wW]{3})\.")


def append_step_summary(outcome: Outcome, diagnostics: Iterable[Diagnostic], path: Path) -> None:
    """Append a heading and the table of `diagnostics` to the file at `path`; OSError if that fails."""
    try:
        taken = path.stat().st_size
    except FileNotFoundError:
        taken = 0
    text = _summary(outcome, list(diagnostics), _MOST_BYTES - taken - _ROOM_FOR_THE_LAST_LINE, separate=taken > 0)
    if text:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _summary(outcome: Outcome, diagnostics: list[Diagnostic], room: int, separate: bool) -> str:
    heading = ("\n\n" if separate else "") + f"## ekslint: {_heading(outcome, diagnostics)}\n"
    if diagnostics:
        heading += "\n| Severity | Rule | Place | Finding |\n| --- | --- | --- | --- |\n"
    room -= len(heading.encode())
    if room < 0:
        return ""
    rows: list[str] = []
    for diagnostic in diagnostics:
        row = _row(diagnostic)
        room -= len(row.encode())
        if room < 0:
            break
        rows.append(row)
    missing = len(diagnostics) - len(rows)
    last = f"\n{counted(missing, 'more finding')} did not fit here: GitHub takes 1 MiB a step.\n" if missing else ""
    return heading + "".join(rows) + last


def _heading(outcome: Outcome, diagnostics: list[Diagnostic]) -> str:
    summary = outcome.summary
    files = counted(summary.files, "file")
    if diagnostics:
        return f"{counted(len(diagnostics), 'problem')} ({by_severity(summary)}) in {files}"
    return nothing_checked(summary.files, summary.skipped) or f"no problems in {files}"


def _row(diagnostic: Diagnostic) -> str:
    location = diagnostic.location
    finding = _literal(diagnostic.message)
    if diagnostic.help:
        finding += f"<br>Help: {_literal(diagnostic.help)}"
    place = _escaped(printable_place(location.path, location.line, location.column))
    return f"| {diagnostic.severity} | {_literal(diagnostic.rule)} | {place} | {finding} |\n"


def _literal(text: str) -> str:
    return _escaped(printable(text))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", text)
