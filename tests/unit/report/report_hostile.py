"""Text as an attacker would put it into a pull request, and what reads our output, restated."""

import re
import unicodedata

from report_samples import finding, outcome

from ekslint.engine.diagnostic import Outcome, RelatedLocation
from ekslint.engine.severity import Severity
from ekslint.source.location import Location

HOSTILE = (
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;https://evil.example/\x07click\x1b]8;;\x07",
    "\x9b31m and \x85 and \x00 and \x7f",
    "first\n::error file=a::second",
    "first\r\n::stop-commands::x",
    "::add-mask::x",
    "\u3000::error::after a wide blank",
    "##[error]old syntax ##[add-mask]x",
    "##vso[task.setvariable variable=PATH]/tmp",
    "#\ufe0f##[error]signs without weight",
    "100%0A%25 and a,b:c",
    "\u202eright to left\u202c \u2066isolated\u2069 \u061c\u200f",
    "zero\u200bwidth\u200djoiner\ufeff\u2060 soft\xadhyphen",
    "line\u2028separator\u2029",
    "lone \ud800 surrogate \udcff",
    "tags \U000e0041\U000e007f and \U000e0101",
    "[bold red]markup[/] [link=https://evil.example]x[/link] :skull:",
    "[text](https://evil.example) \\[a\\] \\",
    "<script>alert(1)</script> | cell | `code` @someone #1 www.evil.example https://evil.example",
    "日本語 and e\u0301 and ⚠\ufe0f and 👩\u200d💻",
    "tab\there\t\ttwo",
    "{0} {{1}} %s %(x)s",
    "",
    " ",
)


def hostile_outcome() -> Outcome:
    """Every hostile text as path, rule, message, label, help, note, cluster, resource and source line."""
    files: dict[str, str] = {}
    diagnostics = []
    severities = list(Severity)
    for index, text in enumerate(HOSTILE):
        path = f"{text}.yaml"
        line = text.replace("\n", " ").replace("\r", " ")
        files[path] = f"{line}\nkey: {line}\n" + "x" * 10_000 + line + "y" * 10_000
        related = (
            RelatedLocation(Location(path, 2, 6, 2, 6 + len(line)), text),
            RelatedLocation(Location(path, 3, 10_001, 3, 10_001 + len(line)), text + "!"),
            RelatedLocation(Location(path, 77, 5, 77, 9), text + "?"),
            RelatedLocation(Location(f"missing {text}", 1, 1, 1, 2), text + "."),
        )
        diagnostics.append(
            finding(
                Location(path, 1, 1, 1, 1 + len(line)),
                text,
                rule=text or "empty",
                severity=severities[index % 3],
                label=text,
                help_text=text,
                notes=(text, text),
                related=related,
                resource=text,
                cluster=text,
            )
        )
    return outcome(*diagnostics, files=files, clusters=HOSTILE, undecided=diagnostics[0].related, ignored=1)


def unprintable(text: str) -> set[str]:
    """Characters that no report may contain: what moves a cursor, hides, or turns the direction of writing."""
    return {
        character
        for character in text
        if character not in "\n\ufe0f" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


def obeyed_commands(
    log: str, known: frozenset[str] = frozenset({"error", "warning", "notice", "add-mask"})
) -> list[str]:
    """The commands that a GitHub Actions runner would obey in `log` (actions/runner, ActionCommand.cs)."""
    obeyed: list[str] = []
    stop_token: str | None = None
    for line in re.split(r"\r\n|\r|\n", log):
        name = _command_name(line)
        if name is None:
            continue
        if stop_token is not None:
            if name == stop_token:
                stop_token = None
        elif name == "stop-commands":
            stop_token = line.strip().split("::", 2)[2]
        elif name in known:
            obeyed.append(name)
    assert stop_token is None, "commands stay stopped after the report"
    return obeyed


def _command_name(line: str) -> str | None:
    trimmed = line.lstrip()
    if trimmed.startswith("::") and "::" in trimmed[2:]:
        return trimmed[2:].split("::")[0].split(" ")[0]
    old = re.search(r"##\[([^\] ]*)[^\]]*\]", line)
    return old[1] if old else None
