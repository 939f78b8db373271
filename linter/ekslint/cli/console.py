"""What the terminal can do, decided once, from the options and the environment."""

import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

from ekslint.cli.errors import UserError
from ekslint.report.escaping import printable
from ekslint.report.settings import ReportSettings


def wants_color(option: str | None, stream: TextIO) -> bool:
    """Whether to write colours (no-color.org, FORCE_COLOR as chalk and rich have it); GitHub's logs show them too."""
    choice = option or os.environ.get("EKSLINT_COLOR") or "auto"
    if choice in {"always", "never"}:
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def takes_unicode(stream: TextIO) -> bool:
    """Whether the stream's encoding has what the reports print beside letters."""
    try:
        "·…—".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def settings_for(stream: TextIO, color: str | None, **more: object) -> ReportSettings:
    """Report settings for one stream."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return ReportSettings(
        color=wants_color(color, stream),
        width=shutil.get_terminal_size().columns if stream.isatty() else None,
        unicode=takes_unicode(stream),
        github_actions=os.environ.get("GITHUB_ACTIONS") == "true",
        step_summary=Path(summary) if summary else None,
        **more,  # type: ignore[arg-type]
    )


def print_error(error: UserError) -> None:
    """Say what went wrong, and what to do, on stderr."""
    unicode = takes_unicode(sys.stderr)
    bold, red, plain = ("\x1b[1m", "\x1b[31m", "\x1b[0m") if wants_color(None, sys.stderr) else ("", "", "")
    lines = [f"{bold}{red}error{plain}{bold}: {printable(str(error), unicode)}{plain}"]
    if error.location is not None:
        lines.append(f"  --> {printable(str(error.location), unicode)}")
    lines += [f"  = help: {printable(line, unicode)}" for line in error.help]
    print(*lines, sep="\n", file=sys.stderr)  # noqa: T201
    for other in error.others:
        print_error(other)
