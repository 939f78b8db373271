"""Every rule on its fixtures: what `# expect:` says is found at that very line, and nothing else of that rule."""

import re
from collections import Counter
from pathlib import Path

import pytest

from conftest import ROOT
from linting import lint

RULES = ROOT / "fixtures" / "rules"
_EXPECT = re.compile(r"#\s*expect:\s*([a-z0-9, -]+?)(?:\s*\((error|warning|info)\))?\s*$")


def cases() -> list[Path]:
    return sorted(
        case for rule in RULES.iterdir() if rule.is_dir() for case in rule.iterdir() if case.name != "README.md"
    )


def expectations(case: Path, rule: str) -> Counter[tuple[str, int, str | None]]:
    """(path, line, severity) of the findings that a case asks for; the severity is None where it does not matter."""
    wanted: Counter[tuple[str, int, str | None]] = Counter()
    files = [case] if case.is_file() else sorted(path for path in case.rglob("*") if path.is_file())
    for path in files:
        # The root is the checkout's, whatever was given to check.
        name = path.relative_to(ROOT).as_posix()
        if path.name == "expected.txt":
            # For JSON, and for text inside block scalars: `path:line rule [severity]` a line.
            for line in path.read_text("utf-8").splitlines():
                place, named, *severity = line.split()
                file, _, number = place.rpartition(":")
                if named == rule:
                    beside = (path.parent / file).relative_to(ROOT).as_posix()
                    wanted[beside, int(number), severity[0] if severity else None] += 1
            continue
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            match = _EXPECT.search(line)
            if match and rule in match[1].replace(",", " ").split():
                wanted[name, number, match[2]] += 1
    return wanted


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_rule(case: Path) -> None:
    rule = case.parent.name
    wanted = expectations(case, rule)
    ran = lint(case, "--select", rule)
    assert ran.code in {0, 1}, ran.err
    found = Counter((each["path"], each["line"], each["severity"]) for each in ran.findings if each["rule"] == rule)
    severities = {(path, line): severity for path, line, severity in wanted}
    comparable = Counter[tuple[str, int, str | None]]()
    for (path, line, severity), count in found.items():
        comparable[path, line, severity if severities.get((path, line)) is not None else None] += count
    assert comparable == wanted, "\n".join(f"{each['path']}:{each['line']}: {each['message']}" for each in ran.findings)
    if case.name.startswith("bad"):
        assert wanted, "a bad case expects at least one finding"
    else:
        assert not wanted, "a good case expects none"
