"""The report for people."""

import os
import re

import pytest
from report_golden import GOLDEN, Golden, rendered
from report_hostile import hostile_outcome, obeyed_commands, unprintable
from report_samples import CLUSTER, FILES, at, finding, outcome, realistic

from ekslint.engine.diagnostic import RelatedLocation
from ekslint.engine.severity import Severity
from ekslint.report import ReportSettings
from ekslint.source.location import Location

ANSI = re.compile(r"\x1b\[[0-9;]*m")
WORKER = "apps/worker/deployment.yaml"


def findings_only(*diagnostics, files=FILES, **settings) -> str:
    return rendered("full", outcome(*diagnostics, files=files), ReportSettings(quiet=True, **settings))


def test_golden(golden: Golden) -> None:
    golden(GOLDEN / "full.txt", rendered("full", realistic(), ReportSettings(width=100)))


def test_golden_narrow_ascii(golden: Golden) -> None:
    text = rendered("full", realistic(), ReportSettings(width=60, unicode=False, show_undecided=True))
    assert text.isascii()
    golden(GOLDEN / "full-narrow-ascii.txt", text)


def test_golden_color(golden: Golden) -> None:
    golden(GOLDEN / "full-color.txt", rendered("full", realistic(), ReportSettings(width=100, color=True)))


def test_colors_add_nothing_but_colors() -> None:
    plain = rendered("full", realistic(), ReportSettings(width=100))
    colored = rendered("full", realistic(), ReportSettings(width=100, color=True))
    assert colored != plain
    assert ANSI.sub("", colored) == plain


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = [ReportSettings(), ReportSettings(width=60), ReportSettings(color=True)]
    before = [rendered("full", realistic(), each) for each in settings]
    for name, value in {
        "COLUMNS": "20",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "COLORTERM": "truecolor",
        "UNICODE_VERSION": "4.1.0",
        "JUPYTER_COLUMNS": "30",
        "GITHUB_ACTIONS": "true",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    assert [rendered("full", realistic(), each) for each in settings] == before


def test_equal_labels_are_one_reason_and_five_reasons_are_quoted() -> None:
    line = at("infra/cluster.yaml", 9, "m7g.large")
    places = [Location("infra/cluster.yaml", number, 3, number, 6) for number in range(1, 22)]
    same = [RelatedLocation(place, "same reason") for place in places[:8]]
    others = [RelatedLocation(place, f"reason {index}") for index, place in enumerate(places[8:14], 1)]
    text = findings_only(finding(line, related=(*same, *others)))
    assert text.count("--- same reason") == 1
    also = ", ".join(f"infra/cluster.yaml:{number}:3" for number in range(2, 7))
    assert f"= note: same reason: also at {also} and 2 more\n" in text
    assert [number for number in range(1, 7) if f"--- reason {number}" in text] == [1, 2, 3, 4]
    assert "= note: and 2 more related places\n" in text


def test_places_without_a_label_are_named() -> None:
    places = [RelatedLocation(Location("infra/cluster.yaml", number, 1, number, 3), "") for number in (1, 2)]
    text = findings_only(finding(at(WORKER, 19, "true"), related=tuple(places)))
    assert "\n 1 | apiVersion: eksctl.io/v1alpha5\n   | --\n" in text
    assert "= note: see also infra/cluster.yaml:2:1\n" in text


def test_a_gap_of_one_line_is_shown_and_a_longer_one_is_elided() -> None:
    primary = at(WORKER, 19, "true")
    near = RelatedLocation(at(WORKER, 17, "securityContext"), "here")
    far = RelatedLocation(at(WORKER, 14, "containers"), "there")
    assert findings_only(finding(primary, related=(near, far))) == (
        "error[privileged-container]: something is wrong\n"
        "  --> apps/worker/deployment.yaml:19:25\n"
        "   |\n"
        "14 |       containers:\n"
        "   |       ---------- there\n"
        "...\n"
        "17 |           securityContext:\n"
        "   |           --------------- here\n"
        "18 |             runAsUser: 0\n"
        "19 |             privileged: true\n"
        "   |                         ^^^^\n"
    )


def test_distant_places_of_one_file_get_their_own_frame() -> None:
    text = findings_only(
        finding(at(WORKER, 19, "true"), related=(RelatedLocation(at(WORKER, 4, "worker"), "this one"),))
    )
    assert "\n  ::: apps/worker/deployment.yaml:4:9\n   |\n 4 |   name: worker\n   |         ------ this one\n" in text


def test_a_mark_beyond_the_cut_quotes_the_line_again() -> None:
    line = "first" + " " * 300 + "second"
    files = {"a.json": line}
    primary = Location("a.json", 1, 1, 1, 6)
    text = findings_only(
        finding(primary, related=(RelatedLocation(at("a.json", 1, "second", files), "other end"),)),
        files=files,
        width=60,
    )
    assert re.search(r"\n1 \| first +…\n  \| \^\^\^\^\^\n1 \| … +second\n  \| +------ other end\n", text)


def test_without_the_text_of_a_file_nothing_is_lost() -> None:
    related = (RelatedLocation(Location("gone too.yaml", 3, 4, 3, 9), "the other end"),)
    location = Location("gone.yaml", 7, 2, 7, 5)
    text = findings_only(finding(location, label="this one", help_text="put it back", related=related))
    assert text == (
        "error[privileged-container]: something is wrong\n"
        " --> gone.yaml:7:2\n"
        "  = note: this one\n"
        "  = note: the other end: gone too.yaml:3:4\n"
        "  = help: put it back\n"
    )


@pytest.mark.parametrize(
    "location",
    [
        Location(WORKER, 999, 1, 999, 5),
        Location(WORKER, 0, 0, 0, 0),
        Location(WORKER, 3, 999, 3, 1_000),
        Location(WORKER, 22, 1, 22, 1),
        Location("empty.yaml", 1, 1, 1, 1),
    ],
)
def test_places_outside_of_the_file_do_no_harm(location: Location) -> None:
    text = findings_only(finding(location, label="label"), files={**FILES, "empty.yaml": ""})
    assert f"--> {location}\n" in text
    assert "label\n" in text


def test_carriage_returns_and_tabs_in_the_source() -> None:
    files = {"a.json": '{\r\n\t"a":\t"value"\r\n}\r\n'}
    location = at("a.json", 2, '"value"', files)
    text = findings_only(finding(location), files=files)
    assert '\n2 |     "a":    "value"\n  |             ^^^^^^^\n' in text


def test_markup_is_text_and_links_are_not_made() -> None:
    message = "[bold]x[/bold] [link=https://evil.example]y[/link] :skull: https://evil.example"
    text = findings_only(finding(at(WORKER, 19, "true"), message), color=True)
    assert message in text
    assert "\x1b]" not in text


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [None, 10, 80])
def test_hostile_text(unicode: bool, width: int | None) -> None:
    settings = ReportSettings(
        unicode=unicode, width=width, show_undecided=True, github_actions=True, stop_token="t0k3n"
    )
    text = rendered("full", hostile_outcome(), settings)
    assert unprintable(text) == set()
    assert obeyed_commands(text) == []
    assert unicode or text.isascii()
    text.encode()
    colored = rendered("full", hostile_outcome(), ReportSettings(unicode=unicode, width=width, color=True))
    assert unprintable(ANSI.sub("", colored)) == set()


def test_even_without_stopped_commands_none_is_obeyed() -> None:
    assert obeyed_commands(rendered("full", hostile_outcome(), ReportSettings(show_undecided=True))) == []


def test_commands_are_stopped_only_for_a_runner() -> None:
    text = rendered("full", realistic(), ReportSettings(github_actions=True, stop_token="t0k3n"))
    lines = text.splitlines()
    assert lines[0] == "::stop-commands::t0k3n"
    assert lines[-1] == "::t0k3n::"
    assert "\n".join(lines[1:-1]) + "\n" == rendered("full", realistic(), ReportSettings())


def test_the_token_is_drawn_anew_for_each_report() -> None:
    opening = {rendered("full", outcome(), ReportSettings(github_actions=True)).splitlines()[0] for _ in range(3)}
    assert len(opening) == 3
    assert all(re.fullmatch(r"::stop-commands::[0-9a-f]{32}", line) for line in opening)


def test_long_lines_are_cut_even_without_a_terminal() -> None:
    files = {"min.json": "x" * 10_000 + "HERE" + "y" * 10_000}
    text = findings_only(finding(at("min.json", 1, "HERE", files)), files=files)
    assert max(len(line) for line in text.splitlines()) <= 160


def footer(**run) -> str:
    return rendered("full", outcome(**run), ReportSettings())


def test_a_clean_run() -> None:
    assert (
        footer(linted=214, clusters=("a 1.33", "b 1.33", "c 1.34")) == "Checked 214 files, 3 clusters: no problems.\n"
    )
    assert footer(linted=1) == "Checked 1 file: no problems.\n"


def test_a_clean_run_says_what_it_does_not_show() -> None:
    undecided = (RelatedLocation(at("infra/cluster.yaml", 9, "m7g.large"), "unknown"),)
    assert footer(linted=2, ignored=5, hidden=2, undecided=undecided, clusters=("a 1.33",)) == (
        "Checked 2 files, 1 cluster: no problems.\n"
        "  not shown: 5 ignored · 2 infos (--min-severity info)"
        " · 1 value known only at deploy time (--show-undecided)\n"
    )


def test_an_empty_run_never_looks_clean() -> None:
    assert footer(linted=0, skipped=12) == (
        "warning: no EKS configuration found (12 files skipped: 'ekslint files' says why)\n"
    )
    assert footer(linted=0) == "warning: no EKS configuration found (there was no file to look at)\n"


def test_hidden_findings_below_an_error_may_be_warnings() -> None:
    text = rendered("full", outcome(hidden=3), ReportSettings(minimum_severity=Severity.ERROR))
    assert "3 warnings and infos (--min-severity info)" in text


def test_many_clusters_are_counted_not_listed() -> None:
    names = tuple(f"cluster-{number} 1.33" for number in range(9))
    text = rendered("full", outcome(finding(at(WORKER, 19, "true")), clusters=names), ReportSettings())
    assert "clusters: cluster-0 1.33, " in text
    assert "cluster-4 1.33 and 4 more\n" in text


def test_quiet_leaves_findings_only() -> None:
    assert rendered("full", outcome(linted=0), ReportSettings(quiet=True)) == ""
    text = rendered("full", realistic(), ReportSettings(quiet=True))
    assert "Found" not in text
    assert "Checked" not in text


def test_undecided_places_are_listed_on_demand() -> None:
    undecided = (RelatedLocation(Location("infra/cluster.yaml", 9, 19, 9, 28), "the type comes from ${TYPE}"),)
    text = rendered("full", outcome(undecided=undecided), ReportSettings(show_undecided=True))
    assert "  infra/cluster.yaml:9:19: the type comes from ${TYPE}\n" in text
    assert "--show-undecided" not in text


def test_every_quoted_line_is_a_line_of_the_file() -> None:
    text = findings_only(*realistic().diagnostics[2:4])
    quoted = re.findall(r"^ *(\d+) \| (.*)$", text, re.MULTILINE)
    lines = {str(number): line for number, line in enumerate(CLUSTER.splitlines(), 1)}
    assert [line for number, line in quoted if number in {"10", "14", "19"}] == [lines["14"], lines["19"], lines["10"]]
