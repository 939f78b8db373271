"""What GitHub code scanning requires of SARIF, property by property."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_golden import rendered
from report_hostile import hostile_outcome, obeyed_commands, unprintable
from report_samples import DIAGNOSTICS, FILES, RULES, at, finding, outcome, realistic

from ekslint.engine.diagnostic import Outcome, RelatedLocation, RuleDescription
from ekslint.engine.severity import Severity
from ekslint.report import ReportSettings
from ekslint.report.line_hash import LineHashes
from ekslint.report.sarif import relative_uri
from ekslint.report.sarif_message import message_text
from ekslint.report.sarif_rules import describe
from ekslint.report.sarif_serializer import plain
from ekslint.source.location import Location

SETTINGS = ReportSettings(
    homepage="https://example.com/ekslint", documentation_url="https://example.com/ekslint/rules/{rule}"
)
WORKER = "apps/worker/deployment.yaml"


def run_of(run: Outcome, report_settings: ReportSettings = SETTINGS) -> dict:
    document = json.loads(rendered("sarif", run, report_settings))
    assert list(document) == ["$schema", "version", "runs"]
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-2.1.0.json")
    [only] = document["runs"]
    return only


def test_the_run_has_what_github_asks_for() -> None:
    run = run_of(realistic())
    driver = run["tool"]["driver"]
    assert driver["name"] == "ekslint"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    assert driver["informationUri"] == "https://example.com/ekslint"
    assert run["automationDetails"] == {"id": "ekslint/"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize("run", [outcome(), outcome(linted=0), outcome(rules=())])
def test_results_are_there_even_if_there_are_none(run: Outcome) -> None:
    assert run_of(run)["results"] == []


def test_rules_are_all_enabled_rules_whatever_was_found() -> None:
    with_results = run_of(realistic())["tool"]["driver"]["rules"]
    without = run_of(outcome())["tool"]["driver"]["rules"]
    assert with_results == without
    assert [rule["id"] for rule in with_results] == sorted(rule.name for rule in RULES)


def test_each_rule_has_what_github_shows() -> None:
    for rule in run_of(realistic())["tool"]["driver"]["rules"]:
        assert re.fullmatch(r"([A-Z][a-z0-9]*)+", rule["name"])
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        assert "## Why is this bad?" in rule["help"]["markdown"]
        assert rule["help"]["text"]
        assert rule["helpUri"] == f"https://example.com/ekslint/rules/{rule['id']}"
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        properties = rule["properties"]
        assert properties["precision"] in {"very-high", "high", "medium", "low"}
        assert ("security" in properties["tags"]) == ("security-severity" in properties)
        assert ("security-severity" in properties) != ("problem.severity" in properties)


def test_severities_of_rules() -> None:
    rules = {rule["id"]: rule for rule in run_of(outcome())["tool"]["driver"]["rules"]}
    assert rules["privileged-container"]["properties"]["security-severity"] == "8.0"
    assert rules["wildcard-policy"]["properties"]["security-severity"] == "5.5"
    assert rules["workload-matches-no-node-pool"]["properties"]["problem.severity"] == "error"
    assert rules["node-group-without-headroom"]["properties"] == {
        "tags": ["scaling"],
        "precision": "medium",
        "problem.severity": "recommendation",
    }
    assert rules["node-group-without-headroom"]["defaultConfiguration"] == {"level": "note"}


def test_limits_of_a_rule() -> None:
    rule = RuleDescription(
        name="x" * 300,
        category="scaling",
        severity=Severity.WARNING,
        summary="A sentence.",
        documentation="A sentence.\n\n## Why is this bad?\n" + "word " * 1_000 + "\n## References\nelsewhere\n",
        since="0.1.0",
        tags=(*(f"tag-{number}" for number in range(40)), "security"),
    )
    written = plain(describe(rule, SETTINGS))
    assert isinstance(written, dict)
    assert len(written["name"]) == 255
    assert len(written["fullDescription"]["text"]) <= 1024
    assert written["fullDescription"]["text"].endswith(" word…")
    assert "elsewhere" not in written["fullDescription"]["text"]
    assert len(written["properties"]["tags"]) == 20
    assert written["properties"]["security-severity"] == "5.5"


def test_a_finding_of_an_undescribed_rule_gets_a_description() -> None:
    run = run_of(outcome(finding(at(WORKER, 19, "true"), rule="syntax-error")))
    [result] = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == "syntax-error"
    assert rule["shortDescription"] == {"text": "Syntax error."}
    assert rule["help"]["text"]


def test_each_result_has_what_github_asks_for() -> None:
    run = run_of(realistic())
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(DIAGNOSTICS)
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    for result, diagnostic in zip(run["results"], DIAGNOSTICS, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == diagnostic.rule
        assert result["level"] == levels[diagnostic.severity]
        [location] = result["locations"]
        physical = location["physicalLocation"]
        assert unquote(physical["artifactLocation"]["uri"]) == diagnostic.location.path
        assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert physical["region"] == {
            "startLine": diagnostic.location.line,
            "startColumn": diagnostic.location.column,
            "endLine": diagnostic.location.line,
            "endColumn": diagnostic.location.end_column,
        }
        assert location["logicalLocations"] == [{"fullyQualifiedName": diagnostic.resource, "kind": "resource"}]
        expected = LineHashes(FILES[diagnostic.location.path]).of(diagnostic.location.line)
        assert result["partialFingerprints"] == {
            "primaryLocationLineHash": expected,
            "ekslint/v1": diagnostic.fingerprint,
        }
        assert result["properties"].get("cluster") == diagnostic.cluster


def test_other_ends_are_numbered_and_linked() -> None:
    result = run_of(realistic())["results"][2]
    assert [each["id"] for each in result["relatedLocations"]] == [1, 2]
    assert result["message"]["text"] == (
        "no node pool of cluster shop carries workload=cpu2. "
        "See [node group general: workload is cpu (did you mean this?)](1), [node group gpu: untolerated taint](2). "
        "Help: set workload to cpu, or label a node group."
    )


def test_a_label_that_the_message_contains_becomes_the_link() -> None:
    place = Location("b.yaml", 1, 1, 1, 2)
    related = [RelatedLocation(place, "trust policy"), RelatedLocation(place, "policy"), RelatedLocation(place, "rust")]
    text = message_text([finding(place, "the trust policy allows a policy")], related)
    assert text == "the [trust policy](1) allows a [policy](2). See [rust](3)."


def test_user_text_makes_no_link() -> None:
    place = Location("b.yaml", 1, 1, 1, 2)
    message = r"see [this](https://evil.example) \[that\](2)"
    text = message_text([finding(place, message)], [RelatedLocation(place, "a](https://evil.example) [b")])
    assert text == (
        r"see \[this\](https://evil.example) \\\[that\\\](2). "
        r"See [a\](https://evil.example) \[b](1)."
    )
    assert message_text([finding(place, "zones [a, b] differ")], []) == "zones [a, b] differ."


def test_no_more_links_than_a_reader_follows_and_a_hundred_places() -> None:
    related = tuple(RelatedLocation(Location(f"f{number}.yaml", 1, 1, 1, 2), f"end {number}") for number in range(150))
    [result] = run_of(outcome(finding(at(WORKER, 19, "true"), related=related)))["results"]
    assert len(result["relatedLocations"]) == 100
    assert result["message"]["text"].count("](") == 10


def test_an_unlabelled_place_is_called_by_its_path() -> None:
    related = (RelatedLocation(Location("b.yaml", 7, 1, 7, 2), ""),)
    [result] = run_of(outcome(finding(at(WORKER, 19, "true"), related=related)))["results"]
    assert result["relatedLocations"][0]["message"]["text"] == "b.yaml:7"
    assert result["message"]["text"].endswith("See [b.yaml:7](1).")


def test_one_alert_for_each_rule_and_line() -> None:
    other = RelatedLocation(at(WORKER, 4, "worker"), "this workload")
    first = finding(at(WORKER, 19, "privileged"), "one thing", severity=Severity.WARNING, help_text="mend it")
    second = finding(
        at(WORKER, 19, "true"),
        "another thing",
        related=(other,),
        fingerprint="f" * 16,
        help_text="mend it",
        resource="Pod/b",
    )
    third = finding(at(WORKER, 19, "true"), rule="wildcard-policy")
    results = run_of(outcome(first, second, first, third))["results"]
    assert [result["ruleId"] for result in results] == ["privileged-container", "wildcard-policy"]
    assert results[0]["level"] == "error"
    assert results[0]["message"]["text"] == "one thing. another thing. See [this workload](1). Help: mend it."
    assert results[0]["partialFingerprints"]["ekslint/v1"] == first.fingerprint
    assert [each["fullyQualifiedName"] for each in results[0]["locations"][0]["logicalLocations"]] == [
        "Pod/api",
        "Pod/b",
    ]
    identities = [(each["ruleId"], each["partialFingerprints"]["primaryLocationLineHash"]) for each in results]
    assert len(set(identities)) == len(identities)


def test_above_githubs_limit_the_least_severe_go_and_it_is_said() -> None:
    diagnostics = [
        finding(Location(f"f{index}.yaml", 1, 1, 1, 2), severity=Severity.ERROR if index % 100 == 0 else Severity.INFO)
        for index in range(25_050)
    ]
    run = run_of(outcome(*diagnostics))
    assert len(run["results"]) == 25_000
    assert sum(result["level"] == "error" for result in run["results"]) == 251
    uris = [int(each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"][1:-5]) for each in run["results"]]
    assert uris == sorted(uris)
    truncated, shown = run["invocations"][0]["toolExecutionNotifications"]
    assert truncated == {
        "message": {"text": "Only the 25000 most severe of 25050 results are in this log: GitHub takes no more."},
        "level": "warning",
    }
    assert shown == {"message": {"text": "GitHub shows the 5000 most severe of 25050 results."}, "level": "note"}


def test_a_crashed_rule_is_no_successful_run() -> None:
    run = run_of(outcome(finding(at(WORKER, 19, "true"), rule="internal-error")))
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/c%20d.yaml", "a%20b/c%2520d.yaml"),
        ("größe/日本.yaml", "gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC.yaml"),
        ("x:y.yaml", "x%3Ay.yaml"),
        ("a?b#c.yaml", "a%3Fb%23c.yaml"),
        ("bytes-\udcff.yaml", "bytes-%FF.yaml"),
        ("lone-\ud800.yaml", "lone-%ED%A0%80.yaml"),
    ],
)
def test_paths_become_relative_uris(path: str, uri: str) -> None:
    assert relative_uri(path) == uri
    assert urlsplit(uri)[:2] == ("", "")


def test_a_file_whose_text_cannot_be_had_has_no_line_hash() -> None:
    [result] = run_of(outcome(finding(Location("gone.yaml", 7, 2, 7, 5))))["results"]
    assert result["partialFingerprints"] == {"ekslint/v1": "0123456789abcdef"}
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


@given(
    st.text(st.sampled_from("ab:\t\r\n日😀\u2028"), max_size=80),
    st.tuples(*[st.integers(-2, 90)] * 4),
)
@settings(deadline=None, max_examples=150)
def test_regions_lie_in_the_file(text: str, numbers: tuple[int, int, int, int]) -> None:
    location = Location("a.yaml", *numbers)
    related = (RelatedLocation(location, "other"),)
    [result] = run_of(outcome(finding(location, related=related), files={"a.yaml": text}))["results"]
    lines = re.split(r"\r\n|\r|\n", text)
    for each in (*result["locations"], *result["relatedLocations"]):
        region = each["physicalLocation"]["region"]
        assert 1 <= region["startLine"] == region["endLine"] <= len(lines)
        width = len(lines[region["startLine"] - 1])
        assert 1 <= region["startColumn"] <= region["endColumn"] <= width + 1


def test_hostile_text() -> None:
    for unicode in (True, False):
        text = rendered("sarif", hostile_outcome(), ReportSettings(unicode=unicode))
        assert unprintable(text) == set()
        assert obeyed_commands(text) == []
        text.encode("utf-8" if unicode else "ascii")
    for result in run_of(hostile_outcome())["results"]:
        targets = re.findall(r"(?<!\\)\]\((.*?)\)", result["message"]["text"])
        numbers = {str(each["id"]) for each in result["relatedLocations"]}
        assert set(targets) <= numbers


def test_the_same_bytes_each_time() -> None:
    assert rendered("sarif", realistic(), SETTINGS) == rendered("sarif", realistic(), SETTINGS)
    shuffled = Outcome(
        realistic().diagnostics, lambda: reversed(RULES), realistic().summary, FILES.get, realistic().undecided
    )
    assert rendered("sarif", shuffled, SETTINGS) == rendered("sarif", realistic(), SETTINGS)


def test_the_serializer_takes_sarif_objects_only() -> None:
    import sarif_om

    assert plain(sarif_om.Result(message=sarif_om.Message(text="x"), level="warning", rule_index=3)) == {
        "message": {"text": "x"},
        "level": "warning",
        "ruleIndex": 3,
    }
    with pytest.raises(TypeError, match="not a SARIF object"):
        plain(object())
