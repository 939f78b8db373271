"""Rules and files, listed and explained."""

import io
import json
import re

import pytest
from report_golden import GOLDEN, Golden
from report_hostile import HOSTILE, obeyed_commands, unprintable
from report_samples import RULES

from ekslint.report import FORMATS, ReportSettings, render
from ekslint.report.explanation import explain
from ekslint.report.layout import cell_width
from ekslint.report.listing import list_files, list_rules, list_rules_as_json

ANSI = re.compile(r"\x1b\[[0-9;]*m")
FILES_SEEN = [
    ("apps/worker/deployment.yaml", "kubernetes", "1 document"),
    ("größe-日本語.yaml", "eksctl", "2 documents"),
    ("README.md", "skipped", "neither YAML nor JSON"),
]


def written(function, *arguments, **settings) -> str:
    stream = io.StringIO()
    function(*arguments, stream, ReportSettings(**settings))
    return stream.getvalue()


def test_rules_golden(golden: Golden) -> None:
    golden(GOLDEN / "rules.txt", written(list_rules, RULES))
    golden(GOLDEN / "rules.json", written(list_rules_as_json, RULES))


def test_explanation_golden(golden: Golden) -> None:
    golden(GOLDEN / "explanation.md", written(explain, RULES[1]))


def test_files_golden(golden: Golden) -> None:
    golden(GOLDEN / "files.txt", written(list_files, FILES_SEEN))


def test_every_rule_is_listed_once_in_both_forms() -> None:
    table = written(list_rules, RULES, quiet=True).splitlines()[1:]
    names = [line.split()[0] for line in table]
    document = json.loads(written(list_rules_as_json, RULES))
    assert document["schema"] == 1
    assert [rule["name"] for rule in document["rules"]] == sorted(names) == sorted(rule.name for rule in RULES)
    assert document["rules"][2]["options"] == {"allowed_namespaces": ["kube-system"], "report_init_containers": True}


def test_a_wide_terminal_cuts_summaries_a_narrow_one_wraps_by_itself() -> None:
    cut = written(list_rules, RULES, width=100, quiet=True)
    assert max(cell_width(line) for line in cut.splitlines()) <= 100
    assert "…" in cut
    assert "…" not in written(list_rules, RULES, width=70)
    assert "..." in written(list_rules, RULES, width=100, unicode=False)


def test_colors_add_nothing_but_colors() -> None:
    for function, argument in ((list_rules, RULES), (list_files, FILES_SEEN)):
        colored = written(function, argument, color=True)
        assert "\x1b[" in colored
        assert ANSI.sub("", colored) == written(function, argument)


def test_columns_are_straight_beside_wide_characters() -> None:
    lines = written(list_files, FILES_SEEN, quiet=True).splitlines()
    starts = {cell_width(line[: line.index(status)]) for line, (_, status, _) in zip(lines, FILES_SEEN, strict=True)}
    assert len(starts) == 1


def test_no_files_and_no_rules() -> None:
    assert written(list_files, []) == "0 files\n"
    assert written(list_rules, [], quiet=True).split() == ["rule", "category", "severity", "what", "it", "finds"]


def test_hostile_paths() -> None:
    files = [(f"{text}.yaml", text, text) for text in HOSTILE]
    for settings in ({}, {"unicode": False}, {"github_actions": True, "stop_token": "t0k3n"}):
        text = written(list_files, files, **settings)
        assert unprintable(text) == set()
        assert obeyed_commands(text) == []


def test_an_explanation_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(explain, RULES[0], color=True, width=60)
    assert "\x1b]" not in text
    plain = ANSI.sub("", text)
    assert "workload-matches-no-node-pool" in plain
    assert "Why is this bad?" in plain
    assert max(cell_width(line) for line in plain.splitlines()) <= 60
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "dumb")
    assert written(explain, RULES[0], color=True, width=60) == text


def test_an_explanation_in_ascii() -> None:
    assert written(explain, RULES[1], unicode=False, color=True).isascii()
    assert '- `allowed_namespaces` (default: `["kube-system"]`)' in written(explain, RULES[1], unicode=False)


def test_an_explanation_names_the_page_of_the_rule() -> None:
    text = written(explain, RULES[0], documentation_url="https://example.com/rules/{rule}")
    assert text.endswith("\nhttps://example.com/rules/workload-matches-no-node-pool\n")


def test_formats() -> None:
    assert FORMATS == ("full", "concise", "json", "sarif", "github")
    with pytest.raises(ValueError, match="choose one of full, concise, json, sarif, github"):
        render("xml", None, io.StringIO(), ReportSettings())  # type: ignore[arg-type]
