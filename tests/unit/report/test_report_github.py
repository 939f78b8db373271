"""Annotations, within GitHub's limits, and the table of all findings."""

import re
from pathlib import Path

import pytest
from report_golden import GOLDEN, Golden, rendered
from report_hostile import HOSTILE, hostile_outcome, obeyed_commands, unprintable
from report_samples import finding, outcome, realistic

from ekslint.engine.diagnostic import Diagnostic, RelatedLocation
from ekslint.engine.severity import Severity
from ekslint.report import ReportSettings
from ekslint.report.step_summary import append_step_summary
from ekslint.source.location import Location


def many(severity: Severity, number: int) -> list[Diagnostic]:
    return [
        finding(Location(f"f{index:02}.yaml", 1, 1, 1, 2), f"{severity} {index}", severity=severity)
        for index in range(number)
    ]


def test_golden(golden: Golden, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    text = rendered("github", realistic(), ReportSettings(step_summary=summary))
    golden(GOLDEN / "github.txt", text)
    golden(GOLDEN / "github-summary.md", summary.read_text(encoding="utf-8"))


def test_the_most_severe_come_first_and_paths_keep_their_order() -> None:
    diagnostics = [*many(Severity.INFO, 2), *many(Severity.WARNING, 2), *many(Severity.ERROR, 2)]
    lines = rendered("github", outcome(*diagnostics), ReportSettings()).splitlines()
    assert [line.split("::")[2] for line in lines] == [
        "error 0", "error 1", "warning 0", "warning 1", "info 0", "info 1",
    ]  # fmt: skip
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 2 + ["::warning"] * 2 + ["::notice"] * 2


def test_values_are_escaped_as_the_runner_unescapes_them() -> None:
    related = (RelatedLocation(Location("b,c:d%.yaml", 2, 3, 2, 4), "the other: end"),)
    diagnostic = finding(
        Location("a,b:c 100%.yaml", 7, 3, 7, 9), "50% of it, a::b", rule="x,y", help_text="mend it", related=related
    )
    assert rendered("github", outcome(diagnostic), ReportSettings()) == (
        "::error file=a%2Cb%3Ac 100%25.yaml,line=7,endLine=7,col=3,endColumn=9,title=x%2Cy"
        "::50%25 of it, a::b%0Athe other: end: b,c:d%25.yaml:2:3%0Ahelp: mend it\n"
    )


def test_columns_only_within_one_line() -> None:
    text = rendered("github", outcome(finding(Location("a.yaml", 1, 3, 2, 4))), ReportSettings())
    assert text.startswith("::error file=a.yaml,line=1,endLine=2,title=")


@pytest.mark.parametrize(
    ("errors", "warnings", "infos"), [(47, 0, 0), (11, 10, 10), (10, 30, 9), (30, 30, 30), (0, 0, 11)]
)
def test_github_drops_nothing_in_silence(errors: int, warnings: int, infos: int, tmp_path: Path) -> None:
    diagnostics = [*many(Severity.ERROR, errors), *many(Severity.WARNING, warnings), *many(Severity.INFO, infos)]
    summary = tmp_path / "summary.md"
    lines = rendered("github", outcome(*diagnostics), ReportSettings(step_summary=summary)).splitlines()
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10
    shown = len(lines) - 1
    expected = f"::notice title=ekslint::showing {shown} of {len(diagnostics)} findings, see the job summary"
    assert lines[-1] == expected
    assert summary.read_text(encoding="utf-8").count("\n| ") == len(diagnostics) + 2


def test_ten_of_each_need_no_remark() -> None:
    diagnostics = [each for severity in Severity for each in many(severity, 10)]
    lines = rendered("github", outcome(*diagnostics), ReportSettings()).splitlines()
    assert len(lines) == 30
    assert "showing" not in "".join(lines)


def test_without_a_summary_file_none_is_promised() -> None:
    lines = rendered("github", outcome(*many(Severity.ERROR, 11)), ReportSettings()).splitlines()
    assert lines[-1] == "::notice title=ekslint::showing 10 of 11 findings"


def test_a_summary_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    settings = ReportSettings(step_summary=tmp_path / "missing" / "summary.md")
    lines = rendered("github", outcome(*many(Severity.ERROR, 1)), settings).splitlines()
    assert lines[-1] == "::warning title=ekslint::cannot write the job summary: No such file or directory"


def test_clean_and_empty_runs(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    assert rendered("github", outcome(linted=3), ReportSettings(step_summary=summary)) == ""
    assert summary.read_text(encoding="utf-8") == "## ekslint: no problems in 3 files\n"
    empty = rendered("github", outcome(linted=0, skipped=2), ReportSettings(step_summary=summary))
    assert empty == (
        "::warning title=ekslint::no EKS configuration found (2 files skipped: 'ekslint files' says why)\n"
    )
    assert summary.read_text(encoding="utf-8").endswith("(2 files skipped: 'ekslint files' says why)\n")
    assert "no problems" not in summary.read_text(encoding="utf-8").splitlines()[-1]


def test_hostile_text_makes_no_command_of_its_own() -> None:
    text = rendered("github", hostile_outcome(), ReportSettings(github_actions=True))
    assert unprintable(text) == set()
    obeyed = obeyed_commands(text)
    assert obeyed == ["error"] * 8 + ["warning"] * 8 + ["notice"] * 8
    assert len(text.splitlines()) == len(HOSTILE) == 24


def test_the_table_holds_hostile_text_as_text(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    append_step_summary(hostile_outcome(), hostile_outcome().diagnostics, summary)
    text = summary.read_text(encoding="utf-8")
    assert unprintable(text) == set()
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) == len(HOSTILE)
    for row in rows:
        assert row.count("|") == 5
        assert re.sub(r"<br>", "", row).count("<") == 0
        assert not re.search(r"[`*_\[\]#@$~](?!\d)", re.sub(r"&#\d+;", "", row))
        assert "www." not in row
        assert "://" not in row


def test_the_summary_is_read_back_as_it_was_meant(tmp_path: Path) -> None:
    from markdown_it import MarkdownIt

    summary = tmp_path / "summary.md"
    message = "<b>a</b> | `b` *c* [d](https://evil.example) &amp; \\| https://evil.example www.evil.example"
    diagnostic = finding(Location("a|b.yaml", 1, 2, 1, 3), message)
    append_step_summary(outcome(diagnostic), [diagnostic], summary)
    tokens = MarkdownIt("commonmark").enable("table").parse(summary.read_text(encoding="utf-8"))
    cells = [token for token in tokens if token.type == "inline"][-4:]
    texts = ["".join(child.content for child in cell.children or []) for cell in cells]
    assert texts == ["error", "privileged-container", "a|b.yaml:1:2", message]
    kinds = {child.type for cell in cells for child in cell.children or []}
    assert kinds <= {"text", "text_special"}


def test_the_summary_stays_below_the_limit_of_a_step(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * 500_000, encoding="utf-8")
    diagnostics = [finding(Location("a.yaml", 1, 1, 1, 2), "é" * 1_000) for _ in range(1_000)]
    append_step_summary(outcome(*diagnostics), diagnostics, summary)
    text = summary.read_text(encoding="utf-8")
    assert 1_000_000 < len(text.encode()) <= 1024 * 1024
    missing = re.search(r"\n\n(\d+) more findings did not fit here: GitHub takes 1 MiB a step\.\n\Z", text)
    assert missing is not None
    assert text.count("\n| error |") + int(missing[1]) == 1_000


def test_a_full_summary_is_left_alone(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * (1024 * 1024 - 100), encoding="utf-8")
    append_step_summary(outcome(), [], summary)
    assert summary.stat().st_size == 1024 * 1024 - 100


def test_what_others_wrote_stays(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Build", encoding="utf-8")
    append_step_summary(outcome(linted=2), [], summary)
    assert summary.read_text(encoding="utf-8") == "# Build\n\n## ekslint: no problems in 2 files\n"
