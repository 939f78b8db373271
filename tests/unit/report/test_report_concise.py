"""One line a finding."""

import re
import subprocess
import sys

import pytest
from report_golden import GOLDEN, Golden, rendered
from report_hostile import HOSTILE, hostile_outcome, obeyed_commands, unprintable
from report_samples import at, finding, outcome, realistic

from ekslint.engine.diagnostic import RelatedLocation
from ekslint.report import ReportSettings
from ekslint.source.location import Location

LINE = re.compile(
    r"(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning|info) (?P<rule>\S+) (?P<message>.*)"
)


def test_golden(golden: Golden) -> None:
    golden(GOLDEN / "concise.txt", rendered("concise", realistic(), ReportSettings()))


def test_each_finding_is_read_back_by_a_problem_matcher() -> None:
    lines = rendered("concise", realistic(), ReportSettings(quiet=True)).splitlines()
    assert len(lines) == len(realistic().diagnostics)
    for line, diagnostic in zip(lines, realistic().diagnostics, strict=True):
        match = LINE.fullmatch(line)
        assert match is not None
        assert match["path"] == diagnostic.location.path
        assert int(match["line"]) == diagnostic.location.line
        assert int(match["column"]) == diagnostic.location.column
        assert match["severity"] == str(diagnostic.severity)
        assert match["rule"] == diagnostic.rule
        assert match["message"].startswith(diagnostic.message)


def test_the_nearest_related_place_is_named() -> None:
    related = (
        RelatedLocation(Location("b.yaml", 15, 68, 15, 70), "one"),
        RelatedLocation(Location("c.yaml", 1, 1, 1, 2), "two"),
    )
    text = rendered("concise", outcome(finding(Location("a.yaml", 7, 33, 7, 77), related=related)), ReportSettings())
    assert text == (
        "a.yaml:7:33: error privileged-container something is wrong (see b.yaml:15:68)\n"
        "Found 1 problem (1 error) in 4 files.\n"
    )


def test_last_lines() -> None:
    def last(**run) -> str:
        return rendered("concise", outcome(**run), ReportSettings())

    assert last(linted=214) == "No problems in 214 files.\n"
    assert last(linted=1) == "No problems in 1 file.\n"
    assert (
        last(linted=0, skipped=1) == "warning: no EKS configuration found (1 file skipped: 'ekslint files' says why)\n"
    )
    assert rendered("concise", outcome(linted=0), ReportSettings(quiet=True)) == ""


def test_undecided_places_on_demand() -> None:
    undecided = (RelatedLocation(at("infra/cluster.yaml", 9, "m7g.large"), "the type comes from ${TYPE}"),)
    text = rendered("concise", outcome(undecided=undecided), ReportSettings(show_undecided=True, quiet=True))
    assert text == "infra/cluster.yaml:9:19: undecided the type comes from ${TYPE}\n"


@pytest.mark.parametrize("unicode", [True, False])
def test_hostile_text_stays_on_its_line_and_obeys_nobody(unicode: bool) -> None:
    text = rendered("concise", hostile_outcome(), ReportSettings(unicode=unicode, quiet=True))
    assert len(text.splitlines()) == len(HOSTILE)
    assert unprintable(text) == set()
    assert obeyed_commands(text) == []
    assert unicode or text.isascii()


def test_commands_are_stopped_for_a_runner() -> None:
    text = rendered("concise", hostile_outcome(), ReportSettings(github_actions=True, stop_token="t0k3n"))
    assert text.startswith("::stop-commands::t0k3n\n")
    assert text.endswith("\n::t0k3n::\n")
    assert obeyed_commands(text) == []


def test_heavy_libraries_are_not_imported() -> None:
    program = (
        "import io, sys\n"
        "from ekslint.report import ReportSettings, render\n"
        "from report_samples import realistic\n"
        "render('concise', realistic(), io.StringIO(), ReportSettings(color=True))\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'rich', 'json', 'sarif_om', 'attr', 'yaml'}))\n"
    )
    path = [entry for entry in sys.path if entry]
    program = f"import sys\nsys.path[:0] = {path!r}\n{program}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
