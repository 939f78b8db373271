"""The commands of a GitHub Actions log, and how to keep user text from being one.

Sources: GitHub's documentation of workflow commands; actions/runner, src/Runner.Common/ActionCommand.cs (the escapes,
and what counts as a command) and src/Runner.Worker/ActionCommandManager.cs (stop-commands).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from ekslint.report.settings import ReportSettings


def command(name: str, properties: Mapping[str, str | int], message: str) -> str:
    """`::name key=value,…::message`, with everything escaped that would end a value early."""
    written = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{_escape_data(message)}" if written else f"::{name}::{_escape_data(message)}"


@contextmanager
def commands_stopped(stream: TextIO, settings: ReportSettings) -> Iterator[None]:
    """Within GitHub Actions, make the runner ignore commands in what is written: source lines may contain them."""
    if not settings.github_actions:
        yield
        return
    token = settings.stop_token
    if token is None:
        from secrets import token_hex

        token = token_hex(16)
    stream.write(f"::stop-commands::{token}\n")
    try:
        yield
    finally:
        stream.write(f"::{token}::\n")


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
