"""The README shows what the program prints."""

import re
import shlex
from pathlib import Path

import pytest

from conftest import ROOT
from linting import AS_OF, ekslint

README = ROOT / "README.md"
_OUTPUT = re.compile(r"<!-- output: (?P<command>[^\n]*) -->\n```text\n(?P<text>.*?)```\n<!-- /output -->", re.DOTALL)


def printed(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(ROOT)
    name, *arguments = shlex.split(command)
    options = ["--isolated", "--color", "never"]
    if name == "check":
        options += ["--as-of", AS_OF, "--output-format", "full", "--quiet"]
    ran = ekslint(name, *arguments, *options)
    assert ran.code in {0, 1}, ran.err
    return ran.out.strip("\n") + "\n"


def test_readme(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    assert _OUTPUT.search(text)

    def shown(match: re.Match[str]) -> str:
        return f"<!-- output: {match['command']} -->\n```text\n{printed(match['command'], monkeypatch)}```\n<!-- /output -->"

    current = _OUTPUT.sub(shown, text)
    if request.config.getoption("--update"):
        Path(README).write_text(current, "utf-8")
    assert current == README.read_text("utf-8")


def test_the_test_command_is_there() -> None:
    assert re.search(r"<!-- test-command -->\n```sh\n(.+)\n```\n<!-- /test-command -->", README.read_text("utf-8"))


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target
