"""How an ignore is written: one grammar for comments, annotations and CloudFormation metadata.

ignore[rule, other-rule] until=2030-01-31 -- reason          in a comment, behind `# ekslint:`
ignore-file[rule] -- reason                                  the same, for the whole file
rule, other-rule until=2030-01-31 -- reason                  in an annotation, several of them between `;`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ekslint.source.nearest import nearest

EXAMPLE = "write `# ekslint: ignore[rule, other-rule] until=2030-01-31 -- reason`; until and the reason may be left out"
ENTRY_EXAMPLE = 'write "rule, other-rule until=2030-01-31 -- reason"; until and the reason may be left out'

_WORD = re.compile(r"[ \t]*([A-Za-z][A-Za-z_-]*)")
_NAMES = re.compile(r"[ \t]*\[([^\[\]]*)\]")
# Other linters' words for it: who writes them means an ignore, who writes anything else wrote a remark.
_FOREIGN_WORDS = frozenset({"allow", "disable", "ignored", "noqa", "nolint", "off", "silence", "skip", "suppress"})
_DIRECTIVES = ("ignore", "ignore-file")
_BETWEEN_COMMAS = re.compile(r"[^,]+")
_BETWEEN_ENTRIES = re.compile(r"[^;\r\n]+")
_TAIL = re.compile(r"\s*(?:until=(?P<until>[^\s#]*?)\s*)?(?:--+(?P<reason>.*)|#.*)?\Z", re.DOTALL)
_ENTRY_HEAD = re.compile(r"(?:(?!\s--|\suntil\b|\A--).)*", re.DOTALL)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_UNTIL_IN_REASON = re.compile(r"(?:^|\s)until=[0-9]")


class IgnoredName(NamedTuple):
    """A rule that an ignore names, and where in the text of the carrier."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ignore:
    """One ignore, as it was written."""

    names: tuple[IgnoredName, ...]
    until: date | None
    """The last day on which it counts."""
    reason: str | None
    whole_file: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that was meant as an ignore, and is none."""

    start: int
    end: int
    message: str
    help: str


def read_comment(text: str, start: int, end: int) -> Ignore | Malformed | None:
    """The ignore in `text[start:end]`, which follows `# ekslint:`; None for a remark that is none."""
    word = _WORD.match(text, start, end)
    if word is None:
        return None
    directive = word[1]
    begin = word.start(1)
    if directive not in _DIRECTIVES:
        if directive.lower() not in _FOREIGN_WORDS and nearest(directive, _DIRECTIVES) is None:
            return None
        return Malformed(begin, word.end(), f"{directive} is not a directive of ekslint", EXAMPLE)
    names = _NAMES.match(text, word.end(), end)
    if names is None:
        message = f"{directive} names no rule in brackets: there is no ignore for everything"
        return Malformed(begin, word.end(), message, EXAMPLE)
    found = tuple(_split(text, names.start(1), names.end(1)))
    return _checked(found, text, names.end(), end, begin, EXAMPLE, directive == "ignore-file")


def read_entries(text: str) -> Iterator[Ignore | Malformed]:
    """The ignores in the value of an annotation: entries between `;` or on lines of their own."""
    for entry in _BETWEEN_ENTRIES.finditer(text):
        if not entry[0].strip():
            continue
        head = _ENTRY_HEAD.match(text, entry.start(), entry.end())
        assert head is not None  # it may be empty
        found = tuple(_split(text, head.start(), head.end()))
        start = entry.start() + len(entry[0]) - len(entry[0].lstrip())
        yield _checked(found, text, head.end(), entry.end(), start, ENTRY_EXAMPLE, False)


def _split(text: str, start: int, end: int) -> Iterator[IgnoredName]:
    for part in _BETWEEN_COMMAS.finditer(text, start, end):
        name = part[0].strip()
        if name:
            at = part.start() + len(part[0]) - len(part[0].lstrip())
            yield IgnoredName(name, at, at + len(name))


def _checked(
    names: tuple[IgnoredName, ...], text: str, at: int, end: int, start: int, example: str, whole_file: bool
) -> Ignore | Malformed:
    """The ignore of `names`, with what follows them from `at` on."""
    if not names:
        return Malformed(start, max(at, start + 1), "the ignore names no rule", example)
    for name in names:
        if re.search(r"\s", name.name):
            return Malformed(name.start, name.end, f"names stand between commas: {shortened(name.name)}", example)
    tail = _TAIL.match(text[at:end])
    if tail is None:
        rest = text[at:end].strip()
        message = f"what follows the names of an ignore is not understood: {shortened(rest)}"
        return Malformed(start, end, message, f"{example}. The reason stands behind two dashes")
    until = None
    if tail["until"] is not None:
        until = _day(tail["until"])
        if until is None:
            return Malformed(
                at + tail.start("until"),
                at + tail.end("until"),
                f"until={shortened(tail['until'])} is not a day",
                "write the day as until=2030-01-31",
            )
    reason = (tail["reason"] or "").strip()
    if until is None and _UNTIL_IN_REASON.search(reason):
        # Taken as a reason it would never end, against what was meant.
        return Malformed(start, end, "until= stands behind the reason of an ignore", example)
    return Ignore(names, until, reason or None, whole_file, start, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


def shortened(text: str, longest: int = 60) -> str:
    """`text`, cut for a message."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
