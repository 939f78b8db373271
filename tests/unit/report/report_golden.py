"""Where the golden files of the reports are, and a report as text."""

import io
from collections.abc import Callable
from pathlib import Path

from ekslint.engine.diagnostic import Outcome
from ekslint.report import ReportSettings, render

GOLDEN = Path(__file__).parent / "golden"

Golden = Callable[[Path, str], None]
"""The fixture `golden`: compares a text with a file."""


def rendered(format_name: str, outcome: Outcome, settings: ReportSettings) -> str:
    stream = io.StringIO()
    render(format_name, outcome, stream, settings)
    return stream.getvalue()
