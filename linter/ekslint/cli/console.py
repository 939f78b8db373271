"""What the terminal can do, decided once, from the options and the environment."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ekslint.cli.arguments import COLOR
from ekslint.cli.errors import UserError
from ekslint.report.escaping import printable
from ekslint.report.layout import alternatives
from ekslint.report.paint import Painter
from ekslint.report.settings import ReportSettings
from ekslint.source.location import Location


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


def require_known_color(option: str | None) -> None:
    """UserError for an EKSLINT_COLOR that would decide, and says nothing."""
    choice = os.environ.get("EKSLINT_COLOR")
    if option is None and choice and choice not in COLOR:
        raise UserError(f"EKSLINT_COLOR: {choice} is not known", help=[f"choose {alternatives(COLOR)}"])


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
    _print("error", str(error), error.location, error.help)
    for other in error.others:
        print_error(other)


def print_warning(message: str, help: str | None = None) -> None:  # noqa: A002
    """Say on stderr why the answer is not what was hoped for, and what to do."""
    _print("warning", message, None, () if help is None else (help,))


def _print(word: str, message: str, location: Location | None, help: Sequence[str]) -> None:  # noqa: A002
    unicode = takes_unicode(sys.stderr)
    paint = Painter(wants_color(None, sys.stderr))
    lines = [paint(word, word) + paint("title", f": {printable(message, unicode)}")]
    if location is not None:
        lines.append(f"  --> {printable(str(location), unicode)}")
    lines += [f"  = help: {printable(line, unicode)}" for line in help]
    print(*lines, sep="\n", file=sys.stderr)  # noqa: T201
