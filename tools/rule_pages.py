"""The documentation of rules as Markdown pages: the docstrings, with the fixtures as before and after."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ekslint.engine.rule import Rule

_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".template": "yaml"}
_EXPECTATION = re.compile(r"[ \t]*#[ \t]*expect:.*$", re.MULTILINE)
_LONGEST = 60


def pages(rules: Sequence[Rule], root: Path) -> Iterator[tuple[str, str]]:
    """(file name, text) of every page below docs/rules/."""
    yield "index.md", _index(rules)
    for rule in rules:
        yield f"{rule.name}.md", _page(rule, root / "fixtures" / "rules" / rule.name)


def _index(rules: Sequence[Rule]) -> str:
    lines = ["# Rules", "", "Generated from the rules; `ekslint explain RULE` prints the same.", ""]
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
    for title, case in (("Before", "bad"), ("After", "good")):
        example = _example(fixtures, case)
        if example is not None:
            lines += [f"## {title}", "", *example, ""]
    return "\n".join(lines)


def _example(fixtures: Path, case: str) -> list[str] | None:
    """The first case of a kind, if it is short enough to be read as an example."""
    for folder in sorted(fixtures.glob(f"{case}*")):
        files = (
            [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.suffix in _LANGUAGES)
        )
        texts = [(path, _EXPECTATION.sub("", path.read_text("utf-8")).rstrip()) for path in files]
        if not texts or sum(text.count("\n") for _, text in texts) > _LONGEST:
            continue
        lines: list[str] = []
        for path, text in texts:
            if len(texts) > 1:
                lines += [f"`{path.relative_to(folder).as_posix()}`", ""]
            lines += [f"```{_LANGUAGES[path.suffix]}", text, "```", ""]
        return lines[:-1]
    return None
