"""docs/coverage.md: every row of the rule catalogue, with the rule that covers it."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ekslint.engine.input_findings import INPUT_FINDINGS
from ekslint.engine.rule import Rule

_ROWS = Path(__file__).with_name("coverage.toml")


def coverage(rules: Sequence[Rule]) -> str:
    """The text of the page."""
    rows = tomllib.loads(_ROWS.read_text("utf-8"))
    names = {rule.name for rule in rules} | set(INPUT_FINDINGS)
    severities = {rule.name: str(rule.severity) for rule in rules}
    lines = ["# Coverage of the rule catalogue", "", "Generated from the rules by tools/generate.py.", ""]
    total = covered = 0
    body: list[str] = []
    for section, wanted in rows["sections"].items():
        body += [f"## {section}", "", "| row | rule | severity |", "|---|---|---|"]
        for row in wanted:
            total += 1
            found = _rules_of(row, names, rows["known-as"])
            covered += bool(found)
            if found:
                links = ", ".join(_link(name) for name in found)
                body.append(f"| {row} | {links} | {', '.join(severities.get(name, 'input') for name in found)} |")
            else:
                body.append(f"| {row} | {rows['no-rule'].get(row, 'not yet')} | |")
        body.append("")
    lines += [f"{covered} of {total} rows have a rule.", "", *body]
    lines += ["## What the product was asked to know", "", "| # | practice | rules |", "|---|---|---|"]
    lines += _practices(rows["practices"], names, rows["known-as"])
    return "\n".join([*lines, ""])


def _practices(
    practices: Sequence[Mapping[str, object]], names: Collection[str], known_as: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    for practice in practices:
        wanted = practice["rules"]
        assert isinstance(wanted, list)
        cells: list[str] = []
        for row in wanted:
            found = _rules_of(row, names, known_as)
            cells.append(", ".join(_link(name) for name in found) if found else f"{row}: not yet")
        cells += [str(practice["note"])] if "note" in practice else []
        yield f"| {practice['number']} | {practice['what']} | {'; '.join(cells)} |"


def _rules_of(row: str, names: Collection[str], known_as: Mapping[str, Sequence[str]]) -> list[str]:
    if "*" in row:
        return sorted(name for name in names if fnmatchcase(name, row))
    return [name for name in dict.fromkeys((*known_as.get(row, ()), row)) if name in names]


def _link(name: str) -> str:
    return f"`{name}`" if name in INPUT_FINDINGS else f"[{name}](rules/{name}.md)"
