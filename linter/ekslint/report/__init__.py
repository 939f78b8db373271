"""Findings → output. One module a format, imported when it is asked for."""

from typing import Protocol, TextIO, cast

from ekslint.engine.diagnostic import Outcome
from ekslint.report.settings import ReportSettings

__all__ = ["FORMATS", "ReportSettings", "render"]

_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
}

FORMATS: tuple[str, ...] = tuple(_MODULES)
"""The names that `--output-format` takes."""


class _Format(Protocol):
    def render(self, outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
        """Write one outcome."""


def render(format_name: str, outcome: Outcome, stream: TextIO, settings: ReportSettings) -> None:
    """Write `outcome` to `stream` in one of FORMATS; ValueError for any other name.

    The stream has to take every character unless `settings.unicode` is False; it gets `\\n` as line end.
    """
    from importlib import import_module

    if format_name not in _MODULES:
        raise ValueError(f"unknown output format {format_name!r}: choose one of {', '.join(FORMATS)}")
    module = cast(_Format, import_module(f"ekslint.report.{_MODULES[format_name]}"))
    module.render(outcome, stream, settings)
