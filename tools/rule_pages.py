"""The documentation of rules as Markdown pages: the docstrings, with the fixtures as before and after."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from ekslint.cli.main import main as ekslint
from ekslint.engine.rule import Rule

_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".template": "yaml"}
_EXPECTATION = re.compile(r"[ \t]*#[ \t]*expect:.*$", re.MULTILINE)
_PLACE = re.compile(r"^(?:.*/)?([^/:\n]+):(\d+) ", re.MULTILINE)
"""The file and the line of an expectation that stands beside the files."""
_MARK = "  # ←"
_LONGEST = 60
_MOST_SAID = 3
_AS_OF = "2026-11-21"
"""The day that the fixtures are written for."""


class Example(NamedTuple):
    """A fixture, as text."""

    folder: Path
    texts: dict[str, str]
    """By file name."""

    @property
    def name(self) -> str:
        """`bad`, `good-template`."""
        return self.folder.name

    @property
    def lines(self) -> list[str]:
        """All lines of all files, without marks."""
        return [line.removesuffix(_MARK) for text in self.texts.values() for line in text.splitlines()]

    @property
    def length(self) -> int:
        """How many lines it has."""
        return len(self.lines)


def pages(rules: Sequence[Rule], root: Path) -> Iterator[tuple[str, str]]:
    """(file name, text) of every page below docs/rules/."""
    yield "index.md", _index(rules)
    for rule in rules:
        yield f"{rule.name}.md", _page(rule, root / "fixtures" / "rules" / rule.name)


def _index(rules: Sequence[Rule]) -> str:
    lines = [
        "# Rules",
        "",
        "Generated from the rules; `ekslint explain RULE` prints the same, without the examples.",
        "",
    ]
    for category in sorted({rule.category for rule in rules}):
        lines += [f"## {category}", "", "| rule | severity | reads | what it finds |", "|---|---|---|---|"]
        for rule in rules:
            if rule.category == category:
                summary = rule.documentation.split("\n", 1)[0]
                dialects = ", ".join(rule.dialects)
                lines.append(f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {dialects} | {summary} |")
        lines.append("")
    return "\n".join(lines)


def _page(rule: Rule, fixtures: Path) -> str:
    summary, _, rest = rule.documentation.partition("\n")
    facts = [str(rule.severity), rule.category, f"since {rule.since}", f"reads {', '.join(rule.dialects)}"]
    if rule.preview:
        facts.append("preview")
    lines = [f"# {rule.name}", "", f"*{' · '.join(facts)}*", "", summary, rest.rstrip(), ""]
    if rule.options:
        lines += ["## Options", "", "| option | default |", "|---|---|"]
        lines += [f"| `{name}` | `{value}` |" for name, value in rule.options.items()]
        lines.append("")
    before, after = _most_alike(_examples(fixtures, "bad"), _examples(fixtures, "good"))
    for title, example in (("Before", before), ("After", after)):
        if example is not None:
            lines += [f"## {title}", "", *_shown(example), ""]
            if example is before:
                lines += [*_said(rule, example), ""]
    return "\n".join(lines)


def _examples(fixtures: Path, kind: str) -> list[Example]:
    """The cases of a kind that are short enough to be read; the shortest if none is."""
    found = []
    for folder in sorted(fixtures.glob(f"{kind}*")):
        files = sorted(path for path in folder.rglob("*") if path.suffix in _LANGUAGES)
        expected = folder / "expected.txt"
        marked = set(_PLACE.findall(expected.read_text("utf-8"))) if expected.exists() else set()
        texts = {path.relative_to(folder).as_posix(): _text(path, marked) for path in files}
        if texts:
            found.append(Example(folder, texts))
    short = [example for example in found if example.length <= _LONGEST]
    return short or sorted(found, key=lambda each: each.length)[:1]


def _text(path: Path, marked: Collection[tuple[str, str]]) -> str:
    """The text of a file, with a mark at the lines of findings; JSON has no room for one."""
    lines = _EXPECTATION.sub(_MARK, path.read_text("utf-8")).rstrip().splitlines()
    if path.suffix != ".json":
        for name, number in marked:
            if name == path.name and int(number) <= len(lines):
                lines[int(number) - 1] += _MARK
    return "\n".join(lines)


def _most_alike(bad: Sequence[Example], good: Sequence[Example]) -> tuple[Example | None, Example | None]:
    """What goes wrong, and the same put right: the pair with most lines in common."""
    pairs = [(_likeness(one, other), one, other) for one in bad for other in good]
    if not pairs:
        return next(iter(bad), None), next(iter(good), None)
    _, before, after = max(pairs, key=lambda pair: pair[0])
    return before, after


def _likeness(bad: Example, good: Example) -> float:
    ratio = SequenceMatcher(None, bad.lines, good.lines, autojunk=False).ratio()
    # Cases without a name of their own are plainer than those that show what is special. What merely lacks the thing
    # that was wrong puts nothing right.
    is_marked = not any(name.endswith(".json") for name in bad.texts)
    liking = (bad.name == "bad") * 0.1 + (good.name == "good") * 0.2 - (good.length + 1 < bad.length) * 0.3
    liking += is_marked * 0.2
    return ratio + liking + (bad.name == "bad-plain" and good.name == "good-plain")


def _said(rule: Rule, example: Example) -> Iterator[str]:
    """What ekslint prints about an example, as far as this rule says it."""
    out = StringIO()
    command = ("check", str(example.folder), "--isolated", "--select", rule.name, "--as-of", _AS_OF)
    with redirect_stdout(out), redirect_stderr(StringIO()):
        ekslint([*command, "--output-format", "json", "--min-severity", "info"])
    findings = [each for each in json.loads(out.getvalue())["findings"] if each["rule"] == rule.name]
    for number, each in enumerate(findings[:_MOST_SAID]):
        name = each["path"].rpartition(f"/{example.name}/")[2]
        if number:
            yield ">"
        yield f"> `{name}:{each['line']}` **{each['severity']}**: {_escaped(each['message'])}"
        if each.get("help"):
            yield f"> *{_escaped(each['help'])}*"
    if len(findings) > _MOST_SAID:
        yield f">\n> … and {len(findings) - _MOST_SAID} more"


def _escaped(text: str) -> str:
    """A message as Markdown: whatever would be taken for a sign of it stays as it is."""
    return re.sub(r"([\\`*_<>\[\]{}#|~])", r"\\\1", text)


def _shown(example: Example) -> Iterator[str]:
    for number, (name, text) in enumerate(example.texts.items()):
        if number:
            yield ""
        if len(example.texts) > 1:
            yield from (f"`{name}`", "")
        yield from (f"```{_LANGUAGES[Path(name).suffix]}", text, "```")
